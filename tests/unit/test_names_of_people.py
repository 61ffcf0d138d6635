"""How the agent learns under which names people are seen, so that it names nobody."""

from tests.rooms import START

from conductor.domain.bus import SIGNALS, Kept
from conductor.duty.inlet import Sieve
from conductor.live.room import Room
from conductor.wire.entries import signals_entry


class Names:
    """What a sieve hands over."""

    def __init__(self):
        self.known: list[tuple[str, str]] = []
        self.sieve = Sieve(lambda: START, lambda session_id, name: self.known.append((session_id, name)))

    def read(self, *fields):
        names, values = zip(*fields, strict=True)
        return self.sieve.read_entries([Kept(SIGNALS + "a", names, values, START, "1-0")])


def test_whoever_joins_a_room_is_known_to_the_agent_by_their_name():
    names, room = Names(), Room("a", "event", START)
    joined = [room.join(f"person-{n}", name, f"c{n}", START) for n, name in enumerate(("Hermione", "李小龙"))]
    for each in joined:
        names.read(*signals_entry("a", each.kept).fields)

    assert names.known == [("a", "Hermione"), ("a", "李小龙")]
    assert (names.sieve.accepted, names.sieve.rejected) == (2, 0)


def test_other_notes_of_a_room_are_of_no_interest_and_one_that_cannot_be_read_is_counted():
    names = Names()
    slide = b'{"sessionId": "a", "eventId": "event", "timestamp": 1, "slide": 3}'

    assert names.read(("room:slide", slide), ("room:other", b"?")) == []
    assert names.sieve.rejected == 0
    assert names.read(("room:name", b'{"sessionId": "a"}'), ("room:name", b"nonsense")) == []
    assert names.sieve.rejected == 2
    assert names.known == []
