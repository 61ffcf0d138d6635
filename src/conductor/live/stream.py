"""What a room takes from the stream: its own past after a restart, and what happens on other platforms.

Its own notes say what signals do not: names, the slide, what the agent showed and to whom. Of its own signals that
come back nothing changes: messages, polls, questions and upvotes are known by their ids, votes and presence by their
times, and reactions are expected.
"""

from __future__ import annotations

from conductor.domain.interventions import DEFAULT_LABEL
from conductor.domain.signals import (
    Author,
    ChatDetail,
    JoinDetail,
    Kind,
    PhaseDetail,
    PollDetail,
    QuestionDetail,
    ReactionDetail,
    Signal,
    StartDetail,
)
from conductor.live.actions import show
from conductor.live.chat import Message
from conductor.live.effects import Frame
from conductor.live.polls import Poll
from conductor.live.questions import Question
from conductor.live.state import RoomState
from conductor.live.texts import CHAT_CHARS, EMOJI_CHARS
from conductor.wire.rooms import CarriedOut, Named, Note, PollShown, SlideShown

OPTIONS_MOST = 20
"""Options of another platform's poll that are shown; more fit on no screen."""

_DOING = frozenset({Kind.CHAT, Kind.QUESTION, Kind.UPVOTE, Kind.REACTION, Kind.VOTE})
_SHOWING_UP = frozenset({Kind.JOIN, Kind.HEARTBEAT, Kind.FOCUS, Kind.BLUR})


def apply(state: RoomState, signal: Signal) -> tuple[Frame, ...]:
    """Take in a signal of this session, and say what its sockets are to see of it."""
    state.heard_at = max(state.heard_at, signal.at)
    _notice(state, signal)
    match signal.detail:
        case ChatDetail() as chat:
            return _chat(state, signal, chat)
        case ReactionDetail(emoji):
            state.reactions.apply(signal.user_id, emoji[:EMOJI_CHARS], signal.amount, signal.at)
        case PollDetail() as poll:
            return _poll(state, signal, poll)
        case QuestionDetail() as question:
            _question(state, signal, question)
        case PhaseDetail() as phase:
            return _phase(state, signal.at, phase)
        case StartDetail(profile):
            state.title = profile.title
            if state.ended_at is not None and signal.at >= state.ended_at:
                state.ended_at = None
        case _ if signal.kind is Kind.ENDED:
            return _ended(state, signal.at)
        case _:
            pass
    return ()


def recall(state: RoomState, note: Note) -> tuple[Frame, ...]:
    """Take in a note of this session's room, and say what its sockets are to see of it."""
    state.heard_at = max(state.heard_at, note.at)
    if not isinstance(note, CarriedOut):
        state.standing.add(note)
    match note:
        case CarriedOut():
            return show(state, note).frames
        case Named(user_id=user_id, display_name=name):
            state.presence.named(user_id, name)
        case SlideShown(slide=slide):
            return turn(state, slide, note.at)
        case PollShown():
            poll = Poll(note.poll_id, note.question, note.options, note.at, None, note.closes_at, note.show_results)
            return (Frame("poll.launched", poll.payload()),) if state.polls.open(poll) else ()
    return ()


def turn(state: RoomState, slide: int, at: float) -> tuple[Frame, ...]:
    """Another slide is shown; one that was turned to earlier than the one that is shown changes nothing."""
    if slide == state.slide or at < state.slide_at:
        return ()
    state.slide, state.slide_at = slide, at
    return (Frame("content.slide", {"slide": slide}),)


def _ended(state: RoomState, at: float) -> tuple[Frame, ...]:
    """The session is over; who is there sees so at once, and once."""
    was_on, state.ended_at = state.ended_at is None, at
    return (Frame("session.ended", {"sessionId": state.session_id}),) if was_on else ()


def _notice(state: RoomState, signal: Signal) -> None:
    """Who is there, by what they are said to do. What the agent and bots do is nobody's presence."""
    user_id, kind, at = signal.user_id, signal.kind, signal.at
    if user_id is None or signal.author in {Author.AGENT, Author.BOT}:
        return
    if kind is Kind.LEAVE:
        state.presence.leave(user_id, at)
    elif kind in _DOING or kind in _SHOWING_UP:
        state.presence.told(user_id, at, beats=kind is Kind.HEARTBEAT)
        person = state.presence.find(user_id)
        if person is None:
            return
        if kind in _DOING:
            person.active_at = max(person.active_at, at)
        elif kind is not Kind.HEARTBEAT and not person.connections:
            person.focused = kind is not Kind.BLUR
        if isinstance(signal.detail, JoinDetail):
            person.first_session = signal.detail.first_session


def _chat(state: RoomState, signal: Signal, detail: ChatDetail) -> tuple[Frame, ...]:
    by_agent = signal.author is Author.AGENT
    if by_agent and detail.message_id is not None:
        state.remember_action(detail.message_id, state.presence.count())
    if not detail.content:
        return ()
    message = Message(
        # Where a platform names no messages, who said something when does.
        detail.message_id or f"{signal.at}:{signal.user_id}",
        signal.user_id,
        detail.content[:CHAT_CHARS],
        signal.at,
        signal.author,
        detail.is_question,
        DEFAULT_LABEL if by_agent else None,
        pinned=by_agent,
        highlighted=by_agent,
    )
    return (state.message_frame(message),) if state.chat.add(message) else ()


def _poll(state: RoomState, signal: Signal, detail: PollDetail) -> tuple[Frame, ...]:
    if signal.kind is Kind.POLL_OPENED:
        return _poll_opened(state, signal, detail)
    poll = state.polls.find(detail.poll_id)
    if poll is None or not poll.is_open:
        return ()
    if signal.kind is Kind.POLL_CLOSED:
        return state.close(poll, signal.at)
    option_id = poll.option(detail.option_id or "")
    if option_id is not None:
        poll.vote(signal.user_id, option_id, signal.at)
    return ()


def _poll_opened(state: RoomState, signal: Signal, detail: PollDetail) -> tuple[Frame, ...]:
    if detail.by_agent:
        state.remember_action(detail.poll_id, state.presence.count())
    poll = Poll(
        detail.poll_id,
        detail.question or "",
        detail.options[:OPTIONS_MOST],
        signal.at,
        DEFAULT_LABEL if detail.by_agent else None,
        signal.at + state.params.poll_s if detail.by_agent else None,
    )
    return (Frame("poll.launched", poll.payload()),) if state.polls.open(poll) else ()


def _question(state: RoomState, signal: Signal, detail: QuestionDetail) -> None:
    if signal.kind is Kind.QUESTION:
        _asked(state, signal, detail)
        return
    question = state.questions.find(detail.question_id)
    if question is None:
        return
    if signal.kind is Kind.UPVOTE:
        state.questions.upvote(question, signal.user_id)
    else:
        state.questions.answer(question, signal.at)


def _asked(state: RoomState, signal: Signal, detail: QuestionDetail) -> None:
    by_agent = signal.author is Author.AGENT
    if by_agent:
        state.remember_action(detail.question_id, state.presence.count())
    if detail.content:
        label = DEFAULT_LABEL if by_agent else None
        content = detail.content[:CHAT_CHARS]
        asked = Question(detail.question_id, signal.user_id, content, signal.at, signal.author, label)
        state.questions.add(asked)


def _phase(state: RoomState, at: float, detail: PhaseDetail) -> tuple[Frame, ...]:
    if at < state.phase_at or (detail.phase, detail.interruptible) == (state.spoken_phase, state.interruptible):
        return ()
    state.phase_at = at
    state.spoken_phase, state.interruptible = detail.phase, detail.interruptible
    return (Frame("content.phase", state.phase_payload()),)
