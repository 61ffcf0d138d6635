import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.domain.signals import COUNTED_KINDS, Kind
from conductor.perceive.ledger import LONG_TICKS, RING_TICKS, Ledger

START = 340_000_000


def count(ledger, tick, amount=1, kind=Kind.CHAT, row=0):
    one = np.array([row]), np.array([int(kind)]), np.array([tick]), np.array([amount])
    return ledger.count(*one)


def filled(amounts, rooms=1):
    """A ledger in which so much chat came in each tick, all in time."""
    ledger = Ledger(rooms, START)
    for i, amount in enumerate(amounts):
        count(ledger, START + i, amount)
        ledger.advance()
    return ledger


def chat(ledger, ticks, ending=0, row=0):
    return int(ledger.window(ticks, ending=ending)[Kind.CHAT, row])


def test_a_window_holds_whole_ticks_only():
    ledger = filled([1, 2, 4])
    count(ledger, START + 3, 8)

    assert [chat(ledger, ticks) for ticks in (0, 1, 2, 3, 60)] == [0, 4, 6, 7, 7]


def test_a_window_may_end_earlier():
    ledger = filled([1, 2, 4, 8])

    assert [chat(ledger, 2, ending) for ending in (0, 1, 2, 3)] == [12, 6, 3, 1]


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=150), st.integers(0, LONG_TICKS), st.integers(0, 2))
def test_a_window_is_the_sum_of_its_ticks(amounts, ticks, ending):
    ledger = filled(amounts)
    end = len(amounts) - ending

    assert chat(ledger, ticks, ending) == sum(amounts[max(end - ticks, 0) : max(end, 0)])


@given(st.lists(st.integers(0, 20), min_size=5, max_size=80), st.randoms(use_true_random=False))
def test_late_signals_count_in_the_tick_they_belong_to(amounts, random):
    in_time, late = filled(amounts), Ledger(1, START)
    waiting = [(i + random.randint(0, 2), i, amount) for i, amount in enumerate(amounts)]
    for now in range(len(amounts) + 2):
        for _, tick, amount in [w for w in waiting if w[0] == now]:
            count(late, START + tick, amount)
        late.advance()
    for _ in range(2):
        in_time.advance()

    assert [chat(late, n) for n in range(61)] == [chat(in_time, n) for n in range(61)]


def test_what_is_too_late_for_any_window_is_left_out_and_told():
    ledger = filled([0] * 100)
    now = START + 100

    assert count(ledger, now - (RING_TICKS - 1)) == 1
    assert count(ledger, now - LONG_TICKS) == 0
    assert chat(ledger, LONG_TICKS) == 1


def test_what_seems_to_come_from_the_future_counts_now():
    ledger = filled([0])
    count(ledger, START + 50)
    ledger.advance()

    assert chat(ledger, 1) == 1


def test_totals_may_wrap_around():
    ledger = filled([2**32 - 3, 7])

    assert chat(ledger, 1) == 7
    assert chat(ledger, 2) == 4, "more than a total holds is no longer told apart"


def test_kinds_and_sessions_are_counted_apart():
    ledger = Ledger(3, START)
    rows, kinds = np.array([0, 2, 2, 2]), np.array([0, 3, 3, 6])
    ledger.count(rows, kinds, np.full(4, START), np.array([1, 2, 3, 4]))
    ledger.advance()
    window = ledger.window(1)

    assert window.shape == (COUNTED_KINDS, 3)
    assert {(int(k), int(r)): int(window[k, r]) for k, r in np.argwhere(window)} == {(0, 0): 1, (3, 2): 5, (6, 2): 4}


def test_each_session_may_have_a_window_of_its_own():
    ledger = Ledger(2, START)
    for tick in range(5):
        for row in (0, 1):
            count(ledger, START + tick, 10**row, row=row)
        ledger.advance()
    counts = ledger.window_of(np.array([1, 0, 1]), np.array([2, 3, 0]))

    assert counts[Kind.CHAT].tolist() == [20, 3, 0]


def test_a_session_keeps_its_counts_when_the_ledger_grows():
    ledger = filled([1, 2, 4])
    ledger.grow(10)

    assert chat(ledger, 3) == 7
    assert chat(ledger, 3, row=9) == 0


def test_a_row_given_to_another_session_begins_at_nothing():
    ledger = filled([1, 2, 4], rooms=2)
    ledger.clear(0)
    ledger.advance()

    assert ledger.window(60).sum() == 0


@pytest.mark.parametrize("ticks", [0, 3, 63, 64, 200])
def test_a_snapshot_put_back_into_another_ledger_gives_the_same_windows(ticks):
    ledger = filled(range(ticks))
    other = Ledger(4, ledger.tick)
    other.restore(3, ledger.snapshot(0))

    assert [chat(other, n, row=3) for n in range(61)] == [chat(ledger, n) for n in range(61)]
    count(other, ledger.tick - 2, row=3)
    count(ledger, ledger.tick - 2)
    assert [chat(other, n, row=3) for n in range(61)] == [chat(ledger, n) for n in range(61)]
