"""At least once is not more than once: what is delivered again is recognised and counts once."""

import pytest
from tests.rooms import PANEL, START, play, poll, signal, worker

from conductor.domain.signals import Author, ChatDetail, Kind, PollDetail, QuestionDetail
from conductor.perceive.repeats import KEPT_MOST, KEPT_TICKS, Repeats

CHAT = ChatDetail("m1", "hello")
ASKED = QuestionDetail("q1", "why?")


def heard(*signals, names=("a",)):
    perception = worker(*names)
    for each in signals:
        perception.receive(each)
    return perception, perception.advance()


def counted(reading, kind):
    return float(reading.short[kind, 0])


@pytest.mark.parametrize(
    "again",
    [
        signal("a", 1.0, detail=CHAT),
        signal("a", 1.0, Kind.QUESTION, detail=ASKED),
        signal("a", 1.0, Kind.UPVOTE, detail=QuestionDetail("q1")),
        signal("a", 1.0, Kind.VOTE, detail=PollDetail("p", option_id="yes")),
    ],
)
def test_what_is_delivered_twice_counts_once(again):
    perception, reading = heard(again, again)

    assert counted(reading, again.kind) == 1.0
    assert perception.duplicates == 1
    assert [person[3] for person in perception.roster.here(0, START + 5.0)] == [1]


def test_messages_without_an_id_are_all_counted():
    perception, reading = heard(*[signal("a", 1.0, detail=ChatDetail(None, "hello"))] * 2, signal("a", 1.0))

    assert (counted(reading, Kind.CHAT), perception.duplicates) == (3.0, 0)


def test_the_same_id_in_another_session_is_another_message():
    perception, _ = heard(signal("a", 1.0, detail=CHAT), signal("b", 1.0, detail=CHAT), names=("a", "b"))

    assert perception.duplicates == 0


def test_a_question_a_message_and_an_upvote_may_bear_the_same_id():
    same = QuestionDetail("m1")
    perception, _ = heard(
        signal("a", 1.0, detail=CHAT),
        signal("a", 1.0, Kind.QUESTION, detail=same),
        signal("a", 1.0, Kind.UPVOTE, detail=same),
    )

    assert perception.duplicates == 0


def test_upvotes_of_several_people_and_of_nobody_in_particular_count_one_each():
    votes = [signal("a", 1.0, Kind.UPVOTE, user, detail=ASKED) for user in ("u1", "u2", None, None)]
    perception, reading = heard(*votes)

    assert (counted(reading, Kind.UPVOTE), perception.duplicates) == (4.0, 0)


def test_a_changed_vote_is_something_done_but_no_second_vote():
    first = signal("a", 1.0, Kind.VOTE, detail=PollDetail("p", option_id="yes"))
    changed = signal("a", 3.0, Kind.VOTE, detail=PollDetail("p", option_id="no"))
    perception, reading = heard(first, changed)

    assert (counted(reading, Kind.VOTE), perception.duplicates) == (1.0, 0)
    [(_, _, idle_s, interactions, _)] = perception.roster.here(0, START + 5.0)
    assert (idle_s, interactions) == (2.0, 2)


def test_votes_without_a_name_are_never_taken_for_repetitions():
    perception, reading = heard(*[signal("a", 1.0, Kind.VOTE, None, detail=PollDetail("p", option_id="yes"))] * 3)

    assert (counted(reading, Kind.VOTE), perception.duplicates) == (3.0, 0)


def test_a_poll_that_opens_or_closes_twice_is_recognised():
    opened, closed = poll("a", 1.0, Kind.POLL_OPENED), poll("a", 3.0, Kind.POLL_CLOSED)
    perception, _ = heard(opened, opened, closed, closed)

    assert perception.duplicates == 2


def test_votes_may_be_cast_again_when_the_poll_is_launched_anew():
    vote = signal("a", 2.0, Kind.VOTE, detail=PollDetail("p", option_id="yes"))
    perception, _ = heard(poll("a", 1.0, Kind.POLL_OPENED), vote, poll("a", 3.0, Kind.POLL_CLOSED))
    play(perception, [poll("a", 100.0, Kind.POLL_OPENED), vote._replace(at=START + 101.0)], 105.0)

    assert perception.duplicates == 0


def test_what_the_agent_wrote_is_left_out_and_not_counted_as_a_repetition():
    own = signal("a", 1.0, author=Author.AGENT, detail=CHAT)
    perception, _ = heard(own, own)

    assert perception.duplicates == 0


@pytest.mark.parametrize("later", [0, KEPT_TICKS - 1, KEPT_TICKS])
def test_a_message_is_recognised_for_five_minutes(later):
    repeats = Repeats()
    repeats.heard(0, Kind.CHAT, "u", ChatDetail("first"), 0)
    repeats.heard(0, Kind.CHAT, "u", CHAT, KEPT_TICKS - 1)

    assert repeats.heard(0, Kind.CHAT, "u", CHAT, KEPT_TICKS - 1 + later)


def test_no_more_ids_are_kept_than_there_is_room_for():
    repeats = Repeats()
    for number in range(5 * KEPT_MOST):
        repeats.heard(0, Kind.CHAT, "u", ChatDetail(f"m{number}"), 0)
    state = repeats.snapshot(0)
    assert state is not None
    latest, before, _ = state

    assert len(latest) + len(before) <= 2 * KEPT_MOST
    assert repeats.heard(0, Kind.CHAT, "u", ChatDetail(f"m{4 * KEPT_MOST}"), 0)
    assert not repeats.heard(0, Kind.CHAT, "u", ChatDetail("m0"), 0)


def test_a_later_session_in_the_same_row_has_heard_nothing():
    perception, _ = heard(signal("a", 1.0, detail=CHAT))
    perception.close("a")
    perception.open("b", "event", START + 5.0, PANEL)
    perception.receive(signal("b", 6.0, detail=CHAT))

    assert perception.duplicates == 0
