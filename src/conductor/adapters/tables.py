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
    Column,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from conductor.adapters.columns import count, flag, nested, number, text
from conductor.adapters.moments import EpochSeconds
from conductor.adapters.rows import ANSWERS, DEADLINES, FORMS, LEARNED_KEYS, REQUESTS, SETTINGS, SHAPES

SCHEMA_VERSION = 8
"""The newest migration (`migrations/versions`): one more for each change; a store of a higher one is refused."""

VERSION_KEY = "conductor_schema_version"
"""The key of the schema version in `meta`; nobody else's `meta` table has it."""

METADATA = MetaData()

META = Table("meta", METADATA, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))
"""What is to be known of the store itself: one row says which schema it has."""

_KEYS = {shape.table: shape.key for shape in SHAPES} | {form.table: form.key for form in FORMS} | dict(LEARNED_KEYS)


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(name, METADATA, *columns, PrimaryKeyConstraint(*_KEYS[name]))


def _event_table(name: str, *columns: Column[Any]) -> Table:
    """A table of something that happened in a session, at a time."""
    return _table(name, text("session_id"), text("event_id"), number("time"), *columns)


_event_table("sessions", nested("profile"))
_event_table("closed_sessions")
_table(
    "engagement_metrics",
    text("session_id"),
    text("event_id"),
    Column("time", EpochSeconds, nullable=False),
    number("engagement_score"),
    nested("parts"),
    nested("signals"),
    text("state"),
    number("evidence"),
    number("unprompted", nullable=True),
)
_event_table(
    "anomalies",
    text("anomaly_id"),
    number("onset"),
    text("type"),
    text("severity"),
    number("evidence"),
    number("current"),
    number("expected"),
    number("deviation"),
)
_event_table("cleared_anomalies", text("anomaly_id"), flag("became_normal"))
_event_table(
    "holds",
    text("anomaly_id"),
    text("reason"),
    text("explanation"),
    text("foreseen", nullable=True),
    number("propensity", nullable=True),
    nested("left", nullable=True),
)
for _name in ("decisions", "worded_decisions"):
    # What a decision shows may come after it; then the whole of it is kept once more.
    _event_table(
        _name,
        text("decision_id"),
        text("anomaly_id"),
        text("intervention_type"),
        number("confidence"),
        number("propensity"),
        text("reasoning"),
        nested("context"),
        nested("past"),
        text("autonomy"),
        number("score_before"),
        number("expires_at", nullable=True),
        text("origin"),
        nested("content", nullable=True),
        nested("generation", nullable=True),
        flag("held_out"),
        number("holdout_share"),
        number("coin", nullable=True),
        number("trial_ends_at", nullable=True),
        number("adds", nullable=True),
        number("propensity_alone"),
        text("style"),
        nested("variant", nullable=True),
    )
_event_table("analyses", text("decision_id"), nested("analysis"))
_event_table("lapsed_decisions", text("decision_id"), text("why"))
_event_table(
    "interventions",
    text("intervention_id"),
    text("decision_id"),
    text("type"),
    nested("content"),
    nested("generation"),
    count("delivered_to"),
    text("label"),
)
_event_table(
    "agent_performance",
    text("intervention_id"),
    text("decision_id"),
    text("intervention_type"),
    nested("context"),
    number("engagement_before"),
    number("engagement_after"),
    number("engagement_delta"),
    flag("success"),
    flag("held_out"),
)

_event_table("unknown_outcomes", text("intervention_id"), text("decision_id"), text("why"))
_event_table(
    "trials",
    text("decision_id"),
    number("decided_at"),
    text("intervention_type"),
    nested("context"),
    text("autonomy"),
    number("propensity"),
    number("holdout_share"),
    number("coin"),
    flag("held_out"),
    flag("delivered"),
    number("engagement_before"),
    number("engagement_after", nullable=True),
    text("why_unknown"),
)
_event_table(
    "follow_ups",
    text("decision_id"),
    number("decided_at"),
    text("intervention_type", nullable=True),
    nested("context"),
    text("autonomy"),
    number("propensity"),
    number("holdout_share"),
    flag("delivered"),
    number("engagement_before"),
    number("engagement_after", nullable=True),
    text("why_unknown"),
)
_event_table("status_changes", text("status"), text("mode"))
_event_table("budget_warnings", text("window"), number("spent_usd"), number("limit_usd"))

_table("tallies", *map(text, LEARNED_KEYS["tallies"]), number("successes"), number("failures"))
_table("norms", *map(text, LEARNED_KEYS["norms"]), number("person_min"), nested("sums"))

SETTINGS_TABLE = _table(
    SETTINGS.table,
    text("event_id"),
    flag("enabled"),
    text("mode"),
    number("threshold"),
    count("max_per_hour"),
    nested("arms"),
    text("label"),
    flag("share_chat"),
    number("quiet_end_s"),
    nested("session_modes"),
    number("holdout_share"),
    nested("strategy_test", nullable=True),
    text("style"),
)
"""What each event allows the agent to do."""

ANSWERS_TABLE = _table(
    ANSWERS.table,
    text("decision_id"),
    text("session_id"),
    number("time"),
    text("verdict"),
    text("answered_by"),
    text("reason"),
    nested("content", nullable=True),
    number("seen_score", nullable=True),
)
"""The answer that stands, for each decision that somebody was asked about."""

REQUESTS_TABLE = _table(
    REQUESTS.table,
    text("request_id"),
    text("session_id"),
    text("event_id"),
    text("intervention_type"),
    number("time"),
    text("requested_by"),
    nested("content", nullable=True),
    flag("taken"),
)
"""What organisers want done, and whether somebody has taken it on."""

DEADLINES_TABLE = _table(DEADLINES.table, text("decision_id"), text("session_id"), number("time"))
"""Which threads of the workflow have not ended, and until when each waits."""

AUDIT_TABLE = Table(
    "audit_log",
    METADATA,
    text("event_id"),
    count("seq"),
    text("session_id"),
    number("time"),
    text("kind"),
    text("key"),
    text("body"),
    text("previous"),
    text("hash"),
    PrimaryKeyConstraint("event_id", "seq"),
    UniqueConstraint("event_id", "key"),
)
"""A chain of hashes for each event; `body` is the text that was hashed. Rows are only ever added."""

SPENDING_TABLE = Table(
    "model_spending",
    METADATA,
    text("reservation_id"),
    count("ordinal"),
    number("time"),
    count("nano_usd"),
    flag("settled"),
    flag("hour_near"),
    flag("day_near"),
    PrimaryKeyConstraint("reservation_id"),
)
"""What models cost in the last day, or what is set aside for it; `ordinal` says in which order."""

REVOKED_TABLE = Table("revoked_tokens", METADATA, text("token_id"), number("until"), PrimaryKeyConstraint("token_id"))
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
    _index(EVENT_TABLES["follow_ups"], "time"),
    _index(EVENT_TABLES["follow_ups"], "event_id", "time"),
    _index(REQUESTS_TABLE, "taken", "time"),
    _index(AUDIT_TABLE, "session_id", "event_id", "seq"),
    _index(SPENDING_TABLE, "time"),
    _index(SPENDING_TABLE, "ordinal"),
)
"""What is asked for otherwise than by key: the archive's questions, which requests are due, and what is too old."""
