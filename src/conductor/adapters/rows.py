"""Which event goes into which table, under which columns, and what makes two rows the same.

A row is an event and stays as it is: only what was learned is ever replaced. The key of a table is what the event
speaks of (never a number given by the database), so an event that arrives again after a restart or a retry
finds its row there, and the first one stands. What organisers decide lies beside it (`FORMS`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Generic, TypeAlias, TypeVar

from conductor.domain.engagement import Anomaly, Norm
from conductor.domain.events import (
    AnomalyCleared,
    AnomalyDetected,
    BudgetNearLimit,
    ContextAnalysed,
    DecisionHeld,
    DecisionLapsed,
    DecisionMade,
    DecisionWorded,
    EngagementUpdated,
    Event,
    FollowedUp,
    InterventionExecuted,
    OutcomeMeasured,
    OutcomeUnknown,
    SessionClosed,
    SessionOpened,
    StatusChanged,
    TrialEnded,
)
from conductor.domain.holds import Hold
from conductor.domain.interventions import Context, Decision, Intervention, Outcome
from conductor.domain.learned import Learned, Tally
from conductor.domain.organisers import AgentSettings, Answer, Request
from conductor.domain.trials import FollowUp, Trial
from conductor.ports import Deadline
from conductor.wire.codec import NotStorable, Plain, decode, encode

T = TypeVar("T")
E = TypeVar("E", bound=Event)

Row: TypeAlias = dict[str, Plain]
"""Values by column; nested ones are left for a JSON column."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How one kind of event lies in its table.

    Attributes:
        table: Name of the table.
        event: The event.
        key: Columns that tell rows apart.
        record: The dataclass whose fields are the columns: the event itself or what it carries.
        carried: The field of the event that holds the record; empty if the event itself is the record.
        renamed: Column by field, where they differ; `at` is `time` everywhere.
        in_history: Whether `Store.history` gives it back.
    """

    table: str
    event: type[Event]
    key: tuple[str, ...]
    record: type
    carried: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    in_history: bool = True

    def column(self, name: str) -> str:
        """The column of a field of the record."""
        return "time" if name == "at" else self.renamed.get(name, name)

    def identity(self, row: Row) -> tuple[Plain, ...]:
        """What tells this row from the others of its table."""
        return tuple(row[column] for column in self.key)


SHAPES = (
    Shape("sessions", SessionOpened, ("session_id", "time"), SessionOpened, in_history=False),
    Shape("closed_sessions", SessionClosed, ("session_id", "time"), SessionClosed, in_history=False),
    Shape(
        "engagement_metrics",
        EngagementUpdated,
        ("session_id", "time"),
        EngagementUpdated,
        renamed={"score": "engagement_score"},
        in_history=False,
    ),
    # A warning that becomes critical is told again under the same id, hence the time in the key.
    Shape("anomalies", AnomalyDetected, ("session_id", "anomaly_id", "time"), Anomaly, "anomaly"),
    # An anomaly may be let pass several times before something is done.
    Shape("holds", DecisionHeld, ("session_id", "anomaly_id", "time"), Hold, "hold"),
    Shape(
        "decisions",
        DecisionMade,
        ("session_id", "decision_id"),
        Decision,
        "decision",
        {"arm": "intervention_type"},
    ),
    Shape(
        "worded_decisions",
        DecisionWorded,
        ("session_id", "decision_id"),
        Decision,
        "decision",
        {"arm": "intervention_type"},
    ),
    Shape("analyses", ContextAnalysed, ("session_id", "decision_id"), ContextAnalysed),
    Shape(
        "interventions",
        InterventionExecuted,
        ("session_id", "intervention_id"),
        Intervention,
        "intervention",
        {"arm": "type"},
    ),
    # Both ids: where nothing was done on purpose, an outcome may have no intervention of its own.
    Shape(
        "agent_performance",
        OutcomeMeasured,
        ("session_id", "decision_id", "intervention_id"),
        Outcome,
        "outcome",
        {
            "arm": "intervention_type",
            "before": "engagement_before",
            "after": "engagement_after",
            "delta": "engagement_delta",
        },
    ),
    Shape("lapsed_decisions", DecisionLapsed, ("session_id", "decision_id"), DecisionLapsed),
    Shape("unknown_outcomes", OutcomeUnknown, ("session_id", "decision_id", "intervention_id"), OutcomeUnknown),
    Shape(
        "trials",
        TrialEnded,
        ("session_id", "decision_id"),
        Trial,
        "trial",
        {"arm": "intervention_type", "before": "engagement_before", "after": "engagement_after"},
    ),
    Shape(
        "follow_ups",
        FollowedUp,
        ("session_id", "decision_id"),
        FollowUp,
        "follow_up",
        {"arm": "intervention_type", "before": "engagement_before", "after": "engagement_after"},
    ),
    Shape("cleared_anomalies", AnomalyCleared, ("session_id", "anomaly_id"), AnomalyCleared),
    # Several changes may fall into one moment: a delivered intervention is at once one to learn from.
    Shape("status_changes", StatusChanged, ("session_id", "time", "status", "mode"), StatusChanged, in_history=False),
    Shape("budget_warnings", BudgetNearLimit, ("session_id", "time", "window"), BudgetNearLimit, in_history=False),
)
"""All kinds, each after what leads to it: so history keeps those of the same moment."""

_BY_EVENT: dict[type, Shape] = {shape.event: shape for shape in SHAPES}
_RANK = {shape.event: rank for rank, shape in enumerate(SHAPES)}


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """How something that organisers decide lies in its table.

    Attributes:
        table: Name of the table.
        record: The dataclass whose fields are the columns.
        key: Columns that tell rows apart.
        renamed: Column by field, where they differ; `at` is `time` everywhere.
    """

    table: str
    record: type[T]
    key: tuple[str, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> str:
        """The column of a field of the record."""
        return "time" if name == "at" else self.renamed.get(name, name)

    def row_of(self, record: T) -> Row:
        """The row of a record.

        Raises:
            NotStorable: A field holds what its type does not allow.
        """
        return {self.column(name): value for name, value in encode(record).items()}

    def record_of(self, row: Mapping[str, object]) -> T:
        """The record that `row_of` made this row of; raises as `event_of` does."""
        names = {self.column(name): name for name in ("at", *self.renamed)}
        return decode(self.record, {names.get(column, column): value for column, value in row.items()})


SETTINGS = Form("event_agent_settings", AgentSettings, ("event_id",))
ANSWERS = Form("answers", Answer, ("session_id", "decision_id"), {"by": "answered_by"})
REQUESTS = Form("requests", Request, ("request_id",), {"arm": "intervention_type", "by": "requested_by"})
DEADLINES = Form("deadlines", Deadline, ("decision_id",))
FORMS: tuple[Form[Any], ...] = (SETTINGS, ANSWERS, REQUESTS, DEADLINES)
"""What organisers decide. Unlike events, settings are replaced, and a request is taken once (`taken`)."""

NOTHING = "NOTHING"
"""Stands for no arm in what was learned: a key holds no NULL."""

LEARNED_KEYS: Mapping[str, tuple[str, ...]] = {
    "tallies": (*(part.name for part in fields(Context)), "intervention_type"),
    "norms": ("session_type", "session_size_bucket", "phase"),
}
"""Tables of what was learned, with the columns that tell rows apart: a tally's context, spread out, and its arm."""


def shape_of(event: type) -> Shape:
    """How events of this kind lie in their table."""
    return _BY_EVENT[event]


def row_of(event: Event) -> tuple[Shape, Row]:
    """The table of an event, and its row by column.

    Raises:
        NotStorable: It is no event, or a field holds what its type does not allow.
    """
    shape = _BY_EVENT.get(type(event))
    if shape is None:
        raise NotStorable(f"{type(event).__name__} is not an event that can be kept")
    named = encode(event)
    carried = named.get(shape.carried)
    record = carried if isinstance(carried, dict) else named
    return shape, {shape.column(name): value for name, value in record.items()}


def event_of(shape: Shape, row: Mapping[str, object]) -> Event:
    """The event that `row_of` made this row of.

    Raises:
        KeyError: A column is missing, or content is of a kind that is not known.
        TypeError: A value has the wrong type.
        ValueError: A value lies outside what its type allows, such as an arm that is not known.
    """
    named = {part.name: row[shape.column(part.name)] for part in fields(shape.record)}
    return decode(shape.event, {shape.carried: named} if shape.carried else named)


def oldest_first(events: Iterable[E]) -> list[E]:
    """Sorted by moment, then by what leads to what, then by key: the same in every store."""
    return sorted(events, key=_moment)


def _moment(event: Event) -> tuple[Any, ...]:
    shape, row = row_of(event)
    return row["time"], _RANK[shape.event], shape.identity(row)


def learned_rows(learned: Learned) -> dict[str, list[Row]]:
    """Rows by table of `LEARNED_KEYS` (of several with one key the last), sorted, so that equals are written alike.

    Raises:
        NotStorable: A field holds what its type does not allow.
    """
    made = {"tallies": map(_tally_row, learned.tallies), "norms": map(encode, learned.norms)}
    by_table: dict[str, list[Row]] = {}
    for table, rows in made.items():
        by_key = {tuple(str(row[name]) for name in LEARNED_KEYS[table]): row for row in rows}
        by_table[table] = [by_key[key] for key in sorted(by_key)]
    return by_table


def learned_of(rows: Mapping[str, Iterable[Mapping[str, object]]]) -> Learned:
    """What `learned_rows` made these rows of, sorted; raises as `event_of` does."""

    def ordered(table: str) -> list[Mapping[str, object]]:
        return sorted(rows[table], key=lambda row: [str(row[name]) for name in LEARNED_KEYS[table]])

    norms = tuple(decode(Norm, {part.name: row[part.name] for part in fields(Norm)}) for row in ordered("norms"))
    return Learned(tallies=tuple(_tally_of(row) for row in ordered("tallies")), norms=norms)


def _tally_row(tally: Tally) -> Row:
    named = encode(tally)
    return {
        **encode(tally.context),
        "intervention_type": NOTHING if tally.arm is None else named["arm"],
        "successes": named["successes"],
        "failures": named["failures"],
    }


def _tally_of(row: Mapping[str, object]) -> Tally:
    named = {
        "context": {part.name: row[part.name] for part in fields(Context)},
        "arm": None if row["intervention_type"] == NOTHING else row["intervention_type"],
    }
    return decode(Tally, named | {"successes": row["successes"], "failures": row["failures"]})
