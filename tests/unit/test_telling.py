import io
from dataclasses import replace

import pytest
from rich.console import Console
from tests.decide_examples import NOW, anomaly, decision
from tests.live_examples import delivered, make_loop, play, prompts_only, room
from tests.rooms import START

from conductor.domain.engagement import Severity
from conductor.domain.events import AnomalyCleared, AnomalyDetected, Event, InterventionExecuted, OutcomeMeasured
from conductor.domain.interventions import (
    Arm,
    NudgeContent,
    Outcome,
    PollContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.sessions import SessionProfile
from conductor.telling.chart import chart, clock, columns
from conductor.telling.report import Played, anomalies, known_scores, report
from conductor.telling.simulated import Asked, Chosen, Study, simulated_report, tell_simulated
from conductor.telling.story import percent, tell, wording


def printed(show, width=100):
    out = io.StringIO()
    show(Console(file=out, width=width, highlight=False))
    return out.getvalue()


def session(events=(), signals=(), **changes):
    usual = Played("a", SessionProfile("A panel"), "jsonl", "AUTO", 0, START, 900.0, signals, tuple(events))
    return replace(usual, **changes)


@pytest.fixture(scope="module")
def rescued():
    signals = room(back_at=640.0, until=900.0)
    return session(play(make_loop(decide=prompts_only()), signals, 900.0), signals)


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.0, "0:00"), (65.9, "1:05"), (3599.0, "59:59"), (3600.0, "1:00:00"), (7384.0, "2:03:04")]
)
def test_times_are_told_as_on_a_clock(seconds, told):
    assert clock(seconds) == told


@pytest.mark.parametrize(
    ("values", "width", "drawn"),
    [([1.0, 0.0], 4, [1.0, 1.0, 0.0, 0.0]), ([0.0, 1.0, 0.5, 0.5], 2, [0.5, 0.5]), ([], 10, []), ([0.3], 1, [0.3])],
)
def test_scores_are_drawn_as_means_or_repeated(values, width, drawn):
    assert columns(values, width) == drawn


def test_a_chart_has_four_rows_marks_and_times_and_is_no_wider_than_asked():
    drawn = chart([0.9] * 60 + [0.1] * 60, [(300.0, "▼", ""), (300.0, "●", "")], 600.0, 67).plain.split("\n")

    assert len(drawn) == 6
    assert max(len(line) for line in drawn) <= 67
    assert drawn[0].startswith(" 100 % ")
    assert "▼●" in drawn[4]
    assert drawn[5].split() == ["0:00", "2:30", "5:00", "7:30", "10:00"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (PollContent("Which?", ("A", "B", "C")), "“Which?” A / B / C"),
        (PromptContent("Say it."), "“Say it.”"),
        (
            NudgeContent("{{name}}, come back. {{action}}.", "Vote", Segment.LURKERS),
            "“Come back. Vote.” [Vote] to people who have not taken part yet",
        ),
        (
            NudgeContent("Welcome, {{name}}.", "", Segment.FIRST_TIME),
            "“Welcome.” to people who are here for the first time",
        ),
        (QnaContent(QnaStrategy.SURFACE_BEST, ("q1",)), "1 question to the speaker"),
        (QnaContent(QnaStrategy.SURFACE_BEST, ("q1", "q2")), "2 questions to the speaker"),
        (QnaContent(QnaStrategy.REQUEST_NEW, message="Ask."), "“Ask.”"),
    ],
)
def test_content_is_told_as_the_room_reads_it(content, told):
    assert wording(content) == told


def test_the_story_tells_the_course_in_order(rescued):
    told = printed(lambda console: tell(rescued, console))
    course = ["10:05  Critical", "10:05  Decision", "10:05  Would post", "12:05  Outcome", "The fall is over."]
    places = [told.index(part) for part in course]

    assert places == sorted(places)
    assert "1 anomaly, 1 intervention, 1 of 1 followed by a recovery" in told
    assert "A recording answers nothing" in " ".join(told.split())


def test_a_session_in_which_nothing_happened_says_so():
    told = printed(lambda console: tell(session(), console))

    assert "Nothing to report: the room never fell." in told
    assert "0 anomalies, 0 interventions." in told


def test_titles_and_losses_are_printed_as_they_are_written():
    odd = session(losses=("[red]chat[/].txt: broken [/]",), profile=SessionProfile("[bold]On [/]brackets"))
    told = printed(lambda console: tell(odd, console))

    assert "[red]chat[/].txt: broken [/]" in told
    assert "[bold]On [/]brackets" in told


def test_the_story_names_the_same_median_as_the_report(rescued):
    found = report(rescued, 0.0)["score"]

    assert f"median {percent(found['median'])}" in printed(lambda console: tell(rescued, console))
    assert found["min"] <= found["median"] <= found["max"]
    values = known_scores(rescued.events)
    assert (found["min"], found["max"]) == (min(values), max(values))


def test_the_report_counts_from_the_start_of_the_session(rescued):
    told = report(rescued, 2.5)

    assert told["series"][0]["t"] == 5.0
    assert len(told["series"]) == 180
    assert [entry["t"] for entry in told["decisions"]] == [605.0]
    assert [entry["t"] for entry in told["outcomes"]] == [725.0]
    assert told["elapsed_s"] == 2.5


def test_a_session_without_a_tick_has_no_score():
    told = report(session(), 0.0)

    assert told["score"] is None
    assert told["series"] == told["anomalies"] == told["decisions"] == []


def test_a_warning_that_became_critical_is_one_anomaly():
    first = anomaly(severity=Severity.WARNING, evidence=0.65)
    then = anomaly(severity=Severity.CRITICAL, evidence=0.9, at=NOW + 5.0)
    events: list[Event] = [
        AnomalyDetected(first),
        AnomalyDetected(then),
        AnomalyCleared("s1-a1", "s1", "e1", NOW + 60.0),
    ]

    assert anomalies(events) == [(first, then, NOW + 60.0)]
    [told] = report(session(events, start=NOW), 0.0)["anomalies"]
    assert (told["severity"], told["raised_as"], told["evidence"]) == ("CRITICAL", "WARNING", 0.65)
    assert (told["t"], told["onset_t"], told["cleared_t"]) == (0.0, -45.0, 60.0)


def outcome(delta, room="s"):
    made = decision()
    return Outcome(
        "i", f"{room}-d", room, "e", NOW, Arm.POLL, made.context, 0.3, 0.3 + delta, delta, success=delta >= 0.1
    )


def test_an_outcome_is_told_in_points():
    told = printed(lambda console: tell(session([OutcomeMeasured(outcome(-0.25))]), console))

    assert "30\u00a0% → 5\u00a0% (-25 points): counts as no success" in told


@pytest.fixture
def study():
    treated = (*(outcome(0.2, f"r{n}") for n in range(4)), outcome(0.3, "r4"), outcome(0.0, "r4"))
    alone = tuple(outcome(0.1, f"r{n}") for n in range(5))
    chosen = (Chosen(decision(), 0.4, 0.6), Chosen(decision(), 0.5, 0.5))
    return Study(2, 30, 7, 1.0, treated, alone, 0.8, 0.7, 5, 4, chosen, Asked("some-model", 4, 6_000, 300, 0.02))


def test_regret_is_what_the_best_arms_would_have_brought_beyond_the_chosen(study):
    assert study.regret == pytest.approx(0.2)
    assert study.best == pytest.approx(1.1)


def test_a_study_is_told_with_its_rates_lift_and_regret(study):
    told = simulated_report(study, 1.0)

    assert told["success_rate"] == {"with_agent": pytest.approx(5 / 6), "left_alone": 1.0}
    assert told["lift"]["estimate"] == pytest.approx(0.12)
    assert told["lift"]["pairs"] == 5
    assert told["lift_by_arm"]["NUDGE"] is None
    assert told["cost_usd_per_session"] == pytest.approx(0.01)
    assert told["models"]["questions"] == 4
    shown = printed(lambda console: tell_simulated(study, console), width=120)
    assert "83\u00a0% of 6" in shown
    assert "not known yet" in shown
    assert "Regret: 0.2 of 1.1 lulls" in shown


def test_a_study_in_which_nothing_was_done_says_that_nothing_is_known(study):
    told = simulated_report(replace(study, treated=(), alone=(), chosen=()), 0.0)

    assert told["success_rate"] == {"with_agent": None, "left_alone": None}
    assert told["lift"] is None
    assert told["regret"] == 0.0


def test_what_was_delivered_is_told_with_its_label():
    shown = delivered(decision(), to=1)

    assert shown.label in printed(lambda console: tell(session([InterventionExecuted(shown)]), console))
