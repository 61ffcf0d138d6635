"""Moves a database from one version of the schema to another, by Alembic.

Import it only where a database has to be moved: Alembic takes a third of a second to load, and a database that is at
head needs none of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

from conductor.adapters.database import insert_into
from conductor.adapters.revisions import revision_of, stamp, version_of
from conductor.adapters.tables import META, SCHEMA_VERSION, VERSION_KEY
from conductor.errors import InvalidInput

PLACE = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Step:
    """One version of the schema.

    Attributes:
        version: Which, from 1.
        what: What it brought.
        loses: What going back to the version before loses.
    """

    version: int
    what: str
    loses: str


def steps() -> list[Step]:
    """All versions that are known, oldest first."""
    scripts = ScriptDirectory(str(PLACE)).walk_revisions()
    return [_step(script) for script in reversed([*scripts])]


def upgrade(connection: Connection, version: int = SCHEMA_VERSION) -> None:
    """Bring a database of ours, or an empty one, to a newer version. The transaction is the caller's, who ends it."""
    _adopt(connection)
    command.upgrade(_config(connection), f"{version:04}")
    _moved(connection)


def downgrade(connection: Connection, version: int) -> None:
    """Take a database of ours back to an older version. The transaction is the caller's, who ends it.

    Raises:
        InvalidInput: There is no such version, or it is not older.
    """
    written = version_of(connection) or SCHEMA_VERSION
    if not 1 <= version < written:
        raise InvalidInput(f"--to is {version}; the database is at version {written}, so it may be 1 to {written - 1}")
    _adopt(connection)
    command.downgrade(_config(connection), f"{version:04}")
    _moved(connection)


def _moved(connection: Connection) -> None:
    """Write the version that was reached where stores look for it, and releases before migrations looked."""
    version = str(revision_of(connection))
    insert = insert_into(connection.dialect.name)(META).values(key=VERSION_KEY, value=version)
    connection.execute(insert.on_conflict_do_update(index_elements=["key"], set_={"value": version}))


def _adopt(connection: Connection) -> None:
    """A store that was made before there were migrations is at the first version."""
    written = version_of(connection)
    if written is not None:
        stamp(connection, written)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(PLACE).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _step(script: Script) -> Step:
    what = (script.module.__doc__ or "").strip().splitlines()[0]
    return Step(int(script.revision), what, getattr(script.module, "LOSES", "everything"))
