"""An archive that forgets everything when the program ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from conductor.adapters.cursor import page_of, place_at, place_of, refuse_empty
from conductor.adapters.kept_memory import Kept
from conductor.adapters.minutes_memory import minutes_of
from conductor.adapters.rows import oldest_first
from conductor.domain.events import (
    DecisionMade,
    EngagementUpdated,
    FollowedUp,
    InterventionExecuted,
    OutcomeMeasured,
    SessionOpened,
    TrialEnded,
)
from conductor.domain.interventions import Intervention, Origin, Outcome
from conductor.domain.trials import FollowUp, Trial
from conductor.ports import Page, Wanted
from conductor.ports.curves import Minute


class MemoryArchive:
    """An `Archive` that forgets; `MemoryStore.archive` is one. Every call raises `StoreUnavailable` once closed."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def sessions(self, event_id: str | None) -> Sequence[SessionOpened]:
        """The latest opening of each session, of one event or of all, newest first."""
        await self.ping()
        by_session = {opened.session_id: opened for opened in oldest_first(self._kept.of_kind(SessionOpened))}
        wanted = [opened for opened in by_session.values() if event_id in {None, opened.event_id}]
        return sorted(wanted, key=lambda opened: (-opened.at, opened.session_id))

    async def curve(self, session_id: str, since: float, until: float) -> Sequence[EngagementUpdated]:
        """Scores of a session in [since, until), oldest first."""
        await self.ping()
        updates = self._kept.of_kind(EngagementUpdated, session_id)
        return sorted((each for each in updates if since <= each.at < until), key=lambda each: each.at)

    async def minutes(self, session_id: str, since: float, until: float) -> Sequence[Minute]:
        """Each minute of a session that has scores and begins in [since, until), oldest first; whole minutes only."""
        return minutes_of(await self.curve(session_id, -inf, inf), since, until)

    async def interventions(self, wanted: Wanted, limit: int, cursor: str | None) -> Page:
        """A page of at most `limit` (1 or more) interventions.

        Raises:
            InvalidInput: The cursor is none of ours, or the limit less than 1.
        """
        await self.ping()
        refuse_empty(limit)
        executed = self._kept.of_kind(InterventionExecuted, wanted.session_id)
        found = [event.intervention for event in executed if _is_wanted(event.intervention, wanted)]
        if cursor is not None:
            last = place_at(cursor)
            found = [intervention for intervention in found if place_of(intervention) < last]
        return page_of(sorted(found, key=place_of, reverse=True)[: limit + 1], limit)

    async def outcomes(self, event_id: str | None, since: float | None) -> Sequence[Outcome]:
        """Measured outcomes, of one event or of all, oldest first."""
        await self.ping()
        outcomes = [event.outcome for event in oldest_first(self._kept.of_kind(OutcomeMeasured))]
        return [
            outcome
            for outcome in outcomes
            if event_id in {None, outcome.event_id} and (since is None or since <= outcome.at)
        ]

    async def trials(self, event_id: str | None, since: float | None) -> Sequence[Trial]:
        """Trials that ended, of one event or of all, oldest first."""
        await self.ping()
        trials = [event.trial for event in oldest_first(self._kept.of_kind(TrialEnded))]
        return [each for each in trials if event_id in {None, each.event_id} and (since is None or since <= each.at)]

    async def follow_ups(self, event_id: str | None, since: float | None) -> Sequence[FollowUp]:
        """How decisions without a coin ended, of one event or of all, oldest first."""
        await self.ping()
        ended = [event.follow_up for event in oldest_first(self._kept.of_kind(FollowedUp))]
        return [each for each in ended if event_id in {None, each.event_id} and (since is None or since <= each.at)]

    async def confidences(self, event_id: str | None) -> Mapping[tuple[str, str], float]:
        """How sure the agent was of each of its own decisions, by session and decision, of one event or of all."""
        await self.ping()
        made = [event.decision for event in self._kept.of_kind(DecisionMade)]
        own = [each for each in made if each.origin is Origin.AGENT and event_id in {None, each.event_id}]
        return {(each.session_id, each.decision_id): each.confidence for each in own}

    async def scored_until(self) -> float | None:
        """When the latest score was made that is kept, in epoch seconds; None if none is."""
        await self.ping()
        return max((update.at for update in self._kept.of_kind(EngagementUpdated)), default=None)

    async def ping(self) -> None:
        """Return if the store is open."""
        self._kept.refuse_if_closed()


def _is_wanted(intervention: Intervention, wanted: Wanted) -> bool:
    return (
        wanted.event_id in {None, intervention.event_id}
        and wanted.arm in {None, intervention.arm}
        and (wanted.since is None or wanted.since <= intervention.at)
        and (wanted.until is None or intervention.at < wanted.until)
    )
