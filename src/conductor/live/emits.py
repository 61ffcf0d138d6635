"""What people may emit: one table of names, shapes, rights and what is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from conductor.access.rights import Right, Role
from conductor.domain.signals import Author
from conductor.live.effects import Effects
from conductor.live.hall import Hall
from conductor.live.people import Connection
from conductor.live.presence import NAMELESS
from conductor.live.room import Room
from conductor.live.texts import NAME_CHARS, cleaned
from conductor.wire.sockets import (
    Emit,
    FocusEmit,
    JoinEmit,
    PhaseEmit,
    PollCloseEmit,
    PollEmit,
    QuestionEmit,
    ReactionEmit,
    SessionEmit,
    SlideEmit,
    TextEmit,
    VoteEmit,
    read_emit,
)

Said = dict[str, object]
"""What the answer says beside `ok`."""

E = TypeVar("E", bound=Emit)


@dataclass(frozen=True, slots=True)
class Rule(Generic[E]):
    """One event that people may emit.

    Attributes:
        shape: The shape of its payload.
        right: Who may.
        act: What is done; it is given the right, to check it for the session concerned.
    """

    name: str
    shape: type[E]
    right: Right
    act: Callable[[Hall, Connection, Right, E], Said]

    def carry_out(self, hall: Hall, connection: Connection, payload: object) -> Said:
        """Do it.

        Raises:
            ConductorError: It does not fit, is not allowed, or is not possible now.
        """
        return self.act(hall, connection, self.right, read_emit(self.shape, self.name, payload))


def _subscribe(hall: Hall, connection: Connection, right: Right, emit: SessionEmit) -> Said:
    hall.allow(connection, right, emit.session_id, emit.event_id)
    hall.watch(connection, emit.session_id)
    return {}


def _unsubscribe(hall: Hall, connection: Connection, _right: Right, emit: SessionEmit) -> Said:
    hall.unwatch(connection, emit.session_id)
    return {}


def _join(hall: Hall, connection: Connection, right: Right, emit: JoinEmit) -> Said:
    event_id = hall.allow(connection, right, emit.session_id, emit.event_id)
    now, who = hall.clock(), connection.principal
    # Checked first: whoever is refused leaves no empty room behind.
    name = cleaned(emit.display_name or who.name or NAMELESS, "A display name", NAME_CHARS)
    room = hall.rooms.open(emit.session_id, event_id, now)
    happened = room.join(who.user_id, name, connection.sid, now, first_session=emit.is_first_session)
    # Only now: whoever is refused there stays here.
    if connection.session_id not in {None, emit.session_id}:
        _leave(hall, connection, right, emit)
    hall.admit(connection, emit.session_id)
    hall.perform(emit.session_id, happened)
    return {"userId": who.user_id, "role": who.role.value}


def _leave(hall: Hall, connection: Connection, right: Right, _emit: Emit) -> Said:
    room = hall.joined(connection, right)
    hall.dismiss(connection)
    hall.perform(room.session_id, room.leave(connection.sid, hall.clock()))
    return {}


def _chat(hall: Hall, connection: Connection, right: Right, emit: TextEmit) -> Said:
    room, who, message_id = hall.joined(connection, right), connection.principal, hall.ids()
    author = Author.ATTENDEE if who.role is Role.ATTENDEE else Author.HOST
    hall.perform(room.session_id, room.chat(who.user_id, emit.content, hall.clock(), message_id, author=author))
    return {"messageId": message_id}


def _ask(hall: Hall, connection: Connection, right: Right, emit: TextEmit) -> Said:
    room, question_id = hall.joined(connection, right), hall.ids()
    hall.perform(room.session_id, room.ask(connection.principal.user_id, emit.content, hall.clock(), question_id))
    return {"questionId": question_id}


def _open_poll(hall: Hall, connection: Connection, right: Right, emit: PollEmit) -> Said:
    room, poll_id = hall.joined(connection, right), hall.ids()
    happened = room.open_poll(
        connection.principal.user_id,
        poll_id,
        emit.question,
        emit.options,
        hall.clock(),
        duration_s=emit.duration_s,
        show_results=emit.show_results,
    )
    hall.perform(room.session_id, happened)
    return {"pollId": poll_id}


def _in_room(name: str, shape: type[E], right: Right, act: Callable[[Room, str, E, float], Effects]) -> Rule[E]:
    """A rule for what somebody does in the room that they joined, with nothing to say but that it was done."""

    def done(hall: Hall, connection: Connection, right: Right, emit: E) -> Said:
        room = hall.joined(connection, right)
        hall.perform(room.session_id, act(room, connection.principal.user_id, emit, hall.clock()))
        return {}

    return Rule(name, shape, right, done)


def _focus(room: Room, user_id: str, emit: FocusEmit, now: float) -> Effects:
    return room.focus(user_id, now, focused=emit.focused)


def _phase(room: Room, user_id: str, emit: PhaseEmit, now: float) -> Effects:
    return room.phase(user_id, emit.phase, now, interruptible=emit.interruptible)


AnyRule = (
    Rule[Emit]
    | Rule[SessionEmit]
    | Rule[JoinEmit]
    | Rule[FocusEmit]
    | Rule[TextEmit]
    | Rule[ReactionEmit]
    | Rule[VoteEmit]
    | Rule[QuestionEmit]
    | Rule[SlideEmit]
    | Rule[PhaseEmit]
    | Rule[PollEmit]
    | Rule[PollCloseEmit]
)

_ALL: tuple[AnyRule, ...] = (
    Rule("agent:subscribe", SessionEmit, Right.WATCH_AGENT, _subscribe),
    Rule("agent:unsubscribe", SessionEmit, Right.WATCH_AGENT, _unsubscribe),
    Rule("session:join", JoinEmit, Right.JOIN, _join),
    Rule("session:leave", Emit, Right.JOIN, _leave),
    _in_room("presence:heartbeat", Emit, Right.JOIN, lambda room, who, _, now: room.heartbeat(who, now)),
    _in_room("presence:focus", FocusEmit, Right.JOIN, _focus),
    Rule("chat:send", TextEmit, Right.CHAT, _chat),
    _in_room("reaction:send", ReactionEmit, Right.REACT, lambda room, who, emit, now: room.react(who, emit.emoji, now)),
    _in_room(
        "poll:vote",
        VoteEmit,
        Right.VOTE,
        lambda room, who, emit, now: room.vote(who, emit.poll_id, emit.option_id, now),
    ),
    Rule("qna:ask", TextEmit, Right.ASK, _ask),
    _in_room(
        "qna:upvote", QuestionEmit, Right.UPVOTE, lambda room, who, emit, now: room.upvote(who, emit.question_id, now)
    ),
    _in_room(
        "qna:answered",
        QuestionEmit,
        Right.PRESENT,
        lambda room, who, emit, now: room.answered(who, emit.question_id, now),
    ),
    _in_room("content:slide", SlideEmit, Right.PRESENT, lambda room, who, emit, now: room.slide(who, emit.slide, now)),
    _in_room("content:phase", PhaseEmit, Right.PRESENT, _phase),
    Rule("poll:open", PollEmit, Right.PRESENT, _open_poll),
    _in_room(
        "poll:close", PollCloseEmit, Right.PRESENT, lambda room, who, emit, now: room.close_poll(who, emit.poll_id, now)
    ),
)

EMITS: Mapping[str, AnyRule] = {rule.name: rule for rule in _ALL}
"""Every event that people may emit, by name."""
