"""A room: who is in it, and what they say, vote, ask and feel."""

import pytest
from tests.live_rooms import NOW, frames, kinds, room_with

from conductor.domain.sessions import Phase
from conductor.domain.signals import Author, Kind
from conductor.errors import Conflict, InvalidInput, NotFound
from conductor.live.effects import NOTHING, Lane, Role
from conductor.live.params import LiveParams
from conductor.live.room import Room
from conductor.live.rooms import Rooms


def test_the_first_to_come_is_a_join_and_their_second_window_is_none():
    room = Room("s", "e", NOW)
    assert kinds(room.join("ana", "Ana", "c1", NOW, first_session=True)) == [Kind.JOIN]
    assert room.join("ana", "Ana", "c2", NOW + 1) == NOTHING
    assert room.present_count() == 1


def test_somebody_whose_connection_broke_leaves_ten_seconds_later():
    room = room_with("ana", "ben")
    room.disconnect("ana-1", NOW + 1)
    assert Kind.LEAVE not in kinds(room.advance(NOW + 10.9))
    assert kinds(room.advance(NOW + 11.1)).count(Kind.LEAVE) == 1
    assert room.present_count() == 1


def test_somebody_who_reloads_in_time_neither_leaves_nor_joins_again():
    room = room_with("ana")
    room.disconnect("ana-1", NOW + 1)
    assert room.join("ana", "Ana", "ana-2", NOW + 5) == NOTHING
    assert Kind.LEAVE not in kinds(room.advance(NOW + 60))
    assert room.present_count() == 1


def test_with_another_window_open_nobody_leaves():
    room = room_with("ana")
    room.join("ana", "Ana", "ana-2", NOW)
    assert room.leave("ana-1", NOW + 1) == NOTHING
    assert kinds(room.leave("ana-2", NOW + 2)) == [Kind.LEAVE]
    assert room.leave("ana-2", NOW + 3) == NOTHING


def test_a_connection_that_is_unknown_changes_nothing_when_it_goes():
    room = room_with("ana")
    assert room.disconnect("other", NOW) == NOTHING
    assert room.present_count() == 1


def test_the_stream_hears_of_everybody_at_once_and_then_every_minute():
    room = room_with("ana", "ben")
    heard = [kinds(room.advance(NOW + t)).count(Kind.HEARTBEAT) for t in (0, 1, 59, 60, 61, 120)]
    assert heard == [2, 0, 0, 2, 0, 2]


def test_the_room_says_that_it_is_alive_once_somebody_came():
    room = Room("s", "e", NOW)
    assert Kind.SOURCE_HEARTBEAT not in kinds(room.advance(NOW))
    room.join("ana", "Ana", "c", NOW)
    alive = [Kind.SOURCE_HEARTBEAT in kinds(room.advance(NOW + t)) for t in (0.5, 1.0, 2.4, 2.5)]
    assert alive == [True, False, False, True]


def test_how_many_are_here_is_said_when_it_changes_and_once_a_second_at_most():
    room = room_with("ana")
    assert frames(room.advance(NOW), "presence.count") == [{"count": 1}]
    room.join("ben", "Ben", "b", NOW)
    assert frames(room.advance(NOW + 0.5), "presence.count") == []
    assert frames(room.advance(NOW + 1), "presence.count") == [{"count": 2}]
    assert frames(room.advance(NOW + 2), "presence.count") == []


def test_a_full_room_takes_nobody_more_until_somebody_leaves():
    room = Room("s", "e", NOW, LiveParams(people_most=1))
    room.join("ana", "Ana", "a", NOW)
    with pytest.raises(Conflict, match="full"):
        room.join("ben", "Ben", "b", NOW)
    room.leave("a", NOW + 1)
    assert kinds(room.join("ben", "Ben", "b", NOW + 2)) == [Kind.JOIN]


def test_a_connection_belongs_to_one_person():
    room = room_with("ana")
    with pytest.raises(Conflict, match="somebody else"):
        room.join("ben", "Ben", "ana-1", NOW)


def test_looking_elsewhere_is_said_once():
    room = room_with("ana")
    assert room.focus("ana", NOW, focused=True) == NOTHING
    assert kinds(room.focus("ana", NOW, focused=False)) == [Kind.BLUR]
    assert room.focus("ana", NOW, focused=False) == NOTHING
    assert kinds(room.focus("ana", NOW, focused=True)) == [Kind.FOCUS]


@pytest.mark.parametrize(
    "do",
    [
        lambda room: room.chat("eve", "hello", NOW, "m"),
        lambda room: room.react("eve", "👏", NOW),
        lambda room: room.vote("eve", "p", "0", NOW),
        lambda room: room.ask("eve", "why?", NOW, "q"),
        lambda room: room.upvote("eve", "q", NOW),
        lambda room: room.heartbeat("eve", NOW),
        lambda room: room.focus("eve", NOW, focused=False),
    ],
)
def test_who_has_not_joined_can_do_nothing(do):
    with pytest.raises(Conflict, match="join it first"):
        do(room_with("ana"))


def test_a_message_goes_to_everybody_under_the_name_of_who_wrote_it():
    effects = room_with("ana").chat("ana", " Is this\r\nit? ", NOW, "m1", author=Author.HOST)
    (signal,), (frame,) = effects.signals, effects.frames
    assert (signal.kind, signal.user_id, signal.author, signal.detail.is_question) == (
        Kind.CHAT,
        "ana",
        Author.HOST,
        True,
    )
    assert (frame.name, frame.to, frame.lane) == ("chat.message", Role.EVERYBODY, Lane.CHAT)
    assert frame.payload["content"] == "Is this\nit?"
    assert frame.payload["displayName"] == "Ana"


def test_the_same_message_again_changes_nothing():
    room = room_with("ana")
    room.chat("ana", "hello", NOW, "m1")
    assert room.chat("ana", "hello", NOW + 1, "m1") == NOTHING
    assert len(room.snapshot("ana", NOW)["chat"]) == 1


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\x07", "\u202e\u200f", "x" * 2001, "half \ud83d"])
def test_a_message_that_cannot_be_shown_is_refused(text):
    with pytest.raises(InvalidInput):
        room_with("ana").chat("ana", text, NOW, "m1")


def test_marks_that_turn_writing_around_and_control_characters_go():
    room = room_with("ana")
    room.join("eve", "\u202eAna\x07 B\n", "e", NOW)
    assert room.snapshot("eve", NOW)["you"]["displayName"] == "Ana  B"


@pytest.mark.parametrize("name", ["", "x" * 61, "\x00"])
def test_a_name_that_cannot_be_shown_is_refused_and_nobody_comes(name):
    room = Room("s", "e", NOW)
    with pytest.raises(InvalidInput):
        room.join("ana", name, "c", NOW)
    assert room.present_count() == 0


def test_who_comes_gets_the_last_fifty_messages_and_the_room_keeps_two_hundred():
    room = room_with("ana")
    for n in range(260):
        room.chat("ana", f"message {n}", NOW + n, f"m{n}")
    shown = room.snapshot("ana", NOW)["chat"]
    assert [shown[0]["content"], shown[-1]["content"], len(shown)] == ["message 210", "message 259", 50]
    assert room.chat("ana", "again", NOW + 300, "m59") != NOTHING
    assert room.chat("ana", "again", NOW + 300, "m62") == NOTHING


def test_reactions_are_counted_and_sent_once_a_second():
    room = room_with("ana", "ben")
    room.advance(NOW)
    room.react("ana", "👏", NOW)
    room.react("ben", "👏", NOW)
    room.react("ben", "🎉", NOW)
    assert frames(room.advance(NOW + 0.5), "reaction.tick") == []
    assert frames(room.advance(NOW + 1), "reaction.tick") == [{"counts": {"👏": 2, "🎉": 1}}]
    assert frames(room.advance(NOW + 2), "reaction.tick") == []


def test_nobody_floods_the_room_with_reactions():
    room = room_with("ana")
    assert room.react("ana", "👏", NOW) != NOTHING
    assert room.react("ana", "👏", NOW + 0.4) == NOTHING
    assert room.react("ana", "👏", NOW + 0.5) != NOTHING
    counted = [room.react("ana", emoji, NOW + 0.6) != NOTHING for emoji in "😀😁😂😃😄"]
    assert counted == [True, True, True, False, False]
    assert room.react("ana", "👍", NOW + 1.7) != NOTHING


@pytest.mark.parametrize("emoji", ["", "two words", "a\n", "\x00", "👏" * 17])
def test_a_reaction_that_is_no_emoji_is_refused(emoji):
    with pytest.raises(InvalidInput):
        room_with("ana").react("ana", emoji, NOW)


def test_the_speaker_turns_slides_and_says_where_the_session_stands():
    room = room_with("ana")
    turned = room.slide("ana", 3, NOW)
    assert (kinds(turned), frames(turned, "content.slide")) == ([Kind.SLIDE], [{"slide": 3}])
    assert room.slide("ana", 3, NOW) == NOTHING
    said = room.phase("sam", Phase.QA, NOW, interruptible=False)
    assert frames(said, "content.phase") == [{"phase": "qa", "interruptible": False}]
    assert said.signals[0].user_id is None
    assert room.phase("sam", Phase.QA, NOW, interruptible=False) == NOTHING
    with pytest.raises(InvalidInput):
        room.slide("ana", -1, NOW)


def test_rooms_are_opened_when_needed_and_freed_when_over():
    rooms = Rooms(LiveParams(empty_s=60.0, ended_s=30.0))
    rooms.open("a", "e", NOW).join("ana", "Ana", "c", NOW)
    rooms.open("b", "e", NOW)
    rooms.free(NOW + 61)
    assert rooms.session_ids() == ("a",)
    rooms.apply(rooms.room("a").join("ben", "Ben", "d", NOW + 62).signals[0]._replace(kind=Kind.ENDED, detail=None))
    with pytest.raises(Conflict, match="ended"):
        rooms.room("a").chat("ana", "late", NOW + 63, "m")
    rooms.free(NOW + 92)
    assert len(rooms) == 0
    with pytest.raises(NotFound):
        rooms.room("a")


def test_no_room_is_opened_for_stragglers_nor_beyond_what_fits():
    rooms = Rooms(LiveParams(rooms_most=1))
    join = Room("a", "e", NOW).join("ana", "Ana", "c", NOW).signals[0]
    assert rooms.apply(join._replace(kind=Kind.LEAVE)) == NOTHING
    assert rooms.apply(join._replace(kind=Kind.SOURCE_HEARTBEAT)) == NOTHING
    assert len(rooms) == 0
    rooms.apply(join)
    rooms.apply(join._replace(session_id="b"))
    assert rooms.session_ids() == ("a",)
    with pytest.raises(Conflict, match="no more fit"):
        rooms.open("b", "e", NOW)
    with pytest.raises(Conflict, match="another event"):
        rooms.open("a", "other", NOW)
