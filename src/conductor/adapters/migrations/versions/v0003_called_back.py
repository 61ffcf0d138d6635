"""A table of tokens and invitations that were called back."""

from __future__ import annotations

from alembic import op
from sqlalchemy import PrimaryKeyConstraint

from conductor.adapters.migrations.columns import number, text

revision = "0003"
down_revision = "0002"

LOSES = "which tokens and invitations were called back: those that have not run out would be good again"
"""What going back to the version before loses."""


def upgrade() -> None:
    """Make the table."""
    op.create_table("revoked_tokens", text("token_id"), number("until"), PrimaryKeyConstraint("token_id"))


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("revoked_tokens")
