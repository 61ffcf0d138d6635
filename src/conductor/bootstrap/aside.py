"""The journal of this machine's worker."""

from __future__ import annotations

import logging
from pathlib import Path

from conductor.adapters.journal_file import FileJournal
from conductor.adapters.journal_memory import MemoryJournal
from conductor.errors import StoreUnavailable
from conductor.ports import Journal

log = logging.getLogger(__name__)


def open_journal(home: Path) -> Journal:
    """The journal in this folder; where none can be had, one in memory, which is better than no worker at all."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return FileJournal(home / "journal.jsonl")
    except (StoreUnavailable, OSError) as error:
        log.warning("what the database does not take is kept in memory only, and ends with the process: %s", error)
        return MemoryJournal()
