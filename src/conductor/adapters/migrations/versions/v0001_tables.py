"""All tables, as they were before the schema had migrations."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, PrimaryKeyConstraint, Text, UniqueConstraint

from conductor.adapters.migrations.columns import count, flag, happening, moment, nested, number, text

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables and indexes."""
    op.create_table("meta", Column("key", Text, primary_key=True), text("value"))
    _sessions()
    _decisions()
    _interventions()
    _learned()
    _organisers()
    _books()
    _indexes()


def _sessions() -> None:
    op.create_table("sessions", *happening(nested("profile")), PrimaryKeyConstraint("session_id", "time"))
    op.create_table("closed_sessions", *happening(), PrimaryKeyConstraint("session_id", "time"))
    op.create_table(
        "engagement_metrics",
        text("session_id"),
        text("event_id"),
        moment("time"),
        number("engagement_score"),
        nested("parts"),
        nested("signals"),
        text("state"),
        number("evidence"),
        PrimaryKeyConstraint("session_id", "time"),
    )
    op.create_table(
        "anomalies",
        *happening(text("anomaly_id"), number("onset"), text("type"), text("severity")),
        *map(number, ("evidence", "current", "expected", "deviation")),
        PrimaryKeyConstraint("session_id", "anomaly_id", "time"),
    )
    op.create_table(
        "cleared_anomalies",
        *happening(text("anomaly_id"), flag("became_normal")),
        PrimaryKeyConstraint("session_id", "anomaly_id"),
    )
    op.create_table(
        "status_changes",
        *happening(text("status"), text("mode")),
        PrimaryKeyConstraint("session_id", "time", "status", "mode"),
    )
    op.create_table(
        "budget_warnings",
        *happening(text("window"), number("spent_usd"), number("limit_usd")),
        PrimaryKeyConstraint("session_id", "time", "window"),
    )


def _decisions() -> None:
    op.create_table(
        "holds",
        *happening(text("anomaly_id"), text("reason"), text("explanation"), text("foreseen", nullable=True)),
        PrimaryKeyConstraint("session_id", "anomaly_id", "time"),
    )
    for name in ("decisions", "worded_decisions"):
        op.create_table(
            name,
            *happening(text("decision_id"), text("anomaly_id"), text("intervention_type")),
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
            PrimaryKeyConstraint("session_id", "decision_id"),
        )
    op.create_table(
        "analyses",
        *happening(text("decision_id"), nested("analysis")),
        PrimaryKeyConstraint("session_id", "decision_id"),
    )
    op.create_table(
        "lapsed_decisions",
        *happening(text("decision_id"), text("why")),
        PrimaryKeyConstraint("session_id", "decision_id"),
    )


def _interventions() -> None:
    op.create_table(
        "interventions",
        *happening(text("intervention_id"), text("decision_id"), text("type")),
        nested("content"),
        nested("generation"),
        count("delivered_to"),
        text("label"),
        PrimaryKeyConstraint("session_id", "intervention_id"),
    )
    op.create_table(
        "agent_performance",
        *happening(text("intervention_id"), text("decision_id"), text("intervention_type"), nested("context")),
        *map(number, ("engagement_before", "engagement_after", "engagement_delta")),
        flag("success"),
        flag("held_out"),
        PrimaryKeyConstraint("session_id", "decision_id", "intervention_id"),
    )
    op.create_table(
        "unknown_outcomes",
        *happening(text("intervention_id"), text("decision_id"), text("why")),
        PrimaryKeyConstraint("session_id", "decision_id", "intervention_id"),
    )


def _learned() -> None:
    context = ("anomaly_type", "phase", "session_type", "session_size_bucket", "engagement_bucket")
    op.create_table(
        "tallies",
        *map(text, (*context, "intervention_type")),
        number("successes"),
        number("failures"),
        PrimaryKeyConstraint(*context, "intervention_type"),
    )
    kind = ("session_type", "session_size_bucket", "phase")
    op.create_table("norms", *map(text, kind), number("person_min"), nested("sums"), PrimaryKeyConstraint(*kind))


def _organisers() -> None:
    op.create_table(
        "event_agent_settings",
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
        PrimaryKeyConstraint("event_id"),
    )
    op.create_table(
        "answers",
        *(text("decision_id"), text("session_id"), number("time")),
        *map(text, ("verdict", "answered_by", "reason")),
        nested("content", nullable=True),
        number("seen_score", nullable=True),
        PrimaryKeyConstraint("session_id", "decision_id"),
    )
    op.create_table(
        "requests",
        *map(text, ("request_id", "session_id", "event_id", "intervention_type")),
        number("time"),
        text("requested_by"),
        nested("content", nullable=True),
        flag("taken"),
        PrimaryKeyConstraint("request_id"),
    )
    op.create_table(
        "deadlines", text("decision_id"), text("session_id"), number("time"), PrimaryKeyConstraint("decision_id")
    )


def _books() -> None:
    op.create_table(
        "audit_log",
        *(text("event_id"), count("seq"), text("session_id"), number("time")),
        *map(text, ("kind", "key", "body", "previous", "hash")),
        PrimaryKeyConstraint("event_id", "seq"),
        UniqueConstraint("event_id", "key"),
    )
    op.create_table(
        "model_spending",
        *(text("reservation_id"), count("ordinal"), number("time"), count("nano_usd")),
        *map(flag, ("settled", "hour_near", "day_near")),
        PrimaryKeyConstraint("reservation_id"),
    )


def _indexes() -> None:
    for table, *columns in (
        ("sessions", "event_id"),
        ("interventions", "time", "intervention_id", "session_id"),
        ("interventions", "session_id", "time", "intervention_id"),
        ("interventions", "event_id", "time", "intervention_id", "session_id"),
        ("agent_performance", "time"),
        ("agent_performance", "event_id", "time"),
        ("requests", "taken", "time"),
        ("audit_log", "session_id", "event_id", "seq"),
        ("model_spending", "time"),
        ("model_spending", "ordinal"),
    ):
        op.create_index(f"{table}_by_{columns[0]}", table, columns)
