from dataclasses import replace

import msgspec
from tests.duty_examples import World, answer, answer_to, entry_of, scores
from tests.live_examples import FALLS_AT
from tests.rooms import START

from conductor.decide.room import DecisionParams
from conductor.domain.bus import Kept
from conductor.domain.interventions import Arm, Mode
from conductor.domain.organisers import AgentSettings, Request, SessionMode, Verdict
from conductor.wire import dump_signal
from conductor.wire.desk import settings_fields
from conductor.wire.entries import one_by_one

MANUAL = DecisionParams(mode=Mode.MANUAL)


async def test_a_room_that_falls_silent_is_seen_decided_on_and_shown_something(world, falling):
    async with world.worker():
        await world.live(falling, FALLS_AT + 30.0)

    [decision] = world.of("agent.decision")
    [done] = world.of("agent.intervention.executed")
    assert world.of("anomaly.detected")
    assert decision["data"]["decision"]["content"] == done["data"]["content"]
    assert [action["action_id"] for action in world.shown] == [done["data"]["intervention_id"]]
    assert done["data"]["delivered_to"] == 42


async def test_scores_lie_in_their_stream_and_everything_else_in_another(world, falling):
    async with world.worker():
        await world.live(falling, FALLS_AT + 30.0)
    kept = {}
    for prefix in ("engagement:", "events:"):
        async for batch in world.bus.follow(prefix, START):
            if not batch:
                break
            kept[prefix] = [msgspec.json.decode(dict(each.fields)["message"]) for each in batch]

    assert {message["type"] for message in kept["engagement:"]} == {"engagement.update"}
    assert sorted(map(str, kept["engagement:"] + kept["events:"])) == sorted(map(str, world.told))


async def test_what_platforms_publish_counts_as_what_lies_in_the_stream(world, falling):
    other = World()
    async with world.worker() as duty:
        for signal in falling:
            if signal.at >= START + 60.0:
                break
            await world.clock.advance_to(signal.at)
            channel, body = dump_signal(signal)
            await world.say(channel, **body)
        await world.say("chat:message:new", content="no session")
        await world.clock.advance_to(START + 66.0)
        rejected = duty.sieve.rejected
    async with other.surroundings(), other.worker():
        await other.live([s for s in falling if s.at < START + 60.0], 66.0)

    assert scores(world) == scores(other)
    assert len(scores(world)) == 13
    assert rejected == 1


async def test_an_organiser_is_asked_and_the_approved_draft_is_shown(world, falling):
    async with world.worker(decide=MANUAL):
        await world.live(falling, FALLS_AT + 30.0)
        [asked] = world.of("agent.decision")
        assert world.shown == []
        await answer(world, asked, Verdict.APPROVED)
        await answer(world, asked, Verdict.APPROVED)

    assert [action["content"] for action in world.shown] == [asked["data"]["decision"]["content"]]
    assert statuses(world) == ["MONITORING", "WAITING_APPROVAL", "INTERVENING", "LEARNING"]


async def test_an_answer_that_the_bus_lost_counts_when_the_time_to_answer_is_over(world, falling):
    async with world.worker(decide=MANUAL):
        await world.live(falling, FALLS_AT + 30.0)
        [asked] = world.of("agent.decision")
        await world.desk.answer(answer_to(world, asked, Verdict.APPROVED))
        await world.live(falling, FALLS_AT + 100.0)

    assert len(world.shown) == 1
    assert world.of("agent.decision.lapsed") == []


async def test_an_organiser_gets_a_poll_when_they_asked_for_it(world, falling):
    async with world.worker():
        await world.live(falling, 60.0)
        await world.desk.request(Request("r1", "a", "event", Arm.POLL, START + 90.0, "olga"))
        await world.say("session:a:requests")
        await world.live(falling, 85.0)
        assert world.shown == []
        await world.live(falling, 96.0)

    assert [action["action"] for action in world.shown] == ["poll.launch"]
    [decision] = world.of("agent.decision")
    assert decision["data"]["decision"]["origin"] == "ORGANISER"


async def test_what_is_asked_for_in_a_session_that_is_over_is_said_to_come_too_late(world):
    async with world.worker():
        await world.desk.request(Request("r1", "a", "event", Arm.POLL, START, "olga"))
        await world.live([], 10.0)

    assert [message["data"]["why"] for message in world.of("agent.decision.lapsed")] == [
        "the session was not open when it was due"
    ]


async def test_an_event_that_has_the_agent_disabled_is_watched_and_left_alone(world, falling):
    await world.desk.save_settings(AgentSettings("event", enabled=False))
    async with world.worker():
        await world.live(falling, FALLS_AT + 30.0)

    assert world.of("anomaly.detected")
    assert [hold["data"]["reason"] for hold in world.of("agent.hold")] == ["DISABLED"]
    assert world.shown == []


async def test_a_mode_changed_during_a_session_counts_from_then_on(world, falling):
    async with world.worker():
        await world.live(falling, 60.0)
        await world.say(
            "event:event:settings", **settings_fields(AgentSettings("event", mode=Mode.MANUAL, holdout_share=0.0))
        )
        await world.live(falling, FALLS_AT + 30.0)

    assert [message["data"]["mode"] for message in world.of("agent.status")][:2] == ["AUTO", "MANUAL"]
    assert world.shown == []


async def test_a_session_whose_own_mode_is_taken_away_follows_its_event_from_then_on(world, falling):
    event = AgentSettings("event", mode=Mode.MANUAL, holdout_share=0.0)
    own = replace(event, session_modes=(SessionMode("a", Mode.SEMI_AUTO),))
    async with world.worker():
        await world.live(falling, 60.0)
        await world.say("event:event:settings", **settings_fields(own))
        await world.live(falling, 90.0)
        await world.say("event:event:settings", **settings_fields(event))
        await world.live(falling, 120.0)

    modes = [message["data"]["mode"] for message in world.of("agent.status")]
    assert list(dict.fromkeys(modes)) == ["AUTO", "SEMI_AUTO", "MANUAL"]


async def test_organisers_count_as_looking_for_half_a_minute_after_they_were_heard_of(world, falling):
    unsure = DecisionParams(mode=Mode.SEMI_AUTO, threshold=0.99)
    async with world.worker(decide=unsure):
        await world.live(falling, FALLS_AT - 60.0)
        await world.say("session:a:organisers", sessionId="a", count=1)
        await world.live(falling, FALLS_AT + 30.0)
    [gone] = world.of("agent.decision")
    assert gone["data"]["decision"]["autonomy"] == "SKIP"


async def test_a_message_that_does_not_fit_stops_nobody(world, falling):
    async with world.worker():
        await world.say("session:a:answers", nonsense=True)
        await world.say("event:e1:settings", event_id="e1", auto_approve_threshold=7)
        await world.bus.append([entry_of(falling[0])])
        await world.live(falling, 30.0)

    assert scores(world)


def statuses(world):
    return [message["data"]["status"] for message in world.of("agent.status")]


async def test_what_platforms_say_while_the_bus_cannot_keep_it_is_kept_later_in_order(world, falling):
    async with world.worker():
        world.bus.refused = {"append"}
        for signal in falling[:50]:
            channel, body = dump_signal(signal)
            await world.say(channel, **body)
            await world.clock.advance_to(world.clock.now() + 0.1)
        world.bus.refused = set()
        await world.clock.advance_to(world.clock.now() + 2.0)

    kept = [body for entry in await kept_in(world, "signals:") for _, body in one_by_one(entry)]
    assert [msgspec.json.decode(body)["timestamp"] for body in kept] == [signal.at for signal in falling[:50]]


async def test_settings_of_which_the_bus_lost_the_news_are_heeded_within_a_minute(world, falling):
    async with world.worker():
        await world.live(falling, 60.0)
        await world.desk.save_settings(AgentSettings("event", enabled=False))
        await world.live(falling, FALLS_AT + 30.0)

    assert world.shown == []


async def test_a_label_that_does_not_fit_takes_nothing_else_of_the_settings_back(world, falling):
    async with world.worker():
        await world.live(falling, 60.0)
        await world.desk.save_settings(AgentSettings("event", enabled=False, label="…"))
        await world.live(falling, FALLS_AT + 30.0)

    assert [hold["data"]["reason"] for hold in world.of("agent.hold")] == ["DISABLED"]


async def kept_in(world, prefix):
    kept: list[Kept] = []
    async for batch in world.bus.follow(prefix, START):
        if not batch:
            break
        kept += batch
    return kept
