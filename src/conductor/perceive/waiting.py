"""Signals that wait until their tick ends, as columns: numbers side by side rather than an object each."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from conductor.domain.signals import Kind
from conductor.perceive.ledger import TICK_S

Ints = NDArray[np.int64]

_ONE = array("q", (1,))


@dataclass(frozen=True, slots=True)
class Batch:
    """Signals of a tick as columns, one entry a signal.

    Attributes:
        people: Person's row in the roster, or `NOBODY`.
        unprompted: Whether the person did it of their own accord and not in a poll of the agent's.
    """

    rows: Ints
    kinds: Ints
    ticks: Ints
    amounts: Ints
    people: Ints
    times: NDArray[np.float64]
    unprompted: NDArray[np.bool_]

    def last(self, chosen: Ints, rooms: int) -> NDArray[np.float64]:
        """When the last of these signals (by number) happened in each of the first rooms; -inf where none did."""
        last = np.full(rooms, -np.inf)
        np.maximum.at(last, self.rows.take(chosen), self.times.take(chosen))
        return last


@dataclass(slots=True)
class Columns:
    """Growing columns of one length."""

    rows: array[int]
    kinds: array[int]
    amounts: array[int]
    people: array[int]
    times: array[float]
    unprompted: array[int]

    @classmethod
    def empty(cls) -> Columns:
        """Columns in which nothing waits."""
        return cls(array("q"), array("B"), array("q"), array("q"), array("d"), array("b"))

    def keep(self, chosen: NDArray[np.bool_]) -> Columns:
        """Some of the signals, shape (signals,)."""
        kept = Columns.empty()
        for column in fields(self):
            values = np.asarray(getattr(self, column.name))[chosen]
            getattr(kept, column.name).frombytes(values.tobytes())
        return kept


class Waiting:
    """Signals in the order in which they came, whatever their tick.

    Attributes:
        columns: All that waits; what is put into these columns waits as well.
    """

    def __init__(self) -> None:
        self.columns = Columns.empty()

    def add(self, row: int, kind: int, amount: int, person: int, at: float, unprompted: bool) -> None:
        """One more signal."""
        columns = self.columns
        columns.rows.append(row)
        columns.kinds.append(kind)
        columns.amounts.append(amount)
        columns.people.append(person)
        columns.times.append(at)
        columns.unprompted.append(unprompted)

    def add_together(self, row: int, kinds: bytes, amounts: list[int], people: list[int], times: list[float]) -> None:
        """More signals of a session, all unprompted; as columns of one length."""
        columns, count = self.columns, len(kinds)
        # At once rather than at the end of the tick: memory that is let go of soon is near the processor for the next.
        columns.rows.extend(array("q", (row,)) * count)
        columns.kinds.frombytes(kinds)
        if amounts.count(1) == count:
            columns.amounts.extend(_ONE * count)
        else:
            columns.amounts.extend(amounts)
        columns.people.extend(people)
        columns.times.extend(times)
        columns.unprompted.frombytes(b"\1" * count)

    def take(self, tick: int) -> Batch:
        """Everything of this tick and of earlier ones; signals of later ticks go on waiting."""
        due = self.columns
        later = np.asarray(due.times) >= (tick + 1) * TICK_S
        self.columns = due.keep(later)
        if later.any():
            due = due.keep(~later)
        times = np.asarray(due.times)
        ticks = np.full(len(times), tick)
        late = times < tick * TICK_S
        ticks[late] = times[late] // TICK_S
        return Batch(
            rows=np.asarray(due.rows),
            kinds=np.asarray(due.kinds).astype(np.int64),
            ticks=ticks,
            amounts=np.asarray(due.amounts),
            people=np.asarray(due.people),
            times=times,
            unprompted=np.asarray(due.unprompted).astype(np.bool_),
        )

    def forget(self, row: int) -> None:
        """Drop what waits of a session."""
        columns = self.columns
        self.columns = columns.keep(np.asarray(columns.rows) != row)

    def of(self, row: int) -> Iterator[tuple[int, int, int, float, int]]:
        """Kind, amount, person, moment and whether it was unprompted, of each signal of a session."""
        columns = self.columns
        own = columns.keep(np.asarray(columns.rows) == row)
        return zip(own.kinds, own.amounts, own.people, own.times, own.unprompted, strict=True)

    def prompted(self, row: int) -> None:
        """Votes that wait in this room answered the agent, whose poll was heard of after them."""
        columns = self.columns
        for i, (room, kind) in enumerate(zip(columns.rows, columns.kinds, strict=True)):
            if room == row and kind == Kind.VOTE:
                columns.unprompted[i] = False
