"""BigBlueButton recordings (`events.xml`): joins, leaves, chat, reactions, polls, slides, talking.

Events are known by name. Where the names were made anonymous, the module and the fields of an event tell.
Only module PARTICIPANT says who is there: VOICE says who joined or left the sound.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from conductor.connectors.events_xml import ForbiddenXml, XmlEvent, read_xml_events
from conductor.connectors.reading import MAX_ID_CHARS, Losses, Origin, Reading, author_of
from conductor.domain.sessions import SessionProfile, SessionType
from conductor.domain.signals import Author, ChatDetail, Detail, Kind, PollDetail, ReactionDetail, Signal
from conductor.wire import asks

NAMES = {
    ("PARTICIPANT", "ParticipantJoinEvent"): "joined",
    ("PARTICIPANT", "ParticipantLeftEvent"): "left",
    ("PARTICIPANT", "ParticipantStatusChangeEvent"): "status",
    ("PARTICIPANT", "EndAndKickAllEvent"): "ended",
    ("CHAT", "PublicChatEvent"): "chat",
    ("POLL", "PollStartedRecordEvent"): "poll_opened",
    ("POLL", "UserRespondedToPollRecordEvent"): "vote",
    ("POLL", "UserRespondedToTypedPollRecordEvent"): "vote",
    ("POLL", "PollPublishedRecordEvent"): "poll_closed",
    ("POLL", "PollStoppedRecordEvent"): "poll_closed",
    ("PRESENTATION", "GotoSlideEvent"): "slide",
    ("VOICE", "ParticipantTalkingEvent"): "talking",
    ("VOICE", "ParticipantMutedEvent"): "muted",
    ("VOICE", "ParticipantLeftEvent"): "silent",
}
"""What the events are that we use. Every other event whose name ends in Event is passed over."""

SHAPES: tuple[tuple[str, str, set[str], set[str]], ...] = (
    # module, what it is, fields it must have, further fields it may have
    ("PARTICIPANT", "joined", {"userId", "role"}, {"name", "externalUserId"}),
    ("PARTICIPANT", "status", {"userId", "status"}, {"value"}),
    ("PARTICIPANT", "left", {"userId"}, {"reason"}),
    ("PARTICIPANT", "ended", {"reason"}, set()),
    ("CHAT", "chat", {"message"}, {"sender", "senderId", "senderRole", "color", "id", "chatId"}),
    ("POLL", "vote", {"pollId", "userId"}, {"answerId", "answer"}),
    ("POLL", "poll_closed", {"pollId", "answers", "numResponders"}, {"numRespondents", "question"}),
    ("POLL", "poll_opened", {"pollId", "answers"}, {"question", "type", "secretPoll"}),
    ("POLL", "poll_closed", {"pollId"}, set()),
    ("PRESENTATION", "slide", {"slide"}, {"id", "presentationName", "podId"}),
    ("VOICE", "talking", {"participant", "talking"}, {"bridge"}),
    ("VOICE", "muted", {"participant", "muted"}, {"bridge"}),
    ("VOICE", "silent", {"participant"}, {"bridge"}),
)
"""How an event without a name is known."""

_STAMPS = {"date", "timestampUTC"}
_ANSWER = re.compile(r'"key"\s*:\s*"((?:[^"\\]|\\.){0,1000})"')
_NO_REACTION = {"", "none", "away"}
"""Values of an emoji status that take the emoji back or say that somebody is gone."""


def read_events(origin: Origin, text: str) -> Reading:
    """The signals of a recorded class.

    Raises:
        UnreadableRecording: The file declares a document type.
    """
    losses = Losses()
    try:
        events, title = read_xml_events(text, losses)
    except ForbiddenXml as error:
        raise origin.unreadable(error.message, error.line) from None
    recorded = _Class(origin)
    moments = [0.0]
    for event in events:
        if event.at_ms is None:
            losses.add(event.line, "an event without a time")
            continue
        at = event.at_ms / 1000
        moments.append(at)
        recorded.receive(event, at)
    begin, end = min(moments[1:], default=0.0), max(moments)
    recorded.silence_all(end)
    profile = SessionProfile(title=title, type=SessionType.WORKSHOP)
    return Reading(recorded.signals, profile, begin, end, losses.told())


def meaning(event: XmlEvent) -> str | None:
    """What an event is, or None where it is nothing that we use."""
    if named := NAMES.get((event.module, event.name)):
        return named
    if event.name.endswith("Event"):
        return None
    fields = event.fields.keys() - _STAMPS
    for module, what, required, optional in SHAPES:
        if event.module == module and required <= fields <= required | optional:
            return what
    return None


@dataclass(slots=True)
class _Class:
    """What is known of the class so far: roles, open polls, who is talking since when."""

    origin: Origin
    signals: list[Signal] = field(default_factory=list)
    moderators: set[str] = field(default_factory=set)
    closed_polls: set[str] = field(default_factory=set)
    talking_since: dict[str, float] = field(default_factory=dict)

    def receive(self, event: XmlEvent, at: float) -> None:
        """Take in one event."""
        what = meaning(event)
        if what is not None:
            receive = self._receivers()[what]
            receive({name: text.strip() for name, text in event.fields.items()}, at)

    def silence_all(self, at: float) -> None:
        """Whoever is still talking stops with the recording."""
        for participant in list(self.talking_since):
            self._silence(participant, at)

    def _receivers(self) -> dict[str, Callable[[dict[str, str], float], None]]:
        return {
            "joined": self._joined,
            "left": self._left,
            "status": self._status,
            "ended": self._ended,
            "chat": self._chat,
            "poll_opened": self._poll_opened,
            "vote": self._vote,
            "poll_closed": self._poll_closed,
            "slide": self._slide,
            "talking": self._talking,
            "muted": self._muted,
            "silent": self._silent,
        }

    def _add(
        self,
        at: float,
        kind: Kind,
        user: str | None,
        detail: Detail | None = None,
        author: Author = Author.ATTENDEE,
    ) -> None:
        self.signals.append(self.origin.signal(at, kind, user, detail=detail, author=author))

    def _joined(self, fields: dict[str, str], at: float) -> None:
        user = fields.get("userId", "")
        if fields.get("role") == "MODERATOR":
            self.moderators.add(user)
        self._add(at, Kind.JOIN, user)

    def _left(self, fields: dict[str, str], at: float) -> None:
        self._add(at, Kind.LEAVE, fields.get("userId"))

    def _ended(self, fields: dict[str, str], at: float) -> None:
        self._add(at, Kind.ENDED, fields.get("userId"))

    def _status(self, fields: dict[str, str], at: float) -> None:
        """Only a new emoji is a reaction; who presents and who is away is not."""
        emoji = fields.get("value", "")
        if fields.get("status") == "emojiStatus" and emoji not in _NO_REACTION:
            self._add(at, Kind.REACTION, fields.get("userId"), ReactionDetail(emoji))

    def _chat(self, fields: dict[str, str], at: float) -> None:
        text, user = fields.get("message", ""), fields.get("senderId") or fields.get("sender", "")
        author = author_of(fields.get("sender", ""))
        if user in self.moderators or fields.get("senderRole") == "MODERATOR":
            author = Author.HOST
        elif user == "SYSTEM":
            author = Author.BOT
        self._add(at, Kind.CHAT, user, ChatDetail(fields.get("id"), text, asks(text)), author)

    def _poll_opened(self, fields: dict[str, str], at: float) -> None:
        options = tuple(_ANSWER.findall(fields.get("answers", "")))
        detail = PollDetail(_poll_id(fields), fields.get("question") or None, options)
        self._add(at, Kind.POLL_OPENED, None, detail)

    def _vote(self, fields: dict[str, str], at: float) -> None:
        """A vote; answers typed in by hand have a text instead of, or besides, a number."""
        option = fields.get("answerId") or fields.get("answer", "")[:MAX_ID_CHARS] or None
        self._add(at, Kind.VOTE, fields.get("userId"), PollDetail(_poll_id(fields), option_id=option))

    def _poll_closed(self, fields: dict[str, str], at: float) -> None:
        """Stopping a poll and showing its results both close it; the first counts."""
        poll_id = _poll_id(fields)
        if poll_id not in self.closed_polls:
            self.closed_polls.add(poll_id)
            self._add(at, Kind.POLL_CLOSED, None, PollDetail(poll_id))

    def _slide(self, _: dict[str, str], at: float) -> None:
        self._add(at, Kind.SLIDE, None)

    def _talking(self, fields: dict[str, str], at: float) -> None:
        participant = fields.get("participant", "")
        if fields.get("talking") == "true":
            self.talking_since.setdefault(participant, at)
        else:
            self._silence(participant, at)

    def _muted(self, fields: dict[str, str], at: float) -> None:
        if fields.get("muted") == "true":
            self._silence(fields.get("participant", ""), at)

    def _silent(self, fields: dict[str, str], at: float) -> None:
        self._silence(fields.get("participant", ""), at)

    def _silence(self, participant: str, at: float) -> None:
        """A stretch of speech ends; how many words it had is not known."""
        since = self.talking_since.pop(participant, None)
        if since is not None:
            spoken_s = round(max(at - since, 0.0), 3)
            speech = self.origin.signal(since, Kind.SPEECH, participant, amount=0, duration_s=spoken_s)
            self.signals.append(speech)


def _poll_id(fields: dict[str, str]) -> str:
    return fields.get("pollId", "")[:MAX_ID_CHARS]
