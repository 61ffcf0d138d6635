"""Indexes along the time, for what is only kept for so many days."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

LOSES = "no data: only two indexes, without which old rows are found more slowly"
"""What going back to the version before loses."""


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("engagement_metrics_by_time", "engagement_metrics", ["time"])
    op.create_index("anomalies_by_time", "anomalies", ["time"])


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("anomalies_by_time", "anomalies")
    op.drop_index("engagement_metrics_by_time", "engagement_metrics")
