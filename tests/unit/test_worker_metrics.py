"""What the worker's events become in metrics."""

from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families
from tests.decide_examples import NOW, anomaly, decision
from tests.wire_examples import changed, closed, executed, held, lapsed, measured, near_limit, unknown, update

from conductor.domain.engagement import RoomState
from conductor.domain.events import AnomalyDetected, DecisionMade, DecisionWorded
from conductor.domain.interventions import Autonomy, Generation, GenerationMethod, Mode
from conductor.domain.organisers import Answer, Verdict
from conductor.telemetry.metrics import Metrics
from conductor.telemetry.worker import ModelMetrics, SignalCounts, WorkerMetrics

ASKED = decision(autonomy=Autonomy.ASK, expires_at=NOW + 60.0)


class Board:
    """A worker's metrics."""

    def __init__(self):
        self.metrics = Metrics("1.0")
        self.worker = WorkerMetrics(self.metrics)

    def told(self, *events, took_s=0.0):
        self.worker.told(events, took_s)
        return self

    async def value(self, name, **labels):
        text, _ = await self.metrics.exposition("text/plain")
        samples = [each for family in text_string_to_metric_families(text.decode()) for each in family.samples]
        return next(
            (s.value for s in samples if s.name == f"conductor_{name}" and labels.items() <= s.labels.items()), 0
        )


async def test_a_fall_and_all_that_comes_of_it_are_counted_by_kind():
    board = Board().told(
        changed(mode=Mode.AUTO), AnomalyDetected(anomaly()), DecisionMade(decision()), executed(), measured(), held(),
        lapsed(), unknown(), near_limit(),
    )  # fmt: skip
    assert await board.value("anomalies_total", type="SUDDEN_DROP", severity="CRITICAL") == 1
    assert await board.value("decisions_total", arm="POLL", mode="AUTO", autonomy="ACT") == 1
    assert await board.value("interventions_total", arm="POLL") == 1
    assert await board.value("outcomes_total", arm="POLL", success="true", held_out="false") == 1
    assert await board.value("holds_total") == 1
    assert await board.value("decisions_lapsed_total") == 1
    assert await board.value("outcomes_unknown_total") == 1
    assert await board.value("budget_warnings_total") == 1


async def test_sessions_are_watched_until_they_end():
    board = Board().told(changed(mode=Mode.AUTO), replace(update(), state=RoomState.FALLING))
    assert await board.value("sessions_watched", mode="AUTO", state="FALLING") == 1
    board.told(closed())
    assert await board.value("sessions_watched", mode="AUTO", state="FALLING") == 0


async def test_a_decision_is_as_late_as_it_was_told():
    board = Board().told(DecisionMade(decision()), took_s=0.15)
    assert await board.value("decision_latency_seconds_bucket", le="0.1") == 0
    assert await board.value("decision_latency_seconds_bucket", le="0.2") == 1


async def test_words_of_a_model_are_as_late_as_they_came():
    worded = replace(decision(), generation=Generation(GenerationMethod.HAIKU, "m", 1500.0))
    board = Board().told(DecisionWorded(worded))
    assert await board.value("wording_duration_seconds_sum", method="HAIKU") == 1.5


async def test_an_answer_is_counted_with_the_time_it_took():
    board = Board().told(DecisionMade(ASKED))
    board.worker.answered(Answer("s1-d1", "s1", NOW + 12.0, Verdict.APPROVED, "ana"))
    board.worker.answered(Answer("unknown", "s1", NOW + 12.0, Verdict.REJECTED, "ana"))
    assert await board.value("answers_total", verdict="APPROVED") == 1
    assert await board.value("answer_delay_seconds_sum", verdict="APPROVED") == 12.0
    assert await board.value("answers_total", verdict="REJECTED") == 1
    assert await board.value("answer_delay_seconds_count", verdict="REJECTED") == 0


async def test_ticks_are_counted_with_how_long_they_took_and_how_late_they_were():
    board = Board()
    board.worker.ticked(0.02, -0.001, NOW)
    board.worker.ticked(0.04, 0.3, NOW + 5.0)
    assert await board.value("ticks_total") == 2
    assert await board.value("tick_lag_seconds_sum") == 0.3
    assert await board.value("last_tick_timestamp_seconds") == NOW + 5.0


async def test_signals_are_read_from_where_they_are_counted_anyway():
    board, refused = Board(), {("poll:opened", "too_old"): 2}
    board.metrics.registry.register(SignalCounts(lambda: {"CHAT": 7}, lambda: refused))
    assert await board.value("signals_accepted_total", kind="CHAT") == 7
    refused["poll:opened", "too_old"] = 3
    assert await board.value("signals_rejected_total", channel="poll:opened", reason="too_old") == 3


async def test_models_are_counted_with_their_cost_and_no_money_at_all_is_no_alarm():
    board = Board()
    models = ModelMetrics(board.metrics)
    models.called("m", "ANSWERED", 1.25, 0.01)
    models.spent("hour", 4.0, 5.0)
    models.spent("day", 0.0, 0.0)
    assert await board.value("model_cost_usd_total", model="m") == 0.01
    assert await board.value("budget_used_ratio", window="hour") == 0.8
    assert await board.value("budget_used_ratio", window="day") == 0.0


async def test_what_cannot_be_asked_for_keeps_its_last_value():
    board = Board()
    asked = []

    async def fail():
        asked.append(1)
        raise OSError("gone")

    board.metrics.before_reading(fail)
    board.worker.journal_events.set(3)
    assert await board.value("journal_events") == 3
    assert asked == [1]


def test_two_processes_worth_of_metrics_fit_into_one_program():
    first, second = Board(), Board()
    first.worker.ticked(0.0, 0.0, NOW)
    assert first.metrics.registry is not second.metrics.registry
