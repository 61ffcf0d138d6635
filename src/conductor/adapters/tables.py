"""The tables, for SQLite and for PostgreSQL with or without TimescaleDB.

Each table is the shape of one event (`rows.SHAPES`), its columns are the fields of the event in their own
types, and what is nested lies in JSON. Names come from the domain and from the platform's documents:
`engagement_metrics`, `interventions` and `agent_performance` (outcomes: one row for each intervention, or
decision held out, with what became of the room). There is no `agent_id`: there is one agent. An outcome's
confidence and reasoning stand in `decisions`, under the same `decision_id`.

Moments are epoch seconds in double precision. The agent counts in them, they come back exactly as they were
(a timestamp of microseconds would round them), and equal moments stay equal, which replaying depends on.
Only `engagement_metrics.time` is a `timestamptz` on PostgreSQL: a curve of one point in five seconds can bear being
rounded to a microsecond, and TimescaleDB sums minutes of nothing else.

JSON is kept as text (`JSON`, never `JSONB`): PostgreSQL then gives every number back as it was written.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from conductor.adapters.moments import EpochSeconds
from conductor.adapters.rows import ANSWERS, DEADLINES, FORMS, LEARNED_KEYS, REQUESTS, SETTINGS, SHAPES

SCHEMA_VERSION = 7
"""The newest migration (`migrations/versions`): one more for each change; a store of a higher one is refused."""

VERSION_KEY = "conductor_schema_version"
"""The key of the schema version in `meta`; nobody else's `meta` table has it."""

METADATA = MetaData()

META = Table("meta", METADATA, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))
"""What is to be known of the store itself: one row says which schema it has."""

_KEYS = {shape.table: shape.key for shape in SHAPES} | {form.table: form.key for form in FORMS} | dict(LEARNED_KEYS)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _number(name: str, *, nullable: bool = False) -> Column[float]:
    return Column(name, Double, nullable=nullable)


def _count(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _json(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, JSON(none_as_null=True), nullable=nullable)


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(name, METADATA, *columns, PrimaryKeyConstraint(*_KEYS[name]))


def _event_table(name: str, *columns: Column[Any]) -> Table:
    """A table of something that happened in a session, at a time."""
    return _table(name, _text("session_id"), _text("event_id"), _number("time"), *columns)


_event_table("sessions", _json("profile"))
_event_table("closed_sessions")
_table(
    "engagement_metrics",
    _text("session_id"),
    _text("event_id"),
    Column("time", EpochSeconds, nullable=False),
    _number("engagement_score"),
    _json("parts"),
    _json("signals"),
    _text("state"),
    _number("evidence"),
    _number("unprompted", nullable=True),
)
_event_table(
    "anomalies",
    _text("anomaly_id"),
    _number("onset"),
    _text("type"),
    _text("severity"),
    _number("evidence"),
    _number("current"),
    _number("expected"),
    _number("deviation"),
)
_event_table("cleared_anomalies", _text("anomaly_id"), _flag("became_normal"))
_event_table(
    "holds",
    _text("anomaly_id"),
    _text("reason"),
    _text("explanation"),
    Column("foreseen", Text, nullable=True),
    _number("propensity", nullable=True),
)
for _name in ("decisions", "worded_decisions"):
    # What a decision shows may come after it; then the whole of it is kept once more.
    _event_table(
        _name,
        _text("decision_id"),
        _text("anomaly_id"),
        _text("intervention_type"),
        _number("confidence"),
        _number("propensity"),
        _text("reasoning"),
        _json("context"),
        _json("past"),
        _text("autonomy"),
        _number("score_before"),
        _number("expires_at", nullable=True),
        _text("origin"),
        _json("content", nullable=True),
        _json("generation", nullable=True),
        _flag("held_out"),
        _number("holdout_share"),
        _number("coin", nullable=True),
        _number("trial_ends_at", nullable=True),
        _number("adds", nullable=True),
        _number("propensity_alone"),
        _text("style"),
        _json("variant", nullable=True),
    )
_event_table("analyses", _text("decision_id"), _json("analysis"))
_event_table("lapsed_decisions", _text("decision_id"), _text("why"))
_event_table(
    "interventions",
    _text("intervention_id"),
    _text("decision_id"),
    _text("type"),
    _json("content"),
    _json("generation"),
    _count("delivered_to"),
    _text("label"),
)
_event_table(
    "agent_performance",
    _text("intervention_id"),
    _text("decision_id"),
    _text("intervention_type"),
    _json("context"),
    _number("engagement_before"),
    _number("engagement_after"),
    _number("engagement_delta"),
    _flag("success"),
    _flag("held_out"),
)

_event_table("unknown_outcomes", _text("intervention_id"), _text("decision_id"), _text("why"))
_event_table(
    "trials",
    _text("decision_id"),
    _number("decided_at"),
    _text("intervention_type"),
    _json("context"),
    _text("autonomy"),
    _number("propensity"),
    _number("holdout_share"),
    _number("coin"),
    _flag("held_out"),
    _flag("delivered"),
    _number("engagement_before"),
    _number("engagement_after", nullable=True),
    _text("why_unknown"),
)
_event_table("status_changes", _text("status"), _text("mode"))
_event_table("budget_warnings", _text("window"), _number("spent_usd"), _number("limit_usd"))

_table("tallies", *map(_text, LEARNED_KEYS["tallies"]), _number("successes"), _number("failures"))
_table("norms", *map(_text, LEARNED_KEYS["norms"]), _number("person_min"), _json("sums"))

SETTINGS_TABLE = _table(
    SETTINGS.table,
    _text("event_id"),
    _flag("enabled"),
    _text("mode"),
    _number("threshold"),
    _count("max_per_hour"),
    _json("arms"),
    _text("label"),
    _flag("share_chat"),
    _number("quiet_end_s"),
    _json("session_modes"),
    _number("holdout_share"),
    _json("strategy_test", nullable=True),
    _text("style"),
)
"""What each event allows the agent to do."""

ANSWERS_TABLE = _table(
    ANSWERS.table,
    _text("decision_id"),
    _text("session_id"),
    _number("time"),
    _text("verdict"),
    _text("answered_by"),
    _text("reason"),
    _json("content", nullable=True),
    _number("seen_score", nullable=True),
)
"""The answer that stands, for each decision that somebody was asked about."""

REQUESTS_TABLE = _table(
    REQUESTS.table,
    _text("request_id"),
    _text("session_id"),
    _text("event_id"),
    _text("intervention_type"),
    _number("time"),
    _text("requested_by"),
    _json("content", nullable=True),
    _flag("taken"),
)
"""What organisers want done, and whether somebody has taken it on."""

DEADLINES_TABLE = _table(DEADLINES.table, _text("decision_id"), _text("session_id"), _number("time"))
"""Which threads of the workflow have not ended, and until when each waits."""

AUDIT_TABLE = Table(
    "audit_log",
    METADATA,
    _text("event_id"),
    _count("seq"),
    _text("session_id"),
    _number("time"),
    _text("kind"),
    _text("key"),
    _text("body"),
    _text("previous"),
    _text("hash"),
    PrimaryKeyConstraint("event_id", "seq"),
    UniqueConstraint("event_id", "key"),
)
"""A chain of hashes for each event; `body` is the text that was hashed. Rows are only ever added."""

SPENDING_TABLE = Table(
    "model_spending",
    METADATA,
    _text("reservation_id"),
    _count("ordinal"),
    _number("time"),
    _count("nano_usd"),
    _flag("settled"),
    _flag("hour_near"),
    _flag("day_near"),
    PrimaryKeyConstraint("reservation_id"),
)
"""What models cost in the last day, or what is set aside for it; `ordinal` says in which order."""

REVOKED_TABLE = Table("revoked_tokens", METADATA, _text("token_id"), _number("until"), PrimaryKeyConstraint("token_id"))
"""Ids of tokens and invitations that are good no more, until they would have run out."""

LEARNED_TABLES = {name: METADATA.tables[name] for name in LEARNED_KEYS}
"""What was learned: a row for each context and arm, and for each kind of session; replaced as it grows."""

EVENT_TABLES = {shape.table: METADATA.tables[shape.table] for shape in SHAPES}
"""The table of each shape by name, in the order of `rows.SHAPES`."""


def _index(table: Table, *columns: str) -> Index:
    return Index(f"{table.name}_by_{columns[0]}", *(table.c[name] for name in columns))


INDEXES = (
    _index(EVENT_TABLES["engagement_metrics"], "time"),
    _index(EVENT_TABLES["anomalies"], "time"),
    _index(EVENT_TABLES["sessions"], "event_id"),
    _index(EVENT_TABLES["interventions"], "time", "intervention_id", "session_id"),
    _index(EVENT_TABLES["interventions"], "session_id", "time", "intervention_id"),
    _index(EVENT_TABLES["interventions"], "event_id", "time", "intervention_id", "session_id"),
    _index(EVENT_TABLES["agent_performance"], "time"),
    _index(EVENT_TABLES["agent_performance"], "event_id", "time"),
    _index(EVENT_TABLES["trials"], "time"),
    _index(EVENT_TABLES["trials"], "event_id", "time"),
    _index(REQUESTS_TABLE, "taken", "time"),
    _index(AUDIT_TABLE, "session_id", "event_id", "seq"),
    _index(SPENDING_TABLE, "time"),
    _index(SPENDING_TABLE, "ordinal"),
)
"""What is asked for otherwise than by key: the archive's questions, which requests are due, and what is too old."""
