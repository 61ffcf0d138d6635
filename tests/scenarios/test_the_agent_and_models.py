"""What models word, what happens if they do not, and that the room gets something at its time in any case."""

import asyncio
import logging
from dataclasses import replace

import pytest
from tests.duty_examples import World, answer, scores
from tests.live_examples import CRITICAL_AT, FALLS_AT, WARNED_AT, waning
from tests.models_that_answer import ANALYSIS, NUDGE, POLL, PROMPT, SEED, WORDS, fluent

from conductor.act.calls import Result
from conductor.decide.room import DecisionParams
from conductor.domain.interventions import Arm, GenerationMethod, Mode, PromptContent
from conductor.domain.organisers import Request, Verdict
from conductor.domain.wording import Shape, Usage
from conductor.errors import ModelMisconfigured, ModelUnavailable, UnfitAnswer
from conductor.testing import ScriptedModel
from conductor.wire.content import content_fields

DONE_AT = FALLS_AT + 10.0
COST_USD = (100 * 3 + 50 * 15) / 1e6
PROMPTS = DecisionParams(mode=Mode.AUTO, arms=(Arm.CHAT_PROMPT,))
ASKS = DecisionParams(mode=Mode.MANUAL, arms=(Arm.CHAT_PROMPT,))
NUDGES = DecisionParams(mode=Mode.AUTO, arms=(Arm.NUDGE,))


@pytest.fixture(scope="module")
def fading():
    return waning()


def done(world):
    """What was shown, as everybody hears of it: exactly one thing."""
    [executed] = world.of("agent.intervention.executed")
    assert len({action["action_id"] for action in world.shown}) == len(world.shown) == 1
    return executed["data"]


def contents(world):
    return [message["data"]["decision"]["content"] for message in world.of("agent.decision")]


@pytest.mark.parametrize(
    ("arm", "words", "action"),
    [
        (Arm.POLL, POLL, "poll.launch"),
        (Arm.CHAT_PROMPT, PROMPT, "chat.post"),
        (Arm.QNA_PROMOTE, SEED, "qna.seed"),
    ],
)
async def test_a_room_that_falls_gets_what_a_model_worded(world, falling, arm, words, action):
    world.ask(fluent())
    async with world.worker(decide=DecisionParams(mode=Mode.AUTO, arms=(arm,))):
        await world.live(falling, DONE_AT)

    told = done(world)
    shown = content_fields(words)
    assert world.shown[0]["action"] == action
    assert {name: told["content"][name] for name in _texts(shown)} == _texts(shown)
    assert (told["generation"]["method"], told["generation"]["model"]) == ("SONNET", "large")
    assert told["generation"]["cost_usd"] == pytest.approx(COST_USD)


async def test_a_room_that_wanes_gets_the_nudge_that_a_model_worded(world, fading):
    world.ask(fluent())
    async with world.worker(decide=NUDGES):
        await world.live(fading, CRITICAL_AT + 5.0)

    assert done(world)["content"]["message"] == NUDGE.message
    assert world.shown[0]["action"] == "nudge.send"


async def test_a_request_without_words_gets_those_of_a_model(world, falling):
    world.ask(fluent())
    async with world.worker(decide=ASKS):
        await world.live(falling, 60.0)
        await world.desk.request(Request("r1", "a", "event", Arm.POLL, world.clock.now(), "olga"))
        await world.say("session:a:requests")
        await world.live(falling, 70.0)

    assert done(world)["content"]["question"] == POLL.question


async def test_a_decision_is_told_at_once_and_once_more_with_its_words(world, falling):
    silent = asyncio.Event()
    world.ask(fluent(silent, silent))
    async with world.worker(decide=ASKS):
        await world.live(falling, DONE_AT)
        assert contents(world) == [None]
        silent.set()
        await world.live(falling, DONE_AT + 1.0)

    assert contents(world) == [None, content_fields(PROMPT)]
    [analysis] = world.of("agent.analysis")
    assert analysis["data"]["hypotheses"] == [*ANALYSIS.hypotheses]


async def test_what_a_warning_foresees_is_worded_in_advance_and_there_at_once(world, fading):
    model = fluent()
    world.ask(model)
    async with world.worker(decide=NUDGES):
        await world.live(fading, WARNED_AT + 5.0)
        assert [prompt.shape for prompt in model.prompts] == [Shape.NUDGE]
        assert contents(world) == []
        await world.live(fading, CRITICAL_AT + 5.0)

    assert [hold["data"]["foreseen"] for hold in world.of("agent.hold")] == ["NUDGE"]
    [content] = contents(world)
    assert content["message"] == NUDGE.message == done(world)["content"]["message"]
    assert len(model.prompts) == 1


async def test_what_was_worded_in_advance_is_not_shown_if_it_names_somebody_who_came_since(world, fading):
    world.ask(fluent(replace(NUDGE, message="A vote about Kubernetes is coming up.")))
    async with world.worker(decide=NUDGES):
        await world.live(fading, WARNED_AT + 5.0)
        await world.seen_as("Kubernetes Smith")
        await world.live(fading, CRITICAL_AT + 5.0)

    assert done(world)["content"]["message"] == NUDGE.message


async def test_scores_keep_coming_while_a_model_is_silent(world, falling):
    world.ask(fluent(asyncio.Event(), asyncio.Event()))
    other = World()
    async with world.worker(decide=ASKS):
        await world.live(falling, FALLS_AT + 50.0)
    async with other.surroundings(), other.worker(decide=ASKS):
        await other.live(falling, FALLS_AT + 50.0)

    assert scores(world) == scores(other)
    assert len(scores(world)) > 40


async def test_a_model_that_takes_too_long_is_not_waited_for(world, falling):
    world.ask(fluent(asyncio.Event()), deadline_s=0.05)
    async with world.worker(decide=PROMPTS):
        await world.live(falling, FALLS_AT + 7.0)
        assert await world.called() in ([Result.TOO_LATE], [Result.UNAVAILABLE])
        await world.live(falling, DONE_AT)

    assert done(world)["generation"]["method"] == "TEMPLATE"


@pytest.mark.parametrize(
    ("first", "why"),
    [
        (ModelUnavailable("it is down"), Result.UNAVAILABLE),
        (ModelMisconfigured("the key is wrong"), Result.MISCONFIGURED),
        (UnfitAnswer("that was no JSON", (100, 50, 0, 0)), Result.UNFIT),
        (POLL, Result.UNFIT),
        (PromptContent("Ask Grace Hopper what she would do, at https://example.org"), Result.FAILED_REVIEW),
        (PromptContent("Write to @grace or +49 170 1234567"), Result.FAILED_REVIEW),
        (PromptContent("What does [name] think of it?"), Result.FAILED_REVIEW),
    ],
    ids=["down", "misconfigured", "no JSON", "another shape", "a link", "a handle", "a placeholder"],
)
async def test_where_the_first_model_fails_the_second_is_asked(world, falling, first, why):
    world.ask(ScriptedModel(first, model="large"), fluent(model="small", method=GenerationMethod.HAIKU))
    async with world.worker(decide=PROMPTS):
        await world.live(falling, DONE_AT)
        results = await world.called(2)

    told = done(world)
    assert results == [why, Result.ANSWERED]
    assert (told["generation"]["method"], told["content"]["message"]) == ("HAIKU", PROMPT.message)


async def test_where_all_models_fail_a_template_is_there(world, falling):
    world.ask(ScriptedModel(model="large"), ScriptedModel(POLL, model="small"))
    async with world.worker(decide=ASKS):
        await world.live(falling, DONE_AT)
        [_, worded] = world.of("agent.decision")
        await answer(world, worded, Verdict.APPROVED)

    told = done(world)
    assert told["generation"]["method"] == "TEMPLATE"
    assert told["content"] == worded["data"]["decision"]["content"]
    assert world.of("agent.analysis") == []


async def test_where_the_money_is_gone_no_model_is_asked_and_a_template_is_there(world, falling):
    model = fluent()
    world.ask(model, limit_usd=0.0001)
    async with world.worker(decide=PROMPTS):
        await world.live(falling, DONE_AT)

    assert done(world)["generation"]["method"] == "TEMPLATE"
    assert model.prompts == []


async def test_that_most_of_the_money_is_gone_is_told_once(world, falling):
    model = fluent(usage=Usage(fresh=1000, answered=300))
    world.ask(model, limit_usd=0.03)
    async with world.worker(decide=ASKS):
        for n, arm in enumerate(Arm):
            await world.live(falling, 60.0 + n)
            await world.desk.request(Request(f"r{n}", "a", "event", arm, world.clock.now(), "olga"))
            await world.say("session:a:requests")
        await world.live(falling, 80.0)

    assert sorted(message["data"]["window"] for message in world.of("agent.budget")) == ["day", "hour"]
    methods = [message["data"]["generation"]["method"] for message in world.of("agent.intervention.executed")]
    assert methods == ["SONNET"] * 3 + ["TEMPLATE"]
    assert len(model.prompts) == 3


async def test_a_mistake_in_a_model_stops_neither_the_agent_nor_what_it_was_doing(world, falling, caplog):
    def stumble(_):
        raise RuntimeError("a mistake of ours")

    world.ask(ScriptedModel(stumble, lambda prompt: WORDS[prompt.shape], model="large"))
    with caplog.at_level(logging.CRITICAL):
        async with world.worker(decide=PROMPTS):
            await world.live(falling, DONE_AT + 10.0)

    assert done(world)["content"]["message"] == PROMPT.message


def _texts(fields):
    return {name: value for name, value in fields.items() if name in {"question", "options", "message"}}
