"""This machine: programs, the folder of what is kept here, its disk, and the ports to listen on."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from conductor import __version__
from conductor.bootstrap.doctor.asking import status_of
from conductor.bootstrap.doctor.finding import Finding, fail, ok, warn
from conductor.bootstrap.listening import bound, url_of
from conductor.errors import NotWorking
from conductor.service.web import is_built
from conductor.settings import Settings

LEAST_PYTHON, LEAST_SQLITE = (3, 11), (3, 35, 0)
"""What the package asks for, and since when SQLite can alter tables as migrations do."""

WARN_FREE_BYTES, FAIL_FREE_BYTES = 2 * 1024**3, 200 * 1024**2
"""The journal may take 64 MB, a year of a busy event in a SQLite file some gigabytes."""

JOURNAL = "journal.jsonl"

ASK_S = 1.0


def versions() -> Iterator[Finding]:
    """The package, Python and SQLite."""
    python = platform.python_version()
    said = f"conductor {__version__}, Python {python}, SQLite {sqlite3.sqlite_version}"
    if sys.version_info < LEAST_PYTHON or sqlite3.sqlite_version_info < LEAST_SQLITE:
        least = ".".join(map(str, LEAST_SQLITE))
        yield fail("versions", said, f"Python 3.11 and SQLite {least} are the oldest that work; install newer ones")
    else:
        yield ok("versions", said)


def pages() -> Iterator[Finding]:
    """Whether the web app is in the package."""
    if is_built():
        yield ok("pages", "the web app is built")
    else:
        yield warn("pages", "the web app is not built; everything else works", "run `make web`, or use the image")


def folder(settings: Settings) -> Iterator[Finding]:
    """Whether this user may write where things are kept, and how much room there is."""
    about, home = "folder", settings.home
    there = next(each for each in (home, *home.parents) if each.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        mend = f"let user {os.getuid()} write there, or name another folder with CONDUCTOR_HOME"
        yield fail(about, f"{home}: nothing can be written there ({error.strerror})", mend)
        return
    yield ok(about, f"{home} can be written to" if there == home else f"{home} will be made at the first start")
    yield _room(there)
    journal = home / JOURNAL
    if journal.is_file() and journal.stat().st_size:
        size_mb = journal.stat().st_size / 1e6
        mend = "it is replayed by itself when the database is back; see that the agent runs"
        yield warn(about, f"{JOURNAL} holds {size_mb:.1f} MB that the database does not have yet", mend)


def _room(there: Path) -> Finding:
    free = shutil.disk_usage(there).free
    said = f"{free / 1e9:.1f} GB are free"
    if free >= WARN_FREE_BYTES:
        return ok("disk", said)
    return (warn if free >= FAIL_FREE_BYTES else fail)("disk", said, f"make room on the disk of {there}")


def ports(numbers: tuple[int, ...]) -> Iterator[Finding]:
    """Whether the services could listen, or do already."""
    for port in numbers:
        try:
            with bound("127.0.0.1", port):
                yield ok("ports", f"{port} is free")
        except NotWorking:
            if _is_one_of_us(port):
                yield ok("ports", f"{port}: a service of Conductor answers there")
            else:
                mend = "end it, or listen elsewhere with --port; without a right to the port, choose one above 1024"
                yield warn("ports", f"{port} cannot be had: something else has it", mend)


def _is_one_of_us(port: int) -> bool:
    try:
        return status_of(f"{url_of('127.0.0.1', port)}/health/live", {}, ASK_S) == 200
    except NotWorking:
        return False
