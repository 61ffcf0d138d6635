"""`conductor policies` and `conductor drift`: what the store has to say of other policies, and of change."""

from __future__ import annotations

import asyncio
import json
import os
import time
from typing import Annotated

import typer

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
    weeks: Annotated[int, typer.Option(help="How many weeks count as of late.", min=1, max=52)] = 2,
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
