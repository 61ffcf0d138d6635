"""Whether sessions of late are unlike those of before, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from conductor.domain.sessions import SessionType
from conductor.learn.drift import LEAST_SESSIONS, Drift, Measure, Shift
from conductor.telling.story import ARM_NAMES, percent

KINDS = {
    SessionType.KEYNOTE: "keynotes",
    SessionType.WORKSHOP: "workshops",
    SessionType.PANEL: "panels",
    SessionType.TALK: "talks",
    SessionType.MEETING: "meetings",
}

SUBJECTS = {
    Measure.SCORE: "Scores",
    Measure.CHAT: "Chat",
    Measure.ACTIVE: "Shares of active people",
    Measure.REACTIONS: "Reactions",
    Measure.LEAVES: "People leaving",
    Measure.AUDIENCE: "Audiences",
    Measure.SUCCESS: "Recoveries",
    Measure.LEFT_ALONE: "Recoveries of rooms left alone",
}

UNITS = {
    Measure.CHAT: " messages a minute and 100 people",
    Measure.REACTIONS: " a minute and 100 people",
    Measure.LEAVES: " a minute and 100 people",
    Measure.AUDIENCE: " people",
}

COUNTED = ("", "a week", "two weeks", "three weeks", "four weeks", "five weeks", "six weeks")


def sentence(shift: Shift, weeks: int) -> str:
    """What has changed, in a sentence."""
    before, after = (value_of(shift.measure, value) for value in (shift.before, shift.after))
    surely = "p under 0.001" if shift.p < 0.001 else f"p {shift.p:.3f}"
    late = COUNTED[weeks] if weeks < len(COUNTED) else f"{weeks} weeks"
    if before == after:
        return f"{subject(shift)} are spread differently in the last {late}, around {after} as before ({surely})."
    moved = "fell" if shift.after < shift.before else "rose"
    unit = UNITS.get(shift.measure, "")
    return f"{subject(shift)} {moved} from {before} to {after}{unit} in the last {late} ({surely})."


def subject(shift: Shift) -> str:
    """What of whom, as the beginning of a sentence."""
    if shift.arm is not None:
        return f"{SUBJECTS[shift.measure]} after a {ARM_NAMES[shift.arm]}"
    of_kind = (
        ""
        if shift.kind is None
        else f" of {KINDS[shift.kind]}"
        if shift.measure is not Measure.CHAT
        else (f" in {KINDS[shift.kind]}")
    )
    return f"{SUBJECTS[shift.measure]}{of_kind}"


def value_of(measure: Measure, value: float) -> str:
    """A value as people read it."""
    if measure is Measure.AUDIENCE:
        return f"{value:.0f}"
    return f"{value:.1f}" if measure in UNITS else percent(value)


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
    for shift in drift.drifted:
        console.print(f"[bold]{sentence(shift, weeks)}[/]")
    if not drift.shifts:
        console.print(
            f"Not enough yet: {drift.sessions} sessions since {_day(drift.since)}. To compare, it takes "
            f"{LEAST_SESSIONS} of a kind from {_day(drift.parted_at)} on, and as many before."
        )
        return
    if not drift.drifted:
        console.print(f"No drift: nothing differs more than it does by chance ({len(drift.shifts)} things compared).")
    console.print()
    table = Table()
    for title in ("what", "before", "of late", "p", "stability index", "week by week"):
        table.add_column(title, justify="left" if title in {"what", "week by week"} else "right")
    for shift in drift.shifts:
        table.add_row(*_row(shift), style="bold" if shift.is_drift else None)
    console.print(table)
    console.print(
        f"{drift.sessions} sessions from {_day(drift.since)} to {_day(drift.until)}; of late is from "
        f"{_day(drift.parted_at)} on. p: of so large a difference by chance, all comparisons counted.",
        style="dim",
    )
    for kind in drift.too_few:
        console.print(f"Too few {KINDS[kind]} to compare: it takes {LEAST_SESSIONS} of late, and as many before.")


def _row(shift: Shift) -> tuple[str, ...]:
    weekly = " ".join(value_of(shift.measure, week.value) for week in shift.weeks)
    stability = "" if shift.stability is None else f"{shift.stability:.2f}"
    before, after = (value_of(shift.measure, value) for value in (shift.before, shift.after))
    counts = (f"{before} ({shift.count_before})", f"{after} ({shift.count_after})")
    return (subject(shift), *counts, f"{shift.p:.3f}", stability, weekly)


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%d %B")
