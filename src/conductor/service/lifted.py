"""Lift as the service tells it: in words, as rows, and not counted anew for everybody who looks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from conductor.domain.interventions import Arm
from conductor.domain.sessions import Phase, SessionType
from conductor.domain.trials import Trial
from conductor.learn.experiment import Circumstances, Effect, Experiment, Ratio, Status, experiment
from conductor.ports import Archive
from conductor.wire.rest_lift import LiftAnswer, LiftRow, RatioAnswer

FRESH_S = 20.0
"""Outcomes come minutes apart, and pages ask every half minute."""

EVENTS_KEPT = 64

DOES = {
    Arm.POLL: ("Polls", "add", "take", "make"),
    Arm.CHAT_PROMPT: ("Chat prompts", "add", "take", "make"),
    Arm.NUDGE: ("Nudges", "add", "take", "make"),
    Arm.QNA_PROMOTE: ("Promoting Q&A", "adds", "takes", "makes"),
    None: ("The agent", "adds", "takes", "makes"),
}
DURING = {
    Phase.OPENING: "at the beginning of",
    Phase.MIDDLE: "in the middle of",
    Phase.CLOSING: "towards the end of",
    Phase.QA: "in the Q&A of",
}

SKEWED = (
    "The coin left {held_out} of {decisions} decisions alone, where {expected:.0f} would be usual: until it is clear "
    "why, do not go by these figures."
)
ONE_SIDED = (
    "Of {decisions} decisions with an outcome missing {held_out} were left alone, where {expected:.0f} would be usual: "
    "until it is clear why, do not go by these figures."
)


class Lifts:
    """What the coin showed, counted again at most every `FRESH_S` for each event.

    Args:
        count: Does the counting; it runs in a thread of its own, as it takes a while with many trials.
    """

    def __init__(self, count: Callable[[Sequence[Trial]], Experiment] = experiment) -> None:
        self._count = count
        self._known: dict[str | None, tuple[float, LiftAnswer]] = {}
        self._counting = asyncio.Lock()

    async def of(self, archive: Archive, event_id: str | None, now: float) -> LiftAnswer:
        """Of one event, or (None) of all.

        Raises:
            StoreUnavailable: The trials cannot be had.
        """
        async with self._counting:
            known = self._known.get(event_id)
            if known is not None and 0.0 <= now - known[0] < FRESH_S:
                return known[1]
            trials = await archive.trials(event_id, None)
            told = lift_answer(await asyncio.to_thread(self._count, trials))
            self._known.pop(event_id, None)
            self._known[event_id] = (now, told)
            if len(self._known) > EVENTS_KEPT:
                del self._known[next(iter(self._known))]
            return told


def lift_answer(found: Experiment) -> LiftAnswer:
    """The whole answer, in the order in which there is most to say."""
    return LiftAnswer(
        overall=_row(found.overall),
        by_arm=_most_first([_row(each, arm=arm) for arm, each in found.by_arm.items()]),
        by_context=_most_first([_row(each, spot=spot) for spot, each in found.by_circumstances.items()]),
        by_arm_and_context=_most_first(
            [_row(each, arm, spot) for (arm, spot), each in found.by_arm_and_circumstances.items()]
        ),
        by_event=_most_first([_row(each, event_id=event_id) for event_id, each in found.by_event.items()]),
        assigned=_ratio(found.assigned),
        unknown=_ratio(found.unknown),
        warning=_warning(found),
    )


def _most_first(rows: list[LiftRow]) -> list[LiftRow]:
    return sorted(rows, key=lambda row: (row.status == Status.NOT_YET, -row.treated - row.held_out))


def _row(
    effect: Effect, arm: Arm | None = None, spot: Circumstances | None = None, event_id: str | None = None
) -> LiftRow:
    return LiftRow(
        type=arm,
        phase=spot.phase if spot else None,
        session_type=spot.session_type if spot else None,
        event_id=event_id,
        status=effect.status.value,
        words=effect_in_words(effect, arm, spot, event_id),
        estimate=effect.estimate,
        low=effect.low,
        high=effect.high,
        confidence=effect.confidence,
        low_once=effect.low_once,
        high_once=effect.high_once,
        treated=effect.treated,
        held_out=effect.held_out,
        decisions_needed=effect.needed,
    )


def effect_in_words(effect: Effect, arm: Arm | None, spot: Circumstances | None, event_id: str | None) -> str:
    """A sentence for a person: what is known, or how far away that is."""
    who, adds, takes, makes = DOES[arm]
    where = _where(spot, event_id)
    if effect.estimate is None or effect.low is None or effect.high is None:
        return f"{who}{where}: not known yet, about {effect.needed} more decisions."
    low, high = _whole(effect.low), _whole(effect.high)
    match effect.status:
        case Status.KNOWN_HELPS:
            return f"{who} {adds} {_points(effect.estimate)}{where} ({low} to {high})."
        case Status.KNOWN_HARMS:
            least, most = _whole(-effect.high), _whole(-effect.low)
            return f"{who} {takes} away {_points(-effect.estimate)}{where} ({least} to {most})."
        case Status.KNOWN_SMALL:
            return f"{who} {makes} no difference of more than 5 points{where} ({low} to {high})."
        case Status.NOT_YET:
            return f"{who}{where}: not known yet ({low} to {high} points), about {effect.needed} more decisions."


def _where(spot: Circumstances | None, event_id: str | None) -> str:
    if spot is not None:
        return f" {DURING[spot.phase]} {_plural(spot.session_type)}"
    return "" if event_id is None else f" in {event_id}"


def _plural(kind: SessionType) -> str:
    return f"{kind.value}s"


def _whole(score: float) -> str:
    return f"{round(score * 100)}".replace("-", "−")


def _points(score: float) -> str:
    points = max(round(score * 100), 1)
    return f"{points} point" if points == 1 else f"{points} points"


def _ratio(ratio: Ratio) -> RatioAnswer:
    return RatioAnswer(
        decisions=ratio.count,
        held_out=ratio.held_out,
        expected=ratio.expected,
        p_value=ratio.p_value,
        is_off=ratio.is_off,
    )


def _warning(found: Experiment) -> str | None:
    for ratio, words in ((found.assigned, SKEWED), (found.unknown, ONE_SIDED)):
        if ratio.is_off:
            return words.format(held_out=ratio.held_out, decisions=ratio.count, expected=ratio.expected)
    return None
