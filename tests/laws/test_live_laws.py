"""Laws of rooms: they are what the stream says of them, whatever people do."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.live_rooms import NOW

from conductor.domain.interventions import (
    DEFAULT_LABEL,
    Content,
    NudgeContent,
    PollContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.sessions import Phase
from conductor.domain.signals import Signal
from conductor.errors import ConductorError
from conductor.live.effects import NOTHING
from conductor.live.params import LiveParams
from conductor.live.room import Room
from conductor.wire import dump_signal, parse_signal
from conductor.wire.actions import Action, ActionName
from conductor.wire.reading import json_bytes
from conductor.wire.rooms import CarriedOut, dump_note, is_note, read_note

PEOPLE = ("ana", "ben", "eve")
SMALL = LiveParams(chat_kept=3, questions_kept=3, polls_kept=3, people_most=3, actions_kept=3)
people = st.sampled_from(PEOPLE)
ids = st.sampled_from("12") | st.sampled_from("123456")
connections = st.sampled_from(["a", "b", "c", "d"])
texts = st.sampled_from(["Why?", "Tea", "a\u202eb\x00c"]) | st.text(max_size=20)
CONTENTS: dict[ActionName, Content] = {
    ActionName.POLL_LAUNCH: PollContent("Tea or coffee?", ("Tea", "Coffee", "Neither")),
    ActionName.CHAT_POST: PromptContent("What would you try first?"),
    ActionName.NUDGE_SEND: NudgeContent("Hi {{name}}, {{action}}", "say hello", Segment.LURKERS, 20.0),
    ActionName.QNA_PROMOTE: QnaContent(QnaStrategy.SURFACE_BEST, ("1", "2", "3")),
    ActionName.QNA_SEED: QnaContent(QnaStrategy.SEED_QUESTION, message="How was it tested?"),
}
DEEDS = {
    "join": (people, texts, connections),
    "leave": (connections,),
    "disconnect": (connections,),
    "focus": (people, st.booleans()),
    "chat": (people, texts, ids),
    "react": (people, st.sampled_from("😀😁") | texts),
    "vote": (people, ids, st.sampled_from("01")),
    "ask": (people, texts, ids),
    "upvote": (people, ids),
    "answered": (people, ids),
    "slide": (people, st.integers(-1, 9)),
    "phase": (people, st.sampled_from(Phase), st.booleans()),
    "open_poll": (people, ids, texts, st.none() | st.just(3.0), st.booleans()),
    "close_poll": (people, ids),
    "act": (st.sampled_from([*CONTENTS]), ids, st.none() | st.just(("ana",)), st.sampled_from([DEFAULT_LABEL, "Robo"])),
}
deeds = st.sampled_from([*DEEDS]).flatmap(lambda name: st.tuples(st.just(name), *DEEDS[name]))
steps = st.tuples(deeds, st.sampled_from([0.25, 1.0, 5.0, 11.0, 70.0]))
evenings = st.lists(steps, min_size=10, max_size=60)


def do(room, deed, now):
    """One deed; what is refused, in one printable line, does nothing."""
    name, *what = deed
    refused = ""
    try:
        effects = DOING.get(name, plainly(name))(room, what, now)
    except ConductorError as error:
        effects, refused = NOTHING, error.message
    assert refused.isprintable()
    return effects


def plainly(name):
    """A deed whose last argument is the time."""
    return lambda room, what, now: getattr(room, name)(*what, now)


def act(room, what, now):
    name, action_id, user_ids, label = what
    action = Action(f"i{action_id}", name, "s", "e", label, now, CONTENTS[name], user_ids)
    return room.act(action, now)[0]


DOING = {
    "focus": lambda room, what, now: room.focus(what[0], now, focused=what[1]),
    "chat": lambda room, what, now: room.chat(what[0], what[1], now, what[2]),
    "ask": lambda room, what, now: room.ask(what[0], what[1], now, what[2]),
    "phase": lambda room, what, now: room.phase(what[0], what[1], now, interruptible=what[2]),
    "open_poll": lambda room, what, now: room.open_poll(
        *what[:3], ["a", "b"], now, duration_s=what[3], show_results=what[4]
    ),
    "act": act,
}


BEFORE = (
    ("join", "ana", "Ana", "a"),
    ("join", "ben", "Ben", "b"),
    ("open_poll", "ana", "1", "Tea?", None, True),
    ("ask", "ana", "Why?", "1"),
)
"""With these every evening begins, so that there is something to vote for."""


def live(evening, params=None):
    """A room in which all of this was done, what followed, and when it was over."""
    room, now = Room("s", "e", NOW, params), NOW
    followed = [do(room, deed, now) for deed in BEFORE]
    for deed, pause_s in evening:
        followed += [do(room, deed, now), room.advance(now + pause_s / 2)]
        now += pause_s
    return room, followed, now


def stream_of(followed):
    """What is kept of all this in the stream."""
    return [fields(each) for effects in followed for each in effects.kept]


def fields(kept):
    """A signal or note as a field of the stream."""
    channel, body = dump_signal(kept) if isinstance(kept, Signal) else dump_note(kept)
    return channel, json_bytes(body)


def rebuilt(stream, params=None):
    """Another room, made of what the stream holds."""
    again = Room("s", "e", NOW, params)
    for channel, body in stream:
        if is_note(channel):
            again.recall(read_note(channel, body))
        else:
            again.apply(parse_signal(channel, body, session_id="s", event_id="e"))
    return again


def shown(room, now):
    """What each person sees."""
    return {user_id: room.snapshot(user_id, now) for user_id in PEOPLE}


@given(evenings, st.sampled_from([None, SMALL]))
def test_a_room_is_rebuilt_from_its_own_stream(evening, params):
    room, followed, now = live(evening, params)
    again = rebuilt(stream_of(followed), params)
    assert shown(again, now) == shown(room, now)
    assert again.present_count() == room.present_count()


@given(evenings)
def test_a_rebuilt_room_does_nothing_of_the_agents_a_second_time_and_gives_the_same_numbers(evening):
    room, followed, now = live(evening)
    stream = stream_of(followed)
    again = rebuilt(stream)
    before = shown(again, now)
    for action in done_in(stream):
        assert again.act(action, now) == room.act(action, now)
        assert again.act(action, now)[0] == NOTHING
    assert shown(again, now) == before


def done_in(stream):
    """The actions that the room carried out."""
    notes = [read_note(channel, body) for channel, body in stream if is_note(channel)]
    return [note.action for note in notes if isinstance(note, CarriedOut)]


@given(evenings)
def test_what_a_room_said_itself_changes_nothing_when_it_comes_back(evening):
    room, followed, now = live(evening)
    # What waits for the next tick is sent first.
    room.advance(now + 1.0)
    before = shown(room, now)
    again = [room.recall(each) for effects in followed for each in effects.notes]
    again += [room.apply(each) for effects in followed for each in effects.signals]
    assert [frame for each in again for frame in each.frames] == []
    assert shown(room, now) == before
    late = room.advance(now + 2.0)
    assert {frame.name for frame in late.frames} <= {"poll.results", "poll.closed", "presence.count"}


@given(evenings)
def test_the_same_deeds_at_the_same_times_have_the_same_effects(evening):
    assert live(evening)[1] == live(evening)[1]


@given(evenings, st.sampled_from([None, SMALL]))
def test_everything_that_is_sent_is_json_and_within_bounds(evening, params):
    room, followed, now = live(evening, params)
    for frame in (frame for effects in followed for frame in effects.frames):
        msgspec.json.encode(frame.payload)
    for user_id in PEOPLE:
        snapshot = room.snapshot(user_id, now)
        msgspec.json.encode(snapshot)
        assert len(snapshot["chat"]) <= 50
    assert room.present_count() <= len(PEOPLE)


@given(evenings)
def test_when_all_connections_are_gone_so_is_everybody(evening):
    room, _, now = live(evening)
    for connection_id in "abcd":
        room.disconnect(connection_id, now)
    room.advance(now + 11.0)
    assert room.present_count() == 0
