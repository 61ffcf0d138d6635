"""The journal of this machine's worker."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from conductor.adapters.journal_file import FileJournal
from conductor.adapters.journal_memory import MemoryJournal
from conductor.errors import StoreUnavailable
from conductor.ports import Journal, Store
from conductor.worker.keeping import replay

log = logging.getLogger(__name__)


@asynccontextmanager
async def replayed(home: Path, store: Store) -> AsyncIterator[Journal]:
    """The journal in this folder, whatever an earlier life left in it being in the store: that is whole then.

    Raises:
        StoreUnavailable: The store does not take it.
    """
    journal = open_journal(home)
    try:
        await replay(journal, store)
        yield journal
    finally:
        journal.close()


def open_journal(home: Path) -> Journal:
    """The journal in this folder; where none can be had, one in memory, which is better than no worker at all."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return FileJournal(home / "journal.jsonl")
    except (StoreUnavailable, OSError) as error:
        log.warning("what the database does not take is kept in memory only, and ends with the process: %s", error)
        return MemoryJournal()


async def empty_journal(home: Path, store: Store) -> None:
    """Bring what a worker that ended had not yet written into the store, so that it is found there.

    Raises:
        StoreUnavailable: The store does not take it.
    """
    path = home / "journal.jsonl"
    if not path.exists():
        return
    try:
        journal = FileJournal(path)
    except StoreUnavailable:
        # A running worker has it, and brings it into the store as soon as that can be had, which it can.
        return
    try:
        await replay(journal, store)
    finally:
        journal.close()
