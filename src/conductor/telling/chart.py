"""A score over time as a few lines of text."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from rich.text import Text

BLOCKS = " ▁▂▃▄▅▆▇█"
ROWS = 4
HIGH, LOW = 0.7, 0.5
"""The dashboard's thresholds: green above, red below, yellow between."""

LABEL_WIDTH = 7
"""Characters of "100 % " and a space before it."""


def colour(score: float) -> str:
    """The colour of a score in [0, 1]."""
    if score > HIGH:
        return "green"
    return "yellow" if score >= LOW else "red"


def columns(values: Sequence[float], width: int) -> list[float]:
    """Means of the values in so many stretches of equal length; of few values each is drawn several times."""
    if 0 < len(values) < width:
        return [value for value in values for _ in range(width // len(values))]
    edges = [round(i * len(values) / width) for i in range(width + 1)] if width else []
    return [sum(values[a:b]) / (b - a) for a, b in itertools.pairwise(edges) if b > a]


def chart(values: Sequence[float], marks: Sequence[tuple[float, str, str]], duration_s: float, width: int) -> Text:
    """The score, what happened below it, and the time below that.

    Args:
        values: Scores in [0, 1], evenly spaced.
        marks: Of each thing that happened its time in seconds from the start, a character, and its style.
        duration_s: Length of the session.
        width: Characters in all.
    """
    points = columns(values, max(width - LABEL_WIDTH, 10))
    text = Text()
    for row in reversed(range(ROWS)):
        text.append(f"{(row + 1) * 100 // ROWS:>4} % ", style="dim")
        for point in points:
            filled = min(max(point * ROWS - row, 0.0), 1.0)
            text.append(BLOCKS[round(filled * (len(BLOCKS) - 1))], style=colour(point))
        text.append("\n")
    text.append_text(_marks(marks, duration_s, len(points)))
    text.append_text(_axis(duration_s, len(points)))
    return text


def clock(seconds: float) -> str:
    """A time from the start as 4:05 or 1:04:05."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _marks(marks: Sequence[tuple[float, str, str]], duration_s: float, width: int) -> Text:
    cells: list[tuple[str, str]] = [(" ", "")] * width
    for at, mark, style in marks:
        place = min(int(at / max(duration_s, 1.0) * width), width - 1)
        # Two things at one place stand side by side, as far as there is room.
        while place < width - 1 and cells[place][0] != " ":
            place += 1
        if width:
            cells[place] = (mark, style)
    line = Text(" " * LABEL_WIDTH)
    for mark, style in cells:
        line.append(mark, style=style)
    return line.append("\n")


def _axis(duration_s: float, width: int) -> Text:
    line = ""
    for quarter in range(5):
        label = clock(duration_s * quarter / 4)
        at = min(LABEL_WIDTH + width * quarter // 4, LABEL_WIDTH + width - len(label))
        # Where labels would touch, the later one is left out.
        if not line or at > len(line):
            line = line.ljust(at) + label
    return Text(line, style="dim")
