"""Which version of the schema a database has: for stores in `meta`, for Alembic in a table of its own."""

from __future__ import annotations

from sqlalchemy import Column, Connection, MetaData, Table, Text, inspect, select
from sqlalchemy.schema import CreateTable

from conductor.adapters.database import insert_into
from conductor.adapters.tables import META, METADATA, SCHEMA_VERSION, VERSION_KEY
from conductor.errors import UnreadableState

REVISIONS = "conductor_revision"
"""Alembic's own table; not under its usual name, since a PostgreSQL database may hold other programs' tables too."""

_REVISIONS = Table(REVISIONS, MetaData(), Column("version_num", Text, primary_key=True))


def version_of(connection: Connection) -> int | None:
    """The version that is written there, known or not; None if there is none, or no number."""
    if not inspect(connection).has_table(META.name):
        return None
    written = str(connection.scalar(select(META.c.value).where(META.c.key == VERSION_KEY)))
    return int(written) if written.isdecimal() else None


def readable_version(connection: Connection, where: str) -> int | None:
    """The version of a database of ours, from 1 to the newest known; None if nothing is there yet.

    Raises:
        UnreadableState: It belongs to something else, or to a newer release.
    """
    inspector = inspect(connection)
    present = set(inspector.get_table_names())
    if META.name in present and {column["name"] for column in inspector.get_columns(META.name)} == {"key", "value"}:
        written = connection.scalar(select(META.c.value).where(META.c.key == VERSION_KEY))
        if written is not None:
            return _known(str(written), where)
    # A PostgreSQL database may well hold other things beside ours; a file is one program's.
    taken = present if connection.dialect.name == "sqlite" else present & METADATA.tables.keys()
    if taken:
        raise UnreadableState(f"{where}: holds the tables of another program; name another database")
    return None


def _known(written: str, where: str) -> int:
    if written.isdecimal() and 1 <= int(written) <= SCHEMA_VERSION:
        return int(written)
    if written.isdecimal() and int(written) > SCHEMA_VERSION:
        raise UnreadableState(
            f"{where}: was written by a newer version of Engagement Conductor (schema {written}, this one"
            f" knows {SCHEMA_VERSION}); update it, or name another database"
        )
    raise UnreadableState(f"{where}: says that its schema is {written!r}; restore it from a backup")


def stamp(connection: Connection, version: int) -> None:
    """Tell Alembic which version there is, unless it knows one."""
    connection.execute(CreateTable(_REVISIONS, if_not_exists=True))
    if connection.scalar(select(_REVISIONS.c.version_num)) is None:
        connection.execute(insert_into(connection.dialect.name)(_REVISIONS), {"version_num": f"{version:04}"})


def revision_of(connection: Connection) -> int:
    """The version that Alembic knows; 0 before it has done anything."""
    return int(connection.scalar(select(_REVISIONS.c.version_num)) or 0)
