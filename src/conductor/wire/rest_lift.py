"""Whether it helps: what the service answers about lift."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel

from conductor.domain.interventions import Arm
from conductor.domain.sessions import Phase, SessionType
from conductor.wire.rest_fields import said

LiftStatus: TypeAlias = Literal["KNOWN_HELPS", "KNOWN_HARMS", "KNOWN_SMALL", "NOT_YET"]

STATUSES = (
    "KNOWN_HELPS and KNOWN_HARMS: the interval leaves 0 out. KNOWN_SMALL: it lies within 5 points of 0. "
    "NOT_YET: more has to be seen."
)
ALWAYS = "It stays true however often one looks, and however many rows one looks at."
ONCE = "95 %, for who looks once, at a time that was fixed beforehand; null where nothing can be said yet."


class LiftRow(BaseModel):
    """How much better rooms fared that something was to be done for than rooms that a coin left alone.

    Scores lie in [0, 1], so that 0.06 are 6 points.
    """

    type: Annotated[Arm | None, said("Of this type of intervention; null for all.", "POLL")]
    phase: Annotated[Phase | None, said("In this part of sessions; null for all.", "middle")]
    session_type: Annotated[SessionType | None, said("In this kind of session; null for all.", "workshop")]
    event_id: Annotated[str | None, said("In this event; null for all that were asked about.", "event-1")]
    status: Annotated[LiftStatus, said(STATUSES, "KNOWN_HELPS")]
    words: Annotated[str, said("The same for people.", "Polls add 6 points in the middle of workshops (2 to 10).")]
    estimate: Annotated[float | None, said("The difference; null where nothing can be said yet.", 0.06)]
    low: Annotated[float | None, said(f"Lower end of the interval. {ALWAYS}", 0.02)]
    high: Annotated[float | None, said(f"Upper end of the interval. {ALWAYS}", 0.1)]
    confidence: Annotated[float, said("With which that interval holds the truth: more, where rows are many.", 0.95)]
    low_once: Annotated[float | None, said(f"Lower end of the narrower interval: {ONCE}", 0.03)]
    high_once: Annotated[float | None, said(f"Upper end of the narrower interval: {ONCE}", 0.09)]
    treated: Annotated[int, said("Decisions with a known outcome that something was to be done about.", 214)]
    held_out: Annotated[int, said("Decisions with a known outcome that were left alone.", 24)]
    decisions_needed: Annotated[int | None, said("About how many more will tell; null where it is known.", 140)]


class RatioAnswer(BaseModel):
    """Whether as many were left alone as the coin should leave alone."""

    decisions: Annotated[int, said("All that were looked at.", 240)]
    held_out: Annotated[int, said("Of these, left alone.", 24)]
    expected: Annotated[float, said("How many should be.", 24.0)]
    p_value: Annotated[float, said("At most so probable if nothing is wrong, however often one looks.", 1.0)]
    is_off: Annotated[bool, said("Whether that is less than 0.01.")]


class LiftAnswer(BaseModel):
    """Whether it helps, as far as can be said."""

    overall: Annotated[LiftRow, said("Of everything.")]
    by_arm: Annotated[list[LiftRow], said("One for each type of intervention with a decision; most decisions first.")]
    by_context: Annotated[list[LiftRow], said("One for each part of a kind of session.")]
    by_arm_and_context: Annotated[list[LiftRow], said("One for each type in each part of a kind of session.")]
    by_event: Annotated[list[LiftRow], said("One for each event, at most 50: those with the most decisions.")]
    assigned: Annotated[RatioAnswer, said("Of all decisions whose coin was tossed.")]
    unknown: Annotated[RatioAnswer, said("Of those whose outcome is missing: it must not go missing for one side.")]
    warning: Annotated[str | None, said("Why none of it can be trusted; null if nothing is wrong.", None)]
