"""Decisions that are held out by chance, and how their rooms fared beside those that something was done for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from conductor.adapters.migrations.columns import flag, happening, nested, number, text

revision = "0004"
down_revision = "0003"

LOSES = "which decisions were held out, how all trials ended, and each event's share of decisions to hold out"
"""What going back to the version before loses."""

_DECISIONS = ("decisions", "worded_decisions")


def upgrade() -> None:
    """Make columns and table. Nothing was held out before; from now on each event has the usual share."""
    for table in _DECISIONS:
        op.add_column(table, sa.Column("held_out", sa.Boolean, nullable=False, server_default=sa.false()))
        op.add_column(table, sa.Column("holdout_share", sa.Double, nullable=False, server_default=sa.text("0")))
        op.add_column(table, number("coin", nullable=True))
        op.add_column(table, number("trial_ends_at", nullable=True))
    share = sa.Column("holdout_share", sa.Double, nullable=False, server_default=sa.text("0.1"))
    op.add_column("event_agent_settings", share)
    op.create_table(
        "trials",
        *happening(text("decision_id"), number("decided_at"), text("intervention_type"), nested("context")),
        text("autonomy"),
        *map(number, ("propensity", "holdout_share", "coin")),
        flag("held_out"),
        flag("delivered"),
        number("engagement_before"),
        number("engagement_after", nullable=True),
        text("why_unknown"),
        sa.PrimaryKeyConstraint("session_id", "decision_id"),
    )
    op.create_index("trials_by_time", "trials", ["time"])
    op.create_index("trials_by_event_id", "trials", ["event_id", "time"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("trials")
    op.drop_column("event_agent_settings", "holdout_share")
    for table in _DECISIONS:
        for column in ("trial_ends_at", "coin", "holdout_share", "held_out"):
            op.drop_column(table, column)
