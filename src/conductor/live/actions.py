"""What the agent asks a room to do, carried out once for each `action_id`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from conductor.domain.interventions import (
    NudgeContent,
    PollContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.signals import Author, ChatDetail, Kind, PollDetail, QuestionDetail, Signal
from conductor.errors import InvalidInput, NotFound
from conductor.live.chat import Message
from conductor.live.effects import NOTHING, Effects, Frame, Payload, People, Role
from conductor.live.polls import Poll
from conductor.live.presence import NEVER
from conductor.live.questions import Question
from conductor.live.state import RoomState
from conductor.wire import asks
from conductor.wire.actions import Action

NUDGES_MOST = 5
"""Nudges of one person that stand at once."""

_SLOT = re.compile(r"\{\{(name|action)\}\}")


def carry_out(state: RoomState, action: Action, now: float) -> tuple[Effects, int]:
    """Do what the agent asks for, and say how many people could see it.

    An `action_id` seen before changes nothing and gives the same number.

    Raises:
        InvalidInput: It is meant for another session.
        NotFound: None of the questions to bring forward is there.
        Conflict: The session has ended.
    """
    if action.session_id != state.session_id:
        raise InvalidInput(
            f"The action {action.action_id!r} is for the session {action.session_id!r}, and this is the room of "
            f"{state.session_id!r}; send it on that session's channel.",
            code="other_session",
        )
    seen = state.seen_actions.get(action.action_id)
    if seen is not None:
        return NOTHING, seen
    state.going_on()
    effects, delivered_to = _show(state, action, now)
    state.remember_action(action.action_id, delivered_to)
    state.heard_at = max(state.heard_at, now)
    return effects, delivered_to


def _show(state: RoomState, action: Action, now: float) -> tuple[Effects, int]:
    match action.content:
        case PollContent() as poll:
            return launch(state, _agents_poll(action, poll, now), now), len(state.presence.connected())
        case PromptContent() as prompt:
            return _post(state, action, prompt, now)
        case NudgeContent() as nudge:
            return _nudge(state, action, nudge, now)
        case QnaContent(QnaStrategy.SURFACE_BEST, question_ids):
            return _promote(state, action, question_ids), len(state.presence.connected())
        case QnaContent(QnaStrategy.SEED_QUESTION, message=message):
            return _seed(state, action, message, now), len(state.presence.connected())
        case QnaContent(message=message):
            return _post(state, action, PromptContent(message), now)


def launch(state: RoomState, poll: Poll, now: float, by: str | None = None) -> Effects:
    """Open a poll; one that is open is closed, since people see one at a time. One that is known changes nothing."""
    if state.polls.find(poll.poll_id) is not None:
        return NOTHING
    signals: list[Signal] = []
    frames: list[Frame] = []
    for earlier in state.polls.open_ones():
        frames += state.close(earlier, now)
        signals.append(state.signal(Kind.POLL_CLOSED, now, by, PollDetail(earlier.poll_id)))
    state.polls.open(poll)
    detail = PollDetail(poll.poll_id, poll.question, poll.options, by_agent=poll.label is not None)
    signals.append(state.signal(Kind.POLL_OPENED, now, by, detail))
    return Effects(tuple(signals), (*frames, Frame("poll.launched", poll.payload())))


def _agents_poll(action: Action, content: PollContent, now: float) -> Poll:
    closes_at = now + content.display_duration_s
    return Poll(action.action_id, content.question, content.options, now, action.label, closes_at, content.show_results)


def _post(state: RoomState, action: Action, content: PromptContent, now: float) -> tuple[Effects, int]:
    named = action.user_ids if action.user_ids is not None else content.target_users or None
    message = Message(
        action.action_id,
        None,
        content.message,
        now,
        Author.AGENT,
        asks(content.message),
        action.label,
        content.pinned,
        content.highlighted,
        None if named is None else frozenset(named),
    )
    if not state.chat.add(message):
        return NOTHING, len(state.presence.connected())
    frames = (state.message_frame(message),)
    readers = [each for each in state.presence.connected() if message.is_for(each)]
    if message.only_for is not None:
        # The stream does not say for whom a message is: read back from it, everybody would see this one.
        return Effects((), frames), len(readers)
    detail = ChatDetail(message.message_id, message.content, message.is_question)
    return Effects((state.signal(Kind.CHAT, now, None, detail, Author.AGENT),), frames), len(readers)


def _nudge(state: RoomState, action: Action, content: NudgeContent, now: float) -> tuple[Effects, int]:
    people = state.presence.connected()
    if action.user_ids is not None:
        named = frozenset(action.user_ids)
        people = [each for each in people if each in named]
    else:
        people = _segment(state, content.segment, people, now)
    frames = tuple(_nudge_one(state, action, content, user_id, now) for user_id in people)
    return Effects((), frames), len(frames)


def _nudge_one(state: RoomState, action: Action, content: NudgeContent, user_id: str, now: float) -> Frame:
    values = {"name": state.presence.name(user_id) or "", "action": content.call_to_action}
    nudge: Payload = {
        "nudgeId": action.action_id,
        # In one pass, so that a name that holds a slot stays as it is written.
        "message": _SLOT.sub(lambda slot: values[slot[1]], content.message),
        "callToAction": content.call_to_action,
        "label": action.label,
        "timestamp": now,
        "expiresAt": now + content.expires_after_s,
    }
    state.nudges[user_id] = [*state.nudges.get(user_id, ()), nudge][-NUDGES_MOST:]
    return Frame("nudge.received", nudge, People((user_id,)))


def _segment(state: RoomState, segment: Segment, people: Collection[str], now: float) -> list[str]:
    """The people of a segment who do nothing; if it has none, everybody who does nothing."""
    idle = [each for each in people if _idle_s(state, each, now) >= state.params.idle_s]
    if segment is Segment.DISENGAGED:
        return idle
    wanted = [each for each in people if _is_in(state, each, segment) and _idle_s(state, each, now) > 0]
    return wanted or idle


def _is_in(state: RoomState, user_id: str, segment: Segment) -> bool:
    person = state.presence.find(user_id)
    if person is None:
        return False
    return person.first_session if segment is Segment.FIRST_TIME else person.active_at == NEVER


def _idle_s(state: RoomState, user_id: str, now: float) -> float:
    person = state.presence.find(user_id)
    return 0.0 if person is None else now - max(person.active_at, person.changed_at)


def _promote(state: RoomState, action: Action, question_ids: Collection[str]) -> Effects:
    found = [question for each in question_ids if (question := state.questions.find(each))]
    if not found:
        raise NotFound(
            f"None of the questions of the action {action.action_id!r} is in this session (any more).",
            code="no_question",
        )
    for question in found:
        question.promoted = True
        state.questions.change(question)
    shown = state.questions_frame("qna.promoted", found, Role.SPEAKER)
    labelled = replace(shown, payload=shown.payload | {"label": action.label})
    return Effects((), (labelled, state.questions_frame("qna.updated", state.questions.take_changed())))


def _seed(state: RoomState, action: Action, message: str, now: float) -> Effects:
    question = Question(action.action_id, None, message, now, Author.AGENT, action.label)
    if not state.questions.add(question):
        return NOTHING
    detail = QuestionDetail(question.question_id, question.content)
    frames = (state.questions_frame("qna.updated", state.questions.take_changed()),)
    return Effects((state.signal(Kind.QUESTION, now, None, detail, Author.AGENT),), frames)
