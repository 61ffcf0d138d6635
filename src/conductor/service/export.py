"""Interventions as a file, written page by page."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable

from conductor.domain.interventions import Intervention
from conductor.ports import Page
from conductor.wire.content import content_fields
from conductor.wire.reading import json_bytes, moment_text, plain_fields

MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}

COLUMNS = (
    "intervention_id",
    "decision_id",
    "session_id",
    "event_id",
    "at",
    "type",
    "delivered_to",
    "method",
    "label",
    "content",
)

RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so is a formula to spreadsheets (OWASP, CSV injection)."""

NextPage = Callable[[str], Awaitable[Page]]


async def written(file_format: str, first: Page, next_page: NextPage) -> AsyncIterator[bytes]:
    """The file in pieces, one for each page. `file_format` is one of `MEDIA_TYPES`."""
    is_csv = file_format == "csv"
    yield csv_bytes([COLUMNS]) if is_csv else b"["
    page, separator = first, b"\n"
    while True:
        if is_csv:
            yield csv_bytes([_cells(each) for each in page.interventions])
        else:
            rows = [json_bytes(_fields(each)) for each in page.interventions]
            yield separator + b",\n".join(rows) if rows else b""
            separator = b",\n"
        if page.next_cursor is None:
            break
        page = await next_page(page.next_cursor)
    yield b"" if is_csv else b"\n]\n"


def safe(cell: str) -> str:
    """The cell as text, whatever a spreadsheet would make of it."""
    return f"'{cell}" if cell.startswith(RUN_BY_SPREADSHEETS) else cell


def _fields(done: Intervention) -> dict[str, object]:
    return plain_fields(done) | {
        "at": moment_text(done.at),
        "content": content_fields(done.content),
        "generation": plain_fields(done.generation),
    }


def _cells(done: Intervention) -> tuple[str, ...]:
    content = json_bytes(content_fields(done.content)).decode()
    cells = (
        done.intervention_id,
        done.decision_id,
        done.session_id,
        done.event_id,
        moment_text(done.at),
        done.arm.value,
        str(done.delivered_to),
        done.generation.method.value,
        done.label,
        content,
    )
    return tuple(safe(cell) for cell in cells)


def csv_bytes(rows: list[tuple[str, ...]]) -> bytes:
    """Rows as CSV."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
