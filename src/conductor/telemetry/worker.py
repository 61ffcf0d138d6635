"""Metrics of the agent. They listen to the events that the worker tells, and read what its parts count anyway."""

from __future__ import annotations

from collections import Counter as Tally
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from conductor.domain.engagement import Anomaly, AnomalyType, RoomState, Severity
from conductor.domain.events import (
    AnomalyDetected,
    BudgetNearLimit,
    DecisionHeld,
    DecisionLapsed,
    DecisionMade,
    DecisionWorded,
    EngagementUpdated,
    Event,
    InterventionExecuted,
    OutcomeMeasured,
    OutcomeUnknown,
    SessionClosed,
    StatusChanged,
)
from conductor.domain.interventions import Arm, Autonomy, Decision, Mode, Outcome
from conductor.domain.organisers import Answer, Verdict
from conductor.telemetry.metrics import HUMAN_S, LONG_S, PREFIX, Metrics

ASKED_KEPT = 1_000
"""Questions whose moment is remembered until they are answered; they lapse after a minute or two."""


class WorkerMetrics:
    """What the worker does (an onlooker of `duty.Duty`).

    Args:
        metrics: Where it is counted.

    Attributes:
        journal_events: Events that wait to be written; whoever keeps them sets it, or a function that says it.
        degraded: 1 for a dependency that cannot be had now, by its name.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._rooms = _Rooms()
        metrics.registry.register(self._rooms)
        self._ticks = metrics.counter("ticks_total", "Ticks that the worker ended.")
        self._tick_took = metrics.histogram("tick_duration_seconds", "Seconds from a tick's beginning to its end.")
        self._tick_late = metrics.histogram("tick_lag_seconds", "Seconds by which ticks began late.")
        self._ticked_at = metrics.gauge("last_tick_timestamp_seconds", "When the last tick ended, in epoch seconds.")
        self._anomalies = metrics.counter("anomalies_total", "Anomalies, by type and severity.", "type", "severity")
        self._decisions = metrics.counter(
            "decisions_total", "Decisions, by arm, mode and what the mode made of them.", "arm", "mode", "autonomy"
        )
        self._holds = metrics.counter("holds_total", "Anomalies that were let pass, by reason.", "reason")
        self._lapsed = metrics.counter("decisions_lapsed_total", "Decisions that were not carried out.")
        self._latency = metrics.histogram(
            "decision_latency_seconds", "Seconds from the tick that saw a fall to the decision being told."
        )
        self._wording = metrics.histogram(
            "wording_duration_seconds", "Seconds that words took, by who wrote them.", "method", bounds=LONG_S
        )
        self._interventions = metrics.counter(
            "interventions_total", "Interventions delivered, by arm and who worded them.", "arm", "method"
        )
        self._outcomes = metrics.counter(
            "outcomes_total", "Outcomes measured; held out: nothing was done, on purpose.", "arm", "success", "held_out"
        )
        self._unknown = metrics.counter("outcomes_unknown_total", "Interventions whose outcome nobody will know.")
        self._warnings = metrics.counter("budget_warnings_total", "Warnings that money runs out, by window.", "window")
        self._answers = metrics.counter("answers_total", "Decisions that were asked about, by what became.", "verdict")
        self._answered_after = metrics.histogram(
            "answer_delay_seconds", "Seconds from a question to its answer.", "verdict", bounds=HUMAN_S
        )
        self.journal_events = metrics.gauge("journal_events", "Events that wait to be written to the store.")
        self.backlog = metrics.gauge("outlet_backlog_messages", "Messages that the bus has not taken yet.")
        self.degraded = metrics.gauge("dependency_degraded", "1 where it cannot be had now.", "dependency")
        self._asked: OrderedDict[str, float] = OrderedDict()
        self._show_zeros()

    def ticked(self, took_s: float, late_s: float, at: float) -> None:
        """A tick ended.

        Args:
            took_s: Seconds from its beginning to its end.
            late_s: Seconds by which it began late.
            at: When it ended, in epoch seconds.
        """
        self._ticks.inc()
        self._tick_took.observe(took_s)
        self._tick_late.observe(max(late_s, 0.0))
        self._ticked_at.set(at)

    def told(self, events: Sequence[Event], took_s: float) -> None:
        """These events were told, so many seconds after work on them began."""
        for event in events:
            self._rooms.take(event)
            match event:
                case EngagementUpdated():
                    pass
                case DecisionMade(decision):
                    self._decide(decision, took_s)
                case _:
                    self._count(event)

    def answered(self, answer: Answer) -> None:
        """A question has its answer."""
        self._answers.labels(answer.verdict.value).inc()
        asked_at = self._asked.pop(answer.decision_id, None)
        if asked_at is not None:
            self._answered_after.labels(answer.verdict.value).observe(max(answer.at - asked_at, 0.0))

    def _count(self, event: Event) -> None:
        match event:
            case AnomalyDetected(Anomaly(type=kind, severity=severity)):
                self._anomalies.labels(kind.value, severity.value).inc()
            case DecisionWorded(decision) if decision.generation is not None:
                taken_s = decision.generation.latency_ms / 1000.0
                self._wording.labels(decision.generation.method.value).observe(taken_s)
            case DecisionHeld(hold):
                self._holds.labels(hold.reason.value).inc()
            case DecisionLapsed():
                self._lapsed.inc()
            case InterventionExecuted(done):
                self._interventions.labels(done.arm.value, done.generation.method.value).inc()
            case OutcomeMeasured(outcome):
                self._outcomes.labels(*_labels(outcome)).inc()
            case OutcomeUnknown():
                self._unknown.inc()
            case BudgetNearLimit(window=window):
                self._warnings.labels(window.value).inc()
            case _:
                pass

    def _decide(self, decision: Decision, took_s: float) -> None:
        mode = self._rooms.mode_of(decision.session_id)
        self._decisions.labels(decision.arm.value, mode, decision.autonomy.value).inc()
        self._latency.observe(took_s)
        if decision.autonomy is Autonomy.ASK and not decision.held_out:
            self._asked[decision.decision_id] = decision.at
            if len(self._asked) > ASKED_KEPT:
                self._asked.popitem(last=False)

    def _show_zeros(self) -> None:
        """Let alerts that compare counts find them from the beginning."""
        for verdict in Verdict:
            self._answers.labels(verdict.value)
        for kind in AnomalyType:
            for severity in Severity:
                self._anomalies.labels(kind.value, severity.value)
        for arm in Arm:
            for success in ("true", "false"):
                self._outcomes.labels(arm.value, success, "false")


def _labels(outcome: Outcome) -> tuple[str, str, str]:
    return outcome.arm.value, str(outcome.success).lower(), str(outcome.held_out).lower()


class _Rooms(Collector):
    """How many sessions are watched, by mode and state."""

    def __init__(self) -> None:
        self._of_session: dict[str, tuple[str, str]] = {}

    def take(self, event: Event) -> None:
        match event:
            case SessionClosed():
                self._of_session.pop(event.session_id, None)
            case StatusChanged():
                _, state = self._place(event.session_id)
                # A session that ends says so after its end, too.
                if event.session_id in self._of_session or event.status.value != "IDLE":
                    self._of_session[event.session_id] = event.mode.value, state
            case EngagementUpdated():
                mode, _ = self._place(event.session_id)
                self._of_session[event.session_id] = mode, event.state.value
            case _:
                pass

    def mode_of(self, session_id: str) -> str:
        return self._place(session_id)[0]

    def collect(self) -> Iterable[Metric]:
        found = GaugeMetricFamily(PREFIX + "sessions_watched", "Open sessions.", labels=("mode", "state"))
        counted = Tally(self._of_session.values())
        for mode in Mode:
            for state in RoomState:
                found.add_metric((mode.value, state.value), counted[mode.value, state.value])
        yield found

    def _place(self, session_id: str) -> tuple[str, str]:
        return self._of_session.get(session_id, (Mode.SEMI_AUTO.value, RoomState.WARMING_UP.value))


class SignalCounts(Collector):
    """Signals as the worker's sieve counts them.

    Args:
        accepted: Says how many of each kind were taken.
        rejected: Says how many did not fit, by channel and reason.
    """

    def __init__(
        self, accepted: Callable[[], Mapping[str, int]], rejected: Callable[[], Mapping[tuple[str, str], int]]
    ) -> None:
        self._accepted = accepted
        self._rejected = rejected

    def collect(self) -> Iterable[Metric]:
        """What was counted until now."""
        taken = CounterMetricFamily(PREFIX + "signals_accepted", "Signals taken in, by kind.", labels=("kind",))
        for kind, count in self._accepted().items():
            taken.add_metric((kind,), count)
        yield taken
        about = "Signals that did not fit, by channel and reason."
        refused = CounterMetricFamily(PREFIX + "signals_rejected", about, labels=("channel", "reason"))
        for labels, count in self._rejected().items():
            refused.add_metric(labels, count)
        yield refused


class ModelMetrics:
    """Questions to models, and the money for them.

    Args:
        metrics: Where it is counted.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._calls = metrics.counter("model_calls_total", "Questions to models, by how they ended.", "model", "result")
        self._took = metrics.histogram(
            "model_call_duration_seconds", "Seconds that models took.", "model", bounds=LONG_S
        )
        self._cost = metrics.counter("model_cost_usd_total", "US dollars booked, by model.", "model")
        self._used = metrics.gauge("budget_used_ratio", "Share of the money that is spent or set aside.", "window")

    def called(self, model: str, result: str, took_s: float, cost_usd: float) -> None:
        """A question ended."""
        self._calls.labels(model, result).inc()
        self._took.labels(model).observe(took_s)
        self._cost.labels(model).inc(max(cost_usd, 0.0))

    def spent(self, window: str, spent_usd: float, limit_usd: float) -> None:
        """So much of a window's money is gone; where there is none on purpose, nobody has to be told."""
        self._used.labels(window).set(spent_usd / limit_usd if limit_usd > 0.0 else 0.0)
