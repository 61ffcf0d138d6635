"""The audit log as a file, written page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Literal

from conductor.domain.audit import AuditEntry
from conductor.ports import AuditPage
from conductor.service.export import csv_bytes, safe
from conductor.wire.audit import COLUMNS, cells_of, line_of

FileFormat = Literal["json", "csv", "ndjson"]

MEDIA_TYPES: dict[FileFormat, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "ndjson": "application/x-ndjson",
}

NextPage = Callable[[str], Awaitable[AuditPage]]


async def audit_file(file_format: FileFormat, first: AuditPage, next_page: NextPage) -> AsyncIterator[bytes]:
    """The file in pieces, one for each page. Cells of CSV that a spreadsheet would run get an apostrophe."""
    yield {"json": b"[", "csv": csv_bytes([COLUMNS]), "ndjson": b""}[file_format]
    page, is_first = first, True
    while True:
        yield _piece(file_format, page.entries, is_first=is_first)
        is_first = is_first and not page.entries
        if page.next_cursor is None:
            break
        page = await next_page(page.next_cursor)
    yield b"\n]\n" if file_format == "json" else b""


def _piece(file_format: FileFormat, entries: tuple[AuditEntry, ...], *, is_first: bool) -> bytes:
    if not entries:
        return b""
    if file_format == "csv":
        return csv_bytes([tuple(map(safe, cells_of(entry))) for entry in entries])
    lines = [line_of(entry) for entry in entries]
    if file_format == "ndjson":
        return b"\n".join(lines) + b"\n"
    return (b"\n" if is_first else b",\n") + b",\n".join(lines)
