"""What the agent does in a room, arm by arm: asked for over the bus, seen over real sockets, there after a restart."""

import time

import pytest
from tests.sockets import EVENT, SESSION, Client, Watch, agent_on, opened

from conductor.access.rights import Role
from conductor.adapters.bus_memory import MemoryBus
from conductor.domain.interventions import (
    Arm,
    Generation,
    GenerationMethod,
    Intervention,
    NudgeContent,
    PollContent,
    PollTiming,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)

LABEL = "Conference robot"
POLL = PollContent("Tea or coffee?", ("Tea", "Coffee", "Neither"), display_duration_s=45.0)
HIDDEN = PollContent("Tea or coffee?", ("Tea", "Coffee", "Neither"), show_results=False)
LATER = PollContent("Tea or coffee?", ("Tea", "Coffee", "Neither"), PollTiming.NEXT_TRANSITION)
PROMPT = PromptContent("What would you try first?")
TARGETED = PromptContent("What would you try first?", target_users=("ben",))
REQUEST = QnaContent(QnaStrategy.REQUEST_NEW, message="What is still unclear?")
SEED = QnaContent(QnaStrategy.SEED_QUESTION, message="How was it tested?")
NAMED = "Hi {{name}}, we would like to hear you: {{action}}"


def done(content, at, intervention_id="i1", label=LABEL):
    """The agent's intervention with this content."""
    arms = {PollContent: Arm.POLL, PromptContent: Arm.CHAT_PROMPT, NudgeContent: Arm.NUDGE}
    arm = arms.get(type(content), Arm.QNA_PROMOTE)
    worded = Generation(GenerationMethod.TEMPLATE, "t")
    return Intervention(intervention_id, "d1", SESSION, EVENT, at, arm, content, worded, 0, label)


def names(client: Client) -> list[str]:
    return [name for name, _ in client.heard]


@pytest.fixture
def watch() -> Watch:
    return Watch(time.time())


@pytest.fixture
def bus(watch) -> MemoryBus:
    return MemoryBus(watch)


async def test_a_poll_shows_its_votes_closes_by_itself_and_is_the_same_after_a_restart(bus, watch):
    async with agent_on(bus) as agent:
        async with opened(bus, clock=watch) as house:
            ada, _ = await house.join("ada"), await house.join("ben")
            assert await agent.deliver(done(POLL, watch.at)) == 2
            shown = await ada.hears("poll.launched", pollId="i1")
            assert (shown["label"], shown["closesAt"], shown["createdBy"]) == (LABEL, watch.at + 45.0, "agent")
            assert (await ada.emit("poll:vote", {"pollId": "i1", "optionId": "1"}))["ok"]
            watch.at += 2.0
            assert (await ada.hears("poll.results", total=1))["closed"] is False
        async with opened(bus, clock=watch) as house:
            ada = await house.join("ada")
            now = (await ada.hears("session.snapshot"))["poll"]
            assert {name: now[name] for name in shown} == shown
            assert (now["ownVote"], now["results"]["total"]) == ("1", 1)
            assert await agent.deliver(done(POLL, watch.at)) == 2
            watch.at += 43.0
            assert (await ada.hears("poll.closed", pollId="i1"))["total"] == 1
            assert "poll.launched" not in names(ada)


async def test_a_poll_with_hidden_results_shows_them_once_it_is_closed(bus, watch):
    async with agent_on(bus) as agent, opened(bus, clock=watch) as house:
        ada, ben = await house.join("ada"), await house.join("ben")
        await agent.deliver(done(HIDDEN, watch.at))
        assert (await ada.hears("poll.launched"))["showResults"] is False
        assert (await ada.emit("poll:vote", {"pollId": "i1", "optionId": "0"}))["ok"]
        late = await house.join("eve")
        assert "results" not in (await late.hears("session.snapshot"))["poll"]
        watch.at += 2.0
        await ben.hears("presence.count", count=3)
        assert "poll.results" not in names(ben)
        watch.at += 60.0
        assert (await ben.hears("poll.closed"))["total"] == 1


async def test_a_poll_that_waited_for_the_next_slide_is_shown_at_once(bus, watch):
    async with agent_on(bus) as agent, opened(bus, clock=watch) as house:
        ada = await house.join("ada")
        assert await agent.deliver(done(LATER, watch.at)) == 1
        await ada.hears("poll.launched", pollId="i1")


@pytest.mark.parametrize("content", [PROMPT, REQUEST])
async def test_a_prompt_and_a_wish_for_questions_stay_in_sight_also_after_a_restart(bus, watch, content):
    async with agent_on(bus) as agent:
        async with opened(bus, clock=watch) as house:
            ada = await house.join("ada")
            assert await agent.deliver(done(content, watch.at)) == 1
            shown = await ada.hears("chat.message", content=content.message)
            marks = [shown[name] for name in ("author", "label", "displayName", "pinned", "highlighted")]
            assert marks == ["agent", LABEL, LABEL, True, True]
        async with opened(bus, clock=watch) as house:
            ada, _ = await house.join("ada"), await house.join("ben")
            snapshot = await ada.hears("session.snapshot")
            assert (snapshot["pinned"], snapshot["chat"]) == (shown, [shown])
            assert await agent.deliver(done(content, watch.at)) == 1
            await ada.emit("chat:send", {"content": "last"})
            await ada.hears("chat.message", content="last")
            assert names(ada).count("chat.message") == 1


async def test_a_targeted_prompt_is_seen_by_those_it_is_for_and_nobody_else_also_after_a_restart(bus, watch):
    async with agent_on(bus) as agent:
        async with opened(bus, clock=watch) as house:
            ada, ben = await house.join("ada"), await house.join("ben")
            assert await agent.deliver(done(TARGETED, watch.at)) == 1
            await ben.hears("chat.message", content=TARGETED.message)
            await ada.emit("chat:send", {"content": "last"})
            await ada.hears("chat.message", content="last")
            assert names(ada).count("chat.message") == 1
        async with opened(bus, clock=watch) as house:
            ada, ben = await house.join("ada"), await house.join("ben")
            assert (await ada.hears("session.snapshot"))["pinned"] is None
            assert (await ben.hears("session.snapshot"))["pinned"]["content"] == TARGETED.message
            assert await agent.deliver(done(TARGETED, watch.at)) == 1


async def nudged(bus, watch, segment, client: Client, message: str, reached: int = 1) -> None:
    """The agent nudges a segment: this client hears it, and hears it once; it stands for 300 s."""
    async with agent_on(bus) as agent:
        nudge = done(NudgeContent(NAMED, "say hello", segment), watch.at, f"nudge {segment}")
        assert [await agent.deliver(nudge), await agent.deliver(nudge)] == [reached, reached]
    heard = await client.hears("nudge.received", message=message)
    assert (heard["expiresAt"] - heard["timestamp"], heard["callToAction"], heard["label"]) == (300, "say hello", LABEL)
    assert names(client).count("nudge.received") == 1


async def test_a_nudge_for_the_disengaged_reaches_who_was_silent_for_ten_minutes(bus, watch):
    async with opened(bus, clock=watch) as house:
        ada, ben = await house.join("ada"), await house.join("ben")
        await ben.emit("chat:send", {"content": "early"})
        watch.at += 300.0
        await ada.emit("chat:send", {"content": "later"})
        watch.at += 301.0
        await nudged(bus, watch, Segment.DISENGAGED, ben, "Hi Ben, we would like to hear you: say hello")
        await ada.emit("presence:heartbeat")
        assert "nudge.received" not in names(ada)


async def test_a_nudge_for_lurkers_reaches_who_never_did_anything_in_a_quarter_of_an_hour(bus, watch):
    async with opened(bus, clock=watch) as house:
        ada = await house.join("ada")
        nameless = await house.join("ben", saying={"displayName": ""})
        await ada.emit("reaction:send", {"emoji": "👏"})
        watch.at += 901.0
        late = await house.join("eve")
        await nudged(bus, watch, Segment.LURKERS, nameless, "Hi, we would like to hear you: say hello")
        for other in (ada, late):
            await other.emit("presence:heartbeat")
            assert "nudge.received" not in names(other)


async def test_a_nudge_for_newcomers_reaches_those_whose_first_session_it_is(bus, watch):
    async with opened(bus, clock=watch) as house:
        ada = await house.join("ada", saying={"isFirstSession": False})
        ben = await house.join("ben", saying={"isFirstSession": True})
        await nudged(bus, watch, Segment.FIRST_TIME, ben, "Hi Ben, we would like to hear you: say hello")
        await ada.emit("presence:heartbeat")
        assert "nudge.received" not in names(ada)


async def test_a_nudge_stands_for_three_hundred_seconds_also_after_a_restart(bus, watch):
    nudge = done(NudgeContent(NAMED, "say hello", Segment.FIRST_TIME), watch.at)
    async with agent_on(bus) as agent:
        async with opened(bus, clock=watch) as house:
            await house.join("ben", saying={"isFirstSession": True})
            assert await agent.deliver(nudge) == 1
        watch.at += 200.0
        async with opened(bus, clock=watch) as house:
            ben = await house.join("ben")
            (stands,) = (await ben.hears("session.snapshot"))["nudges"]
            assert stands["message"] == "Hi Ben, we would like to hear you: say hello"
            assert await agent.deliver(nudge) == 1
            await ben.emit("presence:heartbeat")
            assert "nudge.received" not in names(ben)
        watch.at += 101.0
        async with opened(bus, clock=watch) as house:
            ben = await house.join("ben")
            assert (await ben.hears("session.snapshot"))["nudges"] == []


async def test_the_three_best_questions_are_flagged_to_speakers_and_stay_so_after_a_restart(bus, watch):
    async with agent_on(bus) as agent:
        async with opened(bus, clock=watch) as house:
            ada, sue = await house.join("ada"), await house.join("sue", Role.SPEAKER)
            ids = [(await ada.emit("qna:ask", {"content": f"Why {n}?"}))["questionId"] for n in range(4)]
            best = done(QnaContent(QnaStrategy.SURFACE_BEST, (ids[3], ids[1], ids[0])), watch.at)
            assert await agent.deliver(best) == 2
            flagged = await sue.hears("qna.promoted", label=LABEL)
            assert [each["content"] for each in flagged["questions"]] == ["Why 3?", "Why 1?", "Why 0?"]
            await ada.hears("qna.updated")
            assert "qna.promoted" not in names(ada)
        async with opened(bus, clock=watch) as house:
            sue = await house.join("sue", Role.SPEAKER)
            questions = (await sue.hears("session.snapshot"))["questions"]
            assert {each["content"] for each in questions if each["promoted"]} == {"Why 3?", "Why 1?", "Why 0?"}
            assert {each["displayName"] for each in questions} == {"Ada"}
            assert await agent.deliver(best) == 2
            await sue.emit("presence:heartbeat")
            assert "qna.promoted" not in names(sue)


async def test_a_seeded_question_is_the_assistants_and_asked_once_even_after_a_restart(bus, watch):
    async with agent_on(bus) as agent:
        async with opened(bus, clock=watch) as house:
            ada = await house.join("ada")
            assert await agent.deliver(done(SEED, watch.at)) == 1
            (asked,) = (await ada.hears("qna.updated"))["questions"]
            assert (asked["content"], asked["author"], asked["label"]) == (SEED.message, "agent", LABEL)
        async with opened(bus, clock=watch) as house:
            ada = await house.join("ada")
            assert await agent.deliver(done(SEED, watch.at)) == 1
            assert (await ada.hears("session.snapshot"))["questions"] == [asked | {"upvoted": False}]


async def test_the_slide_the_names_and_a_speakers_own_poll_are_the_same_after_a_restart(bus, watch):
    async with opened(bus, clock=watch) as house:
        sue = await house.join("sue", Role.SPEAKER)
        assert (await sue.emit("content:slide", {"slide": 7}))["ok"]
        assert (await sue.emit("chat:send", {"content": "Hello"}))["ok"]
        poll = {"question": "Tea?", "options": ["Yes", "No"], "duration_s": 90.0, "showResults": False}
        assert (await sue.emit("poll:open", poll))["ok"]
        launched = await sue.hears("poll.launched")
        assert (launched["closesAt"], launched["showResults"]) == (watch.at + 90.0, False)
    async with opened(bus, clock=watch) as house:
        ada = await house.join("ada")
        snapshot = await ada.hears("session.snapshot")
        assert (snapshot["slide"], [each["displayName"] for each in snapshot["chat"]]) == (7, ["Sue"])
        assert snapshot["poll"] == launched | {"ownVote": None}
        watch.at += 90.0
        await ada.hears("poll.closed")
