"""How a process that serves comes to its end: everything is put away first, whoever asked for it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import uvicorn

REQUESTS = (signal.SIGTERM, signal.SIGINT)
"""By which a process is asked to end: by a supervisor, and by who presses Ctrl+C."""


class Server(uvicorn.Server):
    """Answers until `should_exit` is set, and leaves it to others who sets it.

    By itself it would heed signals and then raise them again, which ends the process before anything is put away.
    """

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Heed no signals."""
        yield


@contextmanager
def asked_to_end() -> Iterator[asyncio.Event]:
    """Within it an event is set once the process is asked to end; who asks again does not wait any longer.

    It has to be entered in the main thread.
    """
    loop, asked = asyncio.get_running_loop(), asyncio.Event()

    def heed() -> None:
        asked.set()
        _let_go(loop)

    for each in REQUESTS:
        loop.add_signal_handler(each, heed)
    try:
        yield asked
    finally:
        if not asked.is_set():
            _let_go(loop)


def _let_go(loop: asyncio.AbstractEventLoop) -> None:
    for each in REQUESTS:
        loop.remove_signal_handler(each)
