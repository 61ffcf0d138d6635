"""`conductor policies`, `compare` and `drift`: other ways of choosing, on what was logged or simulated; and change."""

from __future__ import annotations

import asyncio
import json
import os
import time
from typing import Annotated

import typer

from conductor.domain.strategies import Design, PolicyName
from conductor.settings import read_settings

Event = Annotated[str | None, typer.Option("--event", help="The event it is about; all but demos if left out.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def policies(event: Event = None, as_json: AsJson = False) -> None:
    """Estimate from the decisions logged so far what each policy would have come to, before one of them is live."""
    from conductor.bootstrap.learning import tried_policies
    from conductor.telling.policies import policies_report, tell_policies

    trying = asyncio.run(tried_policies(read_settings(os.environ), event_id=event))
    if as_json:
        typer.echo(json.dumps(policies_report(trying), allow_nan=False))
        return
    from rich.console import Console

    tell_policies(trying, Console(highlight=False))


def drift(
    event: Event = None,
    weeks: Annotated[int, typer.Option(help="How many weeks count as of late.", min=1, max=26)] = 2,
    as_json: AsJson = False,
) -> None:
    """Say whether sessions of the last weeks differ from those before: in how people take part, and in what helps."""
    from conductor.bootstrap.learning import found_drift
    from conductor.telling.drift import drift_report, tell_drift

    found = asyncio.run(found_drift(read_settings(os.environ), event_id=event, weeks=weeks, now=time.time()))
    if as_json:
        typer.echo(json.dumps(drift_report(found, weeks), allow_nan=False))
        return
    from rich.console import Console

    tell_drift(found, weeks, Console(highlight=False))


def compare(
    usual: Annotated[PolicyName, typer.Argument(help="How arms are chosen in some of the rooms.")],
    other: Annotated[PolicyName, typer.Argument(help="And in the others.")],
    sessions: Annotated[int, typer.Option(help="How many rooms.", min=1, max=5000)] = 80,
    minutes: Annotated[int, typer.Option(help="How long each of them lasts.", min=10, max=600)] = 60,
    design: Annotated[Design, typer.Option(help="What is dealt to: rooms, or blocks of time.")] = Design.SESSIONS,
    seed: Annotated[int, typer.Option(help="Of all chance.", min=0)] = 0,
    effect: Annotated[
        float, typer.Option(help="How well interventions work: 0 not at all, 1 as assumed.", min=0.0, max=10.0)
    ] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Deal two policies to simulated rooms by chance, as a strategy test does, and say which does better."""
    from conductor.bootstrap.learning import compared
    from conductor.telling.strategies import comparison_report, tell_comparison

    async def on_tick(_at_s: float) -> None:
        """Nobody watches it go on."""

    found = asyncio.run(
        compared(
            read_settings(os.environ),
            (usual, other),
            design,
            sessions=sessions,
            minutes=minutes,
            seed=seed,
            effect=effect,
            on_tick=on_tick,
        )
    )
    if as_json:
        typer.echo(json.dumps(comparison_report(found), allow_nan=False))
        return
    from rich.console import Console

    tell_comparison(found, design, Console(highlight=False))
