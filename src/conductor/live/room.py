"""One room: what people do in it becomes signals for the bus and frames for sockets."""

from __future__ import annotations

from collections.abc import Sequence

from conductor.domain.sessions import Phase
from conductor.domain.signals import Author, Signal
from conductor.live.effects import Effects, Payload
from conductor.live.params import LiveParams


class Room:
    """The state of one session's room. Ids are made by the caller, and times (`now`) are epoch seconds.

    What people do raises `InvalidInput` if it does not fit, `NotFound` if it is about something that is not there, and
    `Conflict` if it is no longer possible: the person has not joined, the poll is closed, the session has ended.
    """

    def __init__(self, session_id: str, event_id: str, now: float, params: LiveParams | None = None) -> None:
        self.session_id = session_id
        self.event_id = event_id
        self._params = params or LiveParams()

    def join(
        self, user_id: str, display_name: str, connection_id: str, now: float, *, first_session: bool | None = None
    ) -> Effects:
        """Somebody comes, or opens another connection."""
        raise NotImplementedError

    def leave(self, connection_id: str, now: float) -> Effects:
        """Somebody says that they leave here; with their last connection they are gone at once."""
        raise NotImplementedError

    def disconnect(self, connection_id: str, now: float) -> Effects:
        """A connection broke; its person leaves in `grace_s`, by `advance`, unless they come back."""
        raise NotImplementedError

    def heartbeat(self, user_id: str, now: float) -> Effects:
        """Somebody's browser says that it is still there."""
        raise NotImplementedError

    def focus(self, user_id: str, now: float, *, focused: bool) -> Effects:
        """Somebody looks here, or elsewhere."""
        raise NotImplementedError

    def chat(
        self, user_id: str, content: str, now: float, message_id: str, *, author: Author = Author.ATTENDEE
    ) -> Effects:
        """Somebody writes (at most 2000 characters). The same `message_id` again changes nothing."""
        raise NotImplementedError

    def react(self, user_id: str, emoji: str, now: float) -> Effects:
        """Somebody reacts (at most 16 characters); what comes too fast is left out."""
        raise NotImplementedError

    def vote(self, user_id: str, poll_id: str, option_id: str, now: float) -> Effects:
        """Somebody votes, or changes their vote."""
        raise NotImplementedError

    def ask(self, user_id: str, content: str, now: float, question_id: str) -> Effects:
        """Somebody asks (at most 500 characters). The same `question_id` again changes nothing."""
        raise NotImplementedError

    def upvote(self, user_id: str, question_id: str, now: float) -> Effects:
        """Somebody wants a question of somebody else's answered; once each."""
        raise NotImplementedError

    def answered(self, by: str, question_id: str, now: float) -> Effects:
        """The speaker or an organiser has answered a question."""
        raise NotImplementedError

    def slide(self, by: str, slide: int, now: float) -> Effects:
        """The speaker shows another slide (0 to 100,000)."""
        raise NotImplementedError

    def phase(self, by: str, phase: Phase | None, now: float, *, interruptible: bool) -> Effects:
        """The speaker says where the session stands and whether it may be interrupted."""
        raise NotImplementedError

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

        Args:
            duration_s: It closes by itself after so long (1 to 86,400 s); None if only by hand.
            show_results: Whether everybody sees how the votes stand while it is open.
        """
        raise NotImplementedError

    def close_poll(self, by: str, poll_id: str, now: float) -> Effects:
        """The speaker or an organiser closes a poll; everybody sees the results."""
        raise NotImplementedError

    def apply(self, signal: Signal) -> Effects:
        """Take in a signal of the stream: what happened before a restart, or on another platform.

        Returns:
            Frames alone. What this room said itself comes back and changes nothing.
        """
        raise NotImplementedError

    def advance(self, now: float) -> Effects:
        """Let time pass: people leave, polls run out, counts are sent."""
        raise NotImplementedError

    def snapshot(self, user_id: str, now: float) -> Payload:
        """All that somebody who comes has to see, as the payload of `session.snapshot`."""
        raise NotImplementedError

    def is_over(self, now: float) -> bool:
        """Whether nobody needs this room any more: it ended, or nobody was there and nothing happened for long."""
        raise NotImplementedError

    def present_count(self) -> int:
        """People who are there, here or elsewhere by the word of the stream."""
        raise NotImplementedError
