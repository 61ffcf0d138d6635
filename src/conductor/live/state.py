"""All that a room knows, and how it is shown to one person."""

from __future__ import annotations

from collections.abc import Iterable

from conductor.domain.sessions import Phase
from conductor.domain.signals import Author, Detail, Kind, Signal
from conductor.errors import Conflict
from conductor.live.chat import Chat, Message
from conductor.live.effects import Frame, Lane, Payload, People, Role
from conductor.live.params import LiveParams
from conductor.live.polls import Poll, Polls
from conductor.live.presence import NEVER, Presence
from conductor.live.questions import Question, Questions
from conductor.live.reactions import Reactions
from conductor.live.standing import Standing


class RoomState:
    """What a room knows.

    Attributes:
        standing: What was noted in the stream.
        nudges: Nudges by person, as they were sent.
        seen_actions: Actions of the agent's that were carried out, and how many people could see each.
        slide: Number of the slide that is shown, where the speaker said so here.
        slide_at: When that was.
        phase_at: When the speaker last said where the session stands.
        ended_at: When the session ended, in epoch seconds; None while it goes on.
        heard_at: When anything happened last.
    """

    def __init__(self, session_id: str, event_id: str, now: float, params: LiveParams) -> None:
        self.session_id = session_id
        self.event_id = event_id
        self.params = params
        self.presence = Presence(params)
        self.chat = Chat(params.chat_kept)
        self.polls = Polls(params.polls_kept)
        self.questions = Questions(params.questions_kept)
        self.reactions = Reactions(params)
        self.standing = Standing(params.again_s)
        self.nudges: dict[str, list[Payload]] = {}
        self.seen_actions: dict[str, int] = {}
        self.title = ""
        self.slide: int | None = None
        self.slide_at = NEVER
        self.spoken_phase: Phase | None = None
        self.interruptible = True
        self.phase_at = NEVER
        self.ended_at: float | None = None
        self.heard_at = now

    def going_on(self) -> None:
        """Nothing, while the session goes on.

        Raises:
            Conflict: It has ended.
        """
        if self.ended_at is not None:
            raise Conflict("This session has ended.", code="session_ended")

    def signal(
        self,
        kind: Kind,
        at: float,
        user_id: str | None = None,
        detail: Detail | None = None,
        author: Author = Author.ATTENDEE,
    ) -> Signal:
        """A signal of this session."""
        return Signal(self.session_id, self.event_id, at, kind, user_id, author=author, detail=detail)

    def remember_action(self, action_id: str, delivered_to: int) -> None:
        """Keep that an action was carried out; the first number stands."""
        self.seen_actions.setdefault(action_id, delivered_to)
        if len(self.seen_actions) > self.params.actions_kept:
            del self.seen_actions[next(iter(self.seen_actions))]

    def message_frame(self, message: Message) -> Frame:
        """A chat message for those who may see it."""
        to = Role.EVERYBODY if message.only_for is None else People(tuple(sorted(message.only_for)))
        return Frame("chat.message", message.payload(self.presence.name(message.user_id)), to, Lane.CHAT)

    def questions_frame(self, name: str, questions: Iterable[Question], to: Role = Role.EVERYBODY) -> Frame:
        """Some questions as they stand."""
        return Frame(name, {"questions": [each.payload(self.presence.name(each.user_id)) for each in questions]}, to)

    def close(self, poll: Poll, at: float) -> tuple[Frame, ...]:
        """Close a poll that is open and show how the votes stand."""
        poll.closed_at, poll.changed = at, False
        results = poll.results()
        return Frame("poll.results", results), Frame("poll.closed", results)

    def phase_payload(self) -> Payload:
        """Where the session stands by the speaker's word."""
        return {"phase": self.spoken_phase and self.spoken_phase.value, "interruptible": self.interruptible}

    def snapshot(self, user_id: str, now: float) -> Payload:
        """All that one person sees now."""
        name = self.presence.name
        pinned = self.chat.pinned(user_id)
        chat = self.chat.last(user_id, self.params.chat_shown)
        nudges = [each for each in self.nudges.get(user_id, ()) if _expires_at(each) > now]
        return {
            "sessionId": self.session_id,
            "eventId": self.event_id,
            "timestamp": now,
            "title": self.title,
            **self.phase_payload(),
            "slide": self.slide,
            "ended": self.ended_at is not None,
            "you": {"userId": user_id, "displayName": name(user_id)},
            "presence": {"count": self.presence.count()},
            "chat": [each.payload(name(each.user_id)) for each in chat],
            "pinned": pinned and pinned.payload(name(pinned.user_id)),
            "poll": self._poll_for(user_id),
            "questions": [
                each.payload(name(each.user_id)) | {"upvoted": user_id in each.upvoters}
                for each in self.questions.best()
            ],
            "nudges": nudges,
        }

    def drop_nudges(self, now: float) -> None:
        """Forget nudges that nobody is to see any more."""
        for user_id, nudges in [*self.nudges.items()]:
            fresh = [each for each in nudges if _expires_at(each) > now]
            if fresh:
                self.nudges[user_id] = fresh
            else:
                del self.nudges[user_id]

    def _poll_for(self, user_id: str) -> Payload | None:
        poll = self.polls.current()
        if poll is None:
            return None
        vote = poll.votes.get(user_id)
        shown: Payload = {"results": poll.results()} if poll.show_results else {}
        return poll.payload() | {"ownVote": vote and vote[0]} | shown


def _expires_at(nudge: Payload) -> float:
    at = nudge["expiresAt"]
    return at if isinstance(at, float) else 0.0
