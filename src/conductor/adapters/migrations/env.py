"""What Alembic runs when it moves a database: on the connection that it was given, and within its transaction."""

from __future__ import annotations

from alembic import context

from conductor.adapters.revisions import REVISIONS
from conductor.adapters.tables import METADATA


def run() -> None:
    """Take the steps that were asked for."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=METADATA,
        version_table=REVISIONS,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


# Alembic loads this file under a name of its own, and only to run it.
if __name__ == "env_py":
    run()
