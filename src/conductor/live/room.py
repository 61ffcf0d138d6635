"""One room: what people do in it becomes signals for the bus and frames for sockets."""

from __future__ import annotations

from collections.abc import Sequence

from conductor.domain.sessions import Phase
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
)
from conductor.errors import Conflict, InvalidInput
from conductor.live import stream
from conductor.live.actions import carry_out, launch
from conductor.live.chat import Message
from conductor.live.effects import NOTHING, Effects, Frame, Payload
from conductor.live.params import LiveParams
from conductor.live.polls import written
from conductor.live.presence import Person
from conductor.live.questions import Question
from conductor.live.state import RoomState
from conductor.live.texts import CHAT_CHARS, NAME_CHARS, QUESTION_CHARS, cleaned, cleaned_emoji
from conductor.live.ticking import Ticks
from conductor.wire import asks
from conductor.wire.actions import Action
from conductor.wire.rooms import Named, Note, PollShown, SlideShown

SLIDES_MOST = 100_000


class Room:
    """The state of one session's room. Ids are made by the caller, and times (`now`) are epoch seconds.

    What people do raises `InvalidInput` if it does not fit, `NotFound` if it is about something that is not there, and
    `Conflict` if it is no longer possible: the person has not joined, the poll is closed, the session has ended.
    Whether somebody may do what only speakers and organisers may (`by`) is for the caller to know.
    """

    def __init__(self, session_id: str, event_id: str, now: float, params: LiveParams | None = None) -> None:
        self.session_id = session_id
        self.event_id = event_id
        self._state = RoomState(session_id, event_id, now, params or LiveParams())
        self._ticks = Ticks()

    def join(
        self, user_id: str, display_name: str, connection_id: str, now: float, *, first_session: bool | None = None
    ) -> Effects:
        """Somebody comes, or opens another connection; their name has at most 60 characters."""
        self._state.going_on()
        name = cleaned(display_name, "A display name", NAME_CHARS)
        known_as = self._state.presence.name(user_id)
        came = self._state.presence.join(user_id, name, connection_id, now)
        self._state.heard_at = now
        if first_session is not None:
            self._person(user_id).first_session = first_session
        detail = None if first_session is None else JoinDetail(first_session)
        said = self._said(Kind.JOIN, now, user_id, detail) if came else NOTHING
        return said if name == known_as else said + self._noted(Named(*self._about(now), user_id, name))

    def leave(self, connection_id: str, now: float) -> Effects:
        """Somebody says that they leave here; with their last connection they are gone at once."""
        user_id = self._state.presence.disconnect(connection_id, now)
        if user_id is None or not self._state.presence.leave(user_id, now):
            return NOTHING
        return self._said(Kind.LEAVE, now, user_id)

    def disconnect(self, connection_id: str, now: float) -> Effects:
        """A connection broke; its person leaves in `grace_s`, by `advance`, unless they come back."""
        self._state.presence.disconnect(connection_id, now)
        return NOTHING

    def heartbeat(self, user_id: str, now: float) -> Effects:
        """Somebody's browser says that it is still there; the bus hears of it by `advance`."""
        person = self._person(user_id)
        person.seen_at = max(person.seen_at, now)
        return NOTHING

    def focus(self, user_id: str, now: float, *, focused: bool) -> Effects:
        """Somebody looks here, or elsewhere."""
        person = self._person(user_id)
        if person.focused is focused:
            return NOTHING
        person.focused = focused
        return self._said(Kind.FOCUS if focused else Kind.BLUR, now, user_id)

    def chat(
        self, user_id: str, content: str, now: float, message_id: str, *, author: Author = Author.ATTENDEE
    ) -> Effects:
        """Somebody writes (at most 2000 characters). The same `message_id` again changes nothing."""
        person = self._acting(user_id)
        text = cleaned(content, "A message", CHAT_CHARS, lines=True)
        message = Message(message_id, user_id, text, now, author, asks(text))
        if not self._state.chat.add(message):
            return NOTHING
        self._did(person, now)
        detail = ChatDetail(message_id, text, message.is_question)
        signal = self._state.signal(Kind.CHAT, now, user_id, detail, author)
        return Effects((signal,), (self._state.message_frame(message),))

    def react(self, user_id: str, emoji: str, now: float) -> Effects:
        """Somebody reacts (at most 16 characters); what comes too fast is left out."""
        person = self._acting(user_id)
        shown = cleaned_emoji(emoji)
        if not self._state.reactions.react(user_id, shown, now):
            return NOTHING
        self._did(person, now)
        return self._said(Kind.REACTION, now, user_id, ReactionDetail(shown))

    def vote(self, user_id: str, poll_id: str, option_id: str, now: float) -> Effects:
        """Somebody votes, or changes their vote."""
        person = self._acting(user_id)
        if not self._state.polls.answerable(poll_id, option_id).vote(user_id, option_id, now):
            return NOTHING
        self._did(person, now)
        return self._said(Kind.VOTE, now, user_id, PollDetail(poll_id, option_id=option_id))

    def ask(self, user_id: str, content: str, now: float, question_id: str) -> Effects:
        """Somebody asks (at most 500 characters). The same `question_id` again changes nothing."""
        person = self._acting(user_id)
        text = cleaned(content, "A question", QUESTION_CHARS)
        if not self._state.questions.add(Question(question_id, user_id, text, now)):
            return NOTHING
        self._did(person, now)
        return self._said(Kind.QUESTION, now, user_id, QuestionDetail(question_id, text))

    def upvote(self, user_id: str, question_id: str, now: float) -> Effects:
        """Somebody wants a question of somebody else's answered; once each."""
        person = self._acting(user_id)
        question = self._state.questions.known(question_id)
        if question.user_id == user_id:
            raise Conflict("This question is your own; others can vote for it.", code="own_question")
        if question.answered_at is not None:
            raise Conflict("This question has been answered already.", code="question_answered")
        if not self._state.questions.upvote(question, user_id):
            return NOTHING
        self._did(person, now)
        return self._said(Kind.UPVOTE, now, user_id, QuestionDetail(question_id))

    def answered(self, by: str, question_id: str, now: float) -> Effects:
        """The speaker or an organiser has answered a question."""
        self._state.going_on()
        if not self._state.questions.answer(self._state.questions.known(question_id), now):
            return NOTHING
        return self._said(Kind.ANSWERED, now, self._audible(by), QuestionDetail(question_id), Author.HOST)

    def slide(self, by: str, slide: int, now: float) -> Effects:
        """The speaker shows another slide (0 to 100,000)."""
        self._state.going_on()
        if not 0 <= slide <= SLIDES_MOST:
            raise InvalidInput(f"A slide has a number from 0 to {SLIDES_MOST}, not {slide}.", code="slide_unfit")
        frames = stream.turn(self._state, slide, now)
        if not frames:
            return NOTHING
        noted = self._noted(SlideShown(*self._about(now), slide), frames)
        return self._said(Kind.SLIDE, now, self._audible(by)) + noted

    def phase(self, by: str, phase: Phase | None, now: float, *, interruptible: bool) -> Effects:
        """The speaker says where the session stands and whether it may be interrupted."""
        self._state.going_on()
        detail = PhaseDetail(phase, interruptible)
        signal = self._state.signal(Kind.PHASE, now, self._audible(by), detail)
        frames = stream.apply(self._state, signal)
        return Effects((signal,), frames) if frames else NOTHING

    def open_poll(
        self,
        by: str,
        poll_id: str,
        question: str,
        options: Sequence[str],
        now: float,
        *,
        duration_s: float | None = None,
        show_results: bool = True,
    ) -> Effects:
        """The speaker or an organiser opens a poll of 2 to 10 options; one that is open is closed.

        It closes by itself after `duration_s` (1 to 86,400 s), or else only by hand. With `show_results` everybody sees
        how the votes stand while it is open. The same `poll_id` again changes nothing.
        """
        self._state.going_on()
        poll = written(poll_id, question, options, now, duration_s=duration_s, show_results=show_results)
        launched = launch(self._state, poll, now, self._audible(by))
        if launched == NOTHING:
            return NOTHING
        about = (*self._about(now), poll_id, poll.question, poll.options)
        return launched + self._noted(PollShown(*about, poll.closes_at, poll.show_results))

    def close_poll(self, by: str, poll_id: str, now: float) -> Effects:
        """The speaker or an organiser closes a poll; everybody sees the results."""
        poll = self._state.polls.known(poll_id)
        if not poll.is_open:
            return NOTHING
        frames = self._state.close(poll, now)
        return self._said(Kind.POLL_CLOSED, now, self._audible(by), PollDetail(poll_id)) + Effects((), frames)

    def act(self, action: Action, now: float) -> tuple[Effects, int]:
        """Carry out what the agent asks for, once for each `action_id`, and say how many people could see it.

        Raises:
            InvalidInput: It is meant for another session.
            NotFound: None of the questions to bring forward is there.
            Conflict: The session has ended.
        """
        return carry_out(self._state, action, now)

    def apply(self, signal: Signal) -> Effects:
        """Take in a signal of the stream: what happened before a restart, or on another platform.

        Returns:
            Frames alone. What this room said itself comes back and changes nothing.
        """
        return Effects((), stream.apply(self._state, signal))

    def recall(self, note: Note) -> Effects:
        """Take in a note of the stream: what this room showed before a restart, or shows in another process.

        Returns:
            Frames alone, and none for what is known.
        """
        return Effects((), stream.recall(self._state, note))

    def advance(self, now: float) -> Effects:
        """Let time pass: people leave, polls run out, counts are sent."""
        return self._ticks.advance(self._state, now)

    def snapshot(self, user_id: str, now: float) -> Payload:
        """All that somebody who comes has to see, as the payload of `session.snapshot`."""
        return self._state.snapshot(user_id, now)

    def is_over(self, now: float) -> bool:
        """Whether nobody needs this room any more: it ended, or nobody was there and nothing happened for long."""
        state = self._state
        if state.ended_at is not None:
            return now >= state.ended_at + state.params.ended_s
        return now >= state.heard_at + state.params.empty_s and not state.presence.connected()

    def present_count(self) -> int:
        """People who are there, here or elsewhere by the word of the stream."""
        return self._state.presence.count()

    def _acting(self, user_id: str) -> Person:
        self._state.going_on()
        return self._person(user_id)

    def _person(self, user_id: str) -> Person:
        return self._state.presence.person_here(user_id)

    def _did(self, person: Person, now: float) -> None:
        person.active_at = self._state.heard_at = now

    def _audible(self, user_id: str) -> str | None:
        """Who did something, if they are in the room: who only steers it is not one more person of its audience."""
        person = self._state.presence.find(user_id)
        return user_id if person is not None and person.present else None

    def _about(self, now: float) -> tuple[str, str, float]:
        return self.session_id, self.event_id, now

    def _noted(self, note: Note, frames: tuple[Frame, ...] = ()) -> Effects:
        self._state.standing.add(note)
        return Effects((), frames, (note,))

    def _said(
        self,
        kind: Kind,
        now: float,
        user_id: str | None,
        detail: JoinDetail | ReactionDetail | PollDetail | QuestionDetail | None = None,
        author: Author = Author.ATTENDEE,
    ) -> Effects:
        return Effects((self._state.signal(kind, now, user_id, detail, author),))
