"""Two ways beside each other, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.console import Console

from conductor.domain.strategies import Design
from conductor.learn.strategies import Comparison, counted
from conductor.telling.story import percent


def comparison_report(found: Comparison) -> dict[str, Any]:
    """Everything as plain values."""
    return asdict(found) | {"is_misdealt": found.is_misdealt}


def tell_comparison(found: Comparison, design: Design, console: Console) -> None:
    """Print how rooms did with either, and which did better."""
    for shown in found.variants:
        score = "nothing scored" if shown.mean is None else f"mean score {percent(shown.mean)}"
        console.print(f"{shown.name}: {score}, in {counted(shown.units, design)}")
    if found.difference is None or found.low is None or found.high is None:
        console.print(found.why_not)
        return
    usual, other = (shown.name for shown in found.variants)
    points = [f"{100 * each:+.1f}" for each in (found.difference, found.low, found.high)]
    verdict = "no difference shows beyond chance"
    if found.low > 0.0 or found.high < 0.0:
        verdict = f"{other if found.low > 0.0 else usual} does better"
    console.print(
        f"[bold]{other} minus {usual}: {points[0]} points ({points[1]} to {points[2]}, 95 %)[/]: {verdict}. "
        f"So uneven a split comes about by chance with a probability of {found.split_p:.2f}."
    )
