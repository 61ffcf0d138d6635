"""`conductor audit`: whether the log of every decision is as it was written, and a copy of it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from conductor.settings import read_settings

if TYPE_CHECKING:
    from conductor.domain.audit import Checked

app = typer.Typer(name="audit", help="The log of every decision: check it, or take a copy.", no_args_is_help=False)

Event = Annotated[str | None, typer.Option("--event", help="The event it is about; all if left out.")]


@app.command()
def verify(
    event: Event = None,
    head: Annotated[
        list[str] | None, typer.Option(help="A hash that was printed before and has to be there still.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Say whether anything in the log was changed, moved or removed; exit 1 if so."""
    from conductor.bootstrap.audit import check

    checked = asyncio.run(check(read_settings(os.environ), event_id=event, known=frozenset(head or ())))
    if as_json:
        _print_json(checked)
    else:
        _print_plainly(checked)
    if checked.fault is not None:
        raise typer.Exit(1)


@app.command()
def export(
    event: Event = None,
    session: Annotated[str | None, typer.Option(help="The session it is about; all if left out.")] = None,
    as_format: Annotated[str, typer.Option("--format", help="ndjson, json or csv.")] = "ndjson",
) -> None:
    """Write the log to standard output, with all that is hashed."""
    from conductor.bootstrap.audit import exported

    async def run() -> None:
        async for piece in exported(
            read_settings(os.environ), event_id=event, session_id=session, file_format=as_format
        ):
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()

    asyncio.run(run())


def _print_plainly(checked: Checked) -> None:
    if len(checked.chains) > 1:
        for chain in checked.chains:
            typer.echo(f"event {chain.event_id!r}: {chain.entries} entries, head {chain.head}")
    fault = checked.fault
    if fault is None:
        typer.echo(f"{checked.entries} entries, chain intact, head {checked.head}")
        return
    where = f"event {fault.event_id!r}, entry {fault.seq}" if fault.seq else "the log"
    typer.echo(f"{where}: {fault.why}", err=True)


def _print_json(checked: Checked) -> None:
    said = {
        "intact": checked.fault is None,
        "entries": checked.entries,
        "head": checked.head,
        "chains": [asdict(chain) for chain in checked.chains],
        "fault": None if checked.fault is None else asdict(checked.fault),
    }
    typer.echo(json.dumps(said, ensure_ascii=False))
