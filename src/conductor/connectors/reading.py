"""What the readers of all formats share: where a recording comes from, what was read, what was lost."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path

from conductor.domain.sessions import SessionProfile
from conductor.domain.signals import Author, Detail, Kind, Signal
from conductor.errors import UnreadableRecording

MAX_ID_CHARS = 200
"""Names longer than this are cut; the same bound as on the wire."""

MAX_REASONS = 20
"""Kinds of loss that are told apart; a broken file must not flood the reader with its own text."""

CHARS_PER_NUL = 1000
"""A text may hold a stray zero byte or two; with more than one in a thousand it is no text."""

REPLACEMENT = "\ufffd"

_BOT = re.compile(
    r"\bbot\b|note[ -]?taker|note[ -]?keeper|^otter\b|otter ?pilot|fireflies|\bread\.?ai\b|\bfathom\b|\bai companion\b",
    re.IGNORECASE,
)
"""Names under which note-taking programs sit in calls."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The file or folder a recording comes from, and the ids that its signals get."""

    path: Path
    session_id: str
    event_id: str

    def signal(
        self,
        at: float,
        kind: Kind,
        name: str | None = None,
        *,
        amount: int = 1,
        author: Author = Author.ATTENDEE,
        duration_s: float = 0.0,
        detail: Detail | None = None,
    ) -> Signal:
        """A signal of this session; somebody without a name is nobody in particular."""
        user_id = (name or "").strip()[:MAX_ID_CHARS] or None
        return Signal(self.session_id, self.event_id, at, kind, user_id, amount, author, duration_s, detail)

    def unreadable(self, reason: str, line: int | None = None) -> UnreadableRecording:
        """The error that says why this recording cannot be read."""
        return UnreadableRecording(str(self.path), reason, line=line)


@dataclass(slots=True)
class Losses:
    """What could not be read, by reason, with the first line of each."""

    found: dict[str, list[int]] = field(default_factory=dict)

    def add(self, line: int, reason: str) -> None:
        """Note that a line was lost."""
        if reason not in self.found and len(self.found) >= MAX_REASONS:
            reason = "other reasons"
        count_and_first = self.found.setdefault(reason, [0, line])
        count_and_first[0] += 1

    @property
    def count(self) -> int:
        """How many lines were lost."""
        return sum(count for count, _ in self.found.values())

    @property
    def first(self) -> tuple[int, str]:
        """The first lost line and its reason; line 1 and "nothing in it" if none was lost."""
        firsts = ((line, reason) for reason, (_, line) in self.found.items())
        return min(firsts, default=(1, "nothing in it"))

    def told(self, where: str = "") -> tuple[str, ...]:
        """One sentence for each reason, in the order in which they were met; `where` goes before each."""
        return tuple(
            f"{where}line {line}: {reason}" + (f" (and {count - 1} more such lines)" if count > 1 else "")
            for reason, (count, line) in self.found.items()
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in a file.

    Attributes:
        signals: In any order, on the file's own clock in seconds.
        start: Where the recording begins on that clock.
        end: Where it ends, as far as the file says; signals may reach further.
    """

    signals: list[Signal]
    profile: SessionProfile
    start: float
    end: float
    losses: tuple[str, ...] = ()


def author_of(name: str) -> Author:
    """Whether a person or a note-taking program goes by this name."""
    return Author.BOT if _BOT.search(name) else Author.ATTENDEE


def decode(data: bytes, origin: Origin) -> tuple[str, tuple[str, ...]]:
    r"""The text of a file, with `\n` at line ends and no byte order mark, and what was lost in decoding.

    Raises:
        UnreadableRecording: It is empty or no text.
    """
    if not data.strip():
        raise origin.unreadable("the file is empty")
    text, losses = _decoded(data)
    if nuls := text.count("\0"):
        if nuls > len(text) // CHARS_PER_NUL:
            raise origin.unreadable("the file is binary, not text")
        text, losses = text.replace("\0", ""), (*losses, f"zero bytes were left out: {nuls}")
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"), losses


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace"), ()
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if error.end == len(data) and len(data) - error.start < 4:
            return data[: error.start].decode("utf-8"), (f"line {line}: cut off in the middle of a character",)
        return _repaired(data, line)


def _repaired(data: bytes, line: int) -> tuple[str, tuple[str, ...]]:
    """UTF-8 with damaged characters, if most that could be are whole; otherwise an older encoding."""
    text = data.decode("utf-8", errors="replace")
    damaged = text.count(REPLACEMENT)
    if damaged <= sum(not each.isascii() for each in text) - damaged:
        return text, (f"line {line}: not UTF-8, here and in {damaged - 1} more places; shown as {REPLACEMENT}",)
    text = data.decode("cp1252", errors="replace")
    return text, (f"line {line}: not UTF-8; the file was read as Windows-1252",)
