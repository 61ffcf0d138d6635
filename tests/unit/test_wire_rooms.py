"""What rooms note in their streams: there and back, and out of the agent's sight."""

import pytest
from tests.live_rooms import NOW

from conductor.domain.bus import Kept
from conductor.domain.interventions import NudgeContent, Segment
from conductor.duty.inlet import Sieve
from conductor.errors import InvalidInput
from conductor.wire.actions import Action, ActionName
from conductor.wire.reading import json_bytes
from conductor.wire.rooms import CarriedOut, Named, PollShown, SlideShown, dump_note, is_note, read_note

NUDGE = NudgeContent("Hi {{name}}, {{action}}?", "say hello", Segment.LURKERS)
ABOUT = ("s", "e", NOW + 0.123456)
NOTES = [
    CarriedOut(Action("i1", ActionName.NUDGE_SEND, "s", "e", "Robo", NOW, NUDGE), NOW + 0.123456, 2, ("ana", "ben")),
    Named(*ABOUT, "ana", "Ana"),
    PollShown(*ABOUT, "p1", "Tea?", ("Yes", "No"), None, show_results=False),
    PollShown(*ABOUT, "p2", "Tea?", ("Yes", "No"), NOW + 30.5, show_results=True),
    SlideShown(*ABOUT, 3),
]


@pytest.mark.parametrize("note", NOTES, ids=lambda note: type(note).__name__)
def test_a_note_is_the_same_after_it_was_kept(note):
    channel, body = dump_note(note)
    assert is_note(channel)
    assert read_note(channel, json_bytes(body)) == note


@pytest.mark.parametrize("note", NOTES, ids=lambda note: type(note).__name__)
def test_to_the_agent_a_note_is_neither_a_signal_nor_a_misfit(note):
    channel, body = dump_note(note)
    sieve = Sieve(lambda: NOW)
    assert sieve.read_entries([Kept("signals:s", (channel,), (json_bytes(body),), NOW, "1-0")]) == []
    assert (sieve.accepted, sieve.rejected) == (0, 0)


@pytest.mark.parametrize("channel", ["room:name", "room:slide", "room:later"])
def test_a_note_that_does_not_fit_is_refused_with_the_reason(channel):
    with pytest.raises(InvalidInput, match=channel):
        read_note(channel, b'{"sessionId": "s", "eventId": "e", "timestamp": 1}')
