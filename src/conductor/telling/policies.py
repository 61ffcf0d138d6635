"""What policies would have come to, for people and for programs."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from conductor.domain.strategies import PolicyName
from conductor.learn.offpolicy import Estimate, Estimator, Trying, Value
from conductor.telling.story import many, percent

ABOUT = {
    PolicyName.THOMPSON: "the agent's own",
    PolicyName.RULES: "fixed rules",
    PolicyName.RANDOM: "by lot",
    PolicyName.NOTHING: "leaves all rooms alone",
    PolicyName.BEST: "the best known, no exploring",
    PolicyName.PLAIN: "the documents' rule",
}


def policies_report(trying: Trying) -> dict[str, Any]:
    """Everything as plain values."""
    return {
        "decisions": trying.decisions,
        "sessions": trying.sessions,
        "recovered": trying.recovered,
        "rests_on_trials": trying.rests_on_trials,
        "policies": {each.policy.value: _plain(each.estimate) for each in trying.policies},
    }


def _plain(estimate: Estimate) -> dict[str, Any]:
    values = {by.value: _bounds(estimate.values.get(by)) for by in Estimator}
    return {
        **values,
        "effective_sample": estimate.effective,
        "unseen": estimate.unseen,
        "why_not": estimate.why_not or None,
    }


def _bounds(value: Value | None) -> dict[str, float] | None:
    return None if value is None else {"value": value.value, "low": value.low, "high": value.high}


def tell_policies(trying: Trying, console: Console) -> None:
    """Print a table of policies, with what cannot be said below it."""
    if trying.recovered is None:
        console.print("No decision is logged yet whose end is known, so there is nothing to try policies on.")
        return
    console.print(
        f"[bold]What each policy would have come to[/]: share of rooms that recover, from "
        f"{many(trying.decisions, 'logged decision', 'logged decisions')} in "
        f"{many(trying.sessions, 'session', 'sessions')}. What was logged came to {percent(trying.recovered)}.\n"
    )
    table = Table()
    table.add_column("policy")
    for column in ("doubly robust (95 %)", "SNIPS", "IPS", "worth decisions"):
        table.add_column(column, justify="right")
    for each in trying.policies:
        values = [_shown(each.estimate.values.get(by), by) for by in reversed(Estimator)]
        table.add_row(f"{each.policy} ({ABOUT[each.policy]})", *values, f"{each.estimate.effective:.0f}")
    console.print(table)
    console.print()
    for each in trying.policies:
        if each.estimate.why_not:
            console.print(f"{each.policy}: {each.estimate.why_not}")
    if not trying.rests_on_trials:
        console.print(
            "No room was left alone by a coin, so what doing nothing comes to is known, if at all, from rooms that "
            "were left alone by choice.",
            style="dim",
        )


def _shown(value: Value | None, by: Estimator) -> str:
    if value is None:
        return "not known"
    if by is Estimator.DOUBLY_ROBUST:
        return f"{percent(_share(value.value))} ({percent(_share(value.low))} to {percent(_share(value.high))})"
    # Unbiased, it may come to more than there is; cut, it would pass for a perfect policy.
    return percent(_share(value.value)) if value.value <= 1.0 else f"over {percent(1.0)}"


def _share(value: float) -> float:
    """A share as people know it: an unbiased estimate of one, and more so its interval, may well reach beyond."""
    return min(max(value, 0.0), 1.0)
