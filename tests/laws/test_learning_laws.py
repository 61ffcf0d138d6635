import numpy as np
from tests.rooms import START, chatter, evidence_of, joins, play, poll, worker

from conductor.domain.signals import Kind


def baseline_of(perception, name="a"):
    return perception.baseline.snapshot(perception.rooms.row(name)).tolist()


def later(signals, at):
    return [s for s in signals if s.at >= START + at]


def test_nothing_is_learned_while_evidence_stands_and_learning_goes_on_when_it_is_over():
    rng = np.random.default_rng(6)
    room = joins("a", 60) + chatter("a", 100, 0.0, 300.0, 60, rng) + chatter("a", 100, 420.0, 700.0, 60, rng)
    perception = worker("a")
    known, learned_while = baseline_of(perception), []
    for reading in (
        play(perception, [s for s in room if START + 5.0 * t <= s.at], 5.0 * (t + 1))[0] for t in range(140)
    ):
        changed, known = baseline_of(perception) != known, baseline_of(perception)
        if evidence_of(perception, reading, "a") >= perception.params.alarm.freeze:
            learned_while.append(changed)
        last = changed

    assert len(learned_while) > 20
    assert not any(learned_while)
    assert last


def test_nothing_is_learned_while_an_effect_is_awaited():
    rng = np.random.default_rng(6)
    room = joins("a", 60) + chatter("a", 60, 0.0, 600.0, 60, rng)
    perception = worker("a")
    play(perception, room, 300.0)
    known, forest = baseline_of(perception), perception.detector.snapshot(0)
    perception.await_effect("a")
    play(perception, later(room, 300.0), 400.0)
    assert baseline_of(perception) == known
    np.testing.assert_equal(perception.detector.snapshot(0), forest)

    perception.effect_known("a")
    play(perception, later(room, 400.0), 480.0)
    assert baseline_of(perception) != known


def test_the_bump_after_an_intervention_is_not_learned_afterwards():
    rng = np.random.default_rng(6)
    room = joins("a", 60) + chatter("a", 30, 0.0, 900.0, 60, rng)
    bump = chatter("a", 200, 300.0, 360.0, 60, rng)
    with_bump, without = worker("a"), worker("a")
    watch = [(300.0, lambda w: w.await_effect("a")), (365.0, lambda w: w.effect_known("a"))]
    play(with_bump, room + bump, 500.0, watch)
    play(without, room, 500.0, watch)

    assert with_bump.baseline.events_per_tick(1)[0] == without.baseline.events_per_tick(1)[0]


def test_votes_in_the_agents_own_poll_raise_the_shown_score_but_not_the_unprompted_one():
    rng = np.random.default_rng(6)
    room = joins("a", 40) + chatter("a", 10, 0.0, 295.0, 12, rng)
    asked = [poll("a", 301.0, Kind.POLL_OPENED, by_agent=True)]
    asked += [poll("a", 302.0 + i, Kind.VOTE, user=f"u{i}") for i in range(39)]
    watch = [(300.0, lambda w: w.await_effect("a"))]
    plain = play(worker("a"), room, 360.0, watch)[-1]
    polled = play(worker("a"), room + asked, 360.0, watch)[-1]

    assert polled.scores.value[0] > plain.scores.value[0] + 0.1
    assert polled.unprompted[0] == plain.scores.value[0] == plain.unprompted[0]
