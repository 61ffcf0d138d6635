"""Two ways of going about it that an event tries beside each other."""

from __future__ import annotations

from alembic import op

from conductor.adapters.migrations.columns import nested

revision = "0005"
down_revision = "0004"

LOSES = "the strategy test of each event"
"""What going back to the version before loses."""


def upgrade() -> None:
    """Make the column. No event tests anything yet."""
    op.add_column("event_agent_settings", nested("strategy_test", nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("event_agent_settings", "strategy_test")
