"""Two organisers and one agent: whatever they click, a room gets one thing once, and all learn what became of it."""

import asyncio

import pytest
from tests.live_examples import room
from tests.models_that_answer import POLL, PROMPT, fluent
from tests.rooms import signal
from tests.service.town import SESSION, Town, answered, pending

from conductor.decide.room import DecisionParams
from conductor.domain.interventions import Arm, Mode
from conductor.domain.signals import Kind
from conductor.wire.reading import moment_text

FALLS_AT = 180.0
ASKED_AT = FALLS_AT + 30.0
PROMPTS = DecisionParams(mode=Mode.MANUAL, arms=(Arm.CHAT_PROMPT,))
MANUAL = DecisionParams(mode=Mode.MANUAL)
OWN = {"message": "What would you do differently?"}


@pytest.fixture(scope="module")
def falling():
    return room(falls_at=FALLS_AT, until=600.0)


@pytest.fixture
async def town():
    async with Town().open() as town:
        yield town


@pytest.fixture
async def olga(town):
    async with town.organiser("olga") as client:
        yield client


@pytest.fixture
async def otto(town):
    async with town.organiser("otto") as client:
        yield client


def shown(town):
    return [action["content"]["message"] for action in town.world.shown]


async def test_two_organisers_approve_at_once_and_the_room_sees_it_once(town, falling, olga, otto):
    async with town.world.worker(decide=PROMPTS):
        await town.world.live(falling, ASKED_AT)
        asked = await pending(olga)
        both = await asyncio.gather(answered(olga, asked), answered(otto, asked))
        await town.world.live(falling, ASKED_AT + 20.0)

    assert shown(town) == [asked["content"]["message"]]
    [one], [other] = ([each for each in both if each.status_code == status] for status in (200, 409))
    told, error = one.json(), other.json()["error"]
    assert error["code"] == "decision_not_pending"
    assert error["details"] == {"verdict": "APPROVED", "by": told["by"], "at": told["at"], "reason": ""}


async def test_a_second_click_gets_the_same_answer_and_does_nothing_twice(town, falling, olga):
    async with town.world.worker(decide=PROMPTS):
        await town.world.live(falling, ASKED_AT)
        asked = await pending(olga)
        first = await answered(olga, asked, seen_score=0.4)
        await town.world.live(falling, ASKED_AT + 40.0)
        again = await answered(olga, asked, seen_score=0.4)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert len(shown(town)) == 1


async def test_what_one_rejected_the_other_cannot_approve_and_is_told_why(town, falling, olga, otto):
    async with town.world.worker(decide=PROMPTS):
        await town.world.live(falling, ASKED_AT)
        asked = await pending(olga)
        await answered(olga, asked, "reject", reason="not now")
        late = (await answered(otto, asked)).json()["error"]["details"]

    assert (late["verdict"], late["by"], late["reason"]) == ("REJECTED", "olga", "not now")
    assert shown(town) == []


async def test_everybody_who_looks_on_is_told_once_who_answered(town, falling, olga, otto):
    async with town.world.worker(decide=PROMPTS):
        await town.world.live(falling, ASKED_AT)
        asked = await pending(olga)
        told = (await answered(olga, asked)).json()
        await answered(olga, asked)
        await answered(otto, asked, "reject", reason="not now")

    [message] = town.world.of("agent.decision.answered")
    at = moment_text(told["at"])
    assert (message["session_id"], message["event_id"], message["timestamp"]) == ("a", "event", at)
    about = {"decision_id": asked["id"], "verdict": "APPROVED", "by": "olga", "name": "OLGA", "reason": "", "at": at}
    assert message["data"] == about


async def test_who_rejected_it_and_why_is_told_before_the_agent_lets_go_of_it(town, falling, olga):
    async with town.world.worker(decide=PROMPTS):
        await town.world.live(falling, ASKED_AT)
        await answered(olga, await pending(olga), "reject", reason="not now")

    [message] = town.world.of("agent.decision.answered")
    assert (message["data"]["verdict"], message["data"]["reason"]) == ("REJECTED", "not now")
    types = [each["type"] for each in town.world.told if each["type"].startswith("agent.decision.")]
    assert types == ["agent.decision.answered", "agent.decision.lapsed"]


async def test_that_nobody_answered_in_time_is_told_as_no_organisers_answer(town, falling, olga):
    async with town.world.worker(decide=PROMPTS):
        await town.world.live(falling, ASKED_AT)
        asked = await pending(olga)
        await town.world.live(falling, ASKED_AT + 90.0)
        await answered(olga, asked)

    assert town.world.of("agent.decision.answered") == []


async def test_what_an_organiser_edits_is_what_the_room_sees(town, falling, olga, otto):
    async with town.world.worker(decide=PROMPTS):
        await town.world.live(falling, ASKED_AT)
        asked = await pending(olga)
        misfit = await answered(olga, asked, content={"question": "No prompt", "options": ["a", "b"]})
        await answered(olga, asked, content=OWN)
        drafted = await answered(otto, asked)
        await town.world.live(falling, ASKED_AT + 20.0)

    assert (misfit.status_code, drafted.status_code) == (422, 409)
    assert shown(town) == [OWN["message"]]


async def test_a_click_after_the_deadline_comes_too_late(town, falling, olga):
    async with town.world.worker(decide=PROMPTS):
        await town.world.live(falling, ASKED_AT)
        asked = await pending(olga)
        await town.world.live(falling, ASKED_AT + 90.0)
        late = (await answered(olga, asked, seen_score=0.1)).json()["error"]
        waiting = (await olga.get(f"{SESSION}/decisions/pending")).json()["pending"]

    assert (late["code"], late["details"]["verdict"]) == ("decision_not_pending", "LAPSED")
    assert late["details"]["reason"] == "nobody answered in time"
    assert (shown(town), waiting) == ([], [])


async def test_what_the_agent_let_go_of_as_the_session_ended_cannot_be_approved(town, falling, olga):
    async with town.world.worker(decide=PROMPTS):
        await town.world.live(falling, ASKED_AT)
        asked = await pending(olga)
        await town.world.keep([signal("a", ASKED_AT, Kind.ENDED, None)])
        await town.world.clock.advance_to(town.world.clock.now() + 15.0)
        late = (await answered(olga, asked)).json()["error"]

    assert (late["code"], late["details"]["verdict"]) == ("decision_not_pending", "LAPSED")
    assert late["details"]["reason"]
    assert shown(town) == []


async def test_who_approves_while_a_model_still_writes_gets_what_it_words(town, falling, olga):
    silent = asyncio.Event()
    town.world.ask(fluent(silent, silent))
    async with town.world.worker(decide=PROMPTS):
        await town.world.live(falling, ASKED_AT)
        asked = await pending(olga)
        approved = await answered(olga, asked)
        assert (asked["content"], shown(town)) == (None, [])
        silent.set()
        await town.world.live(falling, ASKED_AT + 10.0)

    assert (approved.status_code, approved.json()["verdict"]) == (200, "APPROVED")
    assert shown(town) == [PROMPT.message]


async def test_status_and_list_name_the_decision_that_waits_until_it_is_answered(town, falling, olga):
    async with town.world.worker(decide=PROMPTS):
        await town.world.live(falling, ASKED_AT)
        asked = await pending(olga)
        status = (await olga.get(f"{SESSION}/status")).json()
        [listed] = (await olga.get("/api/v1/agent/sessions")).json()["sessions"]
        await answered(olga, asked)
        after = (await olga.get(f"{SESSION}/status")).json()

    for told in (status, listed):
        assert (told["status"], told["pending_decision_id"]) == ("WAITING_APPROVAL", asked["id"])
        assert told["expires_at"] == asked["expiresAt"]
    assert (after["pending_decision_id"], after["expires_at"]) == (None, None)


async def test_a_room_that_has_recovered_since_is_launched_only_by_who_knows(town, olga):
    recovering = room(falls_at=FALLS_AT, until=600.0, back_at=FALLS_AT + 20.0)
    async with town.world.worker(decide=PROMPTS):
        await town.world.live(recovering, ASKED_AT)
        asked = await pending(olga)
        await town.world.live(recovering, ASKED_AT + 32.0)
        refused = (await answered(olga, asked, seen_score=asked["scoreBefore"])).json()["error"]
        still = await pending(olga)
        before = shown(town)
        approved = await answered(olga, asked, seen_score=refused["details"]["score"])
        await town.world.live(recovering, ASKED_AT + 50.0)

    assert (refused["code"], still["id"], before) == ("room_recovered", asked["id"], [])
    assert refused["details"]["score"] > refused["details"]["seen_score"] == asked["scoreBefore"]
    assert (approved.json()["verdict"], approved.json()["recovered"]) == ("APPROVED", True)
    assert approved.json()["score"] == refused["details"]["score"]
    assert shown(town) == [asked["content"]["message"]]


async def test_a_request_without_words_gets_those_of_a_model(town, falling, olga):
    town.world.ask(fluent())
    async with town.world.worker(decide=MANUAL):
        await town.world.live(falling, 60.0)
        body = {"session_id": "a", "type": "POLL", "content": None}
        wanted = await olga.post("/api/v1/interventions/manual", json=body)
        await town.world.live(falling, 75.0)
        done = (await olga.get("/api/v1/interventions")).json()["interventions"]

    assert wanted.status_code == 202
    assert [(each["decision_id"], each["content"]["question"]) for each in done] == [
        (wanted.json()["decision_id"], POLL.question)
    ]
    assert (done[0]["generation"]["method"], done[0]["generation"]["model"]) == ("SONNET", "large")
