from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import (
    Arm,
    Content,
    Context,
    EngagementBucket,
    Generation,
    GenerationMethod,
    Intervention,
    NudgeContent,
    PollContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.sessions import Phase, SessionProfile, SessionType, SizeBucket
from conductor.domain.signals import Author, Kind
from conductor.sim.crowd import Crowd
from conductor.sim.effects import EffectTable
from conductor.sim.people import CrowdParams
from conductor.sim.stage import Lull, Scenario

START = 1_700_000_000.0
DURATION_S = 600.0
ACTS = {Kind.CHAT, Kind.REACTION, Kind.QUESTION, Kind.UPVOTE, Kind.VOTE}
CONTENT: dict[Arm, Content] = {
    Arm.POLL: PollContent("Which?", ("one", "two", "three")),
    Arm.CHAT_PROMPT: PromptContent("What do you think?"),
    Arm.NUDGE: NudgeContent("Hello", "Say hello", Segment.FIRST_TIME),
    Arm.QNA_PROMOTE: QnaContent(QnaStrategy.REQUEST_NEW, message="Questions?"),
}
SURE = EffectTable().scaled(1000.0)

seeds = st.integers(0, 2**32 - 1)
arms = st.sampled_from(Arm)
depths = st.floats(0.4, 0.95)
few = settings(max_examples=8)


def crowd(seed, depth=0.7, size=30, effects=SURE, chat_per_min=0.3):
    params = CrowdParams(size=size, duration_s=DURATION_S, chat_per_min=chat_per_min, reactions_per_min=chat_per_min)
    scenario = Scenario((Lull(200.0, depth),), host_polls_s=(100.0,))
    return Crowd("s", "e", SessionProfile(), params, effects, scenario, np.random.default_rng(seed), START)


def play(room, until_s=DURATION_S + 5.0, step_s=60.0):
    signals = []
    while room.now < START + until_s:
        signals += room.step(min(room.now + step_s, START + until_s))
    return signals


def deliver(room, arm, name="i1"):
    how = Generation(GenerationMethod.TEMPLATE, "test")
    return room.deliver(Intervention(name, "d", "s", "e", room.now, arm, CONTENT[arm], how, 0))


def helped(room, arm, at_s=260.0):
    before = play(room, at_s)
    deliver(room, arm)
    return before + play(room)


@few
@given(seeds, arms)
def test_the_same_seed_gives_the_same_signals_byte_for_byte(seed, arm):
    assert repr(helped(crowd(seed), arm)) == repr(helped(crowd(seed), arm))


@few
@given(seeds, arms, st.lists(st.floats(0.05, 60.0), min_size=1, max_size=8))
def test_how_time_is_cut_into_steps_changes_nothing(seed, arm, steps_s):
    room, signals, turn = crowd(seed), [], 0
    while room.now < START + DURATION_S + 5.0:
        ahead = START + 260.0 if room.now < START + 260.0 else START + DURATION_S + 5.0
        signals += room.step(min(room.now + steps_s[turn % len(steps_s)], ahead))
        turn += 1
        if room.now == START + 260.0:
            deliver(room, arm)
    assert signals == helped(crowd(seed), arm)


@few
@given(seeds, arms, st.floats(1.0, 30.0))
def test_times_lie_within_the_step_and_never_decrease(seed, arm, step_s):
    room, delivered = crowd(seed), False
    while room.now < START + DURATION_S:
        since = room.now
        times = [signal.at for signal in room.step(since + step_s)]
        assert times == sorted(times)
        assert all(since <= at < since + step_s for at in times)
        if room.now > START + 260.0 and not delivered:
            delivered = deliver(room, arm) >= 0


@few
@given(seeds, arms)
def test_nobody_does_anything_before_joining_or_after_leaving(seed, arm):
    there: set[str] = set()
    gone: set[str] = set()
    for signal in helped(crowd(seed), arm):
        if signal.author is not Author.ATTENDEE or signal.user_id is None:
            continue
        if signal.kind is Kind.JOIN:
            assert signal.user_id not in there | gone
            there.add(signal.user_id)
            continue
        assert signal.user_id in there
        if signal.kind is Kind.LEAVE:
            there.remove(signal.user_id)
            gone.add(signal.user_id)


@few
@given(seeds, arms)
def test_where_nobody_answers_nor_comes_back_an_intervention_adds_what_the_agent_shows_and_nothing_else(seed, arm):
    room = crowd(seed, effects=EffectTable.null())
    twin = room.twin()
    signals, without = helped(room, arm), play(twin)
    assert Counter(without) <= Counter(signals)
    assert all(extra.author is Author.AGENT for extra in (Counter(signals) - Counter(without)).elements())
    assert [room.true_level(START + at) for at in range(600)] == [twin.true_level(START + at) for at in range(600)]


@few
@given(seeds, arms)
def test_where_people_only_answer_an_intervention_adds_answers_and_changes_nothing_else(seed, arm):
    room = crowd(seed, effects=EffectTable.answers_only())
    twin = room.twin()
    signals, without = helped(room, arm), play(twin)
    assert Counter(without) <= Counter(signals)
    for extra in (Counter(signals) - Counter(without)).elements():
        assert extra.at >= START + 260.0
        assert extra.kind in ACTS | {Kind.POLL_OPENED, Kind.POLL_CLOSED}
    assert [room.true_level(START + at) for at in range(600)] == [twin.true_level(START + at) for at in range(600)]
    assert room.present == twin.present


@few
@given(seeds, arms)
def test_a_twin_starts_over_without_the_interventions(seed, arm):
    room = crowd(seed)
    helped(room, arm)
    assert play(room.twin()) == play(crowd(seed))


@few
@given(seeds, arms)
def test_a_fork_has_the_same_future_and_a_life_of_its_own(seed, arm):
    room = crowd(seed)
    play(room, 260.0)
    fork, witness = room.fork(), room.fork()
    deliver(fork, arm)
    play(fork)
    assert play(room) == play(witness)


@few
@given(seeds, st.floats(0.0, 0.95), st.floats(0.0, 0.95))
def test_a_deeper_lull_only_ever_takes_away(seed, one, other):
    shallow, deep = sorted((one, other))
    more, less = (
        {(s.at, s.user_id, s.kind) for s in play(crowd(seed, depth=depth)) if s.kind in ACTS}
        for depth in (shallow, deep)
    )
    assert less <= more


@few
@given(seeds)
def test_a_lull_lowers_the_rate(seed):
    at = np.array([s.at - START for s in play(crowd(seed, depth=0.9, size=80)) if s.kind in ACTS])
    assert (at >= 220.0).sum() / 380.0 < 0.5 * ((at >= 60.0) & (at < 200.0)).sum() / 140.0


@few
@given(seeds, st.sampled_from([Arm.POLL, Arm.CHAT_PROMPT, Arm.QNA_PROMOTE]), depths)
def test_what_works_shortens_the_lull(seed, arm, depth):
    room = crowd(seed, depth=depth)
    helped(room, arm)
    for at in range(300, 600, 20):
        healthy = room.level_without_help(START + at) / (1.0 - depth)
        assert room.level_without_help(START + at) < room.true_level(START + at) <= healthy + 1e-9


@few
@given(seeds, arms, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_stronger_effect_works_wherever_a_weaker_one_does(seed, arm, one, other):
    levels = []
    for scale in sorted((one, other)):
        room = crowd(seed, effects=EffectTable().scaled(scale))
        helped(room, arm)
        levels.append(room.true_level(START + 400.0))
    assert levels[0] <= levels[1] + 0.02  # those who stay because of it are not quite the same people


@given(
    arms,
    st.sampled_from(AnomalyType),
    st.sampled_from(Phase),
    st.sampled_from(SessionType),
    st.sampled_from(SizeBucket),
    st.integers(0, 5),
    st.floats(-2.0, 2.0),
    st.floats(0.0, 5.0),
)
def test_chances_are_probabilities_and_fall_with_fatigue(arm, anomaly, phase, kind, size, recent, room, scale):
    context = Context(anomaly, phase, kind, size, EngagementBucket.LOW)
    table = EffectTable().scaled(scale)
    fresh = table.chance(arm, context, START, recent=recent, room=room)
    tired = table.chance(arm, context, START, recent=recent + 1, room=room)
    assert 0.0 <= tired <= fresh <= 1.0
    assert tired < fresh or fresh == 0.0
    assert EffectTable.null().chance(arm, context, START, room=room) == 0.0


def test_twice_the_audience_does_twice_as_much():
    totals: Counter[tuple[int, Kind]] = Counter()
    for seed in range(24):
        for size in (40, 80):
            room = crowd(seed, depth=0.0, size=size, chat_per_min=0.1)
            for signal in play(room):
                totals[size, signal.kind] += 1
    for kind in (Kind.CHAT, Kind.REACTION, Kind.VOTE):
        assert totals[80, kind] / totals[40, kind] == pytest.approx(2.0, rel=0.15)
