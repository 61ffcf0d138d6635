"""Laws of rooms: they are what the stream says of them, whatever people do."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.live_rooms import NOW

from conductor.domain.interventions import DEFAULT_LABEL, Content, PollContent, PromptContent, QnaContent, QnaStrategy
from conductor.domain.sessions import Phase
from conductor.errors import ConductorError
from conductor.live.effects import NOTHING, gathered
from conductor.live.params import LiveParams
from conductor.live.room import Room
from conductor.wire import dump_signal, parse_signal
from conductor.wire.actions import Action, ActionName

PEOPLE = ("ana", "ben", "eve")
SMALL = LiveParams(chat_kept=3, questions_kept=3, polls_kept=3, people_most=3, actions_kept=3)
NOT_IN_SIGNALS = {"displayName", "slide"}
"""Names stay with those who bear them, and no signal says which slide it is."""

people = st.sampled_from(PEOPLE)
ids = st.sampled_from("12") | st.sampled_from("123456")
connections = st.sampled_from(["a", "b", "c", "d"])
texts = st.sampled_from(["Why?", "Tea", "a\u202eb\x00c"]) | st.text(max_size=20)
CONTENTS: dict[ActionName, Content] = {
    ActionName.POLL_LAUNCH: PollContent("Tea or coffee?", ("Tea", "Coffee", "Neither")),
    ActionName.CHAT_POST: PromptContent("What would you try first?"),
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
    "open_poll": (people, ids, texts),
    "close_poll": (people, ids),
    "act": (st.sampled_from([*CONTENTS]), ids),
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
    name, action_id = what
    action = Action(f"i{action_id}", name, "s", "e", DEFAULT_LABEL, now, CONTENTS[name])
    return room.act(action, now)[0]


DOING = {
    "focus": lambda room, what, now: room.focus(what[0], now, focused=what[1]),
    "chat": lambda room, what, now: room.chat(what[0], what[1], now, what[2]),
    "ask": lambda room, what, now: room.ask(what[0], what[1], now, what[2]),
    "phase": lambda room, what, now: room.phase(what[0], what[1], now, interruptible=what[2]),
    "open_poll": lambda room, what, now: room.open_poll(what[0], what[1], what[2], ["a", "b"], now),
    "act": act,
}


BEFORE = (
    ("join", "ana", "Ana", "a"),
    ("join", "ben", "Ben", "b"),
    ("open_poll", "ana", "1", "Tea?"),
    ("ask", "ana", "Why?", "1"),
)
"""With these every evening begins, so that there is something to vote for."""


def live(evening, params=None):
    """A room in which all of this was done, what followed, and when it was over."""
    room, now = Room("s", "e", NOW, params), NOW
    effects = [do(room, deed, now) for deed in BEFORE]
    for deed, pause_s in evening:
        effects += [do(room, deed, now), room.advance(now + pause_s / 2)]
        now += pause_s
    return room, gathered(effects), now


def shown(room, now):
    """What each person sees, as far as signals can say it."""
    return {user_id: without(room.snapshot(user_id, now)) for user_id in PEOPLE}


def without(value):
    if isinstance(value, dict):
        return {name: without(each) for name, each in value.items() if name not in NOT_IN_SIGNALS}
    return [without(each) for each in value] if isinstance(value, list) else value


@given(evenings, st.sampled_from([None, SMALL]))
def test_a_room_is_rebuilt_from_its_own_signals(evening, params):
    room, followed, now = live(evening, params)
    again = Room("s", "e", NOW, params)
    for signal in followed.signals:
        again.apply(parse_signal(*dump_signal(signal), session_id="s", event_id="e"))
    assert shown(again, now) == shown(room, now)
    assert again.present_count() == room.present_count()


@given(evenings)
def test_a_rebuilt_room_launches_nothing_of_the_agents_a_second_time(evening):
    _, followed, now = live(evening)
    again = Room("s", "e", NOW)
    for signal in followed.signals:
        again.apply(signal)
    before = shown(again, now)
    for deed, _ in evening:
        if deed[0] == "act" and any(deed[2] == action_id for action_id in acted(followed)):
            assert do(again, deed, now) == NOTHING
    assert shown(again, now) == before


def acted(followed):
    """The ids of what the agent did, as far as the bus was told."""
    named = (
        getattr(signal.detail, field, None) or ""
        for signal in followed.signals
        for field in ("message_id", "poll_id", "question_id")
    )
    return {name.removeprefix("i") for name in named if name.startswith("i")}


@given(evenings)
def test_what_a_room_said_itself_changes_nothing_when_it_comes_back(evening):
    room, followed, now = live(evening)
    # What waits for the next tick is sent first.
    room.advance(now + 1.0)
    before = shown(room, now)
    assert [frame for signal in followed.signals for frame in room.apply(signal).frames] == []
    assert shown(room, now) == before
    late = room.advance(now + 2.0)
    assert {frame.name for frame in late.frames} <= {"poll.results", "poll.closed", "presence.count"}


@given(evenings)
def test_the_same_deeds_at_the_same_times_have_the_same_effects(evening):
    assert live(evening)[1] == live(evening)[1]


@given(evenings, st.sampled_from([None, SMALL]))
def test_everything_that_is_sent_is_json_and_within_bounds(evening, params):
    room, followed, now = live(evening, params)
    for frame in followed.frames:
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
