"""Whether sessions of late are unlike those of before, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from conductor.learn.drift import LEAST_COMPARED, Drift, Shift
from conductor.learn.driftwords import KINDS, sentence, subject, value_of
from conductor.telling.story import many


def drift_report(drift: Drift, weeks: int) -> dict[str, Any]:
    """Everything as plain values, with a sentence for each thing that has changed."""
    return {
        "since": drift.since,
        "parted_at": drift.parted_at,
        "until": drift.until,
        "sessions": drift.sessions,
        "drifted": [sentence(each, weeks) for each in drift.drifted],
        "too_few": [kind.value for kind in drift.too_few],
        "shifts": [asdict(each) | {"is_drift": each.is_drift} for each in drift.shifts],
    }


def tell_drift(drift: Drift, weeks: int, console: Console) -> None:
    """Print what has changed first, and then all that was compared."""
    sessions = many(drift.sessions, "session", "sessions")
    for shift in drift.drifted:
        console.print(f"[bold]{sentence(shift, weeks)}[/]")
    if not drift.shifts:
        console.print(
            f"Not enough yet: {sessions} since {_day(drift.since)}. To compare, it takes "
            f"{LEAST_COMPARED} of a kind from {_day(drift.parted_at)} on, and as many before."
        )
        return
    if not drift.drifted:
        things = many(len(drift.shifts), "thing", "things")
        console.print(f"No drift: nothing differs more than it does by chance ({things} compared).")
    console.print()
    table = Table()
    for title in ("what", "before", "of late", "p", "stability index", "week by week"):
        table.add_column(title, justify="left" if title in {"what", "week by week"} else "right")
    for shift in drift.shifts:
        table.add_row(*_row(shift), style="bold" if shift.is_drift else None)
    console.print(table)
    console.print(
        f"{sessions} from {_day(drift.since)} to {_day(drift.until)}; of late is from "
        f"{_day(drift.parted_at)} on. p: of so large a difference by chance, all comparisons counted.",
        style="dim",
    )
    for kind in drift.too_few:
        console.print(f"Too few {KINDS[kind]} to compare: it takes {LEAST_COMPARED} of late, and as many before.")


def _row(shift: Shift) -> tuple[str, ...]:
    weekly = " ".join(value_of(shift.measure, week.value) for week in shift.weeks)
    stability = "" if shift.stability is None else f"{shift.stability:.2f}"
    before, after = (value_of(shift.measure, value) for value in (shift.before, shift.after))
    counts = (f"{before} ({shift.count_before})", f"{after} ({shift.count_after})")
    return (subject(shift), *counts, f"{shift.p:.3f}", stability, weekly)


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%d %B %Y")
