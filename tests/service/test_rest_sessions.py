"""Sessions, modes and decisions over HTTP."""

import asyncio
from dataclasses import replace
from urllib.parse import quote

import pytest

from conductor.access.rights import Role
from conductor.domain.engagement import AnomalyType
from conductor.domain.events import DecisionLapsed, DecisionMade, SessionOpened
from conductor.domain.interventions import (
    Arm,
    Autonomy,
    Context,
    Decision,
    EngagementBucket,
    Mode,
    PastPerformance,
)
from conductor.domain.sessions import Phase, SessionProfile, SessionType, SizeBucket
from conductor.wire.events import event_message

NOW = 1_800_000_000.0
CONTEXT = Context(AnomalyType.SUDDEN_DROP, Phase.MIDDLE, SessionType.TALK, SizeBucket.MEDIUM, EngagementBucket.LOW)
DECISION = Decision(
    decision_id="d1",
    anomaly_id="a1",
    session_id="s1",
    event_id="e1",
    at=NOW - 10.0,
    arm=Arm.POLL,
    confidence=0.6,
    propensity=0.5,
    reasoning="The chat fell silent.",
    context=CONTEXT,
    past=PastPerformance(0.5, 4, is_exploring=False),
    autonomy=Autonomy.ASK,
    score_before=0.4,
    expires_at=NOW + 50.0,
)
POLL = {"question": "What next?", "options": ["Costs", "Scale", "Safety"]}
PENDING = "/api/v1/agent/sessions/s1/decisions"


def watch(house, decision=None):
    """Let the overview hear of a session, and of a decision in it."""
    house.overview.take(event_message(SessionOpened("s1", "e1", NOW - 60.0, SessionProfile(title="Talk"))))
    if decision is not None:
        house.overview.take(event_message(DecisionMade(decision)))


async def first_of(listening):
    return await asyncio.wait_for(anext(listening), 5)


async def test_a_registered_session_reaches_the_stream_of_signals(house, organiser):
    body = {"session_id": "s1", "event_id": "e1", "title": "Talk", "starts_at": "2027-01-15T08:00:00Z"}
    answer = await organiser.post("/api/v1/agent/sessions/register", json=body)
    kept = await anext(house.bus.follow("signals:", 0.0))
    assert answer.json() == {"session_id": "s1", "event_id": "e1", "is_new": True}
    assert (kept[0].stream, kept[0].fields[0][0]) == ("signals:s1", "session:started")


async def test_a_session_is_known_from_the_moment_it_is_registered(house, organiser):
    body = {"session_id": "s1", "event_id": "e1", "title": "Talk"}
    first, again = [await organiser.post("/api/v1/agent/sessions/register", json=body) for _ in range(2)]
    status = await organiser.get("/api/v1/agent/sessions/s1/status")
    mode = await organiser.put("/api/v1/agent/sessions/s1/mode", json={"mode": "AUTO"})
    wanted = await organiser.post("/api/v1/interventions/manual", json={"session_id": "s1", "type": "POLL"})
    listed = (await organiser.get("/api/v1/agent/sessions")).json()["sessions"]

    assert (first.json()["is_new"], again.json()["is_new"]) == (True, False)
    assert (status.status_code, mode.status_code, wanted.status_code) == (200, 200, 202)
    assert (status.json()["status"], status.json()["event_id"], status.json()["score"]) == ("MONITORING", "e1", None)
    assert [(each["session_id"], each["title"], each["is_open"]) for each in listed] == [("s1", "Talk", True)]


async def test_registering_another_profile_tells_the_agent_of_it(house, organiser):
    body = {"session_id": "s1", "event_id": "e1", "title": "Talk"}
    first = await organiser.post("/api/v1/agent/sessions/register", json=body)
    other = await organiser.post("/api/v1/agent/sessions/register", json=body | {"title": "Panel", "type": "panel"})
    assert (first.json()["is_new"], other.json()["is_new"]) == (True, True)


async def test_registering_again_what_is_watched_already_sends_nothing(house, organiser):
    opened = SessionOpened("s1", "e1", NOW - 60.0, SessionProfile(title="Talk"))
    await house.store.record([opened])
    watch(house)
    answer = await organiser.post(
        "/api/v1/agent/sessions/register", json={"session_id": "s1", "event_id": "e1", "title": "Talk"}
    )
    assert answer.json()["is_new"] is False
    assert await anext(house.bus.follow("signals:", 0.0)) in ([], ())


async def test_a_session_of_one_event_cannot_be_registered_for_another(house, organiser):
    watch(house)
    answer = await organiser.post("/api/v1/agent/sessions/register", json={"session_id": "s1", "event_id": "e2"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "other_event")


async def test_sessions_are_listed_page_by_page_and_only_those_of_the_token(house, organiser):
    watch(house)
    await house.store.record([SessionOpened(f"s{n}", f"e{n}", NOW, SessionProfile()) for n in (2, 3)])
    page = (await organiser.get("/api/v1/agent/sessions", params={"limit": 2})).json()
    rest = (await organiser.get("/api/v1/agent/sessions", params={"cursor": page["next_cursor"]})).json()
    async with house.client(Role.ORGANISER, "e3") as narrow:
        own = (await narrow.get("/api/v1/agent/sessions")).json()
    assert [[each["session_id"] for each in some["sessions"]] for some in (page, rest, own)] == [
        ["s1", "s2"],
        ["s3"],
        ["s3"],
    ]
    assert rest["next_cursor"] is None


async def test_a_mode_is_kept_and_told(house, organiser):
    watch(house)
    async with house.bus.subscribe("event:*:settings") as listening:
        answer = await organiser.put("/api/v1/agent/sessions/s1/mode", json={"mode": "AUTO"})
        message = await first_of(listening)
    status = (await organiser.get("/api/v1/agent/sessions/s1/status")).json()
    assert answer.status_code == 200
    assert message.channel == "event:e1:settings"
    assert (status["mode"], (await house.store.desk.settings("e1")).mode_of("s1")) == ("AUTO", Mode.AUTO)


async def test_a_session_with_a_mode_of_its_own_can_follow_its_event_again(house, organiser):
    watch(house)
    at = "/api/v1/agent/sessions/s1"
    await organiser.patch("/api/v1/events/e1/settings", json={"agent_mode": "MANUAL"})
    await organiser.put(f"{at}/mode", json={"mode": "AUTO"})
    own = (await organiser.get(f"{at}/status")).json()
    async with house.bus.subscribe("event:*:settings") as listening:
        answers = [await organiser.delete(f"{at}/mode") for _ in range(2)]
        message = await first_of(listening)
    followed = (await organiser.get(f"{at}/status")).json()
    await organiser.patch("/api/v1/events/e1/settings", json={"agent_mode": "SEMI_AUTO"})

    assert (own["mode"], own["own_mode"]) == ("AUTO", "AUTO")
    assert [(each.status_code, each.json()["mode"]) for each in answers] == [(200, "MANUAL")] * 2
    assert (message.channel, followed["mode"], followed["own_mode"]) == ("event:e1:settings", "MANUAL", None)
    assert (await organiser.get(f"{at}/status")).json()["mode"] == "SEMI_AUTO"


async def test_of_a_session_that_nobody_heard_of_nothing_is_found(organiser):
    answer = await organiser.get("/api/v1/agent/sessions/nowhere/status")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "session_unknown")


async def test_what_lapsed_for_any_reason_can_no_longer_be_approved(house, organiser):
    watch(house, DECISION)
    house.overview.take(event_message(DecisionLapsed("d1", "s1", "e1", NOW - 1.0, "the agent was restarted meanwhile")))
    late = await organiser.post(f"{PENDING}/d1/approve", json={})

    assert (late.status_code, late.json()["error"]["details"]["verdict"]) == (409, "LAPSED")


async def test_the_first_answer_stands_and_the_second_is_told_so(house, organiser):
    watch(house, DECISION)
    assert len((await organiser.get(f"{PENDING}/pending")).json()["pending"]) == 1
    async with house.bus.subscribe("session:*:answers") as listening:
        yes = await organiser.post(f"{PENDING}/d1/approve", json={"content": POLL, "seen_score": 0.4})
        assert (await first_of(listening)).channel == "session:s1:answers"
    no = await organiser.post(f"{PENDING}/d1/reject", json={"reason": "not now"})
    again = await organiser.post(f"{PENDING}/d1/approve", json={"content": POLL})
    assert (yes.json()["verdict"], no.status_code, again.status_code) == ("APPROVED", 409, 200)
    assert no.json()["error"]["details"]["verdict"] == "APPROVED"


@pytest.mark.parametrize(
    ("change", "path", "body", "status"),
    [
        ({}, "d1/approve", {"content": {"message": "Not a poll"}}, 422),
        ({}, "unknown/approve", {}, 404),
        ({"expires_at": NOW - 1.0}, "d1/approve", {}, 409),
        ({"autonomy": Autonomy.ACT}, "d1/reject", {}, 409),
    ],
)
async def test_an_answer_that_does_not_fit_is_refused(house, organiser, change, path, body, status):
    watch(house, replace(DECISION, **change))
    answer = await organiser.post(f"{PENDING}/{path}", json=body)
    assert answer.status_code == status, answer.text


async def test_a_decision_that_only_the_store_remembers_can_be_answered(house, organiser):
    watch(house)
    await house.store.record([DecisionMade(DECISION)])
    answer = await organiser.post(f"{PENDING}/d1/reject", json={})
    assert answer.json()["verdict"] == "REJECTED"


@pytest.mark.parametrize("session_id", ["track/2 & more", "a/status", "/", "#room?", "séance 中", "mode"])
async def test_a_session_is_found_again_whatever_its_id_is_made_of(house, organiser, session_id):
    decision = replace(DECISION, session_id=session_id, decision_id=f"{session_id}-d1", event_id="day/1")
    registered = await organiser.post(
        "/api/v1/agent/sessions/register", json={"session_id": session_id, "event_id": "day/1"}
    )
    house.overview.take(event_message(DecisionMade(decision)))
    at = "/api/v1/agent/sessions/" + quote(session_id, safe="")
    answers = [
        await organiser.get(f"{at}/status"),
        await organiser.get(f"{at}/decisions/pending"),
        await organiser.put(f"{at}/mode", json={"mode": "MANUAL"}),
        await organiser.get("/api/v1/events/" + quote("day/1", safe="") + "/settings"),
        await organiser.post(f"{at}/decisions/{quote(decision.decision_id, safe='')}/reject", json={}),
    ]

    assert [registered.status_code, *(each.status_code for each in answers)] == [200] * 6
    assert [each.json()["session_id"] for each in answers[:3]] == [session_id] * 3
    assert answers[4].json()["decision_id"] == decision.decision_id
