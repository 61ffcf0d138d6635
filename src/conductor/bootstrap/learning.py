"""What a store has to say of policies and of drift, for the command line and over HTTP."""

from __future__ import annotations

from conductor.bootstrap.kept import kept_store
from conductor.decide.allowed import allowed_by
from conductor.decide.room import DecisionParams
from conductor.domain.organisers import AgentSettings
from conductor.learn.drift import WEEK_S, Drift, began, drift, means_of
from conductor.learn.offpolicy import Trying
from conductor.ports import Archive
from conductor.service.parts import DEMO_EVENT
from conductor.settings import Settings
from conductor.trying import Moment, moments, try_policies

DAY_S = 86400.0


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
        return await drift_in(store.archive, event_id=event_id, weeks=weeks, now=now)


async def drift_in(archive: Archive, *, event_id: str | None, weeks: int, now: float) -> Drift:
    """The same of an archive that is open.

    Args:
        archive: What is kept.
        event_id: The only event to look at; None for all but demonstrations.
        weeks: How many count as of late, 1 or more.
        now: The end of the last of them, in epoch seconds.
    """
    since, means = began(now, weeks), []
    for opened in await archive.sessions(event_id):
        if since <= opened.at < now and (event_id is not None or opened.event_id != DEMO_EVENT):
            curve = await archive.curve(opened.session_id, opened.at, opened.at + DAY_S)
            if (of_session := means_of(opened, curve)) is not None:
                means.append(of_session)
    measured = await archive.outcomes(event_id, since - WEEK_S)
    outcomes = [each for each in measured if event_id is not None or each.event_id != DEMO_EVENT]
    return drift(means, outcomes, now, weeks)
