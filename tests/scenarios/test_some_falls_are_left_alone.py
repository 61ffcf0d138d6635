"""A share of falls is left alone, on purpose, and what becomes of them is measured as carefully as the rest."""

from dataclasses import replace

import pytest
from tests.duty_examples import answer
from tests.live_examples import (
    FALLS_AT,
    HALF,
    HELPED,
    LEFT_ALONE,
    WARNED_AT,
    delivered,
    falling,
    in_order,
    make_loop,
    obey,
    of,
    play,
    prompts_only,
    waning,
)
from tests.rooms import START, signal

from conductor.decide.room import DecisionParams
from conductor.domain.audit import AuditKind
from conductor.domain.events import (
    DecisionMade,
    FollowedUp,
    InterventionExecuted,
    OutcomeMeasured,
    OutcomeUnknown,
    TrialEnded,
)
from conductor.domain.interventions import Arm, Mode
from conductor.domain.organisers import Verdict
from conductor.domain.signals import Kind
from conductor.learn.outcome import OutcomeParams, recovery
from conductor.ports import AuditWanted


def test_a_fall_that_is_left_alone_is_measured_two_minutes_after_the_decision_like_one_that_is_not():
    trials = {}
    for name in (LEFT_ALONE, HELPED):
        events = play(make_loop(decide=HALF), falling(name, back_at=240.0), 400.0, obey)
        [decided] = [event.decision for event in of(DecisionMade, events)][:1]
        [trials[name]] = [event.trial for event in of(TrialEnded, events)]
        assert (trials[name].decided_at, trials[name].at) == (decided.at, decided.at + 120.0)
    alone, helped = trials[LEFT_ALONE], trials[HELPED]
    assert (alone.held_out, alone.delivered) == (True, False)
    assert (helped.held_out, helped.delivered) == (False, True)
    # The rooms are the same, and nobody answers the prompt: nothing about how they are measured may differ.
    assert (alone.before, alone.after) == (helped.before, helped.after)


def test_what_becomes_of_a_room_left_alone_is_told_and_teaches_of_doing_nothing_alone():
    loop = make_loop(decide=HALF)
    events = play(loop, falling(LEFT_ALONE, back_at=240.0), 400.0, obey)
    [outcome] = [event.outcome for event in of(OutcomeMeasured, events)]
    [trial] = [event.trial for event in of(TrialEnded, events)]
    assert (outcome.held_out, outcome.success, outcome.delta) == (True, True, trial.delta)
    [tally] = loop.learned().tallies
    assert (tally.arm, tally.successes + tally.failures) == (None, 1.0)
    assert tally.successes == pytest.approx(recovery(trial.before, trial.after, OutcomeParams()), abs=1e-5)


def test_nothing_else_is_decided_while_a_room_is_left_alone_and_something_may_be_afterwards():
    events = play(make_loop(decide=HALF), falling(LEFT_ALONE), 700.0, obey)
    first, *later = [event.decision.at for event in of(DecisionMade, events)]
    [ended] = [event.trial.at for event in of(TrialEnded, events)][:1]
    assert ended == first + 120.0
    assert later
    assert min(later) > ended


def test_a_room_left_alone_counts_toward_no_cap():
    events = play(make_loop(decide=replace(HALF, max_per_hour=1)), falling(LEFT_ALONE), 700.0, obey)
    held_out = [event.decision.held_out for event in of(DecisionMade, events)]
    assert held_out[0] is True
    assert held_out[-1] is False


def test_where_a_decision_is_let_go_the_trial_goes_on():
    def reject(loop, decision):
        loop.lapse(decision, decision.at + 3.0, "an organiser rejected it")

    events = play(make_loop(decide=HALF), falling(HELPED), 400.0, reject)
    [trial] = [event.trial for event in of(TrialEnded, events)]
    assert (trial.held_out, trial.delivered, trial.why_unknown) == (False, False, "")
    assert trial.after is not None


def let_be(loop, decision):
    """What the workflow does where the room comes back while a poll waits for its slide, or nobody answers."""
    if not decision.held_out:
        loop.lapse(decision, decision.at + 25.0, "the room has recovered meanwhile")


def taught_by_a_recovery(seed, mode):
    """Whether a room that comes back at once was held out, what it taught of which arm, and what its end was."""
    decide = DecisionParams(mode=mode, arms=(Arm.POLL,), act_below=1.0, holdout_share=0.5)
    loop = make_loop(decide=decide, seed=seed)
    events = play(loop, waning(700.0, back_at=WARNED_AT + 2.0), 700.0, let_be)
    [decision] = [event.decision for event in of(DecisionMade, events)]
    taught = [(each.arm, each.successes, each.failures) for each in loop.learned().tallies]
    [end] = [event.trial for event in of(TrialEnded, events)]
    return decision.held_out, taught, recovery(end.before, end.after, OutcomeParams())


def test_a_room_that_recovers_while_a_poll_waits_teaches_of_polls_what_it_would_teach_of_nothing_if_held_out():
    found = [taught_by_a_recovery(seed, Mode.AUTO) for seed in range(4)]
    assert {held_out for held_out, *_ in found} == {True, False}
    for held_out, [(arm, successes, failures)], recovered in found:
        assert arm == (None if held_out else Arm.POLL)
        assert (successes, failures) == pytest.approx((recovered, 1.0 - recovered), abs=1e-5)
    assert len({recovered for *_, recovered in found}) == 1
    assert found[0][2] > 0.9


def test_where_somebody_was_to_be_asked_neither_a_room_held_out_nor_one_that_nobody_answered_for_teaches_anything():
    found = [taught_by_a_recovery(seed, Mode.MANUAL) for seed in range(4)]
    assert {held_out for held_out, *_ in found} == {True, False}
    assert all(taught == [] for _, taught, _ in found)


@pytest.mark.parametrize("name", [LEFT_ALONE, HELPED])
def test_an_organiser_who_steps_in_changes_nothing_about_how_a_trial_is_measured_and_what_it_teaches(name):
    """Organisers step in where a room stays bad, so trials that were dropped for it would be missed on one side."""

    def and_another(loop, decision):
        obey(loop, decision)
        asked = loop.request(name, Arm.QNA_PROMOTE, decision.at, "theirs")
        loop.deliver(delivered(asked, decision.at + 5.0))

    loop, alone = make_loop(decide=HALF), make_loop(decide=HALF)
    events = play(loop, falling(name, back_at=240.0), 400.0, and_another)
    [trial] = [event.trial for event in of(TrialEnded, events)]
    [undisturbed] = [event.trial for event in of(TrialEnded, play(alone, falling(name, back_at=240.0), 400.0, obey))]
    # Nobody answers what either of them posts.
    assert trial == undisturbed
    assert trial.after is not None
    assert loop.learned().tallies == alone.learned().tallies
    # What an intervention alone did is another question: that nobody knows.
    spoiled = [event.intervention_id for event in of(OutcomeUnknown, events)]
    assert spoiled == ([] if trial.held_out else [f"{trial.decision_id}-i"])


@pytest.mark.parametrize("name", [LEFT_ALONE, HELPED])
def test_a_session_that_ends_too_soon_leaves_its_trial_unknown_whatever_the_coin_said(name):
    signals = in_order([*falling(name), signal(name, 250.0, Kind.ENDED, None)])
    events = play(make_loop(decide=HALF), [s for s in signals if s.at <= START + 250.0], 400.0, obey)
    [trial] = [event.trial for event in of(TrialEnded, events)]
    [lost] = of(OutcomeUnknown, events)
    assert (trial.after, trial.at) == (None, START + 255.0)
    assert trial.why_unknown == lost.why == "the session ended before the outcome could be measured"


def test_a_room_whose_feed_is_lost_leaves_its_trial_unknown():
    signals = [s for s in falling(LEFT_ALONE) if s.at <= START + 210.0]
    events = play(make_loop(decide=HALF), signals, 400.0, obey)
    [trial] = [event.trial for event in of(TrialEnded, events)]
    assert trial.after is None
    assert "signal was lost" in trial.why_unknown


def test_where_nothing_is_held_out_there_are_no_trials():
    events = play(make_loop(decide=prompts_only()), falling(LEFT_ALONE), 700.0, obey)
    assert of(InterventionExecuted, events)
    assert of(TrialEnded, events) == []
    first, *_ = [event.decision for event in of(DecisionMade, events)]
    [ended] = [event.follow_up for event in of(FollowedUp, events)][:1]
    assert (ended.decision_id, ended.at) == (first.decision_id, first.at + 120.0)


def test_lessons_are_of_one_kind_whether_or_not_anything_is_held_out():
    taught = {}
    for share in (0.0, 0.01):
        loop = make_loop(decide=prompts_only(holdout_share=share, act_below=1.0))
        decided_at, signals = 0.0, waning(700.0, back_at=WARNED_AT + 2.0)
        for until in range(5, 700, 5):
            due = [each for each in signals if until - 5.0 <= each.at - START < until]
            for made in of(DecisionMade, play(loop, due, float(until), obey)):
                assert (made.decision.coin is None, made.decision.held_out) == (share == 0.0, False)
                decided_at = decided_at or made.decision.at
            if loop.learned().tallies:
                taught[share] = until + START - decided_at
                break
    assert taught == {0.0: 120.0, 0.01: 120.0}


def test_the_same_seed_leaves_the_same_falls_alone():
    def told(seed):
        return [repr(each) for each in play(make_loop(decide=HALF, seed=seed), falling(LEFT_ALONE), 700.0, obey)]

    assert told(0) == told(0)
    assert told(0) != told(7)


@pytest.mark.parametrize("mode", Mode)
async def test_what_is_held_out_is_never_worded_asked_or_shown_in_any_mode(world, mode):
    decide = DecisionParams(mode=mode, threshold=0.0, arms=(Arm.CHAT_PROMPT,), holdout_share=0.5)
    async with world.worker(decide=decide):
        await world.live(falling(LEFT_ALONE), FALLS_AT + 100.0)
        [told] = world.of("agent.decision")
        decision = told["data"]["decision"]
        assert (decision["heldOut"], decision["holdoutShare"], decision["content"]) == (True, 0.5, None)
        assert (decision["expiresAt"], decision["autoApproved"]) == (None, False)
        assert world.of("agent.status")[-1]["data"]["status"] == "LEARNING"
        await answer(world, told, Verdict.APPROVED)
        horizon = decide.ask_deadline_s + 120.0 if mode is Mode.MANUAL else 120.0
        await world.live(falling(LEFT_ALONE), FALLS_AT + horizon + 6.0)

    [outcome] = world.of("agent.outcome")
    assert outcome["data"]["held_out"] is True
    assert outcome["data"]["decision_id"] == decision["id"]
    assert world.of("agent.status")[-1]["data"]["status"] == "MONITORING"
    assert world.shown == world.of("agent.intervention.executed") == world.of("agent.decision.lapsed") == []
    assert await world.deadlines.all() == []


async def test_the_audit_log_notes_the_coin_and_what_became_of_the_room(world):
    async with world.worker(decide=HALF):
        await world.live(falling(LEFT_ALONE), FALLS_AT + 130.0)
    page = await world.store.audit.entries(AuditWanted(), 100, None)
    noted = {entry.kind: entry.body for entry in page.entries}
    assert '"held_out":true' in noted[AuditKind.DECISION]
    assert '"holdout_share":0.5' in noted[AuditKind.DECISION]
    assert '"coin":0.' in noted[AuditKind.DECISION]
    assert '"held_out":true' in noted[AuditKind.OUTCOME]
    assert AuditKind.INTERVENTION not in noted
