"""A real agent is killed while a decision is on its way, and started again: it is finished once, and not twice.

The rooms are a process of their own; what people do there comes as platforms say it, by the streams.
"""

import asyncio
import time
from collections import defaultdict
from contextlib import AsyncExitStack, suppress

import msgspec
import socketio
from redis.asyncio import Redis
from tests.duty_examples import end, entry_of
from tests.live_examples import room
from tests.processes import PATIENCE_S, Served
from tests.rooms import START
from tests.sockets import Client
from tests.valkey import running

from conductor.access.rights import Role
from conductor.adapters.bus_redis import RedisBus
from conductor.domain.signals import Kind
from conductor.duty.clock import SystemClock
from conductor.live.fanout import NAMESPACE
from conductor.perceive.ledger import TICK_S
from conductor.wire.reading import moment_of

EVENT = "event"
TALKED_S = 60.0
"""For so long rooms have talked when everybody comes, in seconds of the clock."""

SCORES = 3
"""So many are told before processes are asked to end: they are kept in batches of many more."""

ENDS_WITHIN_S = 5.0
"""A process that is asked to end has ended by then; in seconds of the machine."""


class Town:
    """An agent and its rooms, with a server between them, and somebody who listens."""

    def __init__(self, folder, speed):
        since = time.time()
        self.folder = folder
        self.clock = SystemClock(speed, since)
        self.asked = []
        self.said = []
        self._stirred = asyncio.Event()
        self.fallen = asyncio.Event()

    async def open(self, stack, *sessions, mode):
        server = stack.enter_context(running(self.folder))
        where = {"REDIS_URL": server.url, "CONDUCTOR_HOME": str(self.folder / "home")}
        self.agent, self.live = (Served(role, self.clock, where) for role in ("agent", "live"))
        self.redis = await stack.enter_async_context(Redis.from_url(server.url))
        self.bus = await RedisBus.open(server.url)
        stack.push_async_callback(self.bus.close)
        for channels, heard in (("session:*:actions", self.asked), ("session:*:events", self.said)):
            messages = await stack.enter_async_context(self.bus.subscribe(channels))
            stack.push_async_callback(end, asyncio.create_task(self._hear(messages, heard)))
        stack.push_async_callback(end, asyncio.create_task(self._talk(sessions)))
        for each in (self.agent, self.live):
            each.begin()
            stack.callback(each.kill)
        await asyncio.gather(self.agent.answers(), self.live.answers())
        self.rest = await stack.enter_async_context(self.agent.rest(EVENT))
        settings = {"event_id": EVENT, "agent_mode": mode, "holdout_share": 0.0, "allowed_interventions": ["POLL"]}
        assert (await self.rest.post("/api/v1/events/settings", json=settings)).status_code < 300
        self.people = {session: await self._come(stack, session) for session in sessions}

    async def hears(self, is_so):
        """Wait until this is so of what was said."""
        async with asyncio.timeout(PATIENCE_S):
            while not is_so():
                self._stirred.clear()
                await self._stirred.wait()

    async def decided(self, session):
        """The id of the decision that was made in a session, once it was."""
        await self.hears(lambda: self.told(session, "agent.decision"))
        return self.told(session, "agent.decision")[0]["decision"]["id"]

    def told(self, session, kind):
        """What was said of a session, from the beginning and to whoever listened all along."""
        return [said["data"] for said in self.said if said["session_id"] == session and said["type"] == kind]

    def asked_of(self, session):
        """Which actions were asked of its room, again and again until it said that it had."""
        return [action["action_id"] for action in self.asked if action["sessionId"] == session]

    def shown(self, session):
        """Which polls somebody saw there."""
        return [payload["pollId"] for name, payload in self.people[session].heard if name == "poll.launched"]

    async def kept(self, session, kind):
        """What the stream of its events says."""
        messages = [msgspec.json.decode(each[b"message"]) for _, each in await self.redis.xrange(f"events:{session}")]
        return [message["data"] for message in messages if message["type"] == kind]

    async def pending(self, session):
        """The decisions that wait for an answer."""
        answer = await self.rest.get(f"/api/v1/agent/sessions/{session}/decisions/pending")
        return [each["id"] for each in answer.json()["pending"]]

    async def approve(self, session, decision_id):
        path = f"/api/v1/agent/sessions/{session}/decisions/{decision_id}/approve"
        answer = await self.rest.post(path, json={})
        assert answer.status_code == 200, answer.text

    async def posteriors(self):
        """How often each arm was tried, as far as anything was learned of it."""
        answer = await self.rest.get("/api/v1/analytics/agent/posteriors")
        return [(each["type"], each["attempts"]) for each in answer.json()["posteriors"]]

    async def scored(self, session):
        """When the scores were told that are kept of it."""
        answer = await self.rest.get(f"/api/v1/analytics/sessions/{session}/engagement")
        return [moment_of(point["at"]) for point in answer.json()["points"]]

    async def executed(self, session):
        """Wait until it is said that something was done there, and a tick has ended since; gives its id."""
        await self.hears(lambda: self.told(session, "agent.intervention.executed"))
        await self.hears(lambda: self._follows(session, "agent.intervention.executed"))
        return self.told(session, "agent.intervention.executed")[0]["intervention_id"]

    def _follows(self, session, kind):
        kinds = [said["type"] for said in self.said if said["session_id"] == session]
        return "engagement.update" in kinds[kinds.index(kind) :]

    async def _come(self, stack, session):
        """Somebody looks on in a session."""
        client = Client()
        auth = {"token": self.live.token(EVENT, Role.ATTENDEE, f"{session}-ada", session)}
        async with asyncio.timeout(PATIENCE_S):
            while not client.io.connected:
                with suppress(socketio.exceptions.ConnectionError):
                    await client.io.connect(self.live.url, auth=auth, namespaces=[NAMESPACE], transports=["websocket"])
        stack.push_async_callback(client.io.disconnect)
        joined = await client.emit("session:join", {"sessionId": session, "displayName": "Ada"})
        assert joined["ok"], joined
        return client

    async def _talk(self, sessions):
        """Append the signals of each tick when half of it is over; of rooms that fell only their heartbeats."""
        begun_at = self.clock.now()
        start = (begun_at // TICK_S + 1.0) * TICK_S - TALKED_S
        for begin, signals in by_tick(sessions, start):
            heard_at = begin + TICK_S / 2.0
            await self.clock.sleep_until(heard_at)
            for each in signals:
                if not self.fallen.is_set() or each.kind is Kind.SOURCE_HEARTBEAT:
                    await self._append(entry_of(each), heard_at if heard_at < begun_at else None)

    async def _append(self, entry, at):
        """Append an entry, perhaps as if it had come at a moment that is over."""
        entry_id = "*" if at is None else f"{int(self.clock.timeline.to_real(at) * 1000)}-*"
        await self.redis.xadd(entry.stream, dict(entry.fields), id=entry_id)

    async def _hear(self, messages, heard):
        async for message in messages:
            heard.append(msgspec.json.decode(message.body))
            self._stirred.set()


def by_tick(sessions, start):
    """Rooms' signals in the first half of each tick, so that all have come long before it ends."""
    ticks = defaultdict(list)
    for session in sessions:
        for each in room(session, falls_at=1800.0, until=1800.0, count=40):
            number, rest = divmod(each.at - START, TICK_S)
            ticks[start + number * TICK_S].append(each._replace(at=start + number * TICK_S + rest / 2.0))
    return sorted(ticks.items())


async def test_what_was_asked_approved_or_shown_when_the_agent_was_killed_is_finished_once_after_it_has_started_again(
    tmp_path,
):
    town = Town(tmp_path, speed=2.0)
    async with AsyncExitStack() as stack:
        await town.open(stack, "asked", "approved", "shown", mode="MANUAL")
        town.fallen.set()
        decisions = {session: await town.decided(session) for session in town.people}

        town.live.pause()
        await town.approve("shown", decisions["shown"])
        await town.hears(lambda: town.asked_of("shown"))
        await town.approve("approved", decisions["approved"])
        town.agent.kill()
        town.live.go_on()
        await town.people["shown"].hears("poll.launched")

        await town.agent.start()
        assert await town.pending("asked") == [decisions["asked"]]
        assert town.shown("asked") == []
        await town.approve("asked", decisions["asked"])
        done = {session: await town.executed(session) for session in town.people}
        assert await town.pending("asked") == []

        for session, intervention_id in done.items():
            assert intervention_id.startswith(decisions[session])
            assert set(town.asked_of(session)) == {intervention_id}
            assert town.shown(session) == [intervention_id]
            assert len(await town.kept(session, "agent.intervention.executed")) == 1
            assert len({each["decision"]["id"] for each in await town.kept(session, "agent.decision")}) == 1


async def test_an_outcome_that_is_awaited_when_the_agent_is_killed_is_told_once_and_learned_once(tmp_path):
    town = Town(tmp_path, speed=10.0)
    async with AsyncExitStack() as stack:
        await town.open(stack, "watched", mode="AUTO")
        town.fallen.set()
        done = await town.executed("watched")
        assert await town.posteriors() == []
        town.agent.kill()
        await town.agent.start()
        await town.hears(lambda: town.told("watched", "agent.outcome"))
        town.agent.kill()
        await town.agent.start()

        [outcome] = await town.kept("watched", "agent.outcome")
        assert outcome["intervention_id"] == done
        assert await town.posteriors() == [("POLL", 1.0)]
        assert town.shown("watched") == [done]
        assert await town.kept("watched", "agent.outcome.unknown") == []


async def test_processes_that_are_asked_to_end_do_so_at_once_and_lose_nothing(tmp_path):
    town = Town(tmp_path, speed=10.0)
    async with AsyncExitStack() as stack:
        await town.open(stack, "talking", mode="AUTO")
        await town.hears(lambda: len(town.told("talking", "engagement.update")) >= SCORES)
        assert await town.agent.end(ENDS_WITHIN_S) == 0
        assert await town.live.end(ENDS_WITHIN_S) == 0
        told = [moment_of(said["timestamp"]) for said in town.said if said["type"] == "engagement.update"]

        await town.agent.start()
        scored = await town.scored("talking")
        assert scored[scored.index(told[0]) :][: len(told)] == told
