"""Drift in words."""

from __future__ import annotations

from conductor.domain.interventions import Arm
from conductor.domain.sessions import SessionType
from conductor.learn.drift import Measure, Shift

KINDS = {
    SessionType.KEYNOTE: "keynotes",
    SessionType.WORKSHOP: "workshops",
    SessionType.PANEL: "panels",
    SessionType.TALK: "talks",
    SessionType.MEETING: "meetings",
}

AFTER = {
    Arm.POLL: "a poll",
    Arm.CHAT_PROMPT: "a chat prompt",
    Arm.NUDGE: "a nudge",
    Arm.QNA_PROMOTE: "promoted questions",
}

SUBJECTS = {
    Measure.SCORE: "Scores",
    Measure.CHAT: "Chat",
    Measure.ACTIVE: "Shares of active people",
    Measure.REACTIONS: "Reactions",
    Measure.LEAVES: "People leaving",
    Measure.AUDIENCE: "Audiences",
    Measure.SUCCESS: "Successes",
    Measure.LEFT_ALONE: "Successes of rooms left alone",
}

UNITS = {
    Measure.CHAT: " messages a minute and 100 people",
    Measure.REACTIONS: " a minute and 100 people",
    Measure.LEAVES: " a minute and 100 people",
    Measure.AUDIENCE: " people",
}

COUNTED = ("", "week", "two weeks", "three weeks", "four weeks", "five weeks", "six weeks")


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
        return f"{SUBJECTS[shift.measure]} after {AFTER[shift.arm]}"
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
    return f"{value:.1f}" if measure in UNITS else f"{value * 100:.0f}\u00a0%"
