from tests.decide_examples import NOW, decision
from tests.unit.test_workflow import Wall, carried, workflow
from tests.workflow_examples import all_due, steps_of

from conductor.domain.interventions import Arm, Autonomy, GenerationMethod, PromptContent
from conductor.domain.organisers import Answer, Verdict
from conductor.errors import NotDelivered
from conductor.testing import MemoryDeadlines, MemoryStore
from conductor.workflow import Lapse


async def asked_about(flow, **others):
    asked = flow.word(decision(arm=Arm.CHAT_PROMPT, autonomy=Autonomy.ASK, expires_at=NOW + 60.0, **others))
    await steps_of(flow.carry_out(asked))
    return asked


def answered(verdict, at=NOW + 10.0, **others):
    return Answer("s1-d1", "s1", at, verdict, by="olga", **others)


async def test_what_an_organiser_approves_is_shown_as_it_was_drafted():
    wall = Wall()
    flow = workflow(wall)
    asked = await asked_about(flow)
    [step] = await steps_of(flow.answer(answered(Verdict.APPROVED)))

    assert (step.content, step.at, len(wall.shown)) == (asked.content, NOW + 10.0, 1)
    assert await steps_of(flow.answer(answered(Verdict.APPROVED))) == []
    assert await all_due(flow, NOW + 60.0) == []


async def test_what_an_organiser_edits_is_shown_as_edited_and_said_to_be_theirs():
    flow = workflow()
    await asked_about(flow)
    edited = answered(Verdict.APPROVED, content=PromptContent("What would you try first?"))
    [worded, step] = await steps_of(flow.answer(edited))

    assert worded.decision.content == step.content
    assert step.content.message == "What would you try first?"
    assert step.generation.method is GenerationMethod.ORGANISER


async def test_what_an_organiser_rejects_lapses_with_their_reason():
    wall = Wall()
    flow = workflow(wall)
    asked = await asked_about(flow)

    assert await steps_of(flow.answer(answered(Verdict.REJECTED, reason="we are nearly done"))) == [
        Lapse(asked, "an organiser rejected it: we are nearly done")
    ]
    assert wall.shown == []


class AnsweredMeanwhile(MemoryDeadlines):
    """Deadlines of a question that is answered while it is being kept how long it may be answered."""

    def __init__(self):
        super().__init__()
        self.flows = []
        self.answers = []

    async def put(self, deadline):
        await super().put(deadline)
        if deadline.at == NOW + 60.0 and not self.answers:
            [flow] = self.flows
            self.answers += [flow.answer(answered(verdict)) for verdict in (Verdict.APPROVED, Verdict.REJECTED)]


async def test_who_answers_in_the_moment_in_which_they_are_asked_is_heeded_and_the_second_is_not():
    deadlines = AnsweredMeanwhile()
    flow = workflow(deadlines=deadlines)
    deadlines.flows.append(flow)
    asked = flow.word(decision(arm=Arm.CHAT_PROMPT, autonomy=Autonomy.ASK, expires_at=NOW + 60.0))
    [step] = await steps_of(flow.carry_out(asked))

    first, second = deadlines.answers
    assert (step.arm, await steps_of(first), second) == (Arm.CHAT_PROMPT, [], None)
    assert await all_due(flow, NOW + 60.0) == []


async def test_an_answer_to_another_decision_changes_nothing():
    flow = workflow()
    asked = await asked_about(flow, decision_id="s1-d2")

    assert await steps_of(flow.answer(answered(Verdict.APPROVED))) == []
    assert await all_due(flow, NOW + 60.0) == [Lapse(asked, "nobody answered in time")]


async def test_at_the_deadline_an_answer_that_was_never_heard_of_still_counts():
    desk = MemoryStore().desk
    await desk.answer(answered(Verdict.APPROVED, at=NOW + 30.0))
    flow = workflow(answers=desk)
    await asked_about(flow)
    [step] = await all_due(flow, NOW + 60.0)

    assert (step.arm, step.at) == (Arm.CHAT_PROMPT, NOW + 60.0)


async def test_an_event_may_have_a_label_of_its_own():
    flow = workflow()
    flow.relabel("e1", "Studio bot")
    [step] = await carried(flow, decision(arm=Arm.CHAT_PROMPT))

    assert step.label == "Studio bot"


async def test_what_the_rooms_do_not_take_lapses():
    class Closed:
        async def deliver(self, intervention):
            raise NotDelivered("nobody answered")

    [step] = await carried(workflow(Closed()), decision(arm=Arm.CHAT_PROMPT))

    assert step.why == "the rooms did not take it in time"


async def test_what_was_not_worded_at_once_is_worded_on_its_way():
    [worded, step] = await steps_of(workflow().carry_out(decision(arm=Arm.CHAT_PROMPT)))

    assert worded.decision.content == step.content
    assert step.content is not None
