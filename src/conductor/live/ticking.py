"""What time does to a room: people leave, polls run out, counts are sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conductor.domain.interventions import NudgeContent, PollContent, QnaContent, QnaStrategy
from conductor.domain.signals import HeartbeatDetail, Kind, PollDetail, Signal
from conductor.live.effects import Effects, Frame, Lane
from conductor.live.presence import NEVER
from conductor.live.state import RoomState
from conductor.wire.rooms import CarriedOut, Named, Note, PollShown, SlideShown

SOURCE = "live"
"""Under which name the rooms say that they are alive."""


class Ticks:
    """When counts were sent last, and which."""

    def __init__(self) -> None:
        self._sent_at = NEVER
        self._beat_at = NEVER
        self._count: int | None = None

    def advance(self, state: RoomState, now: float) -> Effects:
        """Let time pass in a room, until `now` in epoch seconds."""
        frames: list[Frame] = []
        signals = [state.signal(Kind.LEAVE, now, user_id) for user_id in state.presence.take_gone(now)]
        signals += [state.signal(Kind.HEARTBEAT, now, user_id) for user_id in state.presence.take_beats(now)]
        signals += self._alive(state, now)
        for poll in state.polls.open_ones():
            if poll.closes_at is not None and now >= poll.closes_at:
                frames += state.close(poll, now)
                signals.append(state.signal(Kind.POLL_CLOSED, now, None, PollDetail(poll.poll_id)))
        if now >= self._sent_at + state.params.tick_s:
            self._sent_at = now
            frames += self._counts(state, now)
        return Effects(
            tuple(signals), tuple(frames), tuple(state.standing.take(now, lambda note: _still(state, note, now)))
        )

    def _alive(self, state: RoomState, now: float) -> Iterator[Signal]:
        # Only where people came here: for those of another platform this room cannot speak.
        due = now >= self._beat_at + state.params.source_beat_s
        if due and state.presence.was_joined and state.ended_at is None:
            self._beat_at = now
            yield state.signal(Kind.SOURCE_HEARTBEAT, now, None, HeartbeatDetail(SOURCE, (state.session_id,)))

    def _counts(self, state: RoomState, now: float) -> Iterator[Frame]:
        reactions = state.reactions.take(now)
        if reactions:
            yield Frame("reaction.tick", {"counts": reactions}, lane=Lane.REACTIONS)
        for poll in state.polls.open_ones():
            if poll.changed and poll.show_results:
                poll.changed = False
                yield Frame("poll.results", poll.results())
        changed = state.questions.take_changed()
        if changed:
            yield state.questions_frame("qna.updated", changed)
        count = state.presence.count()
        if count != self._count:
            self._count = count
            yield Frame("presence.count", {"count": count})
        state.drop_nudges(now)


def _still(state: RoomState, note: Note, now: float) -> Note | None:
    """What is true of it by now; None if nothing is."""
    match note:
        case CarriedOut():
            known = note.action.action_id in state.seen_actions
            return replace(note, is_over=_is_over(state, note, now)) if known else None
        case Named(user_id=user_id):
            person = state.presence.find(user_id)
            return note if person is not None and person.present else None
        case PollShown(poll_id=poll_id):
            poll = state.polls.find(poll_id)
            return note if poll is not None and poll.is_open else None
        case SlideShown():
            return note


def _is_over(state: RoomState, done: CarriedOut, now: float) -> bool:
    """Whether nobody is to see it any more, though it is to be recognised."""
    match done.action.content:
        case PollContent():
            poll = state.polls.find(done.action.action_id)
            return poll is None or not poll.is_open
        case NudgeContent(expires_after_s=expires_after_s):
            return now >= done.at + expires_after_s
        case QnaContent(QnaStrategy.SEED_QUESTION):
            question = state.questions.find(done.action.action_id)
            return question is None or question.answered_at is not None
        case _:
            return False
