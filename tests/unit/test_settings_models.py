import pytest
from tests.messages_api import Act, messages_api
from tests.settings_examples import MODELS

from conductor.bootstrap.models import models_of, open_models, prices_of
from conductor.domain.interventions import GenerationMethod, PromptContent
from conductor.domain.wording import Price, Prompt, Shape, Usage
from conductor.errors import InvalidInput
from conductor.settings import Settings, read_settings
from conductor.settings.models import HAIKU, LIST_PRICES, SONNET

KEY = {"ANTHROPIC_API_KEY": "sk-ant-hunter2"}


def refusal(name, value):
    with pytest.raises(InvalidInput) as refused:
        read_settings({name: value})
    assert refused.value.message.startswith(name)
    return refused.value.message


def asked_by(environment):
    return [(model.method, model.model) for model in models_of(read_settings(environment))]


def test_without_a_key_nobody_is_asked():
    assert models_of(Settings()) == ()
    assert asked_by({"OPENAI_API_KEY": "sk-hunter2", "CONDUCTOR_MODEL_SONNET": "claude-opus-5-5"}) == []
    assert asked_by({"CONDUCTOR_MODEL_OPENAI": "llama"}) == []
    assert prices_of(Settings()) == {}


def test_with_a_key_both_of_anthropics_are_asked_the_better_one_first():
    assert asked_by(KEY) == [(GenerationMethod.SONNET, SONNET), (GenerationMethod.HAIKU, HAIKU)]


def test_another_endpoint_is_asked_last_and_may_need_no_key():
    assert asked_by(MODELS)[-1] == (GenerationMethod.OPENAI, "llama")
    assert asked_by({"CONDUCTOR_MODEL_OPENAI": "llama", "OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"}) == [
        (GenerationMethod.OPENAI, "llama")
    ]


def test_list_prices_are_known_for_the_models_that_are_asked_by_default():
    assert prices_of(read_settings(KEY)) == LIST_PRICES


def test_a_given_price_stands_above_the_list_price():
    prices = read_settings({"CONDUCTOR_MODEL_PRICES": f"{HAIKU}=1,2,3,4"}).model_prices
    assert prices == {SONNET: LIST_PRICES[SONNET], HAIKU: Price(1.0, 2.0, 3.0, 4.0)}
    assert prices[HAIKU].cost_usd(Usage(1_000_000, 500_000)) == 2.0


def test_a_model_without_a_price_is_refused_with_how_to_give_one():
    with pytest.raises(InvalidInput, match=r"CONDUCTOR_MODEL_PRICES has no price for 'other'.*other=fresh,answered"):
        prices_of(read_settings(KEY | {"CONDUCTOR_MODEL_HAIKU": "other"}))


@pytest.mark.parametrize("value", ["model", "model=1,2,3", "model=1,2,3,4,5", "=1,2,3,4", "m=1,2,3,x", "m=1,2,3,-4"])
def test_a_price_that_is_none_is_refused(value):
    assert "it looks like some-model=2,10,0.1,2.5" in refusal("CONDUCTOR_MODEL_PRICES", value)


@pytest.mark.parametrize("value", ["m=1,2,3,inf", "m=1,2,3,nan"])
def test_a_price_without_end_is_refused(value):
    assert value in refusal("CONDUCTOR_MODEL_PRICES", value)


@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        ("CONDUCTOR_MODEL_DEADLINE_S", "0.1 to 60"),
        ("MAX_LLM_COST_PER_HOUR", "0 to 1e+06"),
        ("MAX_LLM_COST_PER_DAY", "0 to 1e+06"),
    ],
)
@pytest.mark.parametrize("value", ["much", "-1", "1e9", "nan", "inf"])
def test_time_and_money_are_within_bounds(name, bounds, value):
    assert refusal(name, value) == f"{name} is {value!r}; it has to be a number from {bounds}"


@pytest.mark.parametrize("name", ["ANTHROPIC_API_KEY", "OPENAI_API_KEY"])
@pytest.mark.parametrize("value", ["hunter2 hunter2", "hunter2\nx", "“hunter2”"])
def test_a_key_that_fits_into_no_header_is_refused_without_repeating_it(name, value):
    assert "hunter2" not in refusal(name, value)


@pytest.mark.parametrize("name", ["ANTHROPIC_BASE_URL", "OPENAI_BASE_URL", "OTEL_EXPORTER_OTLP_ENDPOINT"])
@pytest.mark.parametrize("url", ["hunter2", "ftp://hunter2.example", "http://"])
def test_a_base_address_is_one_of_the_web(name, url):
    assert "http://, https://" in refusal(name, url)


@pytest.mark.parametrize(("value", "is_on"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("no", False)])
def test_tracing_is_on_or_off_however_it_is_spelt(value, is_on):
    assert read_settings({"CONDUCTOR_OTEL": value}).is_traced is is_on


def test_a_collector_that_is_named_is_told_unless_that_is_off():
    named = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}
    assert read_settings(named).is_traced
    assert not read_settings(named | {"CONDUCTOR_OTEL": "0"}).is_traced


def test_what_is_neither_on_nor_off_is_refused():
    assert refusal("CONDUCTOR_OTEL", "perhaps") == "CONDUCTOR_OTEL is 'perhaps'; it may be 1 or 0"


async def test_models_that_are_set_answer_until_they_are_closed():
    async with messages_api() as api:
        api.script(Act(says={"message": "What would you try?"}))
        settings = read_settings(
            KEY | {"ANTHROPIC_BASE_URL": api.url, "OPENAI_BASE_URL": f"{api.url}/v1", "CONDUCTOR_MODEL_OPENAI": "llama"}
        )
        async with open_models(settings) as models:
            replies = [await model.ask(Prompt(Shape.CHAT_PROMPT, "Fixed.", "Moving.", 100), 30.0) for model in models]
    assert [reply.method.value for reply in replies] == ["SONNET", "HAIKU", "OPENAI"]
    assert {reply.answer for reply in replies} == {PromptContent("What would you try?")}
