"""How models are asked for words, what it costs, and when it is left to the templates."""

import asyncio
from dataclasses import replace

import pytest
from tests.act_examples import NOW, brief
from tests.writing import COST, LARGE, OTHER, POLL, PRICES, SHORT_S, SMALL, Bench, Books, Deaf

from conductor.act.brief import Subject
from conductor.act.calls import Result
from conductor.act.content import POLL_DISPLAY_S
from conductor.act.review import FindingCode
from conductor.act.till import most_usd
from conductor.act.writer import Writer
from conductor.domain.budget import BudgetWindow, NearLimit
from conductor.domain.interventions import (
    GenerationMethod,
    PollTiming,
    PromptContent,
)
from conductor.domain.sessions import SessionProfile
from conductor.domain.wording import Usage
from conductor.errors import (
    InvalidInput,
    ModelMisconfigured,
    ModelUnavailable,
    UnfitAnswer,
)
from conductor.testing import ScriptedModel


async def test_the_first_model_words_and_nobody_else_is_asked():
    bench = Bench([POLL], [OTHER])
    worded = await bench.worded(brief())
    assert worded.content == replace(POLL, timing=PollTiming.IMMEDIATE, display_duration_s=POLL_DISPLAY_S)
    assert (worded.generation.method, worded.generation.model) == (GenerationMethod.SONNET, LARGE)
    assert worded.generation.cost_usd == pytest.approx(COST[LARGE])
    assert worded.generation.latency_ms >= 0
    assert bench.small.prompts == []
    assert await bench.spent_usd() == pytest.approx(COST[LARGE])


async def test_more_is_set_aside_than_it_costs():
    bench = Bench([POLL])
    await bench.writer.word(brief())
    assert bench.budget.reserved == [most_usd(bench.large.prompts[0], PRICES[LARGE])]
    assert bench.budget.reserved[0] > COST[LARGE]
    assert bench.budget.settled == [pytest.approx(COST[LARGE])]


@pytest.mark.parametrize(
    ("fails", "result", "costs"),
    [
        (ModelUnavailable("no answer"), Result.UNAVAILABLE, 0.0),
        (ModelMisconfigured("wrong key"), Result.MISCONFIGURED, 0.0),
        (UnfitAnswer("no JSON", (100, 50, 0, 0)), Result.UNFIT, COST[LARGE]),
        (PromptContent("This is no poll, is it?"), Result.UNFIT, COST[LARGE]),
        (replace(POLL, options=("Only", "Two")), Result.FAILED_REVIEW, COST[LARGE]),
    ],
    ids=lambda each: type(each).__name__,
)
async def test_what_gives_nothing_to_use_falls_to_the_next_model_and_is_booked(fails, result, costs):
    bench = Bench([fails], [POLL])
    worded = await bench.worded(brief())
    assert worded.generation.method is GenerationMethod.HAIKU
    assert worded.generation.cost_usd == pytest.approx(costs + COST[SMALL])
    assert bench.results == [(LARGE, result), (SMALL, Result.ANSWERED)]
    assert bench.writer.counts.failed == {result: 1}
    assert bench.writer.counts.answered == {SMALL: 1}
    assert bench.writer.counts.asked == {LARGE: 1, SMALL: 1}
    assert bench.writer.counts.spent_usd == pytest.approx(costs + COST[SMALL])
    assert await bench.spent_usd() == pytest.approx(costs + COST[SMALL])


async def test_when_all_fail_there_is_nothing():
    bench = Bench([ModelUnavailable("no answer")], [replace(POLL, question="")])
    assert await bench.writer.word(brief()) is None
    assert bench.writer.counts.failed_review == {FindingCode.EMPTY: 1}


async def test_without_models_there_is_nothing():
    writer = Writer([], {}, Books(0.0), lambda: NOW)
    assert await writer.word(brief()) is None
    assert await writer.analyse(brief()) is None


async def test_without_money_nobody_is_asked():
    bench = Bench([POLL], [POLL], budget=Books(0.0001))
    assert await bench.writer.word(brief()) is None
    assert bench.large.prompts == bench.small.prompts == []
    assert bench.writer.counts.failed == {Result.BUDGET_SPENT: 1}


async def test_money_that_ends_on_the_way_ends_the_chain():
    bench = Bench([UnfitAnswer("no JSON", (1_000_000, 0, 0, 0))], [POLL])
    assert await bench.writer.word(brief()) is None
    assert bench.small.prompts == []
    assert bench.writer.counts.failed == {Result.UNFIT: 1, Result.BUDGET_SPENT: 1}


async def prompt_of(asked):
    model = ScriptedModel(POLL, model=LARGE)
    await Writer([model], PRICES, Books(), lambda: NOW).word(asked)
    return model.prompts[0]


async def test_where_the_books_cannot_be_had_nobody_is_asked():
    bench = Bench([POLL], [POLL], budget=Books(broken="reserve"))
    assert await bench.writer.word(brief()) is None
    assert bench.large.prompts == []
    assert bench.writer.counts.failed == {Result.BUDGET_UNKNOWN: 1}


async def test_words_are_not_lost_because_they_cannot_be_booked():
    bench = Bench([POLL], budget=Books(broken="settle"))
    assert await bench.writer.word(brief()) is not None
    assert await bench.spent_usd() == pytest.approx(bench.budget.reserved[0])


async def test_a_budget_that_does_not_answer_in_time_is_given_its_money_back_later():
    late = asyncio.Event()
    bench = Bench([POLL], budget=Books(slow=late))
    assert await bench.writer.word(brief(), deadline_s=SHORT_S) is None
    assert bench.writer.counts.failed == {Result.BUDGET_UNKNOWN: 1}
    late.set()
    assert await bench.spent_usd() == 0.0
    assert len(bench.budget.reserved) == 1


@pytest.mark.parametrize("deaf", [False, True])
async def test_a_model_that_hangs_leaves_time_for_the_next(deaf):
    bench = Bench([asyncio.Event()], [POLL], deaf=deaf)
    worded = await bench.worded(brief(), deadline_s=2.0)
    assert worded.generation.model == SMALL
    assert bench.results == [(LARGE, Result.TOO_LATE), (SMALL, Result.ANSWERED)]
    # Nobody knows what it took, so all that was set aside is booked.
    assert worded.generation.cost_usd == pytest.approx(bench.budget.reserved[0] + COST[SMALL])


async def test_when_all_hang_the_deadline_ends_it():
    bench = Bench([asyncio.Event()], [asyncio.Event()])
    assert await bench.writer.word(brief(), deadline_s=SHORT_S) is None
    assert bench.writer.counts.failed == {Result.TOO_LATE: 2}
    assert await bench.spent_usd() == pytest.approx(sum(bench.budget.reserved))


async def test_without_time_nobody_is_asked():
    bench = Bench([POLL])
    assert await bench.writer.word(brief(), deadline_s=0.0) is None
    assert bench.large.prompts == []


async def test_a_caller_who_goes_away_leaves_nothing_open():
    bench = Bench(deaf=True)
    task = asyncio.create_task(bench.writer.word(brief()))
    assert isinstance(bench.large, Deaf)
    await bench.large.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await bench.writer.close()
    assert bench.budget.settled == bench.budget.reserved
    assert bench.results == [(LARGE, Result.BROKEN_OFF)]
    assert bench.writer.resting == ()


async def test_a_caller_who_goes_away_while_money_is_set_aside_gets_it_back():
    late = asyncio.Event()
    bench = Bench([POLL], budget=Books(slow=late))
    task = asyncio.create_task(bench.writer.word(brief()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    late.set()
    assert await bench.spent_usd() == 0.0
    assert bench.budget.settled == [0.0]
    assert bench.large.prompts == []


async def test_a_model_that_keeps_failing_is_left_alone_and_tried_again_later():
    down = ModelUnavailable("no answer")
    bench = Bench([down, down, POLL], [OTHER] * 4, failures=2)
    for _ in range(3):
        assert (await bench.worded(brief())).generation.model == SMALL
    assert len(bench.large.prompts) == 2
    assert bench.writer.resting == (LARGE,)
    assert bench.writer.counts.failed == {Result.UNAVAILABLE: 2, Result.RESTING: 1}
    bench.now += 60.0
    assert (await bench.worded(brief())).generation.model == LARGE
    assert not bench.writer.resting


async def test_the_last_model_that_may_be_asked_gets_all_the_time():
    waits = []

    class Patient(ScriptedModel):
        async def ask(self, prompt, timeout_s):
            waits.append(timeout_s)
            raise UnfitAnswer("no JSON")

    models = [Patient(model=LARGE), ScriptedModel(ModelMisconfigured("wrong key"), model=SMALL)]
    writer = Writer(models, PRICES, Books(), lambda: NOW)
    for _ in range(2):
        assert await writer.word(brief(), deadline_s=1000.0) is None
    assert waits[0] <= 600.0
    assert waits[1] > 900.0


def test_a_model_without_a_price_is_refused():
    with pytest.raises(InvalidInput, match="has no price"):
        Writer([ScriptedModel(model="free")], PRICES, Books(), lambda: NOW)


async def test_many_rooms_may_ask_at_once():
    bench = Bench([POLL] * 20)
    found = await asyncio.gather(*(bench.writer.word(brief()) for _ in range(20)))
    assert all(each is not None for each in found)
    assert bench.writer.counts.answered == {LARGE: 20}
    assert await bench.spent_usd() == pytest.approx(20 * COST[LARGE])


async def test_cached_tokens_cost_what_cached_tokens_cost():
    usage = Usage(fresh=10, answered=20, cache_read=1000)
    model = ScriptedModel(POLL, model=LARGE, usage=usage)
    worded = await Writer([model], PRICES, Books(), lambda: NOW).word(brief())
    assert worded is not None
    assert worded.generation.cost_usd == pytest.approx(PRICES[LARGE].cost_usd(usage))


def test_more_is_set_aside_for_scripts_that_take_more_tokens():
    async def of(title):
        return await prompt_of(brief(subject=Subject.of(SessionProfile(title=title))))

    latin, han = (asyncio.run(of(title)) for title in ("a" * 100, "愛" * 100))
    assert most_usd(han, PRICES[LARGE]) > most_usd(latin, PRICES[LARGE])


async def test_whoever_brings_the_budget_near_its_limit_is_warned_once_though_nothing_comes_of_it():
    warnings: list[NearLimit] = []
    most = most_usd(await prompt_of(brief()), PRICES[LARGE])
    bench = Bench([asyncio.Event()], budget=Books(most * 1.1))
    assert await bench.writer.word(brief(), deadline_s=SHORT_S, warn=warnings.append) is None
    assert {near.window for near in warnings} == {*BudgetWindow}
    assert await bench.writer.word(brief(), deadline_s=SHORT_S, warn=warnings.append) is None
    assert len(warnings) == 2
