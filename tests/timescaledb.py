"""A PostgreSQL with TimescaleDB, started for tests where Node.js and the packages in `tests/timescale` are there."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

FOLDER = Path(__file__).parent / "timescale"


def missing() -> str:
    """Why there is none here; empty if there is one."""
    if which("node") is None:
        return "TimescaleDB takes Node.js here, and there is none"
    if not (FOLDER / "node_modules" / ".ready").exists():
        return "TimescaleDB takes packages of npm here; `make test` gets them"
    return ""


@contextmanager
def running() -> Iterator[str]:
    """The address of an empty database that offers the extension, for as long as the context lasts."""
    command = ["node", str(FOLDER / "server.mjs")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        if server.stdin is None or server.stdout is None:
            raise ValueError("it was started with both")
        try:
            where = server.stdout.readline().strip()
            # It shows its one connection to whoever comes, and asks nobody for a password.
            yield f"postgresql+asyncpg://postgres:postgres@{where}/postgres?ssl=disable"
        finally:
            server.stdin.close()
            server.kill()
