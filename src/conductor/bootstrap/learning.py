"""What a store has to say of policies and of drift, for the command line."""

from __future__ import annotations

from conductor.bootstrap.kept import kept_store
from conductor.decide.allowed import allowed_by
from conductor.decide.room import DecisionParams
from conductor.domain.organisers import AgentSettings
from conductor.learn.drift import Drift
from conductor.learn.offpolicy import Trying
from conductor.service.drifting import drift_in
from conductor.service.parts import DEMO_EVENT
from conductor.settings import Settings
from conductor.trying import Moment, moments, try_policies


async def tried_policies(settings: Settings, *, event_id: str | None) -> Trying:
    """Every policy, tried on what the store has logged.

    Args:
        settings: Where the store is.
        event_id: The only event to look at; None for all but demonstrations.

    Raises:
        NotFound: There is no store.
        UnreadableState: The store cannot be used.
    """
    log: list[Moment] = []
    async with kept_store(settings) as store:
        for opened in await store.archive.sessions(event_id):
            if event_id is None and opened.event_id == DEMO_EVENT:
                continue
            own = await store.desk.settings(opened.event_id) or AgentSettings(opened.event_id)
            usual = DecisionParams(act_below=settings.engagement_threshold)
            log += moments(await store.history(opened.session_id), allowed_by(own, usual))
    return try_policies(log)


async def found_drift(settings: Settings, *, event_id: str | None, weeks: int, now: float) -> Drift:
    """How sessions of the last weeks differ from those before.

    Raises:
        NotFound: There is no store.
        UnreadableState: The store cannot be used.
    """
    async with kept_store(settings) as store:
        return await drift_in(store.archive, event_id=event_id, without=DEMO_EVENT, weeks=weeks, now=now)
