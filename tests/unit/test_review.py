"""What the review finds, and what it lets pass."""

import pytest
from tests.act_examples import PROFILES

from conductor.act.review import FindingCode, review
from conductor.act.templates import Subject, TemplateKind, general, numbered, plain, specific, templates
from conductor.domain.interventions import (
    NudgeContent,
    PollContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.sessions import Phase, SessionType
from conductor.domain.strategies import ContentStyle

OPTIONS = ("Too slow", "About right", "Too fast")


def poll(question="How is the pace for you?", options=OPTIONS):
    return PollContent(question, options)


def nudge(message="{{name}}, how is it going? {{action}}.", call_to_action="Send a reaction"):
    return NudgeContent(message, call_to_action, Segment.LURKERS)


def codes(content, **context):
    return [finding.code for finding in review(content, **context)]


def as_content(kind, filled):
    match kind:
        case TemplateKind.POLL:
            return PollContent(filled.text, filled.options)
        case TemplateKind.PROMPT:
            return PromptContent(filled.text)
        case TemplateKind.NUDGE:
            return NudgeContent(filled.text, filled.call_to_action, filled.segment or Segment.LURKERS)
        case TemplateKind.REQUEST:
            return QnaContent(QnaStrategy.REQUEST_NEW, message=filled.text)
        case TemplateKind.SEED:
            return QnaContent(QnaStrategy.SEED_QUESTION, message=filled.text)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize("session_type", SessionType)
@pytest.mark.parametrize("phase", Phase)
def test_every_template_passes_in_every_moment_with_and_without_a_topic(phase, session_type, profile):
    subject = Subject.of(profile)
    for kind in TemplateKind:
        every = [template for style in ContentStyle for template in templates(kind, style)]
        suited = [template for template in every if template.suits(phase, session_type)]
        filled = [each for template in suited if (each := plain(template))]
        filled += [each.filled() for template in suited for each in specific(template, subject)]
        assert filled
        for each in (*filled, numbered(general(kind), 999)):
            assert review(as_content(kind, each), names=["Ada Lovelace", "Will", "愛子"]) == ()


@pytest.mark.parametrize(
    "content",
    [
        poll(),
        poll(options=("C", "C++", "C#", "Something else")),
        PromptContent("Which ISO standard from 2015-2024 matters to you: 9001, 14001 or 27001?"),
        PromptContent("What do you think of Node.js, e.g. for 1,000,000 users a day, i.e. 50/50 read and write?"),
        PromptContent("Is 3 < 5, and what about 5 > 3?"),
        nudge(),
        QnaContent(QnaStrategy.SURFACE_BEST, question_ids=("q1", "q2", "q3")),
        QnaContent(QnaStrategy.REQUEST_NEW, message="What would you like to ask?"),
    ],
    ids=lambda content: type(content).__name__,
)
def test_sound_content_passes(content):
    assert review(content, names=["Grace Hopper"], seen=["Something else entirely"]) == ()


@pytest.mark.parametrize("options", [(), ("Only", "Two"), ("a1", "b2", "c3", "d4", "e5")])
def test_a_poll_needs_three_or_four_options(options):
    assert codes(poll(options=options)) == [FindingCode.OPTION_COUNT]


@pytest.mark.parametrize("twin", ["Too slow", "too  slow.", " TOO SLOW "])
def test_two_options_may_not_say_the_same(twin):
    assert codes(poll(options=(*OPTIONS, twin))) == [FindingCode.OPTIONS_ALIKE]


@pytest.mark.parametrize(
    ("at_most", "one_more"),
    [
        (poll("a" * 140), poll("a" * 141)),
        (poll(options=("a" * 60, "b", "c")), poll(options=("a" * 61, "b", "c"))),
        (PromptContent("a" * 280), PromptContent("a" * 281)),
        (nudge(call_to_action="a" * 60), nudge(call_to_action="a" * 61)),
    ],
)
def test_lengths_have_a_limit(at_most, one_more):
    assert codes(at_most) == []
    assert codes(one_more) == [FindingCode.TOO_LONG]


def test_endless_output_is_refused_without_reading_it_all():
    assert codes(PromptContent("a.b+" * 50_000)) == [FindingCode.TOO_LONG]


@pytest.mark.parametrize(
    "content",
    [
        poll(""),
        poll(options=("Good", " ", "Bad")),
        PromptContent("…?!"),
        PromptContent("\u200b"),
        nudge("{{name}} {{action}}"),
        nudge(call_to_action=""),
        QnaContent(QnaStrategy.SEED_QUESTION),
    ],
)
def test_a_text_without_words_is_empty(content):
    assert FindingCode.EMPTY in codes(content)


@pytest.mark.parametrize("ids", [(), ("q1", "q1"), ("q1", "q2", "q3", "q4")])
def test_one_to_three_different_questions_are_surfaced(ids):
    assert codes(QnaContent(QnaStrategy.SURFACE_BEST, question_ids=ids)) == [FindingCode.QUESTION_COUNT]


def test_a_request_surfaces_nothing():
    content = QnaContent(QnaStrategy.REQUEST_NEW, question_ids=("q1",), message="What would you ask?")
    assert codes(content) == [FindingCode.QUESTION_COUNT]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("See https://example.org/a for more", FindingCode.LINK),
        ("See WWW.example for more", FindingCode.LINK),
        ("See example.com for more", FindingCode.LINK),
        ("See ｅｘａｍｐｌｅ．ｃｏｍ for more", FindingCode.LINK),
        ("See exam\u200bple.com for more", FindingCode.LINK),
        ("Ask @grace about it", FindingCode.HANDLE),
        ("(@grace) knows", FindingCode.HANDLE),
        ("Call +49 (0)30 1234-567 now", FindingCode.PHONE),
        ("Call 555-123-4567 now", FindingCode.PHONE),
        ("Call 5551234567", FindingCode.PHONE),
        ("What about {topic}?", FindingCode.PLACEHOLDER),
        ("What about [topic]?", FindingCode.PLACEHOLDER),
        ("What about <your topic>?", FindingCode.PLACEHOLDER),
        ("Hello {{name}}, what about this?", FindingCode.PLACEHOLDER),
        ("First line\nsecond line", FindingCode.NOT_PLAIN),
    ],
)
def test_what_must_not_be_posted_is_found_in_every_text(text, code):
    assert codes(PromptContent(text)) == [code]
    assert codes(poll(text)) == [code]
    assert codes(poll(options=("Good", "Bad", text))) == [code]
    assert codes(QnaContent(QnaStrategy.SEED_QUESTION, message=text)) == [code]
    assert codes(nudge(call_to_action=text)) == [code]


def test_the_number_of_a_machine_is_a_link_even_if_it_looks_like_a_telephone_number():
    assert FindingCode.LINK in codes(PromptContent("See 192.168.0.1 for more"))


def test_an_address_is_an_email_and_holds_a_link():
    assert set(codes(PromptContent("Write to ada@example.org please"))) == {FindingCode.EMAIL, FindingCode.LINK}


@pytest.mark.parametrize("message", ["{{ name }}, well?", "{{user}}, well?", "{name}, well?", "{{name}}}, well?"])
def test_a_nudge_may_hold_name_and_action_in_exactly_their_form(message):
    assert codes(nudge(message)) == [FindingCode.PLACEHOLDER]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("What does Grace think of it?", "Grace Hopper"),
        ("As hopper said, what is next?", "Grace Hopper"),
        ("HOPPER'S law: what is it?", "grace hopper"),
        ("What would Zoe do?", "Zoë B."),
        ("What would Zoë do?", "zoe99"),
        ("Will, what do you think?", "Will Smith"),
        ("What did Will say?", "Will Smith"),
        ("What does 佐藤さん think?", "佐藤"),
    ],
)
def test_nobody_in_the_room_is_named(text, name):
    assert codes(PromptContent(text), names=["Somebody Else", name]) == [FindingCode.NAME]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Will it hold? It may. What will you mark?", "Mark Will"),
        ("Which hopper holds the grain?", "Grace H."),
        ("Which point should be explained?", "P O"),
        ("What did the host say to you?", "Host"),
        ("Which question is open?", "Which Question"),
        ("{{name}}, what next? {{action}}.", "Name Action"),
    ],
)
def test_an_everyday_word_is_not_a_name(text, name):
    assert codes(nudge(text), names=[name]) == []


def test_a_finding_does_not_repeat_what_it_found():
    content = PromptContent("Ask Ada on ada@example.org or 555-123-4567, https://example.org, @ada")
    findings = review(content, names=["Ada"])
    assert len({finding.code for finding in findings}) == 5
    for finding in findings:
        assert finding.sentence.endswith(".")
        assert not any(secret in finding.sentence.lower() for secret in ("ada", "example", "555"))


@pytest.mark.parametrize(
    "earlier", ["How is the pace for you?", "how is   the PACE for you", "Hów is the pace, for you"]
)
def test_a_wording_that_was_seen_is_a_repeat(earlier):
    assert codes(poll(), seen=["Something else", earlier]) == [FindingCode.REPEAT]


def test_a_repeat_counts_whatever_kind_of_content_it_was():
    assert codes(PromptContent("How is the pace for you"), seen=[poll().question]) == [FindingCode.REPEAT]


def test_questions_that_were_all_surfaced_before_are_a_repeat():
    content = QnaContent(QnaStrategy.SURFACE_BEST, question_ids=("q1", "q2"))
    assert codes(content, promoted=["q1"]) == []
    assert codes(content, promoted=["q2", "q1"]) == [FindingCode.REPEAT]


def test_several_things_may_be_wrong_at_once():
    content = poll("See www.example.org", ("Good", "good"))
    assert codes(content) == [FindingCode.OPTION_COUNT, FindingCode.OPTIONS_ALIKE, FindingCode.LINK]
