"""`conductor db`: which version of the schema the store has, and moving it to another."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Annotated

import typer

from conductor.settings import read_settings

if TYPE_CHECKING:
    from conductor.bootstrap.schema import Schema

app = typer.Typer(name="db", help="The tables of the store: see, upgrade or downgrade them.", no_args_is_help=False)


@app.command()
def current() -> None:
    """Say which version the tables have, and what an upgrade would do."""
    from conductor.bootstrap import schema

    seen = asyncio.run(schema.current(read_settings(os.environ)))
    typer.echo(f"{seen.where}: {_version(seen)}, this release needs version {seen.newest}")
    for step in seen.ahead:
        typer.echo(f"  version {step.version}: {step.what}")
    if seen.ahead:
        typer.echo("`conductor db upgrade` does that; make a backup first.")
    _beside(seen)


@app.command()
def upgrade() -> None:
    """Bring the tables to the newest version, or make them. Nothing that they hold is lost."""
    from conductor.bootstrap import schema

    before, after = asyncio.run(schema.upgrade(read_settings(os.environ)))
    if before.version == after.version:
        typer.echo(f"{after.where}: {_version(after)} already")
    else:
        typer.echo(f"{after.where}: from {_version(before)} to {_version(after)}")
    for step in before.ahead:
        typer.echo(f"  version {step.version}: {step.what}")
    _beside(after)


@app.command()
def downgrade(
    to: Annotated[int | None, typer.Option(help="Which version; the one before, if left out.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, only what would be lost is said.")] = False,
) -> None:
    """Take the tables back to an older version, for an older release; exit 1 if --yes is missing."""
    from conductor.bootstrap import schema

    settings = read_settings(os.environ)
    seen = asyncio.run(schema.current(settings))
    wanted = schema.before_last(seen) if to is None else to
    lost = seen.back_to(wanted)
    if not yes:
        typer.echo(f"{seen.where}: from {_version(seen)} to version {wanted} this would be lost:")
        for step in lost:
            typer.echo(f"  version {step.version}: {step.loses}")
        typer.echo("Nothing was done. Make a backup, end what uses it, and say --yes.")
        raise typer.Exit(1)
    before, after = asyncio.run(schema.go_back(settings, wanted))
    typer.echo(f"{after.where}: from {_version(before)} to {_version(after)}")
    typer.echo("Tables of LangGraph's, with threads of decisions, were left as they are.")


def _version(seen: Schema) -> str:
    return "nothing yet" if seen.version is None else f"version {seen.version}"


def _beside(seen: Schema) -> None:
    """What else lies in the database, and who sees to it."""
    threads = "there" if seen.has_threads else "not there yet"
    typer.echo(f"threads of decisions: {threads}; LangGraph's own tables, which it makes and renews by itself")
    if seen.is_file:
        return
    if seen.has_minutes:
        typer.echo("TimescaleDB: tables are cut along the time and compressed, minutes are summed")
    elif seen.is_timescale:
        typer.echo("TimescaleDB: there, but not in use or without compression; `conductor db upgrade` cuts the tables")
    else:
        typer.echo("TimescaleDB: not there; everything works without")
