"""Zoom calls: the saved chat and the transcript with its speakers.

Times in both are offsets from the start of the call, so the two share a clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conductor.connectors.reading import Losses, Origin, Reading, author_of
from conductor.domain.sessions import SessionProfile, SessionType
from conductor.domain.signals import ChatDetail, Kind, ReactionDetail, Signal
from conductor.wire import asks

MESSAGE = re.compile(
    r"(?P<time>\d{1,3}:[0-5]\d:[0-5]\d)\s+"
    r"(?:From\s+(?P<sender>.{1,200}?)(?:\s+to\s+.{1,200}?)?\s*:|(?P<name>[^\t]{1,200}?):(?=\t))"
    r"\s?(?P<text>.*)"
)
"""The first line of a message: `00:06:15<TAB>Name:<TAB>text`, or `10:06:15 From Name to Everyone: text`."""

CUE = re.compile(r"((?:\d+:)?\d\d:\d\d[.,]\d{3})\s+-->\s+((?:\d+:)?\d\d:\d\d[.,]\d{3})")
_SPEAKER = re.compile(r"<v(?:\.[^ >]*)? ([^>]{1,200})>(.*)|([^:<>]{1,100}): (.*)", re.DOTALL)
_REACTED = re.compile(r"Reacted to [\"“](?:.*[\"”] with (\S{1,50}))?", re.DOTALL)
_REMOVED = re.compile(r"Removed an? .{0,50}?reaction from [\"“]")
_REPLY = re.compile(r"Replying to [\"“].*?[\"”][ \t]*(?:\n|$)", re.DOTALL)

HALF_DAY_S, DAY_S = 43_200.0, 86_400.0


@dataclass(slots=True)
class _Message:
    at: float
    name: str
    text: str


def read_zoom(
    origin: Origin, chat: str | None, transcript: str | None, profile: SessionProfile | None = None
) -> Reading:
    """The signals of a call, from its chat, its transcript or both."""
    in_chat, in_transcript = Losses(), Losses()
    said = [] if chat is None else list(_chat_signals(origin, chat, in_chat))
    spoken = [] if transcript is None else list(_speech_signals(origin, transcript, in_transcript))
    notes = in_chat.told("chat, ") + in_transcript.told("transcript, ")
    if said and spoken and said[0].at > max(each.at + each.duration_s for each in spoken):
        # A chat saved by an attendee's own client bears the time of day instead of the offset.
        shift = said[0].at - spoken[0].at
        said = [each._replace(at=each.at - shift) for each in said]
        notes += ("chat and transcript share no moment; the chat was moved to begin with the transcript",)
    signals = [*said, *spoken]
    moments = [each.at for each in signals] or [0.0]
    profile = profile or SessionProfile(type=SessionType.MEETING)
    return Reading(signals, profile, min(moments), max(moments), notes)


def _chat_signals(origin: Origin, chat: str, losses: Losses) -> Iterator[Signal]:
    for message in _messages(chat, losses):
        text = message.text.strip()
        if _REMOVED.match(text):
            # Taking a reaction back is no engagement. The reaction stays: at its time it was one, and a live
            # room would have counted it.
            continue
        reacted = _REACTED.match(text)
        kind = Kind.REACTION if reacted else Kind.CHAT
        detail = ReactionDetail(reacted[1] or "") if reacted else _chat_detail(text)
        author = author_of(message.name)
        yield origin.signal(message.at, kind, message.name, author=author, detail=detail)


def _chat_detail(text: str) -> ChatDetail:
    reply = _REPLY.match(text)
    own_words = text[reply.end() :].strip() if reply else text
    return ChatDetail(content=own_words, is_question=asks(own_words))


def _messages(chat: str, losses: Losses) -> Iterator[_Message]:
    """Messages with all of their lines; times that fall by half a day have passed midnight."""
    message: _Message | None = None
    day_s = 0.0
    for number, line in enumerate(chat.split("\n"), 1):
        begun = MESSAGE.match(line)
        if begun is None:
            if message is not None:
                message.text += f"\n{line}"
            elif line.strip():
                losses.add(number, "text before the first message")
            continue
        at = clock_s(begun["time"]) + day_s
        if message is not None:
            yield message
            if at < message.at - HALF_DAY_S:
                day_s, at = day_s + DAY_S, at + DAY_S
        message = _Message(at, begun["name"] or begun["sender"], begun["text"])
    if message is not None:
        yield message


def _speech_signals(origin: Origin, transcript: str, losses: Losses) -> Iterator[Signal]:
    for number, block in _blocks(transcript):
        if "-->" not in block:
            continue
        cue = CUE.search(block)
        if cue is None:
            losses.add(number, "a cue without times")
            continue
        start, end = clock_s(cue[1]), clock_s(cue[2])
        if end < start:
            losses.add(number, "a cue that ends before it starts")
            continue
        speaker, words = _spoken(block[cue.end() :].partition("\n")[2])
        if not words:
            losses.add(number, "a cue without words")
            continue
        yield origin.signal(
            start,
            Kind.SPEECH,
            speaker,
            amount=words,
            author=author_of(speaker or ""),
            duration_s=round(end - start, 3),
        )


def _spoken(text: str) -> tuple[str | None, int]:
    """Who speaks in a cue, where it says so, and how many words."""
    named = _SPEAKER.match(text)
    if named is None:
        return None, len(text.split())
    return named[1] or named[3], len((named[2] or named[4] or "").split())


def _blocks(transcript: str) -> Iterator[tuple[int, str]]:
    """Stretches of lines between empty lines, with the number of their first line."""
    block: list[str] = []
    for number, line in enumerate([*transcript.split("\n"), ""], 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), "\n".join(block)
            block = []


def clock_s(time: str) -> float:
    """Seconds of `HH:MM:SS`, `MM:SS.mmm` and the like."""
    seconds = 0.0
    for part in time.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return round(seconds, 3)
