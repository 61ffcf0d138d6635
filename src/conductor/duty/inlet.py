"""Signals on their way to the agent: from platforms' channels into the streams, and from the streams into the loop."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from conductor.domain.bus import Entry, Kept, Message
from conductor.domain.sessions import MOST_OPEN
from conductor.domain.signals import Gathered, HeartbeatDetail, Kind, Signal, Signals
from conductor.duty.door import Door
from conductor.errors import InvalidInput
from conductor.wire import parse_signal
from conductor.wire.bodies import BODIES
from conductor.wire.briefs import Reader
from conductor.wire.columns import COLUMNS
from conductor.wire.entries import signals_entry
from conductor.wire.rooms import NAME, Named, is_note, read_note
from conductor.wire.timely import check_timely

PLATFORM_CHANNELS = (*BODIES, "session:*:presence")
"""Where platforms publish signals."""

SAID_EVERY_S = 60.0
"""What does not fit is logged once a minute, by reason."""

REASON_CHARS = 80
MOST_REASONS = 100
"""Reasons are told apart by their beginning, and so many at most: they hold words of whoever sent the message."""

TOGETHER = 32
"""How many entries are read at once."""

MOST_BYTES = 1_000_000
"""As much as the service takes over HTTP for a whole batch: no signal is as large as that."""

CROWDED = f"{MOST_OPEN} sessions are open already, and no more are watched at once"

ANY_CHANNEL = "any"
"""Stands in counts for whatever an entry holds that is not looked into."""

log = logging.getLogger(__name__)


def name_nobody(session_id: str, display_name: str) -> None:
    """Where names are of no use."""


class Sieve:
    """Reads messages and counts what does not fit, by reason.

    Args:
        clock: The time in epoch seconds.
        name: Hears of each name that somebody is seen under in a session: all that is wanted of rooms' notes.
        door: Whose streams are read; without one up to as many as any worker watches.

    Attributes:
        rejected_by: How many did not fit, by channel as it is written in the contract, and by the error's code.
    """

    def __init__(
        self, clock: Callable[[], float], name: Callable[[str, str], None] = name_nobody, door: Door | None = None
    ) -> None:
        self._clock = clock
        self._door = door or Door()
        self._name = name
        self._said_at = clock()
        self._unsaid: Counter[str] = Counter()
        self._reader = Reader(self._read_unless_note, self._refuse)
        self.accepted = 0
        self._accepted_by: Counter[int] = Counter()
        self.rejected_by: Counter[tuple[str, str]] = Counter()

    @property
    def rejected(self) -> int:
        """How many did not fit."""
        return self.rejected_by.total()

    def accepted_by_kind(self) -> dict[str, int]:
        """How many were accepted of each kind."""
        return {Kind(number).name: count for number, count in self._accepted_by.items()}

    def read(self, channel: str, body: bytes, at: float) -> Signal | None:
        """The signal that a message stands for; None if it does not fit.

        Args:
            channel: On which it was said.
            body: What was said.
            at: When it was said, in epoch seconds: without a time of its own it happened then, and with one that is
                far from it, it does not fit (`wire.timely`).
        """
        if len(body) > MOST_BYTES:
            self._reject(f"larger than {MOST_BYTES} bytes", (_channel(channel), "too_large"))
            return None
        try:
            signal = check_timely(parse_signal(channel, body, at=at), at)
        except InvalidInput as error:
            self._reject(error.message, (_channel(channel), error.code))
            return None
        self.accepted += 1
        self._accepted_by[signal.kind] += 1
        return signal

    def read_entries(self, entries: Iterable[Kept]) -> Signals:
        """The signals that entries hold, in their order; what rooms note for themselves is none, and no misfit."""
        signals = self._reader.read([each for each in entries if self._lets_in(each)])
        for part in signals:
            if isinstance(part, list):
                self.accepted += len(part)
                self._accepted_by.update([brief[3] for brief in part])
            elif isinstance(part, Gathered):
                self.accepted += len(part.kinds)
                self._accepted_by.update(part.kinds)
        return signals

    def _lets_in(self, kept: Kept) -> bool:
        is_let_in = self._door.admits(kept.stream, kept.at)
        if not is_let_in:
            self._reject(CROWDED, (ANY_CHANNEL, "too_many_sessions"))
        return is_let_in

    def _read_unless_note(self, channel: str, body: bytes, at: float) -> Signal | None:
        if not is_note(channel):
            return self.read(channel, body, at)
        if channel == NAME:
            self._read_name(channel, body)
        return None

    def _read_name(self, channel: str, body: bytes) -> None:
        try:
            note = read_note(channel, body)
        except InvalidInput as error:
            self._reject(error.message, (NAME, error.code))
            return
        if isinstance(note, Named):
            self._name(note.session_id, note.display_name)

    def _refuse(self, error: InvalidInput) -> None:
        self._reject(error.message, (COLUMNS, error.code))

    def _reject(self, reason: str, counted: tuple[str, str]) -> None:
        self.rejected_by[counted] += 1
        known = reason[:REASON_CHARS]
        self._unsaid[known if known in self._unsaid or len(self._unsaid) < MOST_REASONS else "other"] += 1
        now = self._clock()
        if now - self._said_at >= SAID_EVERY_S:
            for said, count in self._unsaid.most_common():
                log.warning("%d signals did not fit: %s", count, said)
            self._unsaid.clear()
            self._said_at = now


def signals_of(batch: Sequence[Kept], sieve: Sieve) -> Iterator[Signals]:
    """The signals that entries of streams hold, of some entries at a time.

    Not of all at once: what was read just now is still near the processor when it is received.
    """
    for start in range(0, len(batch), TOGETHER):
        yield sieve.read_entries(batch[start : start + TOGETHER])


def entries_of(messages: Sequence[Message], sieve: Sieve, now: float) -> list[Entry]:
    """What platforms said just now, as entries of the streams: one a session, in the order in which it came."""
    of_session: dict[str, list[Signal]] = {}
    for message in messages:
        signal = sieve.read(message.channel, message.body, now)
        if signal is None:
            continue
        for session_id in _sessions_of(signal):
            of_session.setdefault(session_id, []).append(signal)
    return [signals_entry(session_id, said) for session_id, said in of_session.items()]


def _sessions_of(signal: Signal) -> tuple[str, ...]:
    """The sessions that a signal is about: a source that is alive may speak for several, and be kept with one."""
    if signal.session_id:
        return (signal.session_id,)
    return signal.detail.session_ids[:1] if isinstance(signal.detail, HeartbeatDetail) else ()


def _channel(channel: str) -> str:
    """The channel as metrics may name it: others' inventions would never end."""
    if channel in BODIES:
        return channel
    return "session:*:presence" if channel.endswith(":presence") else "unknown"
