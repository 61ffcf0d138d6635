"""What holds for all words that models give, whatever they answer."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.act_examples import HOSTILE, NOW, brief
from tests.writing import LARGE, PRICES, SMALL, Books

from conductor.act.calls import Called, Result
from conductor.act.review import review
from conductor.act.writer import Writer
from conductor.domain.interventions import (
    Arm,
    NudgeContent,
    PollContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.wording import Analysis, Shape
from conductor.errors import ModelMisconfigured, ModelUnavailable, UnfitAnswer
from conductor.testing import ScriptedModel

NAMES = ["Ada Lovelace", "Will", "愛子"]

good = [
    "What would you try first?",
    "Events",
    "Storage",
    "Queries",
    "Something else",
    "{{name}}, what now? {{action}}.",
]
texts = st.sampled_from([*good, *NAMES, *HOSTILE, "", "x" * 300]) | st.text(max_size=30)
contents = (
    st.builds(PollContent, texts, st.lists(texts, max_size=5).map(tuple))
    | st.builds(PromptContent, texts)
    | st.builds(NudgeContent, texts, texts, st.sampled_from(Segment))
    | st.builds(QnaContent, st.sampled_from(QnaStrategy), message=texts)
)
analyses = st.builds(Analysis, texts, st.lists(texts, max_size=5).map(tuple), st.sampled_from(Arm) | st.none())
failures = st.sampled_from(
    [
        ModelUnavailable("no"),
        ModelMisconfigured("no"),
        UnfitAnswer("no", (9, 9, 0, 0)),
        ModelUnavailable("no", retry_after_s=5),
    ]
)
steps = st.lists(contents | analyses | failures, max_size=4)
shapes = st.sampled_from([*Shape])


@given(shapes, steps, steps, st.lists(texts, max_size=3), st.integers(1, 3))
def test_words_pass_the_review_or_there_are_none(shape, large, small, seen, rounds):
    calls: list[Called] = []
    budget = Books()
    models = [ScriptedModel(*large, model=LARGE), ScriptedModel(*small, model=SMALL)]
    writer = Writer(models, PRICES, budget, lambda: NOW, note=calls.append)

    async def ask_often() -> float:
        for _ in range(rounds):
            await ask()
        await writer.close()
        return (await budget.spending(NOW)).hour_usd

    async def ask() -> None:
        before = sum(call.cost_usd for call in calls)
        if shape is Shape.ANALYSIS:
            analysis = await writer.analyse(brief(shape), names=NAMES)
            if analysis is None:
                return
            generation = analysis.generation
            for text in (analysis.topic, *analysis.hypotheses):
                assert review(PromptContent(text), names=NAMES) == ()
        else:
            worded = await writer.word(brief(shape), names=NAMES, seen=seen)
            if worded is None:
                return
            generation = worded.generation
            assert review(worded.content, names=NAMES, seen=seen) == ()
        assert generation is not None
        assert generation.cost_usd == pytest.approx(sum(call.cost_usd for call in calls) - before)

    spent_usd = asyncio.run(ask_often())
    assert spent_usd == pytest.approx(sum(call.cost_usd for call in calls))
    assert len(budget.settled) == len(budget.reserved) == len(calls)
    counts = writer.counts
    assert counts.asked.total() == len(calls)
    assert counts.answered.total() == sum(call.result is Result.ANSWERED for call in calls)
