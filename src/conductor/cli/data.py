"""`conductor export`, `import` and `erase`: what an installation keeps, out of it, into another, or gone."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conductor.errors import InvalidInput
from conductor.settings import read_settings

if TYPE_CHECKING:
    from conductor.domain.erased import Erased

erase = typer.Typer(name="erase", help="Erase an attendee or an event from all that is kept.", no_args_is_help=True)

STANDARD_OUTPUT = Path("-")

Yes = Annotated[bool, typer.Option("--yes", help="Do it; without, only what would be done is said.")]


def export_file(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it; - for standard output.")],
    what: Annotated[str, typer.Option(help="state (what was learned) or interventions (what was done).")] = "state",
    settings: Annotated[bool, typer.Option("--settings", help="With a state, what each event allows too.")] = False,
    event: Annotated[
        str | None, typer.Option(help="The event whose interventions are wanted; all if left out.")
    ] = None,
    as_format: Annotated[str, typer.Option("--format", help="Of interventions: json or csv.")] = "json",
) -> None:
    """Write what was learned, or what was done, to a file."""
    from conductor.bootstrap import transfer

    given = read_settings(os.environ)
    if what == "state":
        pieces = transfer.state(given, with_settings=settings)
    elif what == "interventions":
        pieces = transfer.interventions(given, event_id=event, file_format=as_format)
    else:
        raise InvalidInput(f"--what is {what!r}; it may be state or interventions")
    asyncio.run(_shown(pieces) if path == STANDARD_OUTPUT else transfer.save(pieces, path))


def import_file(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="What `conductor export` wrote.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
) -> None:
    """Take over what was learned elsewhere. End the agent first: it reads what was learned when it starts."""
    from conductor.bootstrap import transfer

    found, events = asyncio.run(transfer.take_in(read_settings(os.environ), path, dry_run=dry_run))
    would = "would be" if dry_run else "are"
    typer.echo(f"{found.new} {would} new, {found.changed} {would} changed, {found.same} are the same")
    typer.echo(f"{found.staying} that the file does not have stay as they are")
    if events:
        typer.echo(f"settings of {', '.join(events)} {would} changed")


@erase.command()
def attendee(
    user_id: Annotated[str, typer.Argument(metavar="ID", help="The opaque id under which the person took part.")],
    event: Annotated[str | None, typer.Option(help="Only there; everywhere if left out.")] = None,
) -> None:
    """Take an attendee out of everything that is kept; exit 1 if it has to be asked for again."""
    from conductor.bootstrap.erasing import eraser

    async def run() -> Erased:
        async with eraser(read_settings(os.environ)) as erasing:
            return await erasing.attendee(user_id, event)

    erased = asyncio.run(run())
    _tell(erased)
    if erased.noted:
        typer.echo(f"{erased.noted} entries of the log name them as one who decided for the organiser, and stay")
    if erased.again:
        typer.echo(f"still going on: {', '.join(erased.again)}; erase again when they are over", err=True)
        raise typer.Exit(1)


@erase.command()
def event(
    event_id: Annotated[str, typer.Argument(metavar="ID", help="The event.")],
    yes: Yes = False,
) -> None:
    """Delete all of an event but what was learned from it; exit 1 if --yes is missing."""
    from conductor.bootstrap.erasing import eraser

    if not yes:
        typer.echo(f"All of the event {event_id!r} would be deleted: scores, decisions, settings, streams and its log.")
        typer.echo("Nothing was done. Keep what you need (`conductor audit export`), and say --yes.")
        raise typer.Exit(1)

    async def run() -> Erased:
        async with eraser(read_settings(os.environ)) as erasing:
            return await erasing.event(event_id, "conductor erase")

    _tell(asyncio.run(run()))


def _tell(erased: Erased) -> None:
    for what, found in (("rows", erased.rows), ("streams", erased.entries)):
        said = ", ".join(f"{name} {count}" for name, count in found.items())
        typer.echo(f"{what}: {said or 'nothing'}")
    typer.echo("Backups are not reached: see docs/decisions/0013-erasing-people-and-events.md.")


async def _shown(pieces: AsyncIterator[bytes]) -> None:
    async for piece in pieces:
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
