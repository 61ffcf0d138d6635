"""The store of this installation, for commands: it has to be there, and other programs may use it meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from conductor.adapters.database import file_of
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.errors import NotFound
from conductor.settings import Settings


@asynccontextmanager
async def kept_store(settings: Settings) -> AsyncIterator[SqlStore]:
    """The store that is there.

    Raises:
        NotFound: There is none.
        UnreadableState: It cannot be used.
    """
    url = settings.database_url or sqlite_url(settings.home / "conductor.db")
    path = file_of(url)
    if path is not None and not path.exists():
        raise NotFound(f"{path}: there is no store yet; see whether DATABASE_URL or CONDUCTOR_HOME is right")
    store = await SqlStore.open(url)
    try:
        yield store
    finally:
        await store.close()
