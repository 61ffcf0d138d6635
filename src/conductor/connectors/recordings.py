"""Recorded sessions of any format that we know → signals in order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from conductor.connectors import irc, zoom
from conductor.connectors.bigbluebutton import read_events
from conductor.connectors.irc import read_irc
from conductor.connectors.jsonl import read_lines
from conductor.connectors.reading import MAX_ID_CHARS, Origin, Reading, decode
from conductor.connectors.zoom import read_zoom
from conductor.domain.sessions import SessionProfile
from conductor.domain.signals import Kind, Signal, StartDetail
from conductor.errors import InvalidInput, UnreadableRecording
from conductor.wire import parse_profile

FORMATS = ("bbb", "zoom", "irc", "jsonl")

EVENT_ID = "recordings"
"""The event that recorded sessions belong to where they do not name their own."""

MAX_BYTES = 256 * 2**20
"""The longest call on record has less than a megabyte; a file beyond this is something else."""

MAX_DURATION_S = 7 * 86_400.0
"""A session that lasts longer than a week is a slip in the times."""

LINES_LOOKED_AT = 200
"""How many lines tell the format."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recorded session.

    Attributes:
        signals: In order of time; `at` is seconds from the start of the recording. One of them is
            always the session's start, with its profile.
        duration_s: From the start to the last thing that happened.
        format: One of `FORMATS`.
        losses: What could not be read, one sentence each; empty if all could.
    """

    session_id: str
    event_id: str
    profile: SessionProfile
    signals: tuple[Signal, ...]
    duration_s: float
    format: str
    losses: tuple[str, ...] = ()


def read_recording(path: Path, as_format: str = "auto") -> Recording:
    """Read a recorded session.

    Args:
        path: A file, or a folder with a Zoom call (`chat.txt`, `transcript.vtt`, both, and at will a
            `session.json` with its profile) or with an `events.xml`.
        as_format: One of `FORMATS`, or `auto` to tell the format by the content.

    Raises:
        UnreadableRecording: There is nothing there, or nothing that can be read.
    """
    origin = Origin(path, _session_id(path), EVENT_ID)
    if as_format not in {"auto", *FORMATS}:
        raise origin.unreadable(f"unknown format {as_format!r}; known are auto, {', '.join(FORMATS)}")
    if path.is_dir():
        return _read_folder(origin, as_format)
    text, losses = _text(origin, path)
    found = recognise(text) if as_format == "auto" else as_format
    if found is None:
        raise origin.unreadable(f"no format that is known ({', '.join(FORMATS)})")
    return _recording(origin, _read_text(origin, text, found), found, losses)


def recognise(text: str) -> str | None:
    """The format that a text is in, by its content, or None."""
    head = text[:100_000].lstrip()
    if head.startswith("<") and "<recording" in head:
        return "bbb"
    if head.startswith("WEBVTT"):
        return "zoom"
    lines = head.split("\n", LINES_LOOKED_AT)[:LINES_LOOKED_AT]
    votes = {
        "zoom": sum(zoom.MESSAGE.match(line) is not None for line in lines),
        "irc": sum(irc.is_entry(line) for line in lines),
        "jsonl": sum(line.lstrip().startswith("{") for line in lines),
    }
    best = max(votes, key=lambda name: votes[name])
    return best if votes[best] else None


def _session_id(path: Path) -> str:
    whole = path.resolve()
    return ((whole.name if path.is_dir() else whole.stem) or "recording")[:MAX_ID_CHARS]


def _text(origin: Origin, path: Path) -> tuple[str, tuple[str, ...]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise origin.unreadable(f"larger than {MAX_BYTES // 2**20} MB")
        return decode(path.read_bytes(), origin)
    except (FileNotFoundError, NotADirectoryError):
        raise origin.unreadable("no such file or folder") from None
    except OSError as error:
        raise origin.unreadable(error.strerror or "cannot be opened") from None


def _read_text(origin: Origin, text: str, as_format: str) -> Reading:
    if as_format == "bbb":
        return read_events(origin, text)
    if as_format == "irc":
        return read_irc(origin, text)
    if as_format == "jsonl":
        return read_lines(origin, text)
    is_transcript = text.lstrip().startswith("WEBVTT")
    return read_zoom(origin, *((None, text) if is_transcript else (text, None)))


def _read_folder(origin: Origin, as_format: str) -> Recording:
    files = sorted(origin.path.iterdir())
    events = _named(files, r"events\.xml")
    if events and as_format in {"auto", "bbb"}:
        text, losses = _text(origin, events)
        return _recording(origin, read_events(origin, text), "bbb", losses)
    parts = [_named(files, r"(?i).*chat.*\.txt"), _named(files, r"(?i).*\.vtt")]
    if as_format not in {"auto", "zoom"} or not any(parts):
        raise origin.unreadable("a folder without chat.txt, transcript.vtt or events.xml")
    profile, notes = _profile(_named(files, r"session\.json"))
    texts: list[str | None] = []
    for part in parts:
        text_or_none, losses = (None, ()) if part is None else _text_or_loss(origin, part)
        texts.append(text_or_none)
        notes += losses
    return _recording(origin, read_zoom(origin, texts[0], texts[1], profile), "zoom", notes)


def _named(files: list[Path], pattern: str) -> Path | None:
    return next((each for each in files if re.fullmatch(pattern, each.name)), None)


def _text_or_loss(origin: Origin, path: Path) -> tuple[str | None, tuple[str, ...]]:
    """One of two files of a call; without it the other may still do."""
    try:
        return _text(origin, path)
    except UnreadableRecording as error:
        return None, (f"{path.name}: {error.reason}",)


def _profile(path: Path | None) -> tuple[SessionProfile | None, tuple[str, ...]]:
    if path is None:
        return None, ()
    try:
        return parse_profile(path.read_bytes()), ()
    except (InvalidInput, OSError) as error:
        return None, (f"{path.name}: {error}",)


def _recording(origin: Origin, reading: Reading, found: str, losses: tuple[str, ...]) -> Recording:
    """Put the signals in order, on a clock that begins with the recording."""
    losses += reading.losses
    if not reading.signals:
        raise origin.unreadable("; ".join([f"nothing in it that reads as {found}", *losses]))
    end = max(reading.end, *(each.at + each.duration_s for each in reading.signals))
    duration_s = round(end - reading.start, 3)
    if duration_s > MAX_DURATION_S:
        raise origin.unreadable(f"its times span {duration_s / 86_400:.0f} days; a session lasts a week at most")
    event_id = reading.signals[0].event_id
    # One file is one session, whatever ids its lines bear. Built anew, which is faster than `_replace`.
    ids, start = (origin.session_id, event_id), reading.start
    signals = [Signal._make((*ids, round(each.at - start, 3), *each[3:])) for each in reading.signals]
    if all(each.kind is not Kind.STARTED for each in signals):
        begun = Signal(origin.session_id, event_id, 0.0, Kind.STARTED, detail=StartDetail(reading.profile))
        signals.insert(0, begun)
    in_order = tuple(sorted(signals, key=lambda each: each.at))
    return Recording(origin.session_id, event_id, reading.profile, in_order, duration_s, found, losses)
