"""`/api/v1/analytics`: how rooms did, and how well the agent does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from statistics import fmean
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Query, Request, Security

from conductor.access.rights import Right
from conductor.domain.events import EngagementUpdated
from conductor.domain.interventions import Context, Outcome
from conductor.domain.learned import Belief
from conductor.learn.outcome import OutcomeParams
from conductor.ports.curves import Minute
from conductor.service.deps import Caller, SessionPlace, Sources, caller, session_place
from conductor.service.falls import anomalies_in
from conductor.service.narrowing import narrowing
from conductor.service.parts import DEMO_EVENT, params_of
from conductor.service.posterior import beta_quantile
from conductor.service.scope import narrowed
from conductor.service.summary import summary
from conductor.wire.rest import Id, Moment, epoch_s
from conductor.wire.rest_answers import (
    AnomaliesAnswer,
    CurveAnswer,
    CurvePoint,
    PerformanceAnswer,
    PerformanceRow,
    PosteriorRow,
    PosteriorsAnswer,
)
from conductor.wire.rest_calibration import CalibrationAnswer
from conductor.wire.rest_decisions import ContextAnswer
from conductor.wire.rest_lift import LiftAnswer
from conductor.wire.rest_sums import NarrowingAnswer, SummaryAnswer

router = APIRouter(prefix="/analytics", tags=["analytics"])

Place = Annotated[SessionPlace, Security(session_place, scopes=[Right.READ_HISTORY])]
Reader = Annotated[Caller, Security(caller, scopes=[Right.READ_HISTORY])]

DAY_S = 86_400.0

MOST_MINUTES_S = 31 * DAY_S

Resolution: TypeAlias = Literal["raw", "minute"]


@router.get("/sessions/{session_id:path}/engagement", summary="Scores of a session")
async def get_engagement(
    parts: Sources,
    place: Place,
    since: Annotated[Moment | None, Query(alias="from", description="Inclusive; a day ago by default.")] = None,
    until: Annotated[Moment | None, Query(alias="to", description="Exclusive; now by default.")] = None,
    resolution: Annotated[
        Resolution | None, Query(description="`raw` for each tick, `minute` for sums; left out, minutes beyond a day.")
    ] = None,
) -> CurveAnswer:
    """The curve of a session, oldest score first: a day of ticks at most, or 31 days of minutes.

    A minute is there as a whole if it begins in the time that is asked for.
    """
    end = parts.clock() if until is None else epoch_s(until)
    wanted = end - DAY_S if since is None else epoch_s(since)
    chosen = resolution or ("minute" if end - wanted > DAY_S else "raw")
    if chosen == "minute":
        start = max(0.0, end - MOST_MINUTES_S, wanted)
        points = [*map(_point_of_minute, await parts.archive.minutes(place.session_id, start, end))]
    else:
        start = max(0.0, end - DAY_S, wanted)
        points = [*map(_point, await parts.archive.curve(place.session_id, start, end))]
    return CurveAnswer(session_id=place.session_id, since=start, until=end, resolution=chosen, points=points)


def _point(update: EngagementUpdated) -> CurvePoint:
    parts = {part.name: part.level for part in update.parts}
    return CurvePoint(
        at=update.at,
        score=update.score,
        lowest=None,
        highest=None,
        state=update.state,
        parts=parts,
        unprompted=update.unprompted,
    )


def _point_of_minute(minute: Minute) -> CurvePoint:
    return CurvePoint(
        at=minute.at,
        score=minute.score,
        lowest=minute.lowest,
        highest=minute.highest,
        state=minute.state,
        parts={**minute.parts},
        unprompted=minute.unprompted,
    )


@router.get("/sessions/{session_id:path}/anomalies", summary="Falls of a session")
async def get_anomalies(parts: Sources, place: Place) -> AnomaliesAnswer:
    """Every warning and alarm of a session, oldest first, with the times when it was let pass and what was decided."""
    history = await parts.store.history(place.session_id)
    return AnomaliesAnswer(session_id=place.session_id, anomalies=anomalies_in(history))


@router.get("/sessions/{session_id:path}/summary", summary="How a session went")
async def get_summary(parts: Sources, place: Place) -> SummaryAnswer:
    """Peak, average and low times of a session since it was last opened, and what came of each intervention."""
    kept = await parts.archive.sessions(place.event_id)
    opened = next((each for each in kept if each.session_id == place.session_id), None)
    since = parts.clock() - DAY_S if opened is None else opened.at
    curve = await parts.archive.curve(place.session_id, since, since + DAY_S)
    news = await parts.store.history(place.session_id)
    return summary(place, opened, curve, news)


@router.get("/agent/performance", summary="How well the agent does")
async def get_performance(
    parts: Sources,
    who: Reader,
    event_id: Annotated[Id | None, Query(description="Of this event only.")] = None,
    since: Annotated[Moment | None, Query(alias="from", description="Measured from then on.")] = None,
) -> PerformanceAnswer:
    """How often interventions succeeded, in all and for each type and context."""
    scope = await narrowed(parts, who, None, event_id)
    measured = await parts.archive.outcomes(scope.event_id, None if since is None else epoch_s(since))
    # Simulated rooms say nothing of real ones; whoever asks for their event wants them all the same.
    is_asked = scope.event_id == DEMO_EVENT
    return performance([each for each in measured if not each.held_out and (is_asked or each.event_id != DEMO_EVENT)])


def performance(outcomes: Sequence[Outcome]) -> PerformanceAnswer:
    """Success by arm and context, in the order of their names."""
    rows = [_row([*group]) for _, group in groupby(sorted(outcomes, key=_kind), key=_kind)]
    successes = sum(each.success for each in outcomes)
    return PerformanceAnswer(
        attempts=len(outcomes),
        successes=successes,
        success_rate=successes / len(outcomes) if outcomes else None,
        rows=rows,
    )


def _kind(outcome: Outcome) -> tuple[str, ...]:
    return (outcome.arm.value, *asdict(outcome.context).values())


def _row(group: list[Outcome]) -> PerformanceRow:
    successes = sum(each.success for each in group)
    return PerformanceRow(
        type=group[0].arm,
        context=_circumstances(group[0].context),
        attempts=len(group),
        successes=successes,
        success_rate=successes / len(group),
        mean_delta=fmean(each.delta for each in group),
    )


def _circumstances(context: Context) -> ContextAnswer:
    return ContextAnswer.model_validate(asdict(context))


@router.get("/agent/posteriors", summary="What the agent believes")
async def get_posteriors(parts: Sources, who: Reader) -> PosteriorsAnswer:
    """For each context and type that was tried, and for doing nothing: expected success and its 95 % interval.

    What the agent chooses by: attempts in this very context, on top of what it borrows from others as far as they prove
    to be alike. `adds` is how much more often a room is expected to pick up than if it is left alone.
    """
    who.check()
    learned = await parts.store.load_learned()
    return PosteriorsAnswer(posteriors=[*map(_posterior, parts.believed(learned))])


def _posterior(belief: Belief) -> PosteriorRow:
    return PosteriorRow(
        type=belief.arm,
        context=_circumstances(belief.context),
        attempts=belief.attempts,
        successes=belief.successes,
        alpha=belief.alpha,
        beta=belief.beta,
        mean=belief.alpha / (belief.alpha + belief.beta),
        low=beta_quantile(0.025, belief.alpha, belief.beta),
        high=beta_quantile(0.975, belief.alpha, belief.beta),
        adds=belief.adds,
    )


@router.get("/agent/narrowing", summary="How beliefs narrowed")
async def get_narrowing(request: Request, parts: Sources, who: Reader) -> NarrowingAnswer:
    """What had been learned of each type after each lesson, in all circumstances together, of all events but demos.

    A lesson is how probably the room had recovered when a decision came to its horizon. Here each counts alike; in what
    the agent believes, those of long ago count less.
    """
    who.check()
    fine_from = params_of(request).act_below
    trials, follow_ups = await parts.archive.trials(None, None), await parts.archive.follow_ups(None, None)
    return narrowing(
        [each for each in trials if each.event_id != DEMO_EVENT],
        [each for each in follow_ups if each.event_id != DEMO_EVENT],
        OutcomeParams(fine_from=fine_from),
    )


@router.get("/agent/lift", summary="Whether it helps")
async def get_lift(
    parts: Sources,
    who: Reader,
    event_id: Annotated[Id | None, Query(description="Of this event only.")] = None,
) -> LiftAnswer:
    """How much better rooms fared that something was done for than rooms that a coin left alone at such a moment.

    In points of score, adjusted for the score before, of all that was decided, whether or not an organiser allowed it.
    The intervals may be looked at all the time. Counted anew every 20 seconds at most.
    """
    scope = await narrowed(parts, who, None, event_id)
    return await parts.lifts.of(parts.archive, scope.event_id, parts.clock())


@router.get("/agent/calibration", summary="Whether its confidence is right")
async def get_calibration(
    request: Request,
    parts: Sources,
    who: Reader,
    event_id: Annotated[Id | None, Query(description="Of this event only.")] = None,
) -> CalibrationAnswer:
    """How often rooms recovered two minutes after its decisions, beside how often the agent said that they would.

    Of its own decisions that were done, neither held out nor refused, in all events but demos unless one is named.
    The intervals are for who looks once. Counted anew every minute at most.
    """
    scope = await narrowed(parts, who, None, event_id)
    recovery = OutcomeParams(fine_from=params_of(request).act_below)
    return await parts.calibrations.of(
        parts.archive, scope.event_id, parts.clock(), without=DEMO_EVENT, params=recovery
    )
