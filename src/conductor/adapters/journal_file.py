"""A journal in a file: a line of JSON for each event, in the order in which they came.

Whatever is not a score is on the disk before `append` returns, so that not even a power cut takes it; scores are handed
to the operating system, so that they outlive the process, but not the machine. A line that a crash left unfinished is
cut off when the file is opened.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path

from conductor.domain.events import EngagementUpdated, Event
from conductor.domain.learned import Learned
from conductor.errors import StoreUnavailable
from conductor.ports import Waiting
from conductor.wire.codec import TAG, NotStorable, decode, encode

MOST_BYTES = 64_000_000
"""How large the file may grow: two hours of 200 sessions."""

SCORE = b'{"event":{"' + TAG.encode() + b'":"' + EngagementUpdated.__name__.encode() + b'"'
"""How the line of a score begins."""

LESSONS = b'{"learned":'

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Line:
    """What a line says: an event, or all that was learned by then."""

    event: Event | None = None
    learned: Learned | None = None


class FileJournal:
    """A `Journal` that outlives the process. One process has the file at a time.

    Args:
        path: The file; it is made if it is not there.
        most_bytes: How large it may grow. Then the oldest scores go, until it is half as large, and only where there
            are none left the oldest of everything else.

    Attributes:
        dropped_scores: How many went because there was no room, or could not be read.
        dropped_others: The same of everything else.

    Raises:
        StoreUnavailable: The file cannot be used, or another process has it.
    """

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES) -> None:
        self._path = path
        self._most_bytes = most_bytes
        self._handed = 0
        self._begin = 0
        self.waiting = 0
        self.dropped_scores = self.dropped_others = 0
        self._file = _opened(path)
        with self._on_disk():
            self._recover()

    def append(self, events: Iterable[Event], learned: Learned | None = None) -> None:
        """Keep these for the store, after what waits already.

        Raises:
            StoreUnavailable: The disk does not take them.
        """
        lines = [line for each in events if (line := _written(_Line(event=each))) is not None]
        if learned is not None and (line := _written(_Line(learned=learned))) is not None:
            lines.append(line)
        with self._on_disk():
            self._write(lines)

    def first(self, most: int) -> Waiting:
        """The oldest, up to so many; they stay until `drop` says that the store has them.

        Raises:
            StoreUnavailable: The disk does not give them.
        """
        with self._on_disk():
            return self._first(most)

    def drop(self, count: int) -> None:
        """The store has so many of the oldest.

        Raises:
            StoreUnavailable: The disk does not let them go.
        """
        with self._on_disk():
            self._drop(count)

    def close(self) -> None:
        """Let go of the file. What waits is found again by whoever opens it."""
        with self._on_disk():
            self._file.close()

    @contextmanager
    def _on_disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreUnavailable(f"{self._path}: {error.strerror}; make room there") from error

    def _first(self, most: int) -> Waiting:
        events: list[Event] = []
        learned: Learned | None = None
        self._file.seek(self._begin)
        self._handed = 0
        for raw in self._file:
            if self._handed >= most:
                break
            self._handed += 1
            said = self._read(raw)
            if said is not None and said.event is not None:
                events.append(said.event)
            learned = learned if said is None or said.learned is None else said.learned
        return Waiting(tuple(events), learned, self._handed)

    def _drop(self, count: int) -> None:
        self._file.seek(self._begin)
        for _ in range(min(count, self.waiting)):
            self._begin += len(self._file.readline())
            self.waiting -= 1
        self._handed = 0
        if not self.waiting:
            self._file.truncate(0)
            self._begin = 0

    def _write(self, lines: Sequence[bytes]) -> None:
        more = sum(map(len, lines))
        if self._size() - self._begin + more > self._most_bytes:
            self._make_room(more)
        self._file.seek(0, os.SEEK_END)
        end = self._file.tell()
        try:
            # Past the buffer: what a full disk refuses must not stay there and be written when there is room again.
            left = memoryview(b"".join(lines))
            while left:
                left = left[os.write(self._file.fileno(), left) :]
            if not all(line.startswith(SCORE) for line in lines):
                os.fsync(self._file.fileno())
        except OSError:
            # All or nothing: what is offered again must not be there in part.
            os.ftruncate(self._file.fileno(), end)
            raise
        self.waiting += len(lines)

    def _make_room(self, more: int) -> None:
        """Write the file anew without what has to go; what the store is being given now stays as it is."""
        self._file.seek(self._begin)
        lines = self._file.readlines()
        handed, others = lines[: self._handed], lines[self._handed :]
        kept, lost = self._kept(others, self._most_bytes // 2 - more - sum(map(len, handed)))
        beside = self._path.with_suffix(".new")
        try:
            with beside.open("wb") as file:
                file.writelines([*handed, *kept])
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            beside.unlink(missing_ok=True)
            raise
        renewed = _opened(beside)
        beside.replace(self._path)
        self._file.close()
        self._file, self._begin, self.waiting = renewed, 0, len(handed) + len(kept)
        self.dropped_scores += lost[0]
        self.dropped_others += lost[1]
        log.warning("%s is full: %d scores and %d other events are lost", self._path, *lost)

    def _kept(self, lines: list[bytes], room: int) -> tuple[list[bytes], tuple[int, int]]:
        """What of these fits: everything but scores, the newest of what was learned, and the newest scores.

        With how many scores, and how many others, do not.
        """
        last = max((place for place, line in enumerate(lines) if line.startswith(LESSONS)), default=-1)
        left = [line for place, line in enumerate(lines) if place == last or not line.startswith(LESSONS)]
        excess = sum(map(len, left)) - room
        scores = others = 0
        for turn in (True, False):
            kept: list[bytes] = []
            for line in left:
                if excess > 0 and line.startswith(SCORE) == turn:
                    excess -= len(line)
                    scores, others = scores + turn, others + (not turn)
                else:
                    kept.append(line)
            left = kept
        return left, (scores, others)

    def _recover(self) -> None:
        """Count what an earlier life left, and cut off what it had not written to its end."""
        self._file.seek(0)
        whole = 0
        for raw in self._file:
            if not raw.endswith(b"\n"):
                break
            whole += len(raw)
            self.waiting += 1
        self._file.truncate(whole)

    def _read(self, raw: bytes) -> _Line | None:
        try:
            return decode(_Line, json.loads(raw))
        except (KeyError, TypeError, ValueError) as error:
            self.dropped_others += 1
            log.warning("%s: a line cannot be read and is left out (%s)", self._path, error)
            return None

    def _size(self) -> int:
        return os.fstat(self._file.fileno()).st_size


def _written(line: _Line) -> bytes | None:
    """A line as it is kept; None for what no store could keep either."""
    try:
        said = {name: value for name, value in encode(line).items() if value is not None}
    except NotStorable as error:
        log.warning("%s is not kept: %s", type(line.event).__name__, error.message)
        return None
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def _opened(path: Path) -> BufferedRandom:
    try:
        # Not buffered for reading ahead of what is written: one handle does both.
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    except OSError as error:
        raise StoreUnavailable(f"{path}: cannot be opened ({error.strerror}); choose another CONDUCTOR_HOME") from error
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise StoreUnavailable(f"{path}: another worker has it; give each one its own CONDUCTOR_HOME") from error
    return file
