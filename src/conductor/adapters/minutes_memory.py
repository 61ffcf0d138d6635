"""Scores by the minute, of events that are in memory."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from math import floor
from statistics import fmean

from conductor.domain.events import EngagementUpdated
from conductor.ports.curves import Minute

MINUTE_S = 60.0


def minutes_of(updates: Iterable[EngagementUpdated], since: float, until: float) -> list[Minute]:
    """The minutes that begin in [since, until), of scores of one session in the order of time."""
    minutes = [_minute(start, [*ticks]) for start, ticks in groupby(updates, key=_start)]
    return [minute for minute in minutes if since <= minute.at < until]


def _start(update: EngagementUpdated) -> float:
    return floor(update.at / MINUTE_S) * MINUTE_S


def _minute(start: float, ticks: list[EngagementUpdated]) -> Minute:
    scores = [tick.score for tick in ticks]
    names = [part.name for part in ticks[-1].parts]
    levels = zip(*([part.level for part in tick.parts] for tick in ticks), strict=True)
    parts = {name: fmean(level) for name, level in zip(names, levels, strict=True)}
    known = [tick.unprompted for tick in ticks if tick.unprompted is not None]
    unprompted = fmean(known) if known else None
    return Minute(start, fmean(scores), min(scores), max(scores), len(ticks), ticks[-1].state, parts, unprompted)
