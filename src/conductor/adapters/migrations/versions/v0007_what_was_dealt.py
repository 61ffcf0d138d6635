"""How a minute went without what the agent prompted, what a strategy test had dealt, and in which tone it words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from conductor.adapters.migrations.columns import nested, number

revision = "0007"
down_revision = "0006"

LOSES = "scores without what the agent prompted, the variant under which each decision was made, and the tone of texts"
"""What going back to the version before loses."""

_WORDED = ("decisions", "worded_decisions", "event_agent_settings")


def upgrade() -> None:
    """Make the columns. Everything was worded in one tone before, and of minutes that are over nobody knows."""
    op.add_column("engagement_metrics", number("unprompted", nullable=True))
    for table in _WORDED:
        op.add_column(table, sa.Column("style", sa.Text, nullable=False, server_default=sa.text("'friendly'")))
    for table in _WORDED[:2]:
        op.add_column(table, nested("variant", nullable=True))


def downgrade() -> None:
    """Drop them, and the sums that TimescaleDB has made of one of them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP MATERIALIZED VIEW IF EXISTS unprompted_minutes")
    for table in _WORDED[:2]:
        op.drop_column(table, "variant")
    for table in _WORDED:
        op.drop_column(table, "style")
    op.drop_column("engagement_metrics", "unprompted")
