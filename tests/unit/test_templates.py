"""The catalogue: there is enough of it, it suits every moment, and it reads well."""

import itertools
import re

import pytest
from tests.act_examples import LONGEST_TITLE, LONGEST_TOPIC, PROFILES

from conductor.act.templates import (
    TITLE_MAX,
    TOPIC_MAX,
    Subject,
    TemplateKind,
    base_id,
    general,
    numbered,
    plain,
    specific,
    templates,
    usable_title,
    usable_topics,
    vocabulary,
)
from conductor.act.wording import normalised
from conductor.domain.interventions import Segment
from conductor.domain.sessions import Phase, SessionProfile, SessionType
from conductor.domain.strategies import ContentStyle

ALL = [template for kind in TemplateKind for style in ContentStyle for template in templates(kind, style)]
EVERY = [*ALL, *(general(kind) for kind in TemplateKind)]
POLLS, NUDGES = ([t for t in ALL if t.template_id.startswith(kind)] for kind in ("poll.", "nudge."))
MOMENTS = list(itertools.product(Phase, SessionType))
CHEER = re.compile(r"\b(exciting|amazing|awesome|great|fun|boost|engage\w*|proven)\b", re.IGNORECASE)


def about(*topics):
    return Subject.of(SessionProfile(topics=topics))


def texts(template):
    return [text for text in (template.text, template.with_topic, template.with_title) if text]


@pytest.mark.parametrize(
    ("kind", "at_least"), [("poll", 40), ("prompt", 16), ("nudge", 12), ("request", 10), ("seed", 10)]
)
def test_there_are_enough_templates_of_every_kind(kind, at_least):
    assert len(templates(TemplateKind(kind))) >= at_least


@pytest.mark.parametrize("segment", Segment)
def test_every_segment_has_at_least_four_nudges(segment):
    assert sum(template.segment is segment for template in templates(TemplateKind.NUDGE)) >= 4


@pytest.mark.parametrize(("kind", "at_least"), [("poll", 8), ("prompt", 5), ("nudge", 12), ("request", 5), ("seed", 5)])
@pytest.mark.parametrize(("phase", "session_type"), MOMENTS)
def test_every_moment_of_every_session_has_a_choice_even_if_no_topic_is_known(kind, at_least, phase, session_type):
    suited = [t for t in templates(TemplateKind(kind)) if t.suits(phase, session_type) and plain(t)]
    assert len(suited) >= at_least


def test_every_id_is_used_once_and_says_what_it_is():
    ids = [template.template_id for template in EVERY]
    assert len(set(ids)) == len(ids)
    for kind in TemplateKind:
        assert all(template.template_id.startswith(f"{kind}.") for template in templates(kind))
        playful = templates(kind, ContentStyle.PLAYFUL)
        assert all(template.template_id.startswith(f"{kind}.playful.") for template in playful)


@pytest.mark.parametrize("kind", TemplateKind)
@pytest.mark.parametrize(("phase", "session_type"), MOMENTS)
def test_every_moment_can_be_worded_in_every_tone_three_times_an_hour(kind, phase, session_type):
    suited = [t for t in templates(kind, ContentStyle.PLAYFUL) if t.suits(phase, session_type) and plain(t)]
    whom = {t.segment for t in suited}
    assert len(suited) >= 3
    assert whom == (set(Segment) if kind is TemplateKind.NUDGE else {None})


def test_no_two_templates_say_the_same():
    wordings = [normalised(text) for template in EVERY for text in texts(template)]
    assert sorted(set(wordings)) == sorted(wordings)


@pytest.mark.parametrize("template", POLLS, ids=lambda t: t.template_id)
def test_a_poll_asks_one_open_question(template):
    for text in texts(template):
        assert text.endswith("?")
        assert text.count("?") == 1
        closed = ("is", "are", "do", "does", "did", "have", "has", "can", "could", "will", "would", "should")
        assert normalised(text).split()[0] not in closed


@pytest.mark.parametrize("template", POLLS, ids=lambda t: t.template_id)
def test_the_options_of_a_poll_are_short_distinct_and_never_yes_or_no(template):
    options = [normalised(option) for option in template.options]
    assert len(set(options)) == len(options)
    assert {"yes", "no", "maybe"}.isdisjoint(options)
    assert all(len(option.split()) <= 6 for option in options)
    assert len(options) in ((1,) if template.topics_as_options else (3, 4))


@pytest.mark.parametrize("template", EVERY, ids=lambda t: t.template_id)
def test_the_tone_is_plain(template):
    for text in (*texts(template), *template.options, template.call_to_action):
        assert "!" not in text
        assert CHEER.search(text) is None


@pytest.mark.parametrize("template", ALL, ids=lambda t: t.template_id)
def test_a_topic_is_never_the_subject_of_a_sentence(template):
    # The topic may be one thing or many ("APIs"), so no verb may depend on it.
    before = "about|across|approach|deal with|describe|explain|for|in|into|join|of|on|to|with|from"
    for text, slot in ((template.with_topic, "{topic}"), (template.with_title, "“{title}”")):
        assert text.count(slot) == bool(text)
        assert not text or re.search(rf"\b({before}) {re.escape(slot)}", text)


@pytest.mark.parametrize("template", ALL, ids=lambda t: t.template_id)
def test_the_plain_form_has_no_slot_of_the_profile(template):
    assert re.search(r"(?<!\{)\{\w+\}(?!\})", template.text) is None


@pytest.mark.parametrize("template", NUDGES, ids=lambda t: t.template_id)
def test_a_nudge_leaves_name_and_action_to_the_delivery(template):
    for text in texts(template):
        assert text.count("{{name}}") == 1
        # The action becomes a sentence of its own.
        assert re.search(r"[.?] \{\{action\}\}\.$", text)
    assert template.call_to_action
    assert not template.call_to_action.endswith(".")


def test_a_topic_fills_the_slot_and_marks_the_id():
    template = next(t for t in templates(TemplateKind.POLL) if t.template_id == "poll.middle.detail")
    (filled,) = (each.filled() for each in specific(template, about("Event Sourcing")))
    assert filled.text == "Which level of detail on Event Sourcing would suit you best now?"
    assert filled.template_id == "poll.middle.detail~event-sourcing"
    assert base_id(filled.template_id) == template.template_id


def test_topics_can_be_the_options_of_a_poll():
    template = next(t for t in templates(TemplateKind.POLL) if t.topics_as_options)
    (filled,) = (each.filled() for each in specific(template, about("APIs", "queues", "caches", "logs")))
    assert filled.options == ("APIs", "queues", "caches", "Something else")


def test_one_topic_alone_is_no_choice():
    template = next(t for t in templates(TemplateKind.POLL) if t.topics_as_options)
    assert specific(template, about("APIs")) == ()
    assert plain(template) is None


def test_a_numbered_template_differs_from_number_to_number():
    for kind in TemplateKind:
        first, second = (numbered(general(kind), n) for n in (1, 2))
        assert first.template_id != second.template_id
        assert normalised(first.text) != normalised(second.text)


@pytest.mark.parametrize(
    ("raw", "usable"),
    [
        ("Kubernetes", "Kubernetes"),
        ("#machine_learning", "machine learning"),
        ("  C#  ", "C#"),
        ("Node.js", "Node.js"),
        ("Q&A", None),
        ("Introduction", None),
        ("Panel discussion", None),
        ("2024", None),
        ("", None),
        ("How do we scale?", None),
        ("{{action}}", None),
        ("a topic that goes on and on", None),
        ("x" * (TOPIC_MAX + 1), None),
    ],
)
def test_a_topic_is_used_only_if_it_reads_well_in_a_sentence(raw, usable):
    assert usable_topics(SessionProfile(topics=(raw,))) == (() if usable is None else (usable,))


def test_a_topic_that_is_listed_twice_counts_once():
    assert usable_topics(SessionProfile(topics=("Testing", "testing", "#Testing"))) == ("Testing",)


@pytest.mark.parametrize("raw", ["", "Workshop", "A “quoted” title", "x" * (TITLE_MAX + 1), "12.03."])
def test_a_title_that_would_not_read_well_is_left_out(raw):
    assert usable_title(SessionProfile(title=raw)) == ""


def test_a_title_may_be_a_sentence():
    assert usable_title(SessionProfile(title="How do we scale?")) == "How do we scale?"


def test_the_longest_examples_are_as_long_as_allowed():
    assert len(LONGEST_TOPIC) == TOPIC_MAX
    assert len(LONGEST_TITLE) == TITLE_MAX
    assert len(usable_topics(PROFILES["longest"])) == 3
    assert usable_title(PROFILES["longest"]) == LONGEST_TITLE


def test_the_vocabulary_holds_the_words_of_questions_options_and_actions():
    assert {"which", "everyday", "reaction"} <= vocabulary()
    assert "kubernetes" not in vocabulary()
