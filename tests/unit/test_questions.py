"""Which unanswered questions the speaker sees first."""

import pytest
from tests.act_examples import NOW

from conductor.act.questions import OpenQuestion, rank


def asked(question_id, content="", *, age_s=0.0, upvotes=0):
    return OpenQuestion(question_id, content, NOW - age_s, upvotes)


def order(*questions, topics=()):
    return [found.question_id for found in rank(questions, NOW, topics)]


def test_no_questions_give_no_ranking():
    assert rank([], NOW) == ()


def test_more_upvotes_come_first():
    assert order(asked("a", upvotes=1), asked("b", upvotes=5), asked("c")) == ["b", "a", "c"]


def test_of_equal_questions_the_fresher_comes_first():
    assert order(asked("older", age_s=900), asked("newer", age_s=30)) == ["newer", "older"]


def test_freshness_does_not_outweigh_three_times_the_voices():
    assert order(asked("popular", age_s=7200, upvotes=2), asked("fresh")) == ["popular", "fresh"]


def test_a_question_on_the_topic_comes_before_one_that_is_not():
    questions = [asked("off", "Where is the recording?"), asked("on", "Does event sourcing need Kafka?")]
    assert order(*questions, topics=["Event Sourcing"]) == ["on", "off"]
    assert order(*questions) == ["off", "on"]


def test_the_score_is_what_the_docstring_says():
    (found,) = rank([asked("q", "Why event logs?", age_s=600, upvotes=3)], NOW, ["event sourcing", "logging"])
    assert found.score == pytest.approx(2 + 0.5 + 0.5)
    assert found.voices == 4


def test_questions_that_ask_the_same_count_together():
    ranked = rank(
        [
            asked("first", "How do we migrate the old data?", age_s=300, upvotes=1),
            asked("liked", "How should we migrate our old data", age_s=100, upvotes=2),
            asked("other", "Who pays for it?", upvotes=3),
        ],
        NOW,
    )
    assert [(found.question_id, found.folded, found.voices) for found in ranked] == [
        ("liked", ("first",), 5),
        ("other", (), 4),
    ]


def test_one_word_of_four_may_differ_between_questions_that_ask_the_same():
    assert len(order(asked("a", "How to migrate old data?"), asked("b", "How to migrate legacy data?"))) == 1


def test_how_and_why_are_different_questions():
    assert len(order(asked("how", "How do caches work?"), asked("why", "Why do caches work?"))) == 2


def test_case_accents_and_punctuation_make_no_difference():
    assert len(order(asked("a", "What does the CAFÉ cost"), asked("b", "what does the cafe cost?!"))) == 1


def test_questions_without_wording_are_never_taken_for_each_other():
    assert order(asked("b"), asked("a")) == ["a", "b"]


def test_a_question_of_filler_words_alone_is_still_told_apart():
    assert len(order(asked("a", "Is it?"), asked("b", "Are you?"), asked("c", "is it"))) == 2


def test_at_most_three_are_surfaced():
    assert order(*(asked(str(n), f"Question {n} on matter {n}?") for n in range(9))) == ["0", "1", "2"]


def test_ties_go_to_the_one_asked_first_then_to_the_smaller_id():
    assert order(asked("c"), asked("b"), asked("a", age_s=-60)) == ["b", "c", "a"]


def test_an_id_that_comes_twice_is_one_question():
    (found,) = rank([asked("q", upvotes=1), asked("q", upvotes=4)], NOW)
    assert (found.question_id, found.voices) == ("q", 5)
