"""Rooms left alone because nothing was chosen, and how decisions without a coin ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from conductor.adapters.migrations.columns import flag, happening, nested, number, text

revision = "0008"
down_revision = "0007"

LOSES = (
    "how rooms were that were left alone because nothing was chosen, and when and how decisions without a coin ended"
)
"""What going back to the version before loses."""


def upgrade() -> None:
    """Make column and table. What became of rooms that were left alone before was never kept."""
    op.add_column("holds", nested("left", nullable=True))
    op.create_table(
        "follow_ups",
        *happening(text("decision_id"), number("decided_at"), text("intervention_type", nullable=True)),
        nested("context"),
        text("autonomy"),
        *map(number, ("propensity", "holdout_share")),
        flag("delivered"),
        number("engagement_before"),
        number("engagement_after", nullable=True),
        text("why_unknown"),
        sa.PrimaryKeyConstraint("session_id", "decision_id"),
    )
    op.create_index("follow_ups_by_time", "follow_ups", ["time"])
    op.create_index("follow_ups_by_event_id", "follow_ups", ["event_id", "time"])


def downgrade() -> None:
    """Drop them. Decisions without a coin are awaited no more: whoever comes back would see no end, and learn again."""
    for name in ("decisions", "worded_decisions"):
        table = sa.table(name, sa.column("coin"), sa.column("trial_ends_at"))
        op.execute(sa.update(table).where(table.c.coin.is_(None)).values(trial_ends_at=None))
    op.drop_table("follow_ups")
    op.drop_column("holds", "left")
