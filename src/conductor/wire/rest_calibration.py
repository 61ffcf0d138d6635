"""Whether the agent's confidence can be taken at its word: what the service answers."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel

from conductor.wire.rest_fields import said

CalibrationStatus: TypeAlias = Literal["NOT_YET", "NO_SIGN", "ABOUT_RIGHT", "TOO_SURE", "NOT_SURE_ENOUGH", "UNEVEN"]

STATUSES = (
    "NOT_YET: too few decisions or sessions to say anything. NO_SIGN: nothing speaks against it, but chance alone "
    "would be off by more than 5 points. ABOUT_RIGHT: nothing does, and 5 points would show. The others: it is off by "
    "more than chance would be 19 times in 20. TOO_SURE and NOT_SURE_ENOUGH: to one side, by 5 points or more. "
    "UNEVEN: here to one side and there to the other, by 5 points more than chance would be."
)


class TenthRow(BaseModel):
    """Decisions whose confidence lay in one tenth."""

    from_confidence: Annotated[float, said("Where the tenth begins, in [0, 1).", 0.6)]
    to_confidence: Annotated[float, said("Where it ends, in (0, 1].", 0.7)]
    decisions: Annotated[int, said("How many there were.", 31)]
    confidence: Annotated[float, said("Their mean confidence, in [0, 1].", 0.66)]
    recovered: Annotated[
        float, said("How many of their rooms recovered, each by how probable that is; as a share, in [0, 1].", 0.64)
    ]
    low: Annotated[float, said("Lower end of the 95 % interval of that.", 0.46)]
    high: Annotated[float, said("Upper end of the 95 % interval of that.", 0.79)]


class CalibrationAnswer(BaseModel):
    """How often rooms recovered, beside how often the agent said that they would.

    Shares and differences lie in [-1, 1], so that 0.06 are 6 points.
    """

    status: Annotated[CalibrationStatus, said(STATUSES, "ABOUT_RIGHT")]
    decisions: Annotated[int, said("Decisions that were done and whose rooms were scored at the horizon.", 214)]
    sessions: Annotated[int, said("Sessions that they were made in.", 60)]
    tenths: Annotated[list[TenthRow], said("Each tenth of confidence that has any, lowest first.")]
    error: Annotated[
        float | None,
        said("Expected calibration error: how far both lie apart on average; null where there is not enough.", 0.04),
    ]
    error_by_chance: Annotated[
        float | None, said("What it would be on average if every confidence were exactly right.", 0.03)
    ]
    error_by_chance_at_most: Annotated[float | None, said("What it would exceed then once in 20.", 0.05)]
    too_sure_by: Annotated[
        float | None, said("Mean confidence minus the share that recovered; under 0 if not sure enough.", 0.02)
    ]
    low: Annotated[float | None, said("Lower end of the 95 % interval of that, for who looks once.", -0.02)]
    high: Annotated[float | None, said("Upper end of that interval.", 0.06)]
    decisions_needed: Annotated[
        int, said("About how many more decisions will tell, for NOT_YET and NO_SIGN; else 0.", 23)
    ]
    sessions_needed: Annotated[int, said("In how many more sessions, for NOT_YET; else 0.", 4)]
