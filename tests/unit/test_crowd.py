from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import (
    Arm,
    Generation,
    GenerationMethod,
    Intervention,
    NudgeContent,
    PollContent,
    PollTiming,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.sessions import Phase, SessionProfile, SessionType
from conductor.domain.signals import Author, Kind, StartDetail
from conductor.ports import Platform
from conductor.sim.crowd import Crowd, CrowdPlatform
from conductor.sim.effects import EffectTable
from conductor.sim.people import CrowdParams, draw_people
from conductor.sim.presets import RESCUE_LULL_S, ordinary_params, ordinary_room, rescue_room
from conductor.sim.stage import Lull, Scenario, Stage, phase_at, random_scenario

START = 1_700_000_000.0
PROFILE = SessionProfile(title="Bees", type=SessionType.TALK)
BUSY = CrowdParams(size=60, duration_s=900.0, chat_per_min=0.3, reactions_per_min=0.3)
DEEP = Scenario((Lull(300.0, 0.8),))
SURE = EffectTable().scaled(1000.0)
POLL = PollContent("Which?", ("one", "two", "three"))


def crowd(seed=1, params=BUSY, scenario=DEEP, effects=SURE):
    return Crowd("s1", "e1", PROFILE, params, effects, scenario, np.random.default_rng(seed), START)


def intervention(room, content=POLL, arm=Arm.POLL, name="i1"):
    how = Generation(GenerationMethod.TEMPLATE, "test")
    return Intervention(name, "d1", room.session_id, "e1", room.now, arm, content, how, 0)


def play(room, until_s, step_s=5.0):
    signals = []
    while room.now < room.start + until_s:
        signals += room.step(min(room.now + step_s, room.start + until_s))
    return signals


def of(signals, *kinds):
    return [signal for signal in signals if signal.kind in kinds]


def acts(signals):
    return of(signals, Kind.CHAT, Kind.REACTION)


def test_a_session_opens_with_its_profile_and_then_people_come_in():
    signals = play(crowd(), 120.0)
    assert signals[0].kind is Kind.STARTED
    assert signals[0].detail == StartDetail(PROFILE)
    joined = [signal.user_id for signal in of(signals, Kind.JOIN)]
    assert len(joined) == len(set(joined)) > 40


def test_a_session_ends_and_nothing_follows():
    room = crowd()
    assert play(room, 1200.0)[-1] == ("s1", "e1", START + 900.0, Kind.ENDED, None, 1, Author.ATTENDEE, 0.0, None)
    assert room.step(START + 5000.0) == []
    assert room.deliver(intervention(room)) == 0
    assert room.step(START + 6000.0) == []


def test_the_same_moment_twice_gives_nothing_new():
    room = crowd()
    assert play(room, 100.0)
    assert room.step(START + 100.0) == []
    assert room.step(START + 50.0) == []


def test_a_poll_is_opened_by_the_agent_voted_in_once_a_person_and_closed():
    room = crowd()
    play(room, 400.0)
    present = room.present
    assert room.deliver(intervention(room)) == present
    after = play(room, 500.0)
    opened, closed = of(after, Kind.POLL_OPENED)[0], of(after, Kind.POLL_CLOSED)[0]
    votes = of(after, Kind.VOTE)
    voters = [vote.user_id for vote in votes]
    assert (opened.at, opened.author, opened.detail.poll_id) == (START + 400.0, Author.AGENT, "i1")
    assert opened.detail.options == POLL.options
    assert closed.at == START + 460.0
    assert 0.25 * present < len(voters) == len(set(voters)) <= present
    assert all(vote.detail.by_agent and vote.detail.poll_id == "i1" for vote in votes)
    assert {vote.detail.option_id for vote in votes} <= {"0", "1", "2"}
    assert all(opened.at < vote.at < closed.at for vote in votes)


def test_a_room_that_pays_no_attention_votes_less():
    shares = []
    for effects in (SURE, EffectTable.null()):
        votes = seen_by = 0
        for seed in range(5):
            room = crowd(seed, effects=effects)
            play(room, 400.0)
            seen_by += room.deliver(intervention(room))
            votes += len(of(play(room, 470.0), Kind.VOTE))
        shares.append(votes / seen_by)
    assert 0.4 < shares[0] < 0.6
    assert 0.05 < shares[1] < 0.3


def test_delivering_the_same_intervention_again_changes_nothing():
    once, twice = crowd(), crowd()
    for room, times in ((once, 1), (twice, 3)):
        play(room, 400.0)
        told = {room.deliver(intervention(room)) for _ in range(times)}
        assert len(told) == 1
    assert play(once, 900.0) == play(twice, 900.0)


def test_a_poll_for_the_next_transition_waits_for_the_slide():
    room = crowd(params=replace(BUSY, slides_per_min=2.0))
    play(room, 400.0)
    room.deliver(intervention(room, replace(POLL, timing=PollTiming.NEXT_TRANSITION)))
    after = play(room, 600.0)
    assert of(after, Kind.POLL_OPENED)[0].at == of(after, Kind.SLIDE)[0].at


def test_a_poll_for_the_next_transition_appears_at_once_where_no_slide_changes():
    room = crowd(params=replace(BUSY, slides_per_min=0.0))
    play(room, 400.0)
    room.deliver(intervention(room, replace(POLL, timing=PollTiming.NEXT_TRANSITION)))
    assert of(play(room, 410.0), Kind.POLL_OPENED)[0].at == START + 400.0


def test_a_chat_prompt_is_posted_as_the_agent_and_draws_answers():
    asked, left_alone = crowd(), crowd()
    for room in (asked, left_alone):
        play(room, 400.0)
    asked.deliver(intervention(asked, PromptContent("What do you think?"), Arm.CHAT_PROMPT))
    with_prompt, without = play(asked, 430.0), play(left_alone, 430.0)
    assert [signal.at for signal in with_prompt if signal.author is Author.AGENT] == [START + 400.0]
    assert len(of(with_prompt, Kind.CHAT)) > len(of(without, Kind.CHAT)) + 3


def test_a_targeted_prompt_reaches_only_those_it_names():
    room = crowd()
    play(room, 400.0)
    users = ("s1:p3", "s1:p5", "s1:p999", "somebody else")
    assert room.deliver(intervention(room, PromptContent("You two?", target_users=users), Arm.CHAT_PROMPT)) == 2


def test_a_nudge_to_lurkers_reaches_only_people_who_never_did_anything():
    room = crowd(params=replace(BUSY, duration_s=1800.0))
    before = play(room, 1200.0)
    active = {signal.user_id for signal in acts(before) + of(before, Kind.QUESTION, Kind.UPVOTE)}
    long_here = {s.user_id for s in of(before, Kind.JOIN) if s.at < START + 300.0}
    lurkers = long_here - active - {signal.user_id for signal in of(before, Kind.LEAVE)}
    nudge = NudgeContent("Hello {{name}}", "Say hello", Segment.LURKERS)
    assert room.deliver(intervention(room, nudge, Arm.NUDGE)) == len(lurkers) > 0


def test_nobody_is_a_lurker_in_the_first_quarter_of_an_hour():
    room = crowd()
    play(room, 800.0)
    nudge = NudgeContent("Hello", "Say hello", Segment.LURKERS)
    assert room.deliver(intervention(room, nudge, Arm.NUDGE)) == 0


def test_first_timers_are_a_part_of_the_room():
    room = crowd()
    play(room, 400.0)
    nudge = NudgeContent("Hello", "Say hello", Segment.FIRST_TIME)
    assert 0 < room.deliver(intervention(room, nudge, Arm.NUDGE)) < room.present / 2


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (QnaContent(QnaStrategy.REQUEST_NEW, message="Questions?"), Kind.QUESTION),
        (QnaContent(QnaStrategy.SEED_QUESTION, message="Why bees?"), Kind.UPVOTE),
        (QnaContent(QnaStrategy.SURFACE_BEST, ("q7", "q9")), Kind.UPVOTE),
    ],
)
def test_promoted_questions_draw_questions_and_upvotes(content, kind):
    with_it = without = 0
    for seed in range(5):
        asked = crowd(seed)
        play(asked, 400.0)
        left_alone = asked.fork()
        asked.deliver(intervention(asked, content, Arm.QNA_PROMOTE))
        with_it += len(of(play(asked, 450.0), kind))
        without += len(of(play(left_alone, 450.0), kind))
    assert with_it > without + 5


def test_upvotes_go_to_the_questions_that_were_promoted():
    room = crowd(params=replace(BUSY, size=200, questions_per_min=0.0))
    play(room, 400.0)
    room.deliver(intervention(room, QnaContent(QnaStrategy.SURFACE_BEST, ("q7", "q9")), Arm.QNA_PROMOTE))
    assert {s.detail.question_id for s in of(play(room, 500.0), Kind.UPVOTE)} == {"q7", "q9"}


def test_a_poll_of_the_host_is_not_the_agents():
    signals = play(crowd(scenario=Scenario(host_polls_s=(200.0,))), 300.0)
    votes = of(signals, Kind.VOTE)
    assert of(signals, Kind.POLL_OPENED)[0].author is Author.HOST
    assert 15 < len(votes) < 45
    assert not any(vote.detail.by_agent for vote in votes)


def test_upvotes_and_answers_belong_to_questions_that_were_asked():
    signals = play(crowd(params=replace(BUSY, questions_per_min=0.05, upvotes_per_min=0.1)), 900.0)
    asked = {signal.detail.question_id for signal in of(signals, Kind.QUESTION)}
    named = {signal.detail.question_id for signal in of(signals, Kind.UPVOTE, Kind.ANSWERED)}
    assert len(named) > 3
    assert named <= asked


def test_people_look_away_in_a_lull_and_come_back_after_it():
    signals = play(crowd(scenario=Scenario((Lull(300.0, 0.9, 200.0),))), 700.0)
    away = [signal.at - START for signal in of(signals, Kind.BLUR)]
    assert sum(1 for at in away if 300.0 <= at < 360.0) > 30
    assert sum(1 for signal in of(signals, Kind.FOCUS) if signal.at - START >= 500.0) > 30


def test_people_walk_out_when_a_lull_makes_them():
    signals = play(crowd(scenario=Scenario((Lull(300.0, 0.5, exit_ratio=0.5),))), 340.0)
    left = [signal.at - START for signal in of(signals, Kind.LEAVE)]
    assert sum(1 for at in left if at >= 300.0) > 15


def test_people_leave_a_room_that_stays_dull_sooner_than_a_lively_one():
    dull, lively = (
        sum(
            len(of(play(crowd(seed, scenario=Scenario((Lull(120.0, depth),))), 900.0), Kind.LEAVE)) for seed in range(4)
        )
        for depth in (0.9, 0.0)
    )
    assert dull > 3 * lively


def test_people_tire():
    params = replace(BUSY, duration_s=5400.0, chat_per_min=0.05, reactions_per_min=0.05)
    room = crowd(params=params, scenario=Scenario())
    play(room, 5390.0, step_s=300.0)
    rested = room.people.temperament.mean()
    tired = (room.people.temperament * (1.0 - 1.5 * room.people.stamina_loss_per_h)).mean()
    assert tired < 0.9 * rested


def test_there_is_nothing_to_lift_where_there_is_no_lull():
    room = crowd()
    play(room, 200.0)
    assert room.true_context(room.now) is None
    assert [room.true_chance(arm, room.now) for arm in Arm] == [0.0] * 4
    assert room.would_have_recovered(room.now)


def test_the_truth_of_a_lull_can_be_asked_for():
    room = crowd(effects=EffectTable(room_sd=0.0))
    play(room, 400.0)
    context = room.true_context(room.now)
    assert (context.anomaly_type, context.phase) == (AnomalyType.SUDDEN_DROP, Phase.MIDDLE)
    assert room.true_chance(Arm.POLL, room.now) == pytest.approx(0.6)
    assert not room.would_have_recovered(room.now)
    assert room.true_level(room.now) == pytest.approx(room.level_without_help(room.now))


def test_each_intervention_of_the_last_twenty_minutes_makes_the_next_less_likely_to_work():
    room = crowd(effects=EffectTable(room_sd=0.0), params=replace(BUSY, duration_s=3600.0))
    play(room, 900.0)
    fresh = room.true_chance(Arm.POLL, room.now)
    room.deliver(intervention(room))
    assert room.true_chance(Arm.POLL, room.now + 1.0) == pytest.approx(0.7 * fresh)
    assert room.true_chance(Arm.POLL, room.now + 1201.0) == pytest.approx(fresh)


def test_when_the_world_drifts_the_arms_change_their_roles():
    room = crowd()
    play(room, 400.0)
    context, table = room.true_context(room.now), EffectTable().drifting(START + 500.0)
    assert table.chance(Arm.POLL, context, START + 499.0) == EffectTable().chance(Arm.POLL, context, START)
    assert table.chance(Arm.POLL, context, START + 500.0) == EffectTable().chance(Arm.CHAT_PROMPT, context, START)


def test_the_best_arm_depends_on_the_circumstances():
    room, table = crowd(), EffectTable()
    play(room, 400.0)
    here = room.true_context(room.now)
    best = set()
    for kind in AnomalyType:
        for phase in Phase:
            there = replace(here, anomaly_type=kind, phase=phase)
            chances = {arm: table.chance(arm, there, START) for arm in Arm}
            best.add(max(chances, key=chances.__getitem__))
    assert best == set(Arm)


def test_rooms_differ_in_how_receptive_they_are():
    chances = []
    for seed in range(20):
        room = crowd(seed, effects=EffectTable())
        play(room, 400.0, step_s=400.0)
        chances.append(room.true_chance(Arm.POLL, room.now))
    assert min(chances) < 0.55
    assert 0.65 < max(chances) < 1.0


async def test_the_platform_delivers_to_the_crowd_of_the_session():
    room = crowd()
    play(room, 400.0)
    platform: Platform = CrowdPlatform([room])
    assert await platform.deliver(intervention(room)) == room.present
    assert await platform.deliver(replace(intervention(room), session_id="unknown", intervention_id="i2")) == 0


@pytest.mark.parametrize(
    ("lull", "kind"),
    [
        (Lull(0.0, 0.7), AnomalyType.SUDDEN_DROP),
        (Lull(0.0, 0.7, gradual_s=120.0), AnomalyType.GRADUAL_DECLINE),
        (Lull(0.0, 0.7, exit_ratio=0.2), AnomalyType.MASS_EXIT),
        (Lull(0.0, 0.4), AnomalyType.LOW_ENGAGEMENT),
    ],
)
def test_a_lull_knows_what_it_is(lull, kind):
    assert lull.type is kind


def test_a_dip_falls_stays_and_recovers_at_its_own_time():
    lull = Lull(100.0, 0.8, 200.0, gradual_s=100.0)
    dips = lull.dip(np.array([99.0, 150.0, 200.0, 300.0, 325.0, 600.0]))
    assert dips == pytest.approx([0.0, 0.4, 0.8, 0.8, 0.8 * np.exp(-1.0), 0.0], abs=1e-3)


def test_a_deeper_dip_wins_where_two_lulls_meet():
    stage = Stage(np.random.default_rng(1), Scenario((Lull(100.0, 0.3), Lull(200.0, 0.9))), 600.0)
    assert [stage.lull_at(at) for at in (50.0, 150.0, 300.0)] == [None, 0, 1]
    assert stage.dip(300.0) == pytest.approx(1.0 - 0.7 * 0.1)


def test_random_lulls_keep_their_distance_and_most_recover_by_themselves():
    rng = np.random.default_rng(1)
    lulls: list[Lull] = []
    for _ in range(300):
        drawn = random_scenario(rng, 3600.0, lulls_per_hour=3.0).lulls
        starts = [0.0, *(lull.at_s for lull in drawn)]
        assert all(later - earlier >= 300.0 for earlier, later in pairwise(starts))
        assert all(lull.at_s < 3420.0 for lull in drawn)
        lulls += drawn
    never = [lull.self_recovery_s for lull in lulls].count(None) / len(lulls)
    own = sorted(lull.self_recovery_s for lull in lulls if lull.self_recovery_s is not None and not lull.gradual_s)
    assert 0.24 < never < 0.36
    assert 110.0 < own[len(own) // 2] < 200.0
    assert own[-1] > 1000.0
    assert set(Counter(lull.type for lull in lulls)) == set(AnomalyType)


def test_a_session_too_short_for_lulls_has_none():
    assert random_scenario(np.random.default_rng(1), 400.0) == Scenario()


def test_phases_follow_the_clock_and_the_programme():
    at = [phase_at(elapsed_s, 3600.0, None) for elapsed_s in (0.0, 539.0, 540.0, 3059.0, 3060.0)]
    assert at == [Phase.OPENING, Phase.OPENING, Phase.MIDDLE, Phase.MIDDLE, Phase.CLOSING]
    assert phase_at(3500.0, 3600.0, 3000.0) is Phase.QA


@pytest.mark.parametrize("wrong", [{"size": 0}, {"duration_s": 0.0}, {"reply_ratio": 0.9}])
def test_an_impossible_crowd_is_refused(wrong):
    with pytest.raises(ValueError, match=r"crowd|reply_ratio"):
        CrowdParams(**wrong)


def test_a_few_people_write_most_of_it():
    shares = []
    for seed in range(20):
        talk = np.sort(draw_people(np.random.default_rng(seed), CrowdParams(size=100)).talk)[::-1]
        shares.append(talk[:10].sum() / talk.sum())
    assert 0.4 < np.mean(shares) < 0.65


def test_messages_cluster_as_in_recorded_meetings():
    # Variance over mean of counts in four recorded meetings at about 3 messages a minute.
    recorded = {5.0: 1.1, 15.0: 1.3, 30.0: 1.6, 60.0: 2.2, 120.0: 3.0}
    params = CrowdParams(size=75, chat_per_min=0.045, reactions_per_min=0.04, focus=False)
    moments: dict[float, list[tuple[float, float]]] = {width_s: [] for width_s in recorded}
    for seed in range(16):
        room = crowd(seed, params=params, scenario=Scenario())
        at = [signal.at - START for signal in of(play(room, 3600.0, step_s=300.0), Kind.CHAT)]
        for width_s, found in moments.items():
            counts = np.histogram(at, np.arange(300.0, 3601.0, width_s))[0]
            found.append((counts.mean(), counts.var()))
    for width_s, found in moments.items():
        mean, variance = np.mean(found, axis=0)
        assert variance / mean == pytest.approx(recorded[width_s], rel=0.2)


def test_an_ordinary_room_has_the_rates_of_its_kind():
    params = replace(ordinary_params(SessionType.WORKSHOP, 40), focus=False)
    found = []
    for seed in range(6):
        signals = play(ordinary_room(np.random.default_rng(seed), "r", params, lulls_per_hour=0.0), 3600.0)
        found.append(len(of(signals, Kind.CHAT)) / 60.0)
    assert np.mean(found) == pytest.approx(40 * 0.12, rel=0.3)


def test_the_rescue_room_is_busy_collapses_stays_down_and_answers_a_poll():
    votes = []
    for seed in range(4):
        room = rescue_room(np.random.default_rng(seed), start=START)
        before = play(room, RESCUE_LULL_S + 20.0)
        at = np.array([signal.at - START for signal in acts(before)])
        healthy_per_s = ((at >= 120.0) & (at < 600.0)).sum() / 480.0
        assert healthy_per_s > 150.0 / 60.0
        assert ((at >= 610.0) & (at < 620.0)).sum() < 0.4 * healthy_per_s * 10.0
        alone = room.fork()
        seen_by = room.deliver(intervention(room))
        after = play(room, RESCUE_LULL_S + 140.0)
        votes.append(len([vote for vote in of(after, Kind.VOTE) if vote.at < START + 650.0]) / seen_by)
        left_alone = play(alone, RESCUE_LULL_S + 140.0)
        assert room.true_level(room.now) > 0.6
        assert alone.true_level(alone.now) < 0.2
        assert len(acts(after)) > 3 * len(acts(left_alone))
    assert 0.4 < np.mean(votes) < 0.55
