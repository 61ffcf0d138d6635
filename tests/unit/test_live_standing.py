"""What stands in a room is said again before the stream forgets it."""

from dataclasses import replace

import pytest
from tests.live_rooms import NOW, frames, room_with

from conductor.domain.interventions import NudgeContent, PollContent, PromptContent, QnaContent, QnaStrategy, Segment
from conductor.domain.signals import Kind
from conductor.live.effects import NOTHING
from conductor.live.room import Room
from conductor.wire.actions import Action, ActionName
from conductor.wire.rooms import Named

POLL = PollContent("Tea or coffee?", ("Tea", "Coffee", "Neither"), display_duration_s=2000.0)
PROMPT = PromptContent("What would you try first?")
NUDGE = NudgeContent("{{name}}, {{action}}", "say hello", Segment.LURKERS)
SEED = QnaContent(QnaStrategy.SEED_QUESTION, message="How was it tested?")
NAMES = {
    PollContent: ActionName.POLL_LAUNCH,
    PromptContent: ActionName.CHAT_POST,
    NudgeContent: ActionName.NUDGE_SEND,
    QnaContent: ActionName.QNA_SEED,
}


def asked(content):
    return Action("i1", NAMES[type(content)], "s", "e", "Robot", NOW, content, None)


def from_what_is_said_again(room, now):
    """A room that is made of nothing else."""
    notes = room.advance(now).notes
    again = Room("s", "e", NOW)
    for note in notes:
        again.recall(note)
    return again


def test_names_the_slide_and_open_polls_are_said_again_every_quarter_of_an_hour():
    room = room_with("ana")
    room.slide("ana", 4, NOW)
    room.open_poll("ana", "p1", "Tea?", ["Yes", "No"], NOW, duration_s=5000.0, show_results=False)
    assert [len(room.advance(NOW + t).notes) for t in (899, 900, 901, 1799, 1800)] == [0, 3, 0, 0, 3]
    again, before = from_what_is_said_again(room, NOW + 2700), room.snapshot("ana", NOW + 2700)
    after = again.snapshot("ana", NOW + 2700)
    assert {name: after[name] for name in ("slide", "poll", "you")} == {
        name: before[name] for name in ("slide", "poll", "you")
    }


def test_names_of_those_who_left_and_polls_that_closed_are_not_said_again():
    room = room_with("ana", "ben")
    room.open_poll("ana", "p1", "Tea?", ["Yes", "No"], NOW, duration_s=60.0)
    room.leave("ben-1", NOW + 10)
    room.advance(NOW + 60)
    assert room.advance(NOW + 900).notes == (Named("s", "e", NOW, "ana", "Ana"),)


@pytest.mark.parametrize("content", [POLL, PROMPT, SEED])
def test_what_the_agent_showed_is_shown_as_long_as_it_stands(content):
    room = room_with("ana")
    room.act(asked(content), NOW)
    again = from_what_is_said_again(room, NOW + 900)
    names = ("chat", "pinned", "poll", "questions")
    before, after = (each.snapshot("ana", NOW + 900) for each in (room, again))
    assert {name: after[name] for name in names} == {name: before[name] for name in names}
    assert again.act(asked(content), NOW + 900) == (NOTHING, 1)


@pytest.mark.parametrize("content", [replace(POLL, display_duration_s=60.0), NUDGE, SEED])
def test_what_is_over_is_recognised_and_shown_to_nobody(content):
    room = room_with("ana")
    action = asked(content)
    room.act(action, NOW)
    room.advance(NOW + 60)
    if content is SEED:
        room.answered("sue", "i1", NOW + 70)
    again = from_what_is_said_again(room, NOW + 1000)
    snapshot = again.snapshot("ana", NOW + 1000)
    assert (snapshot["poll"], snapshot["nudges"], snapshot["questions"]) == (None, [], [])
    assert again.act(action, NOW + 1000)[0] == NOTHING
    later = again.advance(NOW + 1001)
    assert frames(later, "poll.closed") == []
    assert Kind.POLL_CLOSED not in {signal.kind for signal in later.signals}
