"""Signals as they cross a process edge: every channel's JSON to a `Signal` and back.

Behind this edge everything is known to fit. Unknown fields are ignored; a message that does not fit is
refused with an `InvalidInput` that names the channel, the field and what it should be.
"""

from __future__ import annotations

import re
from typing import Annotated

import msgspec

from conductor.domain.sessions import RESERVED_EVENT_ID, SessionProfile
from conductor.domain.signals import (
    Author,
    ChatDetail,
    Detail,
    HeartbeatDetail,
    JoinDetail,
    Kind,
    PhaseDetail,
    PollDetail,
    QuestionDetail,
    ReactionDetail,
    Signal,
    StartDetail,
)
from conductor.errors import InvalidInput
from conductor.wire.bodies import (
    BODIES,
    PRESENCE_KINDS,
    Body,
    HeartbeatBody,
    Moment,
    PresenceBody,
    StartedBody,
    epoch_s,
)
from conductor.wire.ids import MAX_ID_CHARS, RESERVED, UNFIT, is_fit, may_hold_control, unfit_field

Fields = dict[str, object]
"""The body of a message, as JSON has it."""

LATEST_AT = 1e11
"""Times are seconds. Beyond this (the year 5138) they are milliseconds by mistake: those got here in 1973."""


MAX_SHOWN_CHARS = 250
"""How much of a message that does not fit is repeated in the error: an id of full length and some words."""


class Line(msgspec.Struct):
    """One line of a recording or one Kafka record; `t` is seconds from the start."""

    channel: str
    data: msgspec.Raw
    t: Annotated[float, msgspec.Meta(ge=0)] | None = None


_DECODERS: dict[str, msgspec.json.Decoder[Body]] = {
    channel: msgspec.json.Decoder(body) for channel, body in BODIES.items()
}
_PRESENCE_DECODER: msgspec.json.Decoder[Body] = msgspec.json.Decoder(PresenceBody)
_LINE_DECODER = msgspec.json.Decoder(Line)
_PRESENCE_PREFIX, _PRESENCE_SUFFIX = "session:", ":presence"

MISFITS = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""What msgspec raises for what does not fit: bad JSON, bad UTF-8, nesting without end."""


def parse_signal(
    channel: str,
    data: bytes | str | Fields,
    *,
    session_id: str | None = None,
    event_id: str | None = None,
    at: float | None = None,
) -> Signal:
    """The signal that a message on a channel stands for.

    Args:
        channel: One of the channels of signals, such as `chat:message:new` or `session:{id}:presence`.
        data: The message's body, as JSON or as a dict.
        session_id: Taken where neither the body nor the channel's name says it.
        event_id: Taken where the body does not say it.
        at: When, in epoch seconds; taken where the body has no `timestamp`.

    Raises:
        InvalidInput: The channel is unknown or the body does not fit.
    """
    body = _body(channel, data)
    return _signal(channel, body, session_id, event_id, _moment(channel, body.timestamp, at))


def parse_line(
    line: bytes | str,
    *,
    session_id: str | None = None,
    event_id: str | None = None,
    start: float = 0.0,
) -> Signal:
    """The signal of one JSON line: `{"t": seconds from the start, "channel": …, "data": {…}}`.

    It happened at `start + t`, or without `t` (as in Kafka records) at the body's `timestamp`.

    Raises:
        InvalidInput: The line is no JSON or does not fit.
    """
    try:
        envelope = _LINE_DECODER.decode(line)
    except MISFITS as error:
        raise InvalidInput(f"line: {reason_of(error)}") from None
    channel, t = envelope.channel, envelope.t
    # As bytes, of which a quick look tells that most hold no control character.
    body = _body(channel, bytes(envelope.data))
    at = _moment(channel, body.timestamp, None) if t is None else _bounded(channel, start + t)
    return _signal(channel, body, session_id, event_id, at)


def parse_profile(data: bytes) -> SessionProfile:
    """What a JSON description with the fields of `session:started` says of a session.

    Raises:
        InvalidInput: It does not fit.
    """
    try:
        return msgspec.json.decode(data, type=StartedBody).profile()
    except MISFITS as error:
        raise InvalidInput(f"session profile: {reason_of(error)}") from None


def dump_signal(signal: Signal) -> tuple[str, Fields]:
    """The channel and body that stand for a signal: the inverse of `parse_signal`."""
    ids = _given(sessionId=signal.session_id or None, eventId=signal.event_id or None)
    return _channel_of(signal), ids | {"timestamp": signal.at} | _own_fields(signal)


def signal_line(signal: Signal, start: float = 0.0) -> bytes:
    r"""The JSON line (with its `\n`) of a signal in a recording that began at `start`, to the millisecond.

    The ids of session and event are left out of the body, since one file is one session.
    """
    line = {"t": round(signal.at - start, 3), "channel": _channel_of(signal), "data": _own_fields(signal)}
    return msgspec.json.encode(line) + b"\n"


def _body(channel: str, data: bytes | str | Fields) -> Body:
    decoder = _DECODERS.get(channel) or _presence_decoder(channel)
    try:
        if isinstance(data, dict):
            body = msgspec.convert(data, decoder.type)
            # Half a character (a lone surrogate) fits into a dict but never into JSON again: it shows here.
            msgspec.json.encode(body)
        else:
            body = decoder.decode(data)
            if isinstance(data, bytes) and not may_hold_control(data):
                return body
    except MISFITS as error:
        raise InvalidInput(f"{_shown(channel)}: {reason_of(error)}") from None
    if (unfit := unfit_field(body)) is not None:
        raise InvalidInput(f"{_shown(channel)}: field {unfit}: {UNFIT}", code="id_unfit")
    return body


def _presence_decoder(channel: str) -> msgspec.json.Decoder[Body]:
    if channel.startswith(_PRESENCE_PREFIX) and channel.endswith(_PRESENCE_SUFFIX):
        return _PRESENCE_DECODER
    known = ", ".join([*BODIES, "session:{id}:presence"])
    raise InvalidInput(f"no channel {_shown(channel)!r}; known are {known}", code="unknown_channel")


def _signal(channel: str, body: Body, session_id: str | None, event_id: str | None, at: float) -> Signal:
    if type(body) is PresenceBody:
        session_id = _named_in(channel)
    session_id = body.session_id or session_id
    event_id = body.event_id or event_id
    if event_id == RESERVED_EVENT_ID:
        raise InvalidInput(f"{_shown(channel)}: field eventId: {RESERVED}", code="id_reserved")
    if session_id and event_id:
        return body.signal(session_id, event_id, at)
    if type(body) is HeartbeatBody:
        # A source speaks for all of its sessions, so it need not name one of its own.
        return body.signal(session_id or "", event_id or "", at)
    raise InvalidInput(f"{_shown(channel)}: field {'eventId' if session_id else 'sessionId'} is missing")


def _named_in(channel: str) -> str:
    """The session that a presence channel names."""
    named = channel[len(_PRESENCE_PREFIX) : -len(_PRESENCE_SUFFIX)]
    if not 0 < len(named) <= MAX_ID_CHARS:
        raise InvalidInput(f"{_shown(channel)}: a session id has 1 to {MAX_ID_CHARS} characters")
    if not is_fit(named):
        raise InvalidInput(f"{_shown(channel)}: {UNFIT}", code="id_unfit")
    return named


def _moment(channel: str, timestamp: Moment | None, default: float | None) -> float:
    if type(timestamp) is float and 0.0 <= timestamp <= LATEST_AT:
        # By far the most are like this.
        return timestamp
    at = default if timestamp is None else epoch_s(timestamp)
    if at is None:
        raise InvalidInput(f"{_shown(channel)}: field timestamp is missing")
    return _bounded(channel, at)


def _bounded(channel: str, at: float) -> float:
    # Written so that not-a-number fails as well.
    if not 0.0 <= at <= LATEST_AT:
        raise InvalidInput(f"{_shown(channel)}: the time {at!r} must be finite seconds, from 0 on (not milliseconds)")
    return at


def reason_of(error: Exception) -> str:
    """What msgspec found, in our words: `field optionId is missing`, `field count: expected …`."""
    if isinstance(error, UnicodeError):
        return "not UTF-8"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    text = str(error)
    if not isinstance(error, msgspec.ValidationError):
        return f"not JSON ({_shown(text)})"
    if missing := re.match(r"Object missing required field `(\w+)`", text):
        return f"field {missing[1]} is missing"
    placed = re.fullmatch(r"(.*) - at `\$\.?(.+)`", text, re.DOTALL)
    what, where = (placed[1], f"field {_shown(placed[2])}: ") if placed else (text, "")
    return where + what[:1].lower() + _shown(what[1:])


def _shown(text: str) -> str:
    """A piece of somebody else's text as it may stand in a message of ours: one line, of bounded length."""
    printable = "".join(each if each.isprintable() else " " for each in text[:MAX_SHOWN_CHARS])
    return printable if len(text) <= MAX_SHOWN_CHARS else f"{printable}…"


_CHANNELS = {body.kind: channel for channel, body in BODIES.items()}
_PRESENCE_TYPES = {kind: word for word, kind in PRESENCE_KINDS.items()}


def _channel_of(signal: Signal) -> str:
    if signal.kind in _PRESENCE_TYPES:
        return f"{_PRESENCE_PREFIX}{signal.session_id}{_PRESENCE_SUFFIX}"
    return _CHANNELS[signal.kind]


def _own_fields(signal: Signal) -> Fields:
    """The body without the common fields; what has its default is left out."""
    fields = _given(userId=signal.user_id, type=_PRESENCE_TYPES.get(signal.kind))
    if signal.kind is Kind.SPEECH:
        fields |= {"words": signal.amount, "duration_s": signal.duration_s}
    elif signal.amount != 1:
        fields["count"] = signal.amount
    if signal.author is not Author.ATTENDEE:
        fields["author"] = signal.author.value
    return fields | _detail_fields(signal.detail)


def _detail_fields(detail: Detail | None) -> Fields:
    fields: Fields = {}
    match detail:
        case ChatDetail(message_id, content, is_question):
            fields = _given(messageId=message_id, content=content) | {"isQuestion": is_question}
        case ReactionDetail(emoji):
            fields = {"emoji": emoji}
        case JoinDetail(first_session):
            fields = {"isFirstSession": first_session}
        case PollDetail(poll_id, question, options, option_id, by_agent):
            fields = _given(pollId=poll_id, question=question, options=options or None, optionId=option_id)
            fields |= {"createdBy": "agent"} if by_agent else {}
        case QuestionDetail(question_id, content):
            fields = _given(questionId=question_id, content=content)
        case PhaseDetail(phase, interruptible):
            fields = _given(phase=phase and phase.value) | {"interruptible": interruptible}
        case HeartbeatDetail(source, session_ids):
            fields = {"source": source, "sessionIds": session_ids}
        case StartDetail(profile):
            fields = _profile_fields(profile)
    return fields


def _profile_fields(profile: SessionProfile) -> Fields:
    return _given(
        title=profile.title or None,
        description=profile.description or None,
        type=profile.type.value,
        topics=profile.topics or None,
        speaker=profile.speaker or None,
        startsAt=profile.starts_at,
        endsAt=profile.ends_at,
    )


def _given(**fields: object) -> Fields:
    return {name: value for name, value in fields.items() if value is not None}
