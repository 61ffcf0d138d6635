from dataclasses import replace

import pytest
from tests.decide_examples import context
from tests.trial_examples import drawn

from conductor.access.rights import Role
from conductor.domain.events import TrialEnded
from conductor.domain.interventions import Arm
from conductor.domain.sessions import Phase, SessionType
from conductor.learn.experiment import Circumstances, Effect, Experiment, Status, experiment
from conductor.service.lifted import EVENTS_KEPT, FRESH_S, Lifts, effect_in_words
from conductor.testing import MemoryStore

LIFT = "/api/v1/analytics/agent/lift"
MIDDLE = context(phase=Phase.MIDDLE, session_type=SessionType.WORKSHOP)
IN_WORKSHOPS = Circumstances(Phase.MIDDLE, SessionType.WORKSHOP)
HELPS = Effect(60, 20, 0.06, 0.02, 0.1, 0.03, 0.09, 0.95, Status.KNOWN_HELPS, None)


async def keep(store, trials, event_id="e1"):
    named = [replace(each, decision_id=f"{event_id}-{n}", event_id=event_id) for n, each in enumerate(trials)]
    await store.record([TrialEnded(each) for each in named])


async def test_before_the_first_trial_it_says_how_many_it_takes(organiser):
    told = (await organiser.get(LIFT)).json()
    assert (told["overall"]["status"], told["overall"]["estimate"], told["by_arm"]) == ("NOT_YET", None, [])
    assert told["overall"]["words"].startswith("The agent: not known yet, about ")
    assert told["overall"]["decisions_needed"] > 100
    assert told["warning"] is None


async def test_where_it_is_known_it_is_told_of_everything_and_of_each_slice(house, organiser):
    await keep(house.store, drawn(1, 300, context=MIDDLE))
    told = (await organiser.get(LIFT)).json()
    [arm], [spot], [both], [event] = (told[each] for each in ("by_arm", "by_context", "by_arm_and_context", "by_event"))
    assert [each["status"] for each in (told["overall"], arm, spot, both, event)] == ["KNOWN_HELPS"] * 5
    assert (arm["type"], spot["phase"], both["session_type"], event["event_id"]) == ("POLL", "middle", "workshop", "e1")
    assert both["low"] < 0.1 < both["high"]
    assert both["words"].startswith("Polls add ")
    assert " in the middle of workshops (" in both["words"]
    assert told["assigned"] == {
        "decisions": 300,
        "held_out": arm["held_out"],
        "expected": pytest.approx(90.0),
        "p_value": pytest.approx(told["assigned"]["p_value"]),
        "is_off": False,
    }


async def test_an_event_may_be_asked_for_alone(house, organiser):
    await keep(house.store, drawn(1, 100), "e1")
    await keep(house.store, drawn(2, 60), "e2")
    alone = (await organiser.get(LIFT, params={"event_id": "e2"})).json()
    assert [each["event_id"] for each in alone["by_event"]] == ["e2"]
    assert alone["assigned"]["decisions"] == 60


async def test_an_organiser_of_one_event_sees_that_one_alone(house):
    await keep(house.store, drawn(1, 100), "e1")
    await keep(house.store, drawn(2, 60), "e2")
    async with house.client(Role.ORGANISER, "e2") as client:
        own = (await client.get(LIFT)).json()
        other = await client.get(LIFT, params={"event_id": "e1"})
    assert own["assigned"]["decisions"] == 60
    assert other.status_code == 403


async def test_where_outcomes_go_missing_on_one_side_there_is_a_warning(house, organiser):
    trials = [
        replace(each, after=None) if not each.held_out and n % 3 else each for n, each in enumerate(drawn(3, 400))
    ]
    await keep(house.store, trials)
    told = (await organiser.get(LIFT)).json()
    assert told["unknown"]["is_off"]
    assert "missing 0 were left alone" in told["warning"]


async def test_a_coin_that_is_bent_is_warned_of(house, organiser):
    await keep(house.store, [replace(each, holdout_share=0.1) for each in drawn(4, 200)])
    told = (await organiser.get(LIFT)).json()
    assert told["assigned"]["is_off"]
    assert "decisions alone, where 20 would be usual" in told["warning"]


@pytest.mark.parametrize(
    ("effect", "arm", "spot", "event_id", "words"),
    [
        (HELPS, Arm.POLL, IN_WORKSHOPS, None, "Polls add 6 points in the middle of workshops (2 to 10)."),
        (HELPS, None, None, None, "The agent adds 6 points (2 to 10)."),
        (
            replace(HELPS, estimate=-0.01, low=-0.02, high=-0.002, status=Status.KNOWN_HARMS),
            Arm.QNA_PROMOTE,
            None,
            "e1",
            "Promoting Q&A takes away 1 point in e1 (0 to 2).",
        ),
        (
            replace(HELPS, estimate=0.01, low=-0.03, high=0.04, status=Status.KNOWN_SMALL),
            Arm.NUDGE,
            None,
            None,
            "Nudges make no difference of more than 5 points (−3 to 4).",
        ),
        (
            replace(HELPS, low=-0.02, status=Status.NOT_YET, needed=14),
            Arm.CHAT_PROMPT,
            None,
            None,
            "Chat prompts: not known yet (−2 to 10 points), about 14 more decisions.",
        ),
        (
            Effect(3, 0, None, None, None, None, None, 0.95, Status.NOT_YET, 14),
            Arm.CHAT_PROMPT,
            IN_WORKSHOPS,
            None,
            "Chat prompts in the middle of workshops: not known yet, about 14 more decisions.",
        ),
    ],
)
def test_every_state_of_knowledge_has_its_words(effect, arm, spot, event_id, words):
    assert effect_in_words(effect, arm, spot, event_id) == words


class Counted:
    """Counts how often it counts."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, trials) -> Experiment:
        self.times += 1
        return experiment(trials)


async def test_whoever_looks_again_soon_sees_what_was_counted_before():
    archive, count = MemoryStore().archive, Counted()
    lifts = Lifts(count)
    for now in (0.0, FRESH_S / 2, FRESH_S):
        await lifts.of(archive, None, now)
    assert count.times == 2


async def test_only_so_many_events_are_remembered():
    archive, count = MemoryStore().archive, Counted()
    lifts = Lifts(count)
    for n in range(EVENTS_KEPT + 1):
        await lifts.of(archive, f"e{n}", 0.0)
    await lifts.of(archive, f"e{EVENTS_KEPT}", 0.0)
    await lifts.of(archive, "e0", 0.0)
    assert count.times == EVENTS_KEPT + 2
