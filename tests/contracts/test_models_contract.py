"""What every language model promises to whoever asks it, also the scripted one that tests are written with."""

import asyncio

import pytest
from tests.messages_api import Act, messages_api
from tests.models_examples import ANSWERS, FIXED, KEY, MOVING, PATIENCE_S, PROMPT

from conductor.adapters.models import anthropic_model, openai_model
from conductor.domain.interventions import GenerationMethod, PollContent
from conductor.domain.wording import Price, Prompt, Reply, Shape, Usage
from conductor.errors import ModelMisconfigured, ModelUnavailable, UnfitAnswer
from conductor.testing import ScriptedModel

USAGE = Usage(120, 40, 7)
ANTHROPIC, OPENAI, SCRIPTED = "anthropic", "openai", "scripted"


def act_for(step):
    """What a server does where a scripted model takes this step."""
    match step:
        case asyncio.Event():
            return Act(is_silent=True)
        case ModelMisconfigured():
            return Act(status=401, kind="authentication_error")
        case ModelUnavailable(retry_after_s=float(pause_s)):
            return Act(status=429, kind="rate_limit_error", headers={"retry-after": f"{pause_s:g}"})
        case ModelUnavailable():
            return Act(status=529, kind="overloaded_error")
        case answer:
            says = next(says for says, wanted in ANSWERS.values() if wanted == answer)
            return Act(says=says, usage=(USAGE.fresh, USAGE.answered, USAGE.cache_read, USAGE.cache_written))


@pytest.fixture(params=[ANTHROPIC, OPENAI, SCRIPTED])
async def model_for(request):
    """Makes a model that does one thing, whatever it is asked."""
    opened = []
    async with messages_api() as api:

        def make(step):
            if request.param == SCRIPTED:
                return ScriptedModel(step, method=GenerationMethod.HAIKU, usage=USAGE)
            api.script(act_for(step))
            if request.param == ANTHROPIC:
                made = anthropic_model(GenerationMethod.HAIKU, "claude-haiku-5-5", api_key=KEY, base_url=api.url)
            else:
                made = openai_model("some-model", api_key=KEY, base_url=f"{api.url}/v1")
            opened.append(made)
            return made

        yield make
        for model in opened:
            await model.close()


@pytest.mark.parametrize("shape", Shape)
async def test_a_reply_is_the_answer_with_who_gave_it_and_what_it_took(model_for, shape):
    _, wanted = ANSWERS[shape]
    model = model_for(wanted)
    reply = await model.ask(Prompt(shape, FIXED, MOVING, 300), PATIENCE_S)
    assert reply == Reply(wanted, model.method, model.model, USAGE, reply.latency_ms)
    assert reply.latency_ms > 0.0
    assert Price(1.0, 1.0, 1.0, 1.0).cost_usd(reply.usage) == pytest.approx(167e-6)


async def test_silence_ends_with_the_time_that_was_given(model_for):
    model = model_for(asyncio.Event())
    with pytest.raises(ModelUnavailable, match=f"{model.model} did not answer within"):
        await model.ask(PROMPT, 0.2)


async def test_no_answer_now_is_another_thing_than_none_until_somebody_mends_it(model_for):
    with pytest.raises(ModelMisconfigured):
        await model_for(ModelMisconfigured("wrong key")).ask(PROMPT, PATIENCE_S)
    with pytest.raises(ModelUnavailable) as failed:
        await model_for(ModelUnavailable("overloaded")).ask(PROMPT, PATIENCE_S)
    assert not isinstance(failed.value, ModelMisconfigured)


async def test_it_is_said_when_to_come_back(model_for):
    with pytest.raises(ModelUnavailable) as failed:
        await model_for(ModelUnavailable("too many", retry_after_s=600.0)).ask(PROMPT, PATIENCE_S)
    assert failed.value.retry_after_s == 600.0


async def test_an_answer_to_another_question_is_unfit_and_its_tokens_are_known(model_for):
    _, nudge = ANSWERS[Shape.NUDGE]
    with pytest.raises(UnfitAnswer) as failed:
        await model_for(nudge).ask(PROMPT, PATIENCE_S)
    assert Usage(*failed.value.usage) == USAGE


async def test_several_may_ask_at_once(model_for):
    _, poll = ANSWERS[Shape.POLL]
    models = [model_for(poll) for _ in range(5)]
    replies = await asyncio.gather(*(model.ask(PROMPT, PATIENCE_S) for model in models))
    assert all(isinstance(reply.answer, PollContent) for reply in replies)


async def test_whoever_stops_waiting_is_let_go(model_for):
    asking = asyncio.create_task(model_for(asyncio.Event()).ask(PROMPT, PATIENCE_S))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
