from dataclasses import replace

import pytest
from tests.decide_examples import NOW, decision
from tests.rooms import signal
from tests.workflow_examples import CALM, URGENT, all_due, look_at, make_workflow, steps_of

from conductor.domain.interventions import (
    DEFAULT_LABEL,
    Arm,
    Autonomy,
    Intervention,
    PollTiming,
    QnaStrategy,
)
from conductor.domain.signals import Kind, QuestionDetail, Signal
from conductor.errors import InvalidInput
from conductor.workflow import Lapse
from conductor.workflow.graph import TRANSITION_WAIT_S


class Wall:
    """A platform that keeps what was put on it."""

    def __init__(self):
        self.shown = []
        self.on_delivery = lambda: None

    async def deliver(self, intervention):
        self.shown.append(intervention)
        self.on_delivery()
        return 42


def workflow(wall=None, **others):
    return make_workflow(wall or Wall(), **others)


async def carried(flow, asked, room=CALM):
    look_at(flow, room)
    return await steps_of(flow.carry_out(flow.word(asked)))


def slide(at, session="s1"):
    return Signal(session, "e1", at, Kind.SLIDE)


def question(name, at=NOW - 60.0, kind=Kind.QUESTION, content=None):
    return Signal("s1", "e1", at, kind, "u1", detail=QuestionDetail(name, content))


def numbered(n, arm=Arm.CHAT_PROMPT, **others):
    return decision(decision_id=f"s1-d{n}", arm=arm, at=NOW + n, **others)


async def test_what_may_be_done_is_done_at_once():
    wall = Wall()
    [step] = await carried(workflow(wall), decision(), CALM)

    assert isinstance(step, Intervention)
    assert (step.decision_id, step.session_id, step.event_id, step.arm) == ("s1-d1", "s1", "e1", Arm.POLL)
    assert (step.at, step.delivered_to) == (NOW, 42)
    assert [replace(shown, delivered_to=42) for shown in wall.shown] == [step]


async def test_what_the_agent_is_not_sure_of_lapses_with_a_reason_and_nobody_sees_it():
    wall = Wall()
    [step] = await carried(workflow(wall), decision(autonomy=Autonomy.SKIP), CALM)

    assert isinstance(step, Lapse)
    assert "not sure enough" in step.why
    assert wall.shown == []


async def test_a_question_to_the_organiser_waits_until_its_deadline_and_lapses():
    wall = Wall()
    flow = workflow(wall)
    asked = decision(autonomy=Autonomy.ASK, expires_at=NOW + 60.0)

    asked = flow.word(asked)

    assert await steps_of(flow.carry_out(asked)) == []
    assert await all_due(flow, NOW + 59.9) == []
    assert await all_due(flow, NOW + 60.0) == [Lapse(asked, "nobody answered in time")]
    assert await all_due(flow, NOW + 65.0) == []
    assert wall.shown == []


async def test_a_poll_waits_for_the_next_slide():
    wall = Wall()
    flow = workflow(wall)
    flow.receive(slide(NOW - 60.0))

    assert await carried(flow, decision(), CALM) == []
    assert await all_due(flow, NOW + 20.0) == []
    flow.receive(slide(NOW + 22.0))
    [step] = await all_due(flow, NOW + 25.0)
    assert step.at == NOW + 25.0
    assert step.content.timing is PollTiming.IMMEDIATE
    assert await all_due(flow, NOW + 100.0) == []
    assert len(wall.shown) == 1


async def test_a_poll_waits_a_minute_for_a_slide_and_no_longer():
    flow = workflow()
    flow.receive(slide(NOW - 60.0))
    await carried(flow, decision(), CALM)

    assert await all_due(flow, NOW + TRANSITION_WAIT_S - 0.1) == []
    assert [step.at for step in await all_due(flow, NOW + TRANSITION_WAIT_S)] == [NOW + 60.0]


@pytest.mark.parametrize(
    ("slides", "room"),
    [([], CALM), ([NOW - 301.0], CALM), ([NOW - 1.0], URGENT)],
    ids=["no slides", "slides were shown long ago", "the fall is critical"],
)
async def test_a_poll_does_not_wait_for_a_slide_that_is_not_to_be_expected_or_when_there_is_no_time(slides, room):
    flow = workflow()
    for at in slides:
        flow.receive(slide(at))

    assert len(await carried(flow, decision(), room)) == 1


async def test_only_a_poll_waits_for_a_slide():
    flow = workflow()
    flow.receive(slide(NOW - 1.0))

    assert len(await carried(flow, decision(arm=Arm.CHAT_PROMPT), CALM)) == 1


async def test_a_slide_of_another_session_launches_nothing():
    flow = workflow()
    flow.receive(slide(NOW - 60.0))
    await carried(flow, decision(), CALM)
    flow.receive(slide(NOW + 2.0, "s2"))

    assert await all_due(flow, NOW + 5.0) == []


@pytest.mark.parametrize("arm", [Arm.POLL, Arm.CHAT_PROMPT, Arm.NUDGE, Arm.QNA_PROMOTE])
async def test_nothing_is_worded_twice_in_a_session(arm):
    wall = Wall()
    flow = workflow(wall)
    for n in range(25):
        await carried(flow, numbered(n, arm), CALM)
    worded = [getattr(shown.content, "question", None) or shown.content.message for shown in wall.shown]

    assert len(worded) == 25
    assert len(set(worded)) == 25


async def test_another_session_may_use_the_same_words():
    walls = Wall(), Wall()
    for wall in walls:
        await carried(workflow(wall, seed=3), decision(), CALM)

    assert walls[0].shown == walls[1].shown


@pytest.mark.parametrize("arm", Arm)
async def test_everything_carries_the_label(arm):
    [usual] = await carried(workflow(), decision(arm=arm), URGENT)
    [own] = await carried(workflow(label=" Robo "), decision(arm=arm), URGENT)

    assert usual.label == DEFAULT_LABEL
    assert own.label == "Robo"


@pytest.mark.parametrize("label", ["", "  ", "two\nlines", "x" * 61])
def test_without_a_proper_label_there_is_no_workflow(label):
    with pytest.raises(InvalidInput):
        workflow(label=label)


async def test_unanswered_questions_are_promoted_best_first_and_answered_ones_are_not():
    flow = workflow()
    for name, content in (("q1", "Which database?"), ("q2", "Why events?"), ("q3", "How much does hosting cost?")):
        flow.receive(question(name, content=content))
    for _ in range(4):
        flow.receive(question("q3", kind=Kind.UPVOTE))
        flow.receive(question("q1", kind=Kind.UPVOTE))
    flow.receive(question("q2", kind=Kind.UPVOTE))
    flow.receive(question("q3", kind=Kind.ANSWERED))
    [step] = await carried(flow, decision(arm=Arm.QNA_PROMOTE), CALM)

    assert step.content.strategy is QnaStrategy.SURFACE_BEST
    assert step.content.question_ids == ("q1", "q2")


async def test_a_question_is_promoted_once():
    flow = workflow()
    flow.receive(question("q1", content="Which database?"))
    first, second = [(await carried(flow, numbered(n, Arm.QNA_PROMOTE), CALM))[0] for n in range(2)]

    assert first.content.question_ids == ("q1",)
    assert second.content.strategy is QnaStrategy.REQUEST_NEW


async def test_where_nobody_asks_a_question_is_asked_for_them():
    [step] = await carried(workflow(), decision(arm=Arm.QNA_PROMOTE), CALM)

    assert step.content.strategy is QnaStrategy.SEED_QUESTION


async def test_what_is_not_followed_leaves_no_trace():
    flow = workflow()
    flow.receive(signal("s1", 0.0, Kind.CHAT))
    flow.receive(question("q9", kind=Kind.UPVOTE))
    flow.receive(question("q9", kind=Kind.ANSWERED))
    [step] = await carried(flow, decision(arm=Arm.QNA_PROMOTE), CALM)

    assert step.content.question_ids == ()


async def test_a_session_that_ended_is_forgotten_with_all_that_waited():
    flow = workflow()
    flow.receive(slide(NOW - 60.0))
    flow.receive(question("q1", content="Which database?"))
    await carried(flow, decision(), CALM)
    flow.forget("s1")

    assert await all_due(flow, NOW + 100.0) == []
    [step] = await carried(flow, numbered(2, Arm.QNA_PROMOTE), CALM)
    assert step.content.question_ids == ()


async def test_a_session_that_begins_while_something_is_delivered_disturbs_nothing():
    newcomers = iter(["new-1", "new-2"])
    wall = Wall()
    flow = workflow(wall)
    wall.on_delivery = lambda: flow.receive(slide(NOW, next(newcomers)))
    for name in ("s1", "s2"):
        flow.receive(slide(NOW - 60.0, name))
        await carried(flow, decision(session_id=name, decision_id=f"{name}-d1"), CALM)

    assert len(await all_due(flow, NOW + 60.0)) == 2
