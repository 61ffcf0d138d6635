"""The audit log of a store that is there, for the command line: other programs may write to it meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import get_args

from conductor.bootstrap.kept import kept_store
from conductor.domain.audit import ChainCheck, Checked
from conductor.errors import InvalidInput, NotFound
from conductor.ports import Audit, AuditWanted
from conductor.service.audit_file import FileFormat, audit_file
from conductor.settings import Settings

ENTRIES_AT_ONCE = 500


async def check(settings: Settings, *, event_id: str | None, known: frozenset[str]) -> Checked:
    """Whether the log is as it was written.

    Args:
        settings: Where the store is.
        event_id: The only event to look at; None for all.
        known: Hashes that were there once.

    Raises:
        NotFound: There is no store, or no such event in its log.
        UnreadableState: The store cannot be used.
    """
    looking = ChainCheck(known)
    async with _audit(settings) as audit:
        cursor: str | None = None
        while True:
            page = await audit.entries(AuditWanted(event_id), ENTRIES_AT_ONCE, cursor)
            if not all(map(looking.take, page.entries)) or page.next_cursor is None:
                break
            cursor = page.next_cursor
    checked = looking.result()
    if event_id is not None and not checked.chains and checked.fault is None:
        raise NotFound(f"the audit log has nothing of the event {event_id!r}; leave --event out to look at all")
    return checked


async def exported(
    settings: Settings, *, event_id: str | None, session_id: str | None, file_format: str
) -> AsyncIterator[bytes]:
    """The log as a file, in pieces.

    Raises:
        InvalidInput: There is no such format.
        NotFound: There is no store.
        UnreadableState: The store cannot be used.
    """
    chosen = next((name for name in _FORMATS if name == file_format), None)
    if chosen is None:
        raise InvalidInput(f"--format is {file_format!r}; it may be ndjson, json or csv")
    wanted = AuditWanted(event_id, session_id)
    async with _audit(settings) as audit:
        first = await audit.entries(wanted, ENTRIES_AT_ONCE, None)
        async for piece in audit_file(chosen, first, lambda after: audit.entries(wanted, ENTRIES_AT_ONCE, after)):
            yield piece


_FORMATS: tuple[FileFormat, ...] = get_args(FileFormat)


@asynccontextmanager
async def _audit(settings: Settings) -> AsyncIterator[Audit]:
    async with kept_store(settings) as store:
        yield store.audit
