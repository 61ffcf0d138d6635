"""What a room takes from the stream: other platforms, and its own past."""

from tests.live_rooms import NOW, frames, kinds, room_with

from conductor.domain.sessions import SessionProfile
from conductor.domain.signals import (
    Author,
    ChatDetail,
    JoinDetail,
    Kind,
    PollDetail,
    QuestionDetail,
    ReactionDetail,
    Signal,
    StartDetail,
)
from conductor.live.effects import NOTHING
from conductor.live.room import Room


def heard(kind, at=NOW, user_id="zoe", detail=None, author=Author.ATTENDEE, amount=1):
    return Signal("s", "e", at, kind, user_id, amount, author, 0.0, detail)


def test_people_and_messages_of_another_platform_are_shown_here():
    room = room_with("ana")
    room.apply(heard(Kind.JOIN, detail=JoinDetail(first_session=True)))
    said = room.apply(heard(Kind.CHAT, detail=ChatDetail("z1", "hello from afar")))
    assert [each["content"] for each in frames(said, "chat.message")] == ["hello from afar"]
    assert room.present_count() == 2
    assert said.signals == ()


def test_messages_without_an_id_or_a_text_are_told_apart_or_left_out():
    room = room_with("ana")
    first = heard(Kind.CHAT, detail=ChatDetail(None, "hello"))
    assert room.apply(first) != NOTHING
    assert room.apply(first) == NOTHING
    assert room.apply(heard(Kind.CHAT, NOW + 1, detail=ChatDetail(None, "hello"))) != NOTHING
    assert room.apply(heard(Kind.CHAT, NOW + 2, detail=ChatDetail("z", None))) == NOTHING


def test_who_sends_signs_of_life_elsewhere_has_left_when_these_stop():
    room = room_with()
    room.apply(heard(Kind.JOIN))
    room.apply(heard(Kind.JOIN, user_id="quiet"))
    room.apply(heard(Kind.HEARTBEAT, NOW + 60))
    assert Kind.LEAVE not in kinds(room.advance(NOW + 200))
    left = room.advance(NOW + 211)
    assert [signal.user_id for signal in left.signals if signal.kind is Kind.LEAVE] == ["zoe"]
    assert room.present_count() == 1


def test_after_a_restart_those_who_come_back_have_not_joined_again():
    before = room_with("ana", "ben")
    again = Room("s", "e", NOW + 100)
    for user_id in ("ana", "ben"):
        again.apply(heard(Kind.JOIN, user_id=user_id))
    for signal in before.advance(NOW).signals:
        again.apply(signal)
    assert again.join("ana", "Ana", "new", NOW + 100).signals == ()
    left = [signal.user_id for signal in again.advance(NOW + 151).signals if signal.kind is Kind.LEAVE]
    assert left == ["ben"]


def test_somebody_who_leaves_elsewhere_but_is_connected_here_stays():
    room = room_with("ana")
    room.apply(heard(Kind.LEAVE, NOW + 1, "ana"))
    assert room.present_count() == 1


def test_a_poll_of_another_platform_takes_votes_by_number_or_by_words():
    room = room_with("ana")
    shown = room.apply(heard(Kind.POLL_OPENED, detail=PollDetail("zp", "Tea?", ("Yes", "No"))))
    assert frames(shown, "poll.launched")[0]["question"] == "Tea?"
    for user_id, option in (("zoe", "0"), ("yan", "Yes"), (None, "1"), ("xia", "maybe")):
        room.apply(heard(Kind.VOTE, user_id=user_id, detail=PollDetail("zp", option_id=option)))
    room.apply(heard(Kind.VOTE, detail=PollDetail("unknown", option_id="0")))
    closed = room.apply(heard(Kind.POLL_CLOSED, NOW + 9, None, PollDetail("zp")))
    (results,) = frames(closed, "poll.closed")
    assert [each["votes"] for each in results["options"]] == [2, 1]
    room.apply(heard(Kind.VOTE, NOW + 10, "wes", PollDetail("zp", option_id="0")))
    assert room.apply(heard(Kind.POLL_CLOSED, NOW + 11, None, PollDetail("zp"))) == NOTHING


def test_questions_of_another_platform_can_be_upvoted_and_answered():
    room = room_with("ana")
    room.apply(heard(Kind.QUESTION, detail=QuestionDetail("zq", "Why?")))
    room.apply(heard(Kind.QUESTION, detail=QuestionDetail("empty")))
    for user_id in (None, "yan", "yan"):
        room.apply(heard(Kind.UPVOTE, user_id=user_id, detail=QuestionDetail("zq")))
    room.apply(heard(Kind.UPVOTE, detail=QuestionDetail("empty")))
    assert [(each["questionId"], each["upvotes"]) for each in room.snapshot("ana", NOW)["questions"]] == [("zq", 2)]
    room.apply(heard(Kind.ANSWERED, detail=QuestionDetail("zq"), author=Author.HOST))
    assert room.snapshot("ana", NOW)["questions"] == []


def test_reactions_from_elsewhere_are_counted_unless_they_are_old_or_our_own():
    room = room_with("ana")
    room.advance(NOW)
    (own,) = room.react("ana", "👏", NOW).signals
    room.apply(own)
    room.apply(heard(Kind.REACTION, detail=ReactionDetail("👏"), amount=3))
    room.apply(heard(Kind.REACTION, NOW - 60, detail=ReactionDetail("👏")))
    assert frames(room.advance(NOW + 1), "reaction.tick") == [{"counts": {"👏": 4}}]


def test_the_end_of_a_session_is_shown_at_once_and_once_until_it_starts_again():
    room = room_with("ana")
    assert frames(room.apply(heard(Kind.ENDED, NOW + 10)), "session.ended") == [{"sessionId": "s"}]
    assert room.apply(heard(Kind.ENDED, NOW + 11)) == NOTHING
    room.apply(heard(Kind.STARTED, NOW + 20, detail=StartDetail(SessionProfile())))
    assert frames(room.apply(heard(Kind.ENDED, NOW + 30)), "session.ended") == [{"sessionId": "s"}]


def test_the_title_is_shown_and_a_session_that_ended_may_start_again():
    room = room_with("ana")
    room.apply(heard(Kind.STARTED, detail=StartDetail(SessionProfile("On storing things"))))
    room.apply(heard(Kind.ENDED, NOW + 10))
    assert [room.snapshot("ana", NOW)[name] for name in ("title", "ended")] == ["On storing things", True]
    room.apply(heard(Kind.STARTED, NOW + 5, detail=StartDetail(SessionProfile("On storing things"))))
    assert room.snapshot("ana", NOW)["ended"]
    room.apply(heard(Kind.STARTED, NOW + 20, detail=StartDetail(SessionProfile("Again"))))
    assert not room.snapshot("ana", NOW)["ended"]


def test_a_bot_is_nobody_in_the_room():
    room = room_with("ana")
    said = room.apply(heard(Kind.CHAT, user_id="bot", detail=ChatDetail("b1", "reminder"), author=Author.BOT))
    assert frames(said, "chat.message")[0]["author"] == "bot"
    assert room.present_count() == 1
