"""What models would cost in simulated rooms."""

import json

import pytest

from conductor.act.answers import analysis_judge, content_judge
from conductor.act.brief import Brief
from conductor.act.calls import Result
from conductor.act.prompts import SEEN_MAX, fixed_part, moving_part, prompt_for
from conductor.act.templates import plain, templates
from conductor.act.wording import headline
from conductor.bootstrap.played import simulate
from conductor.bootstrap.priced import KINDS, Counting, answer
from conductor.domain.interventions import Segment
from conductor.domain.sessions import Phase, SessionType
from conductor.domain.wording import Price, Prompt, Shape
from conductor.settings import Settings
from conductor.sim.priced import CACHED_FROM_TOKENS, FRAME_TOKENS, PricedModel, tokens, usage_of
from conductor.wire.drafts import read_draft

WORDED = [shape for shape in Shape if shape is not Shape.ANALYSIS]
LIMIT_USD = 0.03


def brief(shape, seen=()):
    segment = Segment.DISENGAGED if shape is Shape.NUDGE else None
    return Brief(shape, SessionType.PANEL, Phase.MIDDLE, segment=segment, seen=seen)


async def nothing(_at_s):
    """Nobody looks on."""


@pytest.mark.parametrize("shape", Shape)
def test_an_answer_is_what_its_json_says(shape):
    answered, written = answer(prompt_for(brief(shape)))
    assert read_draft(shape, written) == answered


@pytest.mark.parametrize("shape", WORDED)
def test_every_answer_passes_the_review_as_long_as_templates_last(shape):
    seen: list[str] = []
    there_are = sum(plain(template) is not None for template in templates(KINDS[shape]))
    for _ in range(min(there_are, SEEN_MAX)):
        asked = brief(shape, tuple(seen))
        judged = content_judge(asked)(answer(prompt_for(asked))[0])
        assert judged.findings == ()
        assert judged.value is not None
        seen.append(headline(judged.value))


def test_the_analysis_passes_the_review():
    answered, _ = answer(prompt_for(brief(Shape.ANALYSIS)))
    assert analysis_judge()(answered).value == answered


@pytest.mark.parametrize("shape", Shape)
def test_our_questions_begin_with_too_little_to_be_cached(shape):
    asked = prompt_for(brief(shape))
    usage = usage_of(asked, "{}")
    assert tokens(fixed_part(shape)) < CACHED_FROM_TOKENS
    assert usage.fresh == FRAME_TOKENS + tokens(fixed_part(shape)) + tokens(moving_part(brief(shape)))
    assert (usage.answered, usage.cache_read, usage.cache_written) == (1, 0, 0)


def test_longer_ones_would_count_as_written_to_the_cache():
    usage = usage_of(Prompt(Shape.POLL, "x" * 3 * CACHED_FROM_TOKENS, "now", 400), "")
    assert (usage.fresh, usage.cache_written) == (FRAME_TOKENS + 1, CACHED_FROM_TOKENS)


async def test_what_a_writer_asks_of_the_priced_model_is_counted_at_its_price():
    settings = Settings()
    counting = Counting(settings)
    worded = await counting.writer.word(brief(Shape.POLL))
    asked = counting.asked()
    price = settings.model_prices[settings.sonnet_model]

    assert worded is not None
    assert worded.content == answer(prompt_for(brief(Shape.POLL)))[0]
    assert (asked.model, asked.questions) == (settings.sonnet_model, 1)
    expected = (asked.tokens_asked * price.fresh + asked.tokens_answered * price.answered) / 1e6
    assert asked.cost_usd == pytest.approx(expected)
    assert counting.writer.counts.failed[Result.FAILED_REVIEW] == 0


async def test_a_simulated_session_costs_less_than_three_cents_and_the_same_again_with_the_same_seed():
    first, second = [
        await simulate(Settings(), sessions=4, minutes=40, seed=5, effect=1.0, on_tick=nothing) for _ in range(2)
    ]

    assert 0.0 < first.cost_usd_per_session < LIMIT_USD
    assert first.asked == second.asked
    # Each that was carried out was analysed, and most were worded: attendees' own questions need no words.
    assert first.asked.questions > len(first.chosen)


async def test_it_costs_nothing_where_the_model_does():
    model = Settings().sonnet_model
    free = Settings(model_prices={model: Price(0.0, 0.0, 0.0, 0.0)})
    counting = Counting(free)
    await counting.writer.word(brief(Shape.CHAT_PROMPT))
    assert (counting.asked().questions, counting.asked().cost_usd) == (1, 0.0)


async def test_the_priced_model_says_whose_words_they_would_be():
    model = PricedModel("some-model", answer)
    reply = await model.ask(prompt_for(brief(Shape.NUDGE)), 1.0)
    assert (reply.model, reply.method, model.model) == ("some-model", model.method, "some-model")
    assert json.loads(answer(prompt_for(brief(Shape.NUDGE)))[1])["segment"] == Segment.DISENGAGED
