"""What the agent asks a room to do, carried out once for each `action_id`.

First it is settled whom it reaches. What is settled is kept in the stream of the session, so that the same room shows
the same after a restart and knows the action when it is asked for again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from conductor.domain.audience import PersonFacts, fill, members
from conductor.domain.interventions import (
    NudgeContent,
    PollContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
)
from conductor.domain.signals import Author, ChatDetail, Kind, PollDetail, QuestionDetail, Signal
from conductor.errors import InvalidInput, NotFound
from conductor.live.chat import Message
from conductor.live.effects import NOTHING, Effects, Frame, Payload, People, Role
from conductor.live.polls import Poll
from conductor.live.presence import NAMELESS, NEVER
from conductor.live.questions import Question
from conductor.live.state import RoomState
from conductor.wire import asks
from conductor.wire.actions import Action
from conductor.wire.rooms import CarriedOut

NUDGES_MOST = 5
"""Nudges of one person that stand at once."""

PROMOTED_MOST = 3
"""Questions brought to the speaker at once, of those that are open: as many as can be read at a glance."""


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
    done = _settled(state, action, now)
    return show(state, done) + Effects(notes=(done,)), done.delivered_to


def show(state: RoomState, done: CarriedOut) -> Effects:
    """Show what was settled, now or (read back from the stream) as it was then; nothing if it is shown already."""
    action, at = done.action, done.at
    if action.action_id in state.seen_actions:
        return NOTHING
    state.remember_action(action.action_id, done.delivered_to)
    state.heard_at = max(state.heard_at, at)
    state.standing.add(done)
    if done.is_over:
        return NOTHING
    match action.content:
        case PollContent() as poll:
            effects = launch(state, _agents_poll(action, poll, at), at)
        case PromptContent() as prompt:
            effects = _post(state, action, prompt, at)
        case NudgeContent() as nudge:
            state.drop_nudges(at)
            effects = Effects((), tuple(_nudge_one(state, action, nudge, each, at) for each in done.user_ids))
        case QnaContent(QnaStrategy.SURFACE_BEST, question_ids):
            effects = _promote(state, action, question_ids)
        case QnaContent(QnaStrategy.SEED_QUESTION, message=message):
            effects = _seed(state, action, message, at)
        case QnaContent(message=message):
            effects = _post(state, action, PromptContent(message), at)
    return effects


def _settled(state: RoomState, action: Action, now: float) -> CarriedOut:
    """Whom it reaches, and of questions those that are still open."""
    people = state.presence.connected()
    match action.content:
        case NudgeContent() as nudge:
            named = action.user_ids
            reached = _members(state, nudge, people, now) if named is None else _among(people, named)
            return CarriedOut(action, now, len(reached), reached)
        case PromptContent() as prompt:
            named = _readers(action, prompt)
            return CarriedOut(action, now, len(people if named is None else _among(people, named)))
        case QnaContent(QnaStrategy.SURFACE_BEST, question_ids) as best:
            chosen = replace(action, content=replace(best, question_ids=_still_open(state, action, question_ids)))
            return CarriedOut(chosen, now, len(people))
        case _:
            return CarriedOut(action, now, len(people))


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


def _readers(action: Action, prompt: PromptContent) -> tuple[str, ...] | None:
    """Whom a prompt is for; None for everybody."""
    return action.user_ids if action.user_ids is not None else prompt.target_users or None


def _among(people: Collection[str], named: Collection[str]) -> tuple[str, ...]:
    wanted = frozenset(named)
    return tuple(each for each in people if each in wanted)


def _post(state: RoomState, action: Action, content: PromptContent, now: float) -> Effects:
    named = _readers(action, content)
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
        return NOTHING
    frames = (state.message_frame(message),)
    if message.only_for is not None:
        # A signal does not say for whom a message is: whoever read it would take it for everybody's.
        return Effects((), frames)
    detail = ChatDetail(message.message_id, message.content, message.is_question)
    return Effects((state.signal(Kind.CHAT, now, None, detail, Author.AGENT),), frames)


def _members(state: RoomState, nudge: NudgeContent, people: Collection[str], now: float) -> tuple[str, ...]:
    """The people of the nudge's segment, and nobody else."""
    return members([_facts(state, each, now) for each in people], nudge.segment)


def _facts(state: RoomState, user_id: str, now: float) -> PersonFacts:
    person = state.presence.person_here(user_id)
    acted = person.active_at != NEVER
    idle_s = now - (person.active_at if acted else person.changed_at)
    return PersonFacts(user_id, now - person.changed_at, idle_s, int(acted), person.first_session)


def _nudge_one(state: RoomState, action: Action, content: NudgeContent, user_id: str, now: float) -> Frame:
    name = state.presence.name(user_id) or ""
    nudge: Payload = {
        "nudgeId": action.action_id,
        "message": fill(content.message, "" if name == NAMELESS else name, content.call_to_action),
        "callToAction": content.call_to_action,
        "label": action.label,
        "timestamp": now,
        "expiresAt": now + content.expires_after_s,
    }
    state.nudges[user_id] = [*state.nudges.get(user_id, ()), nudge][-NUDGES_MOST:]
    return Frame("nudge.received", nudge, People((user_id,)))


def _still_open(state: RoomState, action: Action, question_ids: Collection[str]) -> tuple[str, ...]:
    found = [question for each in question_ids if (question := state.questions.find(each))]
    chosen = tuple(each.question_id for each in found if each.answered_at is None)[:PROMOTED_MOST]
    if not chosen:
        raise NotFound(
            f"None of the questions of the action {action.action_id!r} is open in this session (any more).",
            code="no_question",
        )
    return chosen


def _promote(state: RoomState, action: Action, question_ids: Collection[str]) -> Effects:
    found = [question for each in question_ids if (question := state.questions.find(each))]
    if not found:
        return NOTHING
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
