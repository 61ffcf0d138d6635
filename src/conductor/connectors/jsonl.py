"""Recordings as JSON lines: our own format, one signal a line."""

from __future__ import annotations

import re

from conductor.connectors.reading import Losses, Origin, Reading
from conductor.domain.sessions import SessionProfile
from conductor.domain.signals import Signal, StartDetail
from conductor.errors import InvalidInput
from conductor.wire import parse_line

MAX_LINE_CHARS = 1_000_000
"""A signal has a few hundred characters; a line of a million is something else."""

MAX_SPAN_S = 7 * 86_400.0
"""A time further from the start than a week is a slip, not a session."""

EPOCH_FROM_S = 1e8
"""Times beyond this (three years) are epoch seconds, not seconds from the start."""

OUT_OF_ORDER_S = 10.0
"""How far the format lets lines stray from their order."""

_BYTE_OFFSET = re.compile(r" \(byte \d+\)")

Numbered = list[tuple[int, Signal]]
"""Signals with the numbers of their lines."""


def read_lines(origin: Origin, text: str) -> Reading:
    """The signals of a file of JSON lines; one file is one session, so they all get its id.

    Raises:
        UnreadableRecording: No line is good, or more than half are bad.
    """
    losses = Losses()
    lines = _on_one_clock(_good_lines(origin, text, losses), losses)
    if losses.count > len(lines) or not lines:
        number, reason = losses.first
        total = losses.count + len(lines)
        raise origin.unreadable(f"{reason} (and {losses.count} of {total} lines are bad)", number)
    moments = [each.at for _, each in lines]
    start = min(moments) if moments[0] >= EPOCH_FROM_S else 0.0
    signals = [each for _, each in lines]
    notes = losses.told() + _strays(lines) + _other_sessions(origin, lines)
    return Reading(signals, _profile(signals), start, max(moments), notes)


def _good_lines(origin: Origin, text: str, losses: Losses) -> Numbered:
    lines: Numbered = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE_CHARS:
            losses.add(number, f"longer than {MAX_LINE_CHARS} characters")
            continue
        try:
            signal = parse_line(line, session_id=origin.session_id, event_id=origin.event_id)
        except InvalidInput as error:
            losses.add(number, _BYTE_OFFSET.sub("", error.message))
        else:
            lines.append((number, signal))
    return lines


def _on_one_clock(lines: Numbered, losses: Losses) -> Numbered:
    """The lines within a week of the start, on the first line's clock: `t`, or without it the epoch's."""
    first = lines[0][1].at if lines else 0.0
    earliest = first - MAX_SPAN_S if first >= EPOCH_FROM_S else 0.0
    latest = first + MAX_SPAN_S if first >= EPOCH_FROM_S else MAX_SPAN_S
    kept = []
    for number, signal in lines:
        if earliest <= signal.at <= latest:
            kept.append((number, signal))
        else:
            losses.add(number, "its time is more than a week away from the start")
    return kept


def _strays(lines: Numbered) -> tuple[str, ...]:
    """A word on lines further out of order than the format allows; they are sorted in all the same."""
    losses, latest = Losses(), 0.0
    for number, signal in lines:
        latest = max(latest, signal.at)
        if signal.at < latest - OUT_OF_ORDER_S:
            losses.add(number, "more than 10 s out of order, sorted in all the same")
    return losses.told()


def _other_sessions(origin: Origin, lines: Numbered) -> tuple[str, ...]:
    ids = {each.session_id for _, each in lines} - {origin.session_id}
    return (f"ids of {len(ids)} sessions occur; all was read as one session",) if len(ids) > 1 else ()


def _profile(signals: list[Signal]) -> SessionProfile:
    details = (each.detail for each in signals)
    return next((each.profile for each in details if isinstance(each, StartDetail)), SessionProfile())
