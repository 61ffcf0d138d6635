"""A way to a server that can be cut, slowed down, or left half open: nothing passes, and nobody says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.valkey import free_port

AT_ONCE = 65_536


class Proxy:
    """Passes on what comes at a port of the loopback.

    Args:
        host: Where the server is; a path for one that listens on a socket of the file system.
        port: Its port; None for a socket of the file system.
    """

    def __init__(self, host: str, port: int | None) -> None:
        self._to = (host, port)
        self._ways: set[asyncio.Task[None]] = set()
        self._passes = asyncio.Event()
        self._passes.set()
        self._server: asyncio.Server | None = None
        self.delay_s = 0.0
        self._losing: list[bytes] = []
        self.port = free_port()

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port)

    async def cut(self) -> None:
        """End every connection, and refuse new ones."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for way in tuple(self._ways):
            way.cancel()
        await asyncio.gather(*self._ways, return_exceptions=True)

    async def heal(self) -> None:
        """All is well again."""
        self.delay_s = 0.0
        self._passes.set()
        if self._server is None:
            await self.start()

    def swallow(self) -> None:
        """Take what comes, and pass nothing on in either direction; new connections are accepted, too."""
        self._passes.clear()

    def strand(self) -> None:
        """Swallow for ever what comes on the ways that there are; new ones are sound."""
        self._passes.clear()
        self._passes = asyncio.Event()
        self._passes.set()

    def lose(self, *words: bytes) -> None:
        """End the connection in the place of passing on what holds the first of these words, then the next."""
        self._losing = list(words)

    @property
    def is_losing(self) -> bool:
        """Whether something of that is still to come."""
        return bool(self._losing)

    async def close(self) -> None:
        """End it all."""
        await self.cut()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._ways.add(task)
        there: asyncio.StreamWriter | None = None
        passes = self._passes
        try:
            await passes.wait()
            back, there = await self._connect()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._pass_on(reader, there, passes))
                tasks.create_task(self._pass_on(back, writer, passes))
        except (OSError, ExceptionGroup, asyncio.CancelledError):
            pass
        finally:
            self._ways.discard(task)
            for each in (writer, there):
                if each is not None:
                    each.transport.abort()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = self._to
        if port is None:
            return await asyncio.open_unix_connection(host)
        return await asyncio.open_connection(host, port)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passes: asyncio.Event) -> None:
        while data := await reader.read(AT_ONCE):
            if self.delay_s:
                await asyncio.sleep(self.delay_s)
            await passes.wait()
            if self._losing and self._losing[0] in data:
                raise ConnectionResetError(f"{self._losing.pop(0)!r} is lost")
            writer.write(data)
            await writer.drain()
        raise ConnectionResetError("one side has ended")


@asynccontextmanager
async def before(host: str, port: int | None = None) -> AsyncIterator[Proxy]:
    """A proxy before a server, for as long as the context lasts."""
    proxy = Proxy(host, port)
    await proxy.start()
    try:
        yield proxy
    finally:
        with suppress(OSError):
            await proxy.close()


def socket_of(uri: str) -> str:
    """Where PostgreSQL listens, from an address that names a folder."""
    folder = uri.rpartition("host=")[2].partition("&")[0].replace("%2F", "/")
    return str(Path(folder) / ".s.PGSQL.5432")
