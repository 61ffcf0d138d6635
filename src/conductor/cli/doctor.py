"""`conductor doctor`: what is wrong with an installation, and how to mend it."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from conductor.bootstrap.doctor.finding import Finding

SIGNS = {"ok": ("✔", "green"), "warn": ("!", "yellow"), "fail": ("✘", "red")}


def doctor(
    port: Annotated[
        list[int] | None, typer.Option(help="A port to listen on, instead of 8003 and 3002; may be given again.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Look at settings, servers and this machine, and say how to mend what is wrong; exit 1 if something fails."""
    from conductor.bootstrap.doctor.examining import PORTS, examine, worst

    found = asyncio.run(examine(os.environ, tuple(port) if port else PORTS))
    verdict = worst(found)
    if as_json:
        typer.echo(json.dumps({"verdict": verdict, "findings": [asdict(each) for each in found]}, ensure_ascii=False))
    else:
        from rich.console import Console

        tell(found, Console(highlight=False))
    if verdict == "fail":
        raise typer.Exit(1)


def tell(found: list[Finding], console: Console) -> None:
    """Print it for people: what belongs together under one name, and what to do under what is wrong."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(min_width=10)
    table.add_column()
    table.add_column(overflow="fold")
    for about, some in groupby(sorted(found, key=lambda each: _order(found, each.about)), key=lambda each: each.about):
        for number, each in enumerate(some):
            sign, colour = SIGNS[each.level]
            said = Text(each.said)
            if each.mend:
                said.append(f"\n→ {each.mend}", style="bold")
            table.add_row(Text("" if number else about, style="dim"), Text(sign, style=colour), said)
    console.print(table)
    counts = {level: sum(each.level == level for each in found) for level in SIGNS}
    console.print()
    if counts["fail"]:
        console.print(f"[red]{_many(counts['fail'], 'thing')} to mend[/], {_many(counts['warn'], 'warning')}.")
    elif counts["warn"]:
        console.print(f"[yellow]It works[/], with {_many(counts['warn'], 'warning')}.")
    else:
        console.print("[green]All is well.[/]")


def _order(found: list[Finding], about: str) -> int:
    """By what was looked at first."""
    return next(number for number, each in enumerate(found) if each.about == about)


def _many(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"
