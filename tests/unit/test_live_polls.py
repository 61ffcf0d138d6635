"""Polls and questions in a room."""

import pytest
from tests.live_rooms import NOW, frames, kinds, room_with

from conductor.domain.signals import Author, Kind
from conductor.errors import Conflict, InvalidInput, NotFound
from conductor.live.effects import NOTHING
from conductor.live.params import LiveParams


def polled(*people, **wanted):
    room = room_with(*people)
    room.open_poll("sam", "p", "Tea or coffee?", ["Tea", "Coffee"], NOW, **wanted)
    return room


def test_a_poll_is_shown_to_everybody_and_said_on_the_bus():
    effects = room_with("ana").open_poll("sam", "p", "Tea?", ["Yes", "No"], NOW, duration_s=30.0)
    assert kinds(effects) == [Kind.POLL_OPENED]
    (launched,) = frames(effects, "poll.launched")
    assert launched["options"] == [{"optionId": "0", "text": "Yes"}, {"optionId": "1", "text": "No"}]
    assert (launched["closesAt"], launched["createdBy"]) == (NOW + 30, "host")


def test_votes_are_counted_once_each_and_may_be_changed():
    room = polled("ana", "ben")
    room.advance(NOW)
    assert kinds(room.vote("ana", "p", "0", NOW)) == [Kind.VOTE]
    assert room.vote("ana", "p", "0", NOW) == NOTHING
    room.vote("ana", "p", "1", NOW)
    room.vote("ben", "p", "1", NOW)
    assert frames(room.advance(NOW + 0.5), "poll.results") == []
    (results,) = frames(room.advance(NOW + 1), "poll.results")
    assert [(each["votes"]) for each in results["options"]] == [0, 2]
    assert frames(room.advance(NOW + 2), "poll.results") == []


def test_who_comes_sees_the_poll_with_their_own_vote():
    room = polled("ana", "ben")
    room.vote("ana", "p", "1", NOW)
    seen = {user: room.snapshot(user, NOW)["poll"] for user in ("ana", "ben")}
    assert [seen["ana"]["ownVote"], seen["ben"]["ownVote"]] == ["1", None]
    assert seen["ben"]["results"]["total"] == 1


def test_hidden_results_are_shown_only_when_the_poll_closes():
    room = polled("ana", show_results=False)
    room.vote("ana", "p", "1", NOW)
    assert frames(room.advance(NOW), "poll.results") == []
    assert "results" not in room.snapshot("ana", NOW)["poll"]
    closed = room.close_poll("sam", "p", NOW + 1)
    assert kinds(closed) == [Kind.POLL_CLOSED]
    assert frames(closed, "poll.results")[0]["total"] == 1
    assert room.close_poll("sam", "p", NOW + 2) == NOTHING


def test_a_poll_that_runs_out_is_closed_with_its_results():
    room = polled("ana", duration_s=30.0)
    assert Kind.POLL_CLOSED not in kinds(room.advance(NOW + 29.9))
    over = room.advance(NOW + 30)
    assert Kind.POLL_CLOSED in kinds(over)
    assert frames(over, "poll.closed")[0]["closed"]
    with pytest.raises(Conflict, match="closed"):
        room.vote("ana", "p", "0", NOW + 31)
    assert room.snapshot("ana", NOW + 31)["poll"] is None


def test_another_poll_closes_the_one_before():
    room = polled("ana")
    another = room.open_poll("sam", "p2", "And cake?", ["Yes", "No"], NOW + 1)
    assert kinds(another) == [Kind.POLL_CLOSED, Kind.POLL_OPENED]
    assert room.open_poll("sam", "p2", "And cake?", ["Yes", "No"], NOW + 1) == NOTHING
    assert room.snapshot("ana", NOW)["poll"]["pollId"] == "p2"


def test_a_vote_for_what_is_not_there_is_refused():
    room = polled("ana")
    with pytest.raises(NotFound):
        room.vote("ana", "other", "0", NOW)
    with pytest.raises(NotFound):
        room.close_poll("sam", "other", NOW)
    for option in ("2", "-1", "Tea", ""):
        with pytest.raises(InvalidInput, match="0 to 1"):
            room.vote("ana", "p", option, NOW)


@pytest.mark.parametrize(
    ("question", "options", "duration_s"),
    [
        ("Tea?", ["Yes"], None),
        ("Tea?", [str(n) for n in range(11)], None),
        ("Tea?", ["Yes", "Yes "], None),
        ("Tea?", ["Yes", " "], None),
        (" ", ["Yes", "No"], None),
        ("Tea?", ["Yes", "No"], 0.0),
        ("Tea?", ["Yes", "No"], float("nan")),
    ],
)
def test_a_poll_that_nobody_could_answer_is_refused(question, options, duration_s):
    with pytest.raises(InvalidInput):
        room_with("ana").open_poll("sam", "p", question, options, NOW, duration_s=duration_s)


def test_questions_that_most_people_want_answered_come_first():
    room = room_with("ana", "ben", "eve")
    room.ask("ana", "First?", NOW, "q1")
    room.ask("ben", "Second?", NOW + 1, "q2")
    assert kinds(room.upvote("ana", "q2", NOW + 2)) == [Kind.UPVOTE]
    assert room.upvote("ana", "q2", NOW + 3) == NOTHING
    shown = room.snapshot("ana", NOW)["questions"]
    assert [(each["questionId"], each["upvotes"], each["upvoted"]) for each in shown] == [
        ("q2", 1, True),
        ("q1", 0, False),
    ]


def test_questions_that_changed_are_sent_once_a_second():
    room = room_with("ana", "ben")
    room.advance(NOW)
    room.ask("ana", "Why?", NOW, "q1")
    room.upvote("ben", "q1", NOW)
    (sent,) = frames(room.advance(NOW + 1), "qna.updated")
    assert [(each["questionId"], each["upvotes"]) for each in sent["questions"]] == [("q1", 1)]
    assert frames(room.advance(NOW + 2), "qna.updated") == []


def test_an_answered_question_is_no_longer_shown_nor_voted_for():
    room = room_with("ana", "ben")
    room.ask("ana", "Why?", NOW, "q1")
    effects = room.answered("sam", "q1", NOW + 1)
    assert [(signal.kind, signal.author) for signal in effects.signals] == [(Kind.ANSWERED, Author.HOST)]
    assert room.answered("sam", "q1", NOW + 2) == NOTHING
    assert room.snapshot("ben", NOW)["questions"] == []
    with pytest.raises(Conflict, match="answered"):
        room.upvote("ben", "q1", NOW + 3)


def test_nobody_votes_for_their_own_question_or_one_that_is_not_there():
    room = room_with("ana")
    room.ask("ana", "Why?", NOW, "q1")
    assert room.ask("ana", "Why?", NOW, "q1") == NOTHING
    with pytest.raises(Conflict, match="own"):
        room.upvote("ana", "q1", NOW)
    with pytest.raises(NotFound):
        room.upvote("ana", "q2", NOW)
    with pytest.raises(NotFound):
        room.answered("sam", "q2", NOW)
    with pytest.raises(InvalidInput, match="500"):
        room.ask("ana", "x" * 501, NOW, "q3")


def test_answered_questions_are_forgotten_first():
    room = room_with("ana", params=LiveParams(questions_kept=2))
    room.ask("ana", "One?", NOW, "q1")
    room.ask("ana", "Two?", NOW, "q2")
    room.answered("sam", "q2", NOW)
    room.ask("ana", "Three?", NOW, "q3")
    room.ask("ana", "Four?", NOW, "q4")
    assert [each["questionId"] for each in room.snapshot("ana", NOW)["questions"]] == ["q3", "q4"]
