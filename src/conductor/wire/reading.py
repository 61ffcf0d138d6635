"""How every JSON body but a signal's is read: to a shape that fits, or to an error that says what does not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from conductor.errors import InvalidInput
from conductor.wire.bodies import Moment, epoch_s
from conductor.wire.ids import MAX_ID_CHARS, NO_CONTROL, NO_NUL, UNFIT
from conductor.wire.signals import LATEST_AT, MISFITS, Fields, reason_of

T = TypeVar("T")

Json = bytes | str | Fields
"""A body, as JSON or as what JSON became."""

NOT_BLANK = r"\S"
_NOT_BLANK_ID = rf"\A{NO_CONTROL}*?[^\s\x00-\x1f\x7f-\x9f]{NO_CONTROL}*\Z"
_ID = rf"\A{NO_CONTROL}+\Z"
Word = Annotated[str, Meta(min_length=1, max_length=MAX_ID_CHARS, pattern=_NOT_BLANK_ID)]
"""An id or a name that has to be there."""
Id = Annotated[str, Meta(min_length=1, max_length=MAX_ID_CHARS, pattern=_ID)]
"""An id as REST takes it too; those of signals are looked at where they are read (`wire.ids`)."""

_IN_WORDS = {
    NOT_BLANK: "it must not be blank",
    _NOT_BLANK_ID: f"it must not be blank, and {UNFIT}",
    _ID: UNFIT,
    rf"\A{NO_NUL}*\Z": "NUL characters cannot be kept; send it without them",
}
"""What msgspec says of a pattern that does not match, in our words."""


def read_as(shape: type[T], data: Json, what: str) -> T:
    """The body as this shape; unknown fields are ignored, no value is turned into another type.

    Args:
        shape: A msgspec Struct.
        data: The body.
        what: What it is, as the error calls it.

    Raises:
        InvalidInput: It does not fit; the message names the field and what it should be.
    """
    try:
        if not isinstance(data, dict):
            return msgspec.json.decode(data, type=shape)
        body = msgspec.convert(data, shape)
        # Half a character (a lone surrogate) fits into a dict but never into JSON again: it shows here.
        msgspec.json.encode(body)
    except MISFITS as error:
        reason = reason_of(error)
        for pattern, words in _IN_WORDS.items():
            reason = reason.replace(f"expected `str` matching regex {pattern!r}", words)
        raise InvalidInput(f"{what}: {reason}") from None
    return body


def read_moment(moment: Moment, what: str) -> float:
    """Epoch seconds of an ISO 8601 text or of epoch seconds.

    Raises:
        InvalidInput: It is no time of a session.
    """
    at = epoch_s(moment)
    # Written so that not-a-number fails as well.
    if not 0.0 <= at <= LATEST_AT:
        raise InvalidInput(f"{what}: the time {at!r} must be finite seconds, from 0 on (not milliseconds)")
    return at


def moment_of(value: object) -> float | None:
    """Epoch seconds of what may be ISO 8601 or epoch seconds; None if it is no time of a session."""
    try:
        at = epoch_s(datetime.fromisoformat(value)) if isinstance(value, str) else value
    except (ValueError, OverflowError):
        return None
    if isinstance(at, bool) or not isinstance(at, int | float):
        return None
    return float(at) if 0.0 <= at <= LATEST_AT else None


def moment_text(at: float) -> str:
    """ISO 8601 in UTC to the millisecond, such as `2026-03-01T18:30:00.250Z`. `at` is in [0, `LATEST_AT`] seconds."""
    # Rounded first: `isoformat` cuts, and would say 0.999 of what a float holds as 0.99999.
    moment = datetime.fromtimestamp(round(at, 3), UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def plain_fields(said: object) -> Fields:
    """A dataclass as JSON has it: enums as words, tuples as lists; one level deep."""
    fields: Fields = msgspec.to_builtins(said)
    return {name: [*value] if isinstance(value, tuple) else value for name, value in fields.items()}


def json_bytes(said: object) -> bytes:
    """The JSON of a body or of a value in it."""
    return msgspec.json.encode(said)


def fields_of(body: bytes) -> Fields:
    """What `json_bytes` made bytes of."""
    return msgspec.json.decode(body, type=dict[str, object])
