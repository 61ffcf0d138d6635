"""What of a model's words may be used, whatever the chat made of the model."""

from dataclasses import replace

import pytest
from tests.act_examples import HOSTILE, brief
from tests.writing import ANALYSIS, LARGE, OTHER, POLL, SMALL, Bench

from conductor.act.calls import Result
from conductor.act.redact import redact
from conductor.act.review import FindingCode
from conductor.domain.interventions import (
    Arm,
    NudgeContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.wording import Shape


async def test_answers_that_fail_the_review_do_not_silence_a_model():
    named = replace(POLL, question="What would Ada do?")
    bench = Bench([named] * 5 + [POLL], failures=2)
    for _ in range(5):
        assert await bench.writer.word(brief(), names=["Ada Lovelace"]) is None
    assert (await bench.worded(brief(), names=["Ada Lovelace"])).generation.model == LARGE


async def test_only_the_words_are_the_models():
    prompt = PromptContent("What would you try first?\n", pinned=False, target_users=("u-1",))
    bench = Bench([prompt, NudgeContent("{{name}}, what would you try? {{action}}.", "Say hi", Segment.FIRST_TIME)])
    assert (await bench.worded(brief(Shape.CHAT_PROMPT))).content == PromptContent("What would you try first?")
    nudged = (await bench.worded(brief(Shape.NUDGE, segment=Segment.LURKERS))).content
    assert nudged == NudgeContent("{{name}}, what would you try? {{action}}.", "Say hi", Segment.LURKERS)


async def test_a_seed_question_is_a_question_and_surfaces_nothing():
    seed = QnaContent(QnaStrategy.SEED_QUESTION, message="When would you not do this?")
    surfaced = QnaContent(QnaStrategy.SURFACE_BEST, question_ids=("q-1",))
    bench = Bench([surfaced], [seed])
    assert (await bench.worded(brief(Shape.SEED_QUESTION))).content == seed
    assert bench.results[0] == (LARGE, Result.UNFIT)


@pytest.mark.parametrize("where", ["brief", "call"])
async def test_what_the_session_has_seen_is_not_said_again(where):
    bench = Bench([POLL], [OTHER])
    known, said = (brief(seen=(POLL.question,)), ()) if where == "brief" else (brief(), (POLL.question,))
    worded = await bench.worded(known, seen=said)
    assert worded.content == OTHER
    assert bench.writer.counts.failed_review == {FindingCode.REPEAT: 1}


@pytest.mark.parametrize("line", [HOSTILE[0], HOSTILE[1], HOSTILE[4], HOSTILE[5], HOSTILE[8]])
async def test_a_model_that_obeys_the_chat_is_not_heard(line):
    def obey(_):
        return PromptContent(line.replace("\n", " ")[:280])

    bench = Bench([obey], [PromptContent("What would you try first?")])
    worded = await bench.worded(brief(Shape.CHAT_PROMPT, chat=redact([line])))
    assert worded.generation.model == SMALL
    assert bench.writer.counts.failed == {Result.FAILED_REVIEW: 1}


async def test_a_model_that_repeats_what_was_taken_out_is_not_heard():
    def echo(prompt):
        return PromptContent(prompt.moving.split('"')[-2])

    bench = Bench([echo], [PromptContent("What would you try first?")])
    chat = redact(["ask Ada Lovelace about it"], names=["Ada Lovelace"])
    assert (await bench.worded(brief(Shape.CHAT_PROMPT, chat=chat))).generation.model == SMALL
    assert bench.writer.counts.failed_review == {FindingCode.PLACEHOLDER: 1}


async def test_an_analysis_is_advice_with_its_origin():
    bench = Bench([replace(ANALYSIS, hypotheses=(*ANALYSIS.hypotheses, "Lunch.", "Rain."))])
    analysis, generation = await bench.analysed(brief())
    assert analysis.hypotheses == (*ANALYSIS.hypotheses, "Lunch.")
    assert analysis.suggested is Arm.POLL
    assert generation.model == LARGE
    assert bench.large.prompts[0].shape is Shape.ANALYSIS


@pytest.mark.parametrize(
    "poor",
    [
        replace(ANALYSIS, hypotheses=("Just one.",)),
        replace(ANALYSIS, hypotheses=("Ada talks too fast.", "Lunch is near.")),
        replace(ANALYSIS, topic="see example.com"),
        replace(ANALYSIS, topic="x" * 141),
        replace(ANALYSIS, hypotheses=("", "Lunch is near.")),
    ],
    ids=["one hypothesis", "a name", "a link", "a long topic", "an empty hypothesis"],
)
async def test_a_poor_analysis_falls_to_the_next_model(poor):
    bench = Bench([poor], [ANALYSIS])
    _, generation = await bench.analysed(brief(), names=["Ada"])
    assert generation.model == SMALL


async def test_an_analysis_is_not_to_be_had_as_content():
    with pytest.raises(ValueError, match="analyse"):
        await Bench().writer.word(brief(Shape.ANALYSIS))
