"""What arms were expected to add to doing nothing, and how probable nothing was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from conductor.adapters.migrations.columns import number

revision = "0006"
down_revision = "0005"

LOSES = "what decisions were expected to add, how probable it was that nothing was done, and how rooms left alone fared"
"""What going back to the version before loses."""

_DECISIONS = ("decisions", "worded_decisions")


def upgrade() -> None:
    """Make the columns. Nothing was no choice before."""
    for table in _DECISIONS:
        op.add_column(table, number("adds", nullable=True))
        op.add_column(table, sa.Column("propensity_alone", sa.Double, nullable=False, server_default=sa.text("0")))
    op.add_column("holds", number("propensity", nullable=True))


def downgrade() -> None:
    """Drop them, and what was learned of nothing, which the version before takes for an arm that it does not know."""
    op.execute("DELETE FROM tallies WHERE intervention_type = 'NOTHING'")
    op.drop_column("holds", "propensity")
    for table in _DECISIONS:
        for column in ("propensity_alone", "adds"):
            op.drop_column(table, column)
