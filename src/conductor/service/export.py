"""Interventions as a file, written page by page."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from conductor.domain.events import DecisionMade, Event
from conductor.domain.interventions import Intervention
from conductor.domain.strategies import Dealt
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
    "strategy_test",
    "variant",
)

RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so is a formula to spreadsheets (OWASP, CSV injection)."""

NextPage = Callable[[str], Awaitable[Page]]
History = Callable[[str], Awaitable[Sequence[Event]]]


async def written(file_format: str, first: Page, next_page: NextPage, history: History) -> AsyncIterator[bytes]:
    """The file in pieces, one for each page.

    Args:
        file_format: One of `MEDIA_TYPES`.
        first: The first page.
        next_page: The page at a cursor.
        history: What happened in a session: under which variant of a strategy test its decisions were made.
    """
    is_csv = file_format == "csv"
    yield csv_bytes([COLUMNS]) if is_csv else b"["
    page, separator = first, b"\n"
    while True:
        dealt = await _dealt(page, history)
        if is_csv:
            yield csv_bytes([_cells(each, dealt.get(each.decision_id)) for each in page.interventions])
        else:
            rows = [json_bytes(_fields(each, dealt.get(each.decision_id))) for each in page.interventions]
            yield separator + b",\n".join(rows) if rows else b""
            separator = b",\n"
        if page.next_cursor is None:
            break
        page = await next_page(page.next_cursor)
    yield b"" if is_csv else b"\n]\n"


def safe(cell: str) -> str:
    """The cell as text, whatever a spreadsheet would make of it."""
    return f"'{cell}" if cell.startswith(RUN_BY_SPREADSHEETS) else cell


async def _dealt(page: Page, history: History) -> dict[str, Dealt]:
    """What a strategy test had dealt to the decisions behind these interventions; without those made without one."""
    found: dict[str, Dealt] = {}
    for session_id in sorted({each.session_id for each in page.interventions}):
        made = (each.decision for each in await history(session_id) if isinstance(each, DecisionMade))
        found |= {each.decision_id: each.variant for each in made if each.variant is not None}
    return found


def _fields(done: Intervention, dealt: Dealt | None) -> dict[str, object]:
    return plain_fields(done) | {
        "at": moment_text(done.at),
        "content": content_fields(done.content),
        "generation": plain_fields(done.generation),
        "variant": None if dealt is None else plain_fields(dealt),
    }


def _cells(done: Intervention, dealt: Dealt | None) -> tuple[str, ...]:
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
        "" if dealt is None else dealt.test_id,
        "" if dealt is None else dealt.name,
    )
    return tuple(safe(cell) for cell in cells)


def csv_bytes(rows: list[tuple[str, ...]]) -> bytes:
    """Rows as CSV."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
