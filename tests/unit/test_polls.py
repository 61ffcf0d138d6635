import numpy as np
import pytest
from tests.rooms import START, even, joins, play, poll, signal, worker

from conductor.domain.signals import Kind
from conductor.perceive.polls import AFTERGLOW_S, OPEN_MOST_S, Polls
from conductor.perceive.snapshot import restore, snapshot


def polls_of(poll_id="p", at=0.0, *, by_agent=False, row=0):
    polls = Polls()
    polls.open(row, poll_id, at, by_agent=by_agent)
    return polls


def is_agents(polls, row=0):
    return polls.vote(row, "p", "somebody else", 1.0)


def votes(polls, now):
    return [(row, [poll.votes for poll in counting]) for row, counting in polls.counting(now)]


def test_everybody_is_counted_once():
    polls = polls_of()
    for user in ("a", "b", "a"):
        polls.vote(0, "p", user, 1.0)

    assert votes(polls, 2.0) == [(0, [2])]


def test_votes_without_a_name_count_one_each():
    polls = polls_of()
    for _ in range(3):
        polls.vote(0, "p", None, 1.0)

    assert votes(polls, 2.0) == [(0, [3])]


def test_a_poll_counts_until_a_minute_after_it_closed():
    polls = polls_of()
    polls.close(0, "p", 30.0)

    assert votes(polls, 30.0 + AFTERGLOW_S) == [(0, [0])]
    assert votes(polls, 30.0 + AFTERGLOW_S + 1.0) == []


def test_a_poll_that_nobody_closes_counts_for_ten_minutes():
    polls = polls_of()

    assert polls.running(0, OPEN_MOST_S)
    assert not polls.running(0, OPEN_MOST_S + 1.0)
    assert votes(polls, OPEN_MOST_S + 1.0) == []


def test_only_an_open_poll_is_running():
    polls = polls_of()
    assert polls.running(0, 5.0)
    assert not polls.running(1, 5.0)

    polls.close(0, "p", 5.0)
    assert not polls.running(0, 6.0)


def test_closing_twice_or_what_was_never_heard_of_changes_nothing():
    polls = polls_of()
    polls.close(0, "p", 30.0)
    polls.close(0, "p", 50.0)
    polls.close(0, "q", 50.0)

    assert votes(polls, 100.0) == []
    assert len(polls.ended) == 1


def test_opening_twice_keeps_the_votes():
    polls = polls_of()
    polls.vote(0, "p", "a", 1.0)
    polls.open(0, "p", 2.0, by_agent=True)

    assert votes(polls, 3.0) == [(0, [1])]
    assert not is_agents(polls)


def test_a_poll_launched_again_later_begins_anew():
    polls = polls_of()
    polls.vote(0, "p", "a", 1.0)
    polls.close(0, "p", 30.0)
    polls.open(0, "p", 300.0, by_agent=False)

    assert votes(polls, 301.0) == [(0, [0])]
    assert polls.running(0, 301.0)


@pytest.mark.parametrize("late", [100.0, OPEN_MOST_S + 5.0])
def test_a_vote_that_comes_after_a_poll_is_over_does_not_begin_it_anew(late):
    polls = polls_of(by_agent=True)
    polls.vote(0, "p", "a", 1.0)
    polls.close(0, "p", 10.0)
    polls.vote(0, "p", "b", late)

    assert votes(polls, late + 1.0) == []
    assert is_agents(polls)


def test_a_vote_in_a_poll_not_heard_of_opens_it_as_the_hosts():
    polls = Polls()
    polls.vote(0, "p", "a", 1.0)

    assert votes(polls, 2.0) == [(0, [1])]
    assert not is_agents(polls)


def test_whose_poll_it_is_may_be_heard_after_the_first_votes():
    polls = Polls()
    polls.vote(0, "p", "a", 3.0)

    assert polls.open(0, "p", 1.0, by_agent=True)
    assert votes(polls, 4.0) == [(0, [1])]
    assert is_agents(polls)
    assert not polls.running(0, 1.0 + OPEN_MOST_S + 1.0)


def test_a_closed_room_takes_its_polls_along():
    polls = polls_of()
    polls.close(0, "p", 5.0)
    polls.clear(0)

    assert votes(polls, 6.0) == []
    assert polls.ended == []


def test_a_snapshot_says_the_same_in_another_row():
    polls = polls_of(by_agent=True)
    polls.vote(0, "p", "a", 1.0)
    polls.vote(0, "p", None, 1.0)
    polls.vote(0, "q", "b", 2.0)
    polls.close(0, "q", 3.0)
    other = Polls()
    other.restore(5, polls.snapshot(0))

    assert votes(other, 4.0) == [(5, [2, 1])]
    assert [(row, ended.poll_id) for row, ended in other.ended] == [(5, "q")]
    assert other.snapshot(5) == polls.snapshot(0)
    assert is_agents(other, row=5)


def habits(perception, name):
    return perception.baseline.habits(perception.rooms.row(name))[0].tolist()


def asked_room(voters, closed_at=90.0, *, by_agent=False):
    room = joins("a", 10, spread_s=5.0) + even("a", 30, 0.0, 200.0, 10)
    room.append(poll("a", 60.0, Kind.POLL_OPENED, by_agent=by_agent))
    room += [poll("a", 61.0 + i, Kind.VOTE, user=f"u{i}") for i in range(voters)]
    room.append(poll("a", closed_at, Kind.POLL_CLOSED))
    return room


def test_a_hosts_poll_teaches_how_many_vote():
    perception = worker("a")
    play(perception, asked_room(8), 120.0)

    assert habits(perception, "a")[4] == 0.8


def test_a_poll_of_the_agents_own_teaches_nothing_about_voting():
    perception = worker("a")
    before = habits(perception, "a")[4]
    play(perception, asked_room(8, by_agent=True), 120.0)

    assert habits(perception, "a")[4] == before


def test_a_poll_that_ends_while_an_effect_is_awaited_teaches_nothing():
    perception = worker("a")
    before = habits(perception, "a")[4]
    play(perception, asked_room(8), 80.0)
    perception.await_effect("a")
    play(perception, [poll("a", 90.0, Kind.POLL_CLOSED)], 120.0)

    assert habits(perception, "a")[4] == before


def test_a_poll_of_a_room_that_closed_teaches_nothing_to_the_next_room():
    perception = worker("a", "other")
    play(perception, asked_room(8, closed_at=900.0), 100.0)
    perception.receive(poll("a", 101.0, Kind.POLL_CLOSED))
    perception.close("a")
    perception.open("b", "event", START + 102.0, perception.facts("other").profile)
    fresh = habits(perception, "b")[4]
    play(perception, joins("b", 10, at=102.0), 200.0)

    assert habits(perception, "b")[4] == fresh


def test_a_poll_that_closed_just_before_a_snapshot_is_learned_after_it():
    perception = worker("a")
    play(perception, asked_room(8, closed_at=900.0), 100.0)
    perception.receive(poll("a", 101.0, Kind.POLL_CLOSED))
    moved = worker(at=START + 100.0)
    restore(moved, snapshot(perception, "a"))
    play(moved, [], 110.0)

    assert habits(moved, "a")[4] == 0.8


def test_a_poll_from_a_clock_far_ahead_does_not_last_for_ever():
    perception = worker("a")
    play(perception, joins("a", 10), 60.0)
    perception.receive(poll("a", 1e6, Kind.POLL_OPENED))
    assert perception.poll_is_open("a", START + 65.0)

    play(perception, [signal("a", 900.0)], 61.0 + OPEN_MOST_S)
    assert not perception.poll_is_open("a", START + 61.0 + OPEN_MOST_S)


def test_a_vote_heard_before_the_agents_poll_was_still_prompted():
    perception = worker("a")
    perception.receive(poll("a", 2.0, Kind.VOTE, user="u1"))
    perception.receive(poll("a", 1.0, Kind.POLL_OPENED, by_agent=True))
    perception.advance()

    since = np.zeros(1)
    assert perception.roster.active_count(since).tolist() == [1]
    assert perception.roster.active_count(since, unprompted=True).tolist() == [0]
