"""IRC logs, in the dialects of the common clients."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from conductor.connectors.reading import Losses, Origin, Reading
from conductor.domain.sessions import SessionProfile, SessionType
from conductor.domain.signals import Author, ChatDetail, Kind, Signal
from conductor.wire import asks

STAMPED = re.compile(
    r"\[?(?:(?P<date>\d{4}-\d\d-\d\d)[ T])?(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d|60)(?:\.\d+)?)?"
    r"(?:Z|[+-]\d\d:?\d\d)?\]?\s+(?P<rest>\S.*)"
)
"""A line with its time: `[2018-03-12 10:46:28] …`, `10:46:28 …`, `[10:46] …`."""

SAID = re.compile(r"<[ @+%&~!]?(?P<nick>[^\s<>]{1,100})> ?(?P<text>.*)")
_NICK = r"(?P<nick>[^\s<>\[\]()]{1,100})"
_HOST = r"(?: [\[(]\S*[\])])?"
_SERVER = r"(?:\*{1,3}|-!-|[-=]*[-=]>|<[-=]*[-=]|[→←⇒⇐])"
JOINED = re.compile(rf"{_SERVER} (?:{_NICK}{_HOST} (?:has )?joined\b|Joins: (?P<nick2>\S+))")
GONE = re.compile(
    rf"{_SERVER} (?:{_NICK}{_HOST} (?:(?:has )?(?:quit|left|parted)|was kicked)\b|(?:Quits|Parts): (?P<nick2>\S+))"
)
_RENAMED = re.compile(rf"{_SERVER} {_NICK} is now known as (?P<new>\S+)")
_ACTED = re.compile(rf"\* {_NICK} (?P<text>.+)")
_NOTICE = re.compile(rf"{_SERVER}(?: |$)")
_BOT = re.compile(r"(?:meet|supy|log|eggdrop|zwiki)bot\b|[-_|]bot\d*$|^bot[-_|\d]|^bot$|serv$", re.IGNORECASE)

HALF_DAY_S, DAY_S = 43_200, 86_400


@dataclass(slots=True)
class _Clock:
    """Turns time stamps into seconds; without dates, a time that falls by half a day has passed midnight."""

    day: int = 0
    last: int = 0

    def read(self, stamp: re.Match[str]) -> int:
        """Seconds on the log's own clock."""
        time = int(stamp["h"]) * 3600 + int(stamp["m"]) * 60 + int(stamp["s"] or 0)
        if stamp["date"]:
            self.day = date.fromisoformat(stamp["date"]).toordinal()
        elif self.day * DAY_S + time < self.last - HALF_DAY_S:
            self.day += 1
        self.last = self.day * DAY_S + time
        return self.last


@dataclass(slots=True)
class _People:
    """Who is who: somebody who changes their nick stays the same person."""

    first_nicks: dict[str, str] = field(default_factory=dict)

    def of(self, nick: str) -> str:
        """The nick under which this person was first seen."""
        return self.first_nicks.get(nick, nick)

    def rename(self, old: str, new: str) -> None:
        """Note that somebody goes by a new nick from now on."""
        self.first_nicks[new] = self.of(old)


def is_entry(line: str) -> bool:
    """Whether a line is a message, a join or a leave."""
    stamp = STAMPED.match(line)
    return stamp is not None and any(each.match(stamp["rest"]) for each in (SAID, JOINED, GONE))


def read_irc(origin: Origin, text: str) -> Reading:
    """Messages, joins and leaves of a log; notices of the server are no signals and no loss."""
    losses = Losses()
    signals = list(_signals(origin, text, losses))
    moments = [each.at for each in signals] or [0.0]
    profile = SessionProfile(type=SessionType.MEETING)
    return Reading(signals, profile, min(moments), max(moments), losses.told())


def _signals(origin: Origin, text: str, losses: Losses) -> Iterator[Signal]:
    clock, people = _Clock(), _People()
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("--- "):
            continue
        stamp = STAMPED.match(line)
        if stamp is None:
            losses.add(number, "a line without a time")
            continue
        try:
            at = clock.read(stamp)
        except ValueError:
            losses.add(number, "a date that does not exist")
            continue
        signal = _signal(origin, at, stamp["rest"], people)
        if signal is not None:
            yield signal
        elif not _NOTICE.match(stamp["rest"]):
            losses.add(number, "neither a message nor a join or leave")


def _signal(origin: Origin, at: float, rest: str, people: _People) -> Signal | None:
    if renamed := _RENAMED.match(rest):
        people.rename(renamed["nick"], renamed["new"])
        return None
    for pattern, kind in ((JOINED, Kind.JOIN), (GONE, Kind.LEAVE)):
        if moved := pattern.match(rest):
            return origin.signal(at, kind, people.of(moved["nick"] or moved["nick2"]))
    said = SAID.match(rest) or _ACTED.match(rest)
    if said is None:
        return None
    author = Author.BOT if _BOT.search(said["nick"]) else Author.ATTENDEE
    detail = ChatDetail(content=said["text"], is_question=asks(said["text"]))
    return origin.signal(at, Kind.CHAT, people.of(said["nick"]), author=author, detail=detail)
