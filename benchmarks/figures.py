"""What a benchmark yields: figures beside their baseline, and whether each holds what is required of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, as it is printed.

    Attributes:
        name: What was measured; it stays the same from release to release.
        ours: What the product does, with its unit.
        baseline: The same of what it is compared with; empty without a baseline.
        ratio: How many times better ours is; None where only a limit is set.
        required: The contract in words; empty where the figure is only for comparison.
        held: Whether it is held.
    """

    name: str
    ours: str
    baseline: str
    ratio: float | None
    required: str
    held: bool


def at_least(name: str, ours: str, baseline: str, ratio: float, required: float | None) -> Figure:
    """A figure that has to be so many times better than its baseline."""
    words = "" if required is None else f"≥ {required:g} ×"
    return Figure(name, ours, baseline, ratio, words, required is None or ratio >= required)


def at_most(name: str, value: float, limit: float, unit: str = "", baseline: str = "") -> Figure:
    """A figure that must not exceed a limit."""
    return Figure(name, f"{value:.3g}{unit}", baseline, None, f"≤ {limit:g}{unit}", value <= limit)


def table_of(rows: Iterable[tuple[str, Figure]]) -> Table:
    """All figures, each with the name of its benchmark."""
    table = Table(title="Benchmarks")
    for column in ("benchmark", "figure", "ours", "baseline", "ratio", "required", "held"):
        table.add_column(column)
    for benchmark, figure in rows:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.1f}"
        held = ("yes" if figure.held else "[red]NO[/red]") if figure.required else ""
        table.add_row(benchmark, figure.name, figure.ours, figure.baseline, ratio, figure.required, held)
    return table
