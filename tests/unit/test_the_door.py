"""Whoever may send signals can name any number of sessions; so many are watched at once, and no more."""

from tests.duty_examples import entry_of
from tests.signal_examples import NOW

from conductor.domain.bus import Kept
from conductor.domain.signals import ChatDetail, Kind, Signal
from conductor.duty.door import SETTLED_S, Door
from conductor.duty.inlet import Sieve


def test_who_is_in_stays_in_and_one_too_many_is_turned_away():
    door = Door({"a", "b"}, most=2)
    assert [door.admits(f"signals:{name}", NOW) for name in "abcab"] == [True, True, False, True, True]


def test_the_place_of_a_session_that_ended_is_given_to_another():
    opened = {"a", "b"}
    door = Door(opened, most=2)
    assert [door.admits(f"signals:{name}", NOW) for name in "ab"] == [True, True]
    opened.remove("a")
    assert not door.admits("signals:c", NOW + SETTLED_S - 10.0)
    assert door.admits("signals:c", NOW + SETTLED_S)
    assert door.admits("signals:b", NOW + SETTLED_S)


def test_streams_that_opened_no_session_do_not_keep_others_out():
    door = Door(most=2)
    assert [door.admits(f"signals:{name}", NOW) for name in "ab"] == [True, True]
    assert door.admits("signals:c", NOW + SETTLED_S)


def test_what_is_turned_away_is_counted_and_not_read():
    sieve = Sieve(lambda: NOW, door=Door(most=2))
    entries = [entry_of(Signal(name, "e", NOW, Kind.CHAT, "u", detail=ChatDetail("m", "so"))) for name in "abc"]
    kept = [
        Kept(each.stream, [name for name, _ in each.fields], [value for _, value in each.fields], NOW, "1-0")
        for each in entries
    ]
    assert len(sieve.read_entries(kept)) > 0
    assert (sieve.accepted, dict(sieve.rejected_by)) == (2, {("any", "too_many_sessions"): 1})
