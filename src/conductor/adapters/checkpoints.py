"""Where threads of the workflow are kept: in SQLite or PostgreSQL, by LangGraph's own savers.

Import it only where it is needed: LangGraph takes most of a second to load.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Generic, Literal, TypeVar

import aiosqlite
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from sqlalchemy import make_url

from conductor.adapters.database import in_words_of_libpq
from conductor.adapters.together import Together
from conductor.errors import StoreUnavailable

WAIT_S = 5.0
"""How long a call waits for whoever else writes to the file, or for a connection to the server."""

CONNECTIONS = 4
"""To a PostgreSQL server: calls queue on them."""


V = TypeVar("V", int, float, str)
"""How a saver counts versions."""


class StoredCheckpoints(BaseCheckpointSaver[V], Generic[V]):
    """A saver of LangGraph's that says `StoreUnavailable` where its database fails.

    Args:
        saver: Where checkpoints are kept.
        failures: What it raises if its database fails.
    """

    def __init__(self, saver: BaseCheckpointSaver[V], failures: tuple[type[Exception], ...]) -> None:
        super().__init__(serde=saver.serde)
        self._saver: BaseCheckpointSaver[V] = saver
        self._failures = failures

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The checkpoint that is asked for."""
        async with self._explained():
            return await self._saver.aget_tuple(config)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Keep a checkpoint."""
        async with self._explained():
            return await self._saver.aput(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Keep what a node said before its whole step is done."""
        async with self._explained():
            await self._saver.aput_writes(config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        """Forget a thread."""
        async with self._explained():
            await self._saver.adelete_thread(thread_id)

    def get_next_version(self, current: V | None, channel: None) -> V:
        """The version after this one."""
        return self._saver.get_next_version(current, channel)

    @asynccontextmanager
    async def _explained(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(2.0 * WAIT_S):
                yield
        except self._failures as error:
            raise StoreUnavailable(f"checkpoints cannot be kept or had: {error}") from error


@asynccontextmanager
async def open_checkpoints(url: str) -> AsyncIterator[BaseCheckpointSaver[Any]]:
    """Checkpoints in the store's own database, which is open.

    Raises:
        StoreUnavailable: The database cannot be had.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        async with _sqlite(str(parsed.database)) as checkpoints:
            yield checkpoints
    else:
        async with _postgresql(in_words_of_libpq(parsed).render_as_string(hide_password=False)) as checkpoints:
            yield checkpoints


class GatheredCommits(aiosqlite.Connection):
    """A connection on which many threads' checkpoints become durable with one commit.

    A hundred threads that go on together would otherwise wait for five hundred commits, one after the other.
    """

    def __init__(self, path: str) -> None:
        super().__init__(lambda: sqlite3.connect(path, timeout=WAIT_S), iter_chunk_size=64)
        self._committing = Together(self._commit)

    async def commit(self) -> None:
        """Come back when all that was executed before is durable."""
        await self._committing.ask(None)

    async def _commit(self, asked: Sequence[None]) -> list[Exception | None]:
        try:
            await super().commit()
        except (sqlite3.Error, ValueError) as error:
            return [error] * len(asked)
        return [None] * len(asked)


class NobodyWaits(asyncio.Lock):
    """Stands in for the lock of LangGraph's saver, which would keep commits from being gathered.

    It keeps statements and their commit together. Here whatever is executed before a commit may become durable with
    it: each checkpoint is one statement, and the connection runs one statement at a time anyway.
    """

    async def acquire(self) -> Literal[True]:
        """Nobody waits."""
        return True

    def release(self) -> None:
        """Nothing was taken."""


@asynccontextmanager
async def _sqlite(path: str) -> AsyncIterator[BaseCheckpointSaver[Any]]:
    async with GatheredCommits(path) as connection:
        saver = AsyncSqliteSaver(connection)
        await saver.setup()
        saver.lock = NobodyWaits()
        # With a write-ahead log a power cut may take the last checkpoints, but never harms the file.
        await connection.execute("PRAGMA synchronous = NORMAL")
        # A connection that was closed is a ValueError here.
        yield StoredCheckpoints(saver, (sqlite3.Error, ValueError, OSError))


@asynccontextmanager
async def _postgresql(url: str) -> AsyncIterator[BaseCheckpointSaver[Any]]:
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
    from psycopg import AsyncConnection, Error
    from psycopg.rows import DictRow, dict_row
    from psycopg_pool import AsyncConnectionPool, PoolTimeout

    pool: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
        url,
        min_size=1,
        max_size=CONNECTIONS,
        timeout=WAIT_S,
        open=False,
        check=AsyncConnectionPool.check_connection,
        kwargs={"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row},
    )
    async with pool:
        saver = AsyncPostgresSaver(pool)
        try:
            await saver.setup()
        except (Error, PoolTimeout, OSError) as error:
            raise StoreUnavailable(
                f"LangGraph's tables, for threads of decisions, cannot be made ({error}); try `conductor db upgrade`"
            ) from error
        yield StoredCheckpoints(saver, (Error, PoolTimeout, OSError))
