"""What a simulated audience has to be for anybody to be judged by it."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.crowd_examples import BUSY, POLL, PROFILE, START, SURE, acts, crowd, intervention, of, play

from conductor.domain.engagement import AnomalyType
from conductor.domain.interventions import (
    Arm,
    Context,
    EngagementBucket,
    NudgeContent,
    PollTiming,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.sessions import Phase, SessionType, SizeBucket
from conductor.domain.signals import Kind
from conductor.sim.crowd import Crowd
from conductor.sim.effects import BASE, PHASE_SHIFT, SIZE_SHIFT, TYPE_SHIFT, Drift, EffectTable
from conductor.sim.people import CrowdParams
from conductor.sim.presets import ordinary_params, ordinary_room
from conductor.sim.stage import Lull, Scenario, random_scenario

HERE = Context(AnomalyType.SUDDEN_DROP, Phase.MIDDLE, SessionType.TALK, SizeBucket.MEDIUM, EngagementBucket.LOW)
FEW = CrowdParams(size=6, duration_s=120.0, focus=False)
FALLEN = Scenario((Lull(10.0, 0.8),))


def fallen(seed, effects, scenario=FALLEN):
    """A handful of people in a room that fell a moment ago."""
    room = Crowd("s1", "e1", PROFILE, FEW, effects, scenario, np.random.default_rng(seed), START)
    play(room, 40.0, 40.0)
    return room


def log_odds(chance):
    return math.log(chance / (1.0 - chance))


@pytest.mark.parametrize("arm", [Arm.POLL, Arm.NUDGE])
def test_as_many_rooms_are_lifted_as_the_truth_says(arm):
    chances, lifted = [], 0
    for seed in range(300):
        room = fallen(seed, EffectTable())
        chances.append(room.true_chance(arm, room.now))
        room.deliver(intervention(room, POLL, arm))
        lifted += room.true_level(START + 100.0) > 1.2 * room.level_without_help(START + 100.0)
    expected, variance = sum(chances), sum(chance * (1.0 - chance) for chance in chances)
    assert abs(lifted - expected) < 3.0 * math.sqrt(variance)
    # Small rooms vote and heed reminders less readily than mid-sized ones.
    assert expected / len(chances) == pytest.approx({Arm.POLL: 0.48, Arm.NUDGE: 0.10}[arm], abs=0.03)


def test_what_worked_is_known_and_how_likely_that_was():
    chances, worked, seen = [], [], []
    for seed in range(100):
        room = fallen(seed, EffectTable())
        poll = intervention(room)
        assert not room.worked(poll.intervention_id)
        chances.append(room.chance_of(poll))
        room.deliver(poll)
        worked.append(room.worked(poll.intervention_id))
        seen.append(room.true_level(START + 100.0) > 1.2 * room.level_without_help(START + 100.0))
    assert worked == seen
    assert 0 < sum(worked) < 100
    assert abs(sum(worked) - sum(chances)) < 3.0 * math.sqrt(sum(chance * (1.0 - chance) for chance in chances))


def test_what_reaches_nobody_cannot_work():
    room = fallen(1, SURE)
    nobody = intervention(room, PromptContent("Why?", target_users=("s1:p999",)), Arm.CHAT_PROMPT)
    assert room.chance_of(intervention(room, PromptContent("Why?"), Arm.CHAT_PROMPT)) > 0.99
    assert room.chance_of(nobody) == 0.0
    assert room.deliver(nobody) == 0
    assert not room.worked(nobody.intervention_id)


@pytest.mark.parametrize(
    ("content", "arm", "least"),
    [(POLL, Arm.POLL, 0.6), (NudgeContent("Hello", "Say hello", Segment.FIRST_TIME), Arm.NUDGE, 0.4)],
)
def test_a_room_that_is_lifted_for_comparison_fares_as_rooms_do_in_which_it_works(content, arm, least):
    imagined, found = [], []
    for seed in range(60):
        room = fallen(seed, SURE)
        helped = room.fork()
        helped.lift(intervention(room, content, arm))
        assert room.true_level(START + 100.0) == pytest.approx(room.level_without_help(START + 100.0))
        room.deliver(intervention(room, content, arm))
        if room.worked("i1"):
            imagined.append(helped.true_level(START + 100.0))
            found.append(room.true_level(START + 100.0))
    assert len(found) > 30
    assert np.mean(imagined) == pytest.approx(np.mean(found), abs=0.03)
    assert least < np.mean(found) < least + 0.2


def test_how_likely_something_works_is_told_of_the_moment_at_which_it_appears():
    room = crowd(params=replace(BUSY, slides_per_min=2.0), effects=EffectTable(), scenario=Scenario((Lull(30.0, 0.8),)))
    play(room, 125.0)
    later = intervention(room, replace(POLL, timing=PollTiming.NEXT_TRANSITION))
    shown = room.fork()
    shown.deliver(later)
    appears_at = of(play(shown, 300.0), Kind.POLL_OPENED)[0].at
    # The session has left its opening by then.
    assert appears_at > START + 135.0 > room.now
    assert room.chance_of(intervention(room)) == room.true_chance(Arm.POLL, room.now)
    assert room.chance_of(later) == room.true_chance(Arm.POLL, appears_at) != room.true_chance(Arm.POLL, room.now)


def test_nothing_helps_a_room_without_a_lull():
    room = fallen(1, SURE, Scenario())
    before = room.true_level(START + 100.0)
    room.lift(intervention(room))
    assert room.true_level(START + 100.0) == before


def test_what_works_differs_by_every_part_of_the_circumstances():
    table = EffectTable()
    for other in (
        replace(HERE, anomaly_type=AnomalyType.MASS_EXIT),
        replace(HERE, phase=Phase.QA),
        replace(HERE, session_type=SessionType.MEETING),
        replace(HERE, session_size_bucket=SizeBucket.LARGE),
    ):
        assert table.chance(Arm.POLL, HERE, START) != table.chance(Arm.POLL, other, START)


def test_the_documented_shifts_are_those_of_the_code():
    found: dict[str, dict[Arm, float]] = {}
    for shifts in (PHASE_SHIFT, TYPE_SHIFT, SIZE_SHIFT):
        for arm, by_level in shifts.items():
            for level, shift in by_level.items():
                found.setdefault(level.name, dict.fromkeys(Arm, 0.0))[arm] = shift
    text = (Path(__file__).parents[2] / "docs" / "math.md").read_text(encoding="utf-8")
    rows = (
        text.partition("| where | POLL | CHAT_PROMPT | NUDGE | QNA_PROMOTE |")[2].partition("\n\n")[0].splitlines()[2:]
    )
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert {name: list(map(float, shifts)) for name, *shifts in cells} == {
        name: [by_arm[arm] for arm in (Arm.POLL, Arm.CHAT_PROMPT, Arm.NUDGE, Arm.QNA_PROMOTE)]
        for name, by_arm in found.items()
    }


def test_rooms_that_just_fell_mostly_recover_with_nothing_done():
    rng, gone = np.random.default_rng(1), []
    for _ in range(600):
        for lull in random_scenario(rng, 3600.0).lulls:
            seen_s = lull.at_s + max(lull.gradual_s, 6.0) + 30.0
            before, *after = lull.dip(np.array([seen_s, seen_s + 120.0, seen_s + 600.0]))
            gone.append([dip <= 0.5 * before for dip in after])
    within_2_min, within_10_min = np.mean(gone, axis=0)
    assert 0.27 < within_2_min < 0.40
    assert 0.58 < within_10_min < 0.72


def test_rooms_that_are_looked_at_when_they_are_quiet_get_livelier_though_rooms_on_the_whole_do_not():
    gains: dict[bool, list[float]] = {True: [], False: []}
    params = replace(ordinary_params(SessionType.WORKSHOP, 40), focus=False)
    for seed in range(16):
        signals = play(ordinary_room(np.random.default_rng(seed), "r", params), 3600.0, 60.0)
        counts = np.histogram([signal.at for signal in acts(signals)], np.arange(300.0, 3601.0, 60.0))[0]
        usual = counts.mean()
        for before, after in zip(counts, counts[2:], strict=False):
            gains[bool(before < 0.6 * usual)].append((after - before) / usual)
    anywhere = gains[True] + gains[False]
    assert np.mean(gains[True]) > 0.2
    # People tire and leave.
    assert -0.1 < np.mean(anywhere) < 0.02


def test_rooms_differ_by_as_much_as_is_said_and_not_at_all_where_they_are_said_to_be_alike():
    for room_sd in (0.4, 0.0):
        table = EffectTable(room_sd=room_sd)
        rooms = [Crowd("s", "e", PROFILE, FEW, table, FALLEN, np.random.default_rng(n), START) for n in range(200)]
        found = [log_odds(room.true_chance(Arm.POLL, START + 40.0)) for room in rooms]
        assert np.std(found) == pytest.approx(room_sd, rel=0.2, abs=1e-9)


def test_a_room_that_was_asked_a_lot_lately_answers_less():
    votes = {0: 0, 4: 0}
    for seed in range(16):
        for asked_before in votes:
            room = crowd(seed, replace(BUSY, focus=False), Scenario(), SURE)
            play(room, 300.0, 60.0)
            for n in range(asked_before):
                room.deliver(intervention(room, name=f"before-{n}"))
            play(room, 400.0, 50.0)
            room.deliver(intervention(room, name="last"))
            votes[asked_before] += sum(v.detail.poll_id == "last" for v in of(play(room, 470.0), Kind.VOTE))
    assert votes[4] / votes[0] == pytest.approx(0.9**4, abs=0.12)


def test_when_the_world_drifts_slowly_arms_glide_from_one_role_to_the_other():
    table = EffectTable().drifting(START, over_s=1000.0)
    at = [
        log_odds(table.chance(Arm.POLL, HERE, START + since_s)) for since_s in (-1.0, 0.0, 250.0, 500.0, 1000.0, 5000.0)
    ]
    first, last = log_odds(BASE[Arm.POLL][HERE.anomaly_type]), log_odds(BASE[Arm.CHAT_PROMPT][HERE.anomaly_type])
    assert at == pytest.approx([first, first, first + 0.25 * (last - first), (first + last) / 2.0, last, last])


def test_no_world_drifts_unless_it_is_asked_to():
    assert EffectTable().drift is None
    assert EffectTable().drifting(START).chance(Arm.NUDGE, HERE, START) == EffectTable().chance(
        Arm.QNA_PROMOTE, HERE, START
    )


@pytest.mark.parametrize("over_s", [0.0, 100.0])
def test_a_crowd_that_drifts_is_lifted_by_what_works_now(over_s):
    swapped = EffectTable(base={arm: dict.fromkeys(row, 0.01) for arm, row in BASE.items()}, room_sd=0.0)
    swapped = replace(swapped, base={**swapped.base, Arm.CHAT_PROMPT: dict.fromkeys(AnomalyType, 0.999)})
    room = fallen(1, swapped.drifting(START - 200.0, over_s))
    assert room.true_chance(Arm.POLL, room.now) > 0.99
    room.deliver(intervention(room))
    assert room.true_level(START + 100.0) > 1.5 * room.level_without_help(START + 100.0)


@pytest.mark.parametrize("over_s", [-1.0, math.nan])
def test_a_drift_that_would_run_backwards_is_refused(over_s):
    with pytest.raises(ValueError, match="over_s"):
        Drift(START, over_s=over_s)


@pytest.mark.parametrize("arm", Arm)
def test_in_the_null_world_no_room_is_lifted_by_anything_and_nobody_answers(arm):
    for seed in range(30):
        room = fallen(seed, EffectTable.null())
        assert room.true_chance(arm, room.now) == 0.0
        room.deliver(intervention(room, POLL, arm))
        assert not of(play(room, 110.0, 70.0), Kind.VOTE)
        assert room.true_level(room.now) == pytest.approx(room.level_without_help(room.now))


@pytest.mark.parametrize(
    ("content", "arm", "kind", "share"),
    [
        (POLL, Arm.POLL, Kind.VOTE, 0.51),
        (PromptContent("Why?"), Arm.CHAT_PROMPT, Kind.CHAT, 0.15),
        (QnaContent(QnaStrategy.SURFACE_BEST, ("q7", "q9")), Arm.QNA_PROMOTE, Kind.UPVOTE, 0.14),
    ],
)
def test_as_many_people_answer_as_is_documented(content, arm, kind, share):
    answered = seen_by = 0
    for seed in range(40):
        params = replace(ordinary_params(SessionType.TALK, 80, 900.0), focus=False)
        asked = crowd(seed, params, Scenario(), EffectTable.answers_only())
        play(asked, 535.0, 60.0)
        left_alone = asked.fork()
        seen_by += asked.deliver(intervention(asked, content, arm))
        people = [{s.user_id for s in of(play(room, 655.0, 60.0), kind)} for room in (asked, left_alone)]
        answered += len(people[0]) - len(people[1])
    assert answered / seen_by == pytest.approx(share, abs=0.03)
