from random import Random

from tests.act_examples import NOW
from tests.decide_examples import decision
from tests.models_that_answer import PROMPT, fluent
from tests.unit.test_workflow import Wall
from tests.workflow_examples import CALM, look_at, steps_of

from conductor.act.drafting import Drafting
from conductor.act.followed import NAMES_MOST, Followed, Ready
from conductor.act.writer import Worded, Writer
from conductor.adapters.budget_memory import MemoryBudget
from conductor.domain.interventions import Arm, Generation, GenerationMethod, PromptContent
from conductor.domain.strategies import ContentStyle
from conductor.domain.wording import Price
from conductor.testing import MemoryDeadlines
from conductor.workflow import Workflow, WorkflowParts

NAMING = PromptContent("What would Okonkwo say to that?")


def workflow(*words):
    """A workflow with a model that says these words, one after the other."""
    model = fluent(*words)
    writer = Writer([model], {model.model: Price(3.0, 15.0, 0.3, 3.75)}, MemoryBudget(1.0, 1.0), lambda: NOW)
    flow = Workflow(WorkflowParts(Wall(), Drafting(Random(0), writer), MemoryDeadlines()))
    look_at(flow, CALM)
    return flow


async def worded(flow):
    """What a room is shown."""
    steps = await steps_of(flow.carry_out(decision(arm=Arm.CHAT_PROMPT)))
    return steps[-1].content


async def test_the_name_of_somebody_in_the_room_is_not_shown_and_that_of_others_may_be():
    knows, knows_not = workflow(NAMING), workflow(NAMING)
    knows.name("s1", "Hermione Okonkwo")
    knows_not.name("s2", "Hermione Okonkwo")

    assert "Okonkwo" not in (await worded(knows)).message
    assert await worded(knows_not) == NAMING


async def test_names_are_forgotten_with_the_session():
    ended, gone = workflow(NAMING), workflow(NAMING)
    for flow in (ended, gone):
        flow.name("s1", "Hermione Okonkwo")
    ended.forget("s1")
    gone.forget_all_but({"s2"})

    assert [await worded(ended), await worded(gone)] == [NAMING, NAMING]


async def test_names_of_sessions_that_are_open_stay_known():
    flow = workflow(NAMING)
    flow.name("s1", "Hermione Okonkwo")
    flow.forget_all_but({"s1"})

    assert await worded(flow) != NAMING


def test_of_more_people_than_fit_into_a_room_the_latest_are_known():
    followed = Followed()
    followed.name("First")
    for n in range(NAMES_MOST - 1):
        followed.name(f"Person {n}")
    followed.name("First")
    followed.name("Last")

    assert len(followed.names) == NAMES_MOST
    assert "Person 0" not in followed.names
    assert [*followed.names][-2:] == ["First", "Last"]


def test_what_was_made_of_a_chat_is_forgotten_with_it():
    followed = Followed()
    followed.lines.append("Why not keep only the last state?")
    followed.ready[Arm.CHAT_PROMPT] = Ready(
        Worded(PROMPT, Generation(GenerationMethod.SONNET, "large")), NOW, ContentStyle.FRIENDLY
    )
    followed.share_nothing()

    assert (len(followed.lines), followed.ready) == (0, {})
