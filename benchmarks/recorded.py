"""Rooms of any rate made of recorded sessions, with a fall of known time and depth or with none.

The noise is real: a room is several recorded sessions laid over each other, each turned around its own length by a
random amount and with people of its own, until the wanted rate is reached. A fall is made by thinning: from a moment
on each event is kept with probability 1 - depth.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from conductor.connectors.recordings import read_recording
from conductor.domain.signals import Author, Kind

EVENT_KINDS = (Kind.CHAT, Kind.QUESTION, Kind.UPVOTE, Kind.REACTION)
LEAST_EVENTS = 100
"""A recording with fewer events tells nothing of the noise."""


@dataclass(frozen=True, slots=True)
class Events:
    """Events of one session, sorted by time: seconds from its start, kinds, and people as numbers."""

    times: NDArray[np.float64]
    kinds: NDArray[np.int64]
    people: NDArray[np.int64]
    length_s: float

    @property
    def per_min(self) -> float:
        """Events a minute over the whole length."""
        return 60.0 * len(self.times) / self.length_s


@dataclass(frozen=True, slots=True)
class Room:
    """A session to try a detector on; `fall_at` None where it is left as it is."""

    rate: float
    depth: float | None
    fall_at: float | None
    events: Events


def load(folder: Path) -> list[Events]:
    """Events of people in each of the recordings of a folder that has enough of them."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        recording = read_recording(path)
        kept = [s for s in recording.signals if s.kind in EVENT_KINDS and s.author in (Author.ATTENDEE, Author.HOST)]
        if len(kept) < LEAST_EVENTS:
            continue
        times = np.array([s.at for s in kept])
        people = np.unique([s.user_id or "" for s in kept], return_inverse=True)[1]
        found.append(
            Events(times - times[0], np.array([int(s.kind) for s in kept]), people, float(times[-1] - times[0]) + 5.0)
        )
    return found


def overlay(recordings: list[Events], rate: float, length_s: float, rng: np.random.Generator) -> Events:
    """A room with about so many events a minute."""
    parts: list[Events] = []
    total = 0.0
    while total < rate:
        left = rate * 1.15 - total
        fitting = [r for r in recordings if r.per_min <= left] or [min(recordings, key=lambda r: r.per_min)]
        chosen = fitting[int(rng.integers(len(fitting)))]
        times = (chosen.times + rng.uniform(0.0, chosen.length_s)) % chosen.length_s
        kept = times < length_s
        parts.append(Events(times[kept], chosen.kinds[kept], chosen.people[kept] + 1000 * len(parts), length_s))
        total += chosen.per_min
    times = np.concatenate([p.times for p in parts])
    order = np.argsort(times, kind="stable")
    kinds = np.concatenate([p.kinds for p in parts])[order]
    return Events(times[order], kinds, np.concatenate([p.people for p in parts])[order], length_s)


def poisson(rate: float, length_s: float, rng: np.random.Generator) -> Events:
    """A room without any noise but that of independent events: what the bound on the delay speaks of."""
    count = rng.poisson(rate * length_s / 60.0)
    times = np.sort(rng.uniform(0.0, length_s, count))
    return Events(times, np.full(count, int(Kind.CHAT)), rng.integers(0, int(rate) + 10, count), length_s)


def thin(events: Events, fall_at: float, depth: float, rng: np.random.Generator) -> Events:
    """The same with a fall: from `fall_at` on each event is kept with probability 1 - depth."""
    kept = (events.times < fall_at) | (rng.random(len(events.times)) >= depth)
    return Events(events.times[kept], events.kinds[kept], events.people[kept], events.length_s)


def best_delay_s(rate: float, depth: float) -> float:
    """No detector with one false alarm an hour is faster on Poisson counts: ln(ARL) / KL (Lorden 1971).

    Args:
        rate: Events a minute before the fall.
        depth: Share of them that goes missing, in (0, 1].
    """
    per_s = rate / 60.0
    keep = 1.0 - depth
    divergence = per_s * ((keep * np.log(keep) if keep > 0 else 0.0) + depth)
    return float(np.log(3600.0) / divergence)
