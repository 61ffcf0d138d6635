"""What of all that happens operators have to know at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import quote

from conductor.domain.alerts import Alert, AlertLevel
from conductor.domain.engagement import Severity
from conductor.domain.events import (
    AnomalyCleared,
    AnomalyDetected,
    BudgetNearLimit,
    DecisionLapsed,
    DecisionMade,
    Event,
    InterventionExecuted,
)
from conductor.domain.interventions import Autonomy, Decision

T = TypeVar("T")

KEPT = 1_000
"""Falls and questions that are remembered; they last minutes."""

NAMES = {"POLL": "a poll", "CHAT_PROMPT": "a prompt in the chat", "NUDGE": "a nudge", "QNA_PROMOTE": "a question"}


class Lookout:
    """Hears what the worker tells (an onlooker of `duty.Duty`), and finds in it what wants somebody's answer.

    Args:
        tell: Is given each alert; must not wait.
        public_url: Where people reach the dashboard; empty for no links.
    """

    def __init__(self, tell: Callable[[Alert], object], public_url: str = "") -> None:
        self._tell = tell
        self._public_url = public_url
        self._critical: OrderedDict[str, None] = OrderedDict()
        self._asked: OrderedDict[str, Decision] = OrderedDict()

    def ticked(self, *_: float) -> None:
        """Whether ticks come is asked elsewhere: who does not tick cannot say so."""

    def told(self, events: Sequence[Event], _took_s: float, /) -> None:
        """Take in what happened."""
        for event in events:
            match event:
                case AnomalyDetected(anomaly) if anomaly.severity is Severity.CRITICAL:
                    _keep(self._critical, anomaly.anomaly_id, None)
                    self._ask_again(anomaly.anomaly_id)
                case AnomalyCleared(anomaly_id=anomaly_id):
                    self._critical.pop(anomaly_id, None)
                case DecisionMade(decision):
                    self._decided(decision)
                case DecisionLapsed(decision_id=decision_id):
                    self._over(decision_id, "Nobody answered in time, or it was rejected; nothing is done.")
                case InterventionExecuted(intervention):
                    self._over(intervention.decision_id, "It was approved and is being shown.")
                case BudgetNearLimit():
                    self._tell(_budget(event))
                case _:
                    pass

    def _decided(self, decision: Decision) -> None:
        if decision.held_out:
            return
        if decision.autonomy is not Autonomy.ASK:
            self._over(decision.decision_id, "It has its answer.")
            return
        _keep(self._asked, decision.decision_id, decision)
        if decision.anomaly_id in self._critical:
            self._ask(decision)

    def _ask_again(self, anomaly_id: str) -> None:
        """A warning about which somebody was asked has become critical."""
        for decision in self._asked.values():
            if decision.anomaly_id == anomaly_id:
                self._ask(decision)

    def _ask(self, decision: Decision) -> None:
        left_s = "" if decision.expires_at is None else f" It lapses after {decision.expires_at - decision.at:.0f} s."
        what = NAMES.get(decision.arm.value, decision.arm.value)
        self._tell(
            Alert(
                key=f"decision:{decision.decision_id}",
                level=AlertLevel.CRITICAL,
                title="A room is losing its people and waits for your answer",
                text=f"Session {decision.session_id}: {decision.context.anomaly_type.value}, score "
                f"{decision.score_before:.2f}. Suggested: {what}, confidence {decision.confidence:.0%}.{left_s}",
                link=self._link(decision),
            )
        )

    def _over(self, decision_id: str, why: str) -> None:
        decision = self._asked.pop(decision_id, None)
        if decision is not None:
            key, title = f"decision:{decision_id}", "The question about a room is settled"
            text = f"Session {decision.session_id}: {why}"
            self._tell(Alert(key, AlertLevel.INFO, title, text, self._link(decision), is_over=True))

    def _link(self, decision: Decision) -> str:
        if not self._public_url:
            return ""
        event_id, session_id = quote(decision.event_id, safe=""), quote(decision.session_id, safe="")
        return f"{self._public_url}/dashboard/events/{event_id}/engagement-conductor?session={session_id}"


def _budget(event: BudgetNearLimit) -> Alert:
    return Alert(
        key=f"budget:{event.window.value}",
        level=AlertLevel.WARNING,
        title="Most of the money for models is spent",
        text=f"{event.spent_usd:.2f} of {event.limit_usd:.2f} US dollars of this {event.window.value} are gone. "
        "When all are, templates word everything. If that is too soon, raise MAX_LLM_COST_PER_HOUR or _DAY.",
    )


def _keep(kept: OrderedDict[str, T], key: str, value: T) -> None:
    kept[key] = value
    if len(kept) > KEPT:
        kept.popitem(last=False)
