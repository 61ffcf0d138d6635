"""What holds for every language model, asked through the real libraries at a local server."""

import asyncio
import json
import logging
import subprocess
import sys
import threading

import pytest
from tests.messages_api import Act, messages_api
from tests.models_examples import ANSWERS, FIXED, KEY, MOVING, PATIENCE_S, POLL, PROMPT

from conductor.adapters.models import LangChainModel, anthropic_model, openai_model
from conductor.adapters.models_line import Said, pause_of
from conductor.domain.interventions import GenerationMethod, PollContent
from conductor.domain.wording import Prompt, Shape, Usage
from conductor.errors import ModelMisconfigured, ModelUnavailable, UnfitAnswer
from conductor.wire.drafts import schema_of

ANTHROPIC, OPENAI = "anthropic", "openai"


@pytest.fixture(params=[ANTHROPIC, OPENAI])
def provider(request):
    return request.param


@pytest.fixture
async def api():
    async with messages_api() as server:
        yield server


@pytest.fixture
async def model(api, provider):
    if provider == ANTHROPIC:
        asked = anthropic_model(GenerationMethod.HAIKU, "claude-haiku-5-5", api_key=KEY, base_url=api.url)
    else:
        asked = openai_model("some-model", api_key=KEY, base_url=f"{api.url}/v1")
    await asked.warm()
    yield asked
    await asked.close()


@pytest.mark.parametrize("shape", Shape)
async def test_an_answer_has_the_shape_asked_for(api, model, shape):
    says, wanted = ANSWERS[shape]
    api.script(Act(says=says))
    reply = await model.ask(Prompt(shape, FIXED, MOVING, 300), PATIENCE_S)
    assert reply.answer == wanted
    assert (reply.method, reply.model) == (model.method, model.model)
    assert reply.latency_ms > 0.0


async def test_each_kind_of_token_is_counted_once(api, model, provider):
    written = 50 if provider == ANTHROPIC else 0
    api.script(Act(says=POLL, usage=(120, 40, 1000, written)))
    reply = await model.ask(PROMPT, PATIENCE_S)
    assert reply.usage == Usage(120, 40, 1000, written)


async def test_what_people_wrote_is_in_the_users_part_and_nowhere_else(api, model, provider):
    api.script(Act(says=POLL))
    await model.ask(PROMPT, PATIENCE_S)
    body = api.asked[0].body
    people = next(each for each in body["messages"] if each["role"] == "user")
    rest = body | {"messages": [each for each in body["messages"] if each is not people]}
    assert people["content"] == MOVING
    assert "salary" not in str(rest)
    assert FIXED in str(rest)


async def test_the_model_is_held_to_the_schema_and_the_length(api, model, provider):
    api.script(Act(says=POLL))
    await model.ask(PROMPT, PATIENCE_S)
    body = api.asked[0].body
    if provider == ANTHROPIC:
        given, longest = body["output_config"]["format"], body["max_tokens"]
        assert given["schema"]["properties"].keys() == schema_of(Shape.POLL)["properties"].keys()
        assert body["thinking"] == {"type": "disabled"}
    else:
        given, longest = body["response_format"], body["max_completion_tokens"]
        assert given["json_schema"]["schema"] == schema_of(Shape.POLL)
    assert (given["type"], longest, body["model"]) == ("json_schema", 300, model.model)


async def test_only_the_fixed_part_is_kept_cached(api):
    api.script(Act(says=POLL))
    model = anthropic_model(GenerationMethod.SONNET, "claude-sonnet-5-5", api_key=KEY, base_url=api.url)
    await model.ask(PROMPT, PATIENCE_S)
    await model.close()
    body = api.asked[0].body
    assert body["system"] == [{"type": "text", "text": FIXED, "cache_control": {"type": "ephemeral"}}]
    assert "cache_control" not in str(body["messages"])
    assert body["thinking"] == {"type": "between_tools"}
    assert "tool_choice" not in body


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422])
async def test_what_somebody_has_to_mend_is_not_asked_again(api, model, status):
    api.script(Act(status=status, kind="some_error"))
    with pytest.raises(ModelMisconfigured, match=f"{model.model} .*{status} some_error"):
        await model.ask(PROMPT, PATIENCE_S)
    assert len(api.asked) == 1


@pytest.mark.parametrize("failing", [Act(status=500), Act(status=529, kind="overloaded_error"), Act(status=503)])
async def test_what_passes_by_itself_is_asked_again(api, model, failing):
    api.script(failing, Act(says=POLL))
    reply = await model.ask(PROMPT, PATIENCE_S)
    assert isinstance(reply.answer, PollContent)
    assert len(api.asked) == 2


async def test_a_model_that_stays_overloaded_is_given_up(api, model):
    api.script(Act(status=529, kind="overloaded_error"))
    with pytest.raises(ModelUnavailable, match="529 overloaded_error") as failed:
        await model.ask(PROMPT, PATIENCE_S)
    assert not isinstance(failed.value, ModelMisconfigured)
    assert len(api.asked) == 3


async def test_a_model_that_asks_for_a_short_pause_gets_it(api, model):
    api.script(Act(status=429, kind="rate_limit_error", headers={"retry-after": "0.01"}), Act(says=POLL))
    await model.ask(PROMPT, PATIENCE_S)
    assert len(api.asked) == 2


async def test_a_pause_for_which_there_is_no_time_ends_it_at_once_and_is_passed_on(api, model):
    api.script(Act(status=429, kind="rate_limit_error", headers={"retry-after": "600"}))
    with pytest.raises(ModelUnavailable) as failed:
        await model.ask(PROMPT, PATIENCE_S)
    assert failed.value.retry_after_s == 600.0
    assert len(api.asked) == 1


async def test_a_model_that_never_answers_is_waited_for_no_longer_than_asked(api, model):
    api.script(Act(is_silent=True))
    with pytest.raises(ModelUnavailable, match=r"did not answer within 0\.3 s"):
        await model.ask(PROMPT, 0.3)
    assert len(api.asked) == 1


async def test_whoever_stops_waiting_is_not_held_up(api, model):
    api.script(Act(is_silent=True))
    asking = asyncio.create_task(model.ask(PROMPT, PATIENCE_S))
    await api.heard.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_an_answer_that_breaks_off_on_the_way_is_asked_for_again(api, model):
    api.script(Act(says=POLL, is_cut=True), Act(says=POLL))
    await model.ask(PROMPT, PATIENCE_S)
    assert len(api.asked) == 2


@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"{", b"{}", b"[]", b"null", b'{"content": [{}]}'])
async def test_a_body_that_is_none_of_the_providers_is_no_answer(api, model, body):
    api.script(Act(body=body))
    with pytest.raises((ModelUnavailable, UnfitAnswer)) as failed:
        await model.ask(PROMPT, PATIENCE_S)
    assert not isinstance(failed.value, ModelMisconfigured)


async def test_a_model_that_is_not_there_cannot_be_reached(api, provider):
    if provider == ANTHROPIC:
        model = anthropic_model(GenerationMethod.HAIKU, "m", api_key=KEY, base_url="http://127.0.0.1:1")
    else:
        model = openai_model("m", base_url="http://127.0.0.1:1/v1")
    with pytest.raises(ModelUnavailable, match="m cannot be reached"):
        await model.ask(PROMPT, PATIENCE_S)
    await model.close()


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (Act(says="Private words."), "not JSON"),
        (Act(says="[1]"), "expected"),
        (Act(says={"question": "Private words?"}), "field options is missing"),
        (Act(says=POLL | {"options": ["Private words.", "b"]}), "field options"),
        (Act(says=POLL | {"options": ["a", "A", "b"]}), "two options are the same"),
        (Act(refuses=True), "refused"),
    ],
)
async def test_an_answer_of_another_shape_is_unfit_and_its_tokens_are_known(api, model, act, reason):
    act.usage = (120, 40, 7, 0)
    api.script(act)
    with pytest.raises(UnfitAnswer, match=reason) as failed:
        await model.ask(PROMPT, PATIENCE_S)
    assert failed.value.usage == (120, 40, 7, 0)
    assert "Private" not in failed.value.message
    assert len(api.asked) == 1


async def test_an_answer_that_ran_into_the_limit_is_unfit(api, model, provider):
    api.script(Act(says='{"question": "Whi', stop="max_tokens" if provider == ANTHROPIC else "length"))
    with pytest.raises(UnfitAnswer, match="max_tokens") as failed:
        await model.ask(PROMPT, PATIENCE_S)
    assert failed.value.usage == (120, 40, 0, 0)


async def test_nothing_private_is_logged(api, model, caplog):
    caplog.set_level(logging.DEBUG)
    api.script(Act(status=500), Act(says=POLL | {"question": "Which of the salaries?"}))
    await model.ask(PROMPT, PATIENCE_S)
    logged = "\n".join(str(record.__dict__) for record in caplog.records)
    assert [word for word in (KEY, "salar", FIXED) if word in logged] == []
    assert KEY not in repr(model)
    assert any(KEY in value for value in api.asked[0].headers.values())


async def test_an_error_carries_nothing_of_the_providers_text(api, model):
    api.script(Act(status=400, kind="invalid_request_error"))
    with pytest.raises(ModelMisconfigured) as failed:
        await model.ask(PROMPT, PATIENCE_S)
    assert "Private" not in failed.value.message
    assert failed.value.__cause__ is None
    assert failed.value.__context__ is None


async def test_a_closed_model_connects_again(api, model):
    api.script(Act(says=POLL))
    await model.ask(PROMPT, PATIENCE_S)
    await model.close()
    await model.close()
    await model.ask(PROMPT, PATIENCE_S)
    assert len(api.asked) == 2


@pytest.mark.parametrize(
    ("value", "pause_s"),
    [("2", 2.0), ("0.5", 0.5), ("Thu, 01 Jan 1970 00:01:00 GMT", 50.0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0)],
)
def test_a_pause_may_be_named_in_seconds_or_by_its_end(value, pause_s):
    assert pause_of({"retry-after": value}, 10.0) == pause_s


@pytest.mark.parametrize("value", ["", "soon", "-1", "1e9", "nan"])
def test_a_pause_that_is_none_is_not_heeded(value):
    assert pause_of({"retry-after": value}, 10.0) is None


class SlowLine:
    """A line that takes long to make; it says one thing."""

    def __init__(self, made: list["SlowLine"]) -> None:
        made.append(self)

    async def say(self, prompt: Prompt) -> Said:
        return Said(json.dumps(POLL), Usage(1, 1))

    async def close(self) -> None:
        """Nothing is open."""


async def test_what_is_slow_to_import_holds_up_nobody_else():
    made: list[SlowLine] = []
    may_go_on, was_let = threading.Event(), []

    def connect():
        was_let.append(may_go_on.wait(PATIENCE_S))
        return SlowLine(made)

    model = LangChainModel(GenerationMethod.HAIKU, "m", connect)
    asking = [asyncio.create_task(model.ask(PROMPT, PATIENCE_S)) for _ in range(3)]
    await asyncio.sleep(0)
    may_go_on.set()
    await asyncio.gather(*asking, model.warm())
    assert was_let == [True]
    assert len(made) == 1


async def test_a_library_that_is_missing_is_named_with_how_to_get_it():
    def connect():
        raise ModuleNotFoundError("No module named 'langchain_openai'", name="langchain_openai")

    model = LangChainModel(GenerationMethod.OPENAI, "m", connect)
    with pytest.raises(ModelMisconfigured, match=r"langchain_openai.*pip install 'engagement-conductor\[openai\]'"):
        await model.ask(PROMPT, PATIENCE_S)


def test_nothing_heavy_is_imported_before_somebody_asks():
    code = (
        "import sys; from conductor.adapters.models import *; openai_model('m'); "
        "anthropic_model('HAIKU', 'm', api_key='k'); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert loaded & {"anthropic", "langchain_core", "langchain_anthropic", "langchain_openai", "openai"} == set()
