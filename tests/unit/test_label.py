"""Nothing is posted without saying that it comes from the assistant."""

import pytest

from conductor.act.label import Labelled, checked_label, labelled
from conductor.domain.interventions import (
    DEFAULT_LABEL,
    NudgeContent,
    PollContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.shown import LABEL_MAX
from conductor.errors import InvalidInput

PROMPT = PromptContent("What is still open?")


def test_content_is_labelled_even_if_nobody_chose_a_wording():
    assert labelled(PROMPT) == Labelled(PROMPT, DEFAULT_LABEL)


def test_the_wording_is_free():
    assert labelled(PROMPT, "  Assistentin des Saals ").label == "Assistentin des Saals"


@pytest.mark.parametrize("nothing", ["", "   ", "\u200b\u2060", "\u3164\uffa0", "—", "🤖", "12"])
def test_a_label_that_says_nothing_is_refused(nothing):
    with pytest.raises(InvalidInput, match="cannot be left empty") as refused:
        Labelled(PROMPT, nothing)
    assert refused.value.code == "label_empty"


def test_a_label_is_one_line_of_bounded_length():
    assert checked_label("x" * LABEL_MAX) == "x" * LABEL_MAX
    with pytest.raises(InvalidInput, match="61 characters"):
        checked_label("x" * (LABEL_MAX + 1))
    with pytest.raises(InvalidInput, match="one line"):
        checked_label("Assistant\nfrom the speaker")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (PROMPT, "Bot: What is still open?"),
        (PollContent("How is the pace?", ("Slow", "Right", "Fast")), "Bot: How is the pace?"),
        (NudgeContent("{{name}}, well?", "Answer", Segment.LURKERS), "Bot: {{name}}, well?"),
        (QnaContent(QnaStrategy.SURFACE_BEST, ("q1",)), "Bot"),
    ],
)
def test_a_chat_without_a_place_for_labels_shows_it_in_the_line(content, line):
    assert labelled(content, "Bot").line == line
