"""Logs: one record a line, as JSON for machines or in colour for people, with the ids of what it is about.

Whatever is logged by us or by a library takes this one way. No line says who somebody is or what they wrote: fields
that could are hashed or left out, and what looks like a token, key or password in a text is taken out.
"""

from __future__ import annotations

import hashlib
import logging
import re
import traceback
from collections.abc import Iterator, MutableMapping
from enum import StrEnum
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

from conductor.errors import ConductorError

LEFT_OUT = "…"
"""Stands where something was that must not be logged."""

PEOPLE = frozenset({"user_id", "userid", "by", "user", "answered_by", "requested_by", "sub"})
"""Fields that say who somebody is: hashed, so that records of one person can still be found to belong together."""

PRIVATE = frozenset(
    {
        "name", "display_name", "displayname", "content", "message", "text", "words", "question", "chat", "body",
        "token", "secret", "password", "authorization", "cookie", "api_key", "apikey", "jwt", "url", "email", "title",
        "description", "speaker", "label",
    }
)  # fmt: skip
"""Fields whose values are left out: what people wrote, what they are called, and what lets somebody in."""

SECRET = re.compile(
    r"""
    eyJ[\w-]+\.[\w-]+(\.[\w-]*)?            # a JSON Web Token
    | whsec_[\w+/=-]+                       # a secret of Standard Webhooks
    | \b(sk|pk|xox[abpr]|ghp|lsv2)[-_][\w-]{8,}  # keys of providers
    | (?<=[Bb]earer\s)[^\s"',]+
    | (?<=://)[^\s/@]*:[^\s/@]*(?=@)        # who signs in at an address, and with which password
    | (?<=token=)[^\s&"']+
    | (?<=invite=)[^\s&"']+
    | (?<=password=)[^\s&"']+
    | [\w.+-]+@[\w-]+(\.[\w-]+)+            # an address of mail
    """,
    re.VERBOSE,
)

WRITTEN_BY_OTHERS = frozenset({"message", "asctime"})
"""What other formatters leave in a record: the same once more."""

LOUD = (
    "asyncio",
    "aiosqlite",
    "apprise",
    "engineio",
    "httpcore",
    "httpx",
    "socketio",
    "sqlalchemy",
    "urllib3",
    "uvicorn",
)
"""Libraries that tell everything they do, with addresses and payloads: only their warnings are of use."""


SAY_NOTHING_OF_PEOPLE = (
    ArithmeticError, AttributeError, BaseExceptionGroup, ConductorError, ImportError, NameError, OSError, RuntimeError,
    TypeError,
)  # fmt: skip
"""Errors whose messages are about code and machines. Others, such as those of a check of what was sent, quote it."""


class LogFormat(StrEnum):
    """How records are written."""

    JSON = "json"
    CONSOLE = "console"


def open_logs(form: LogFormat, level: str, stream: TextIO, *more: logging.Handler) -> None:
    """Let everything that is logged in this process be written to this stream.

    Args:
        form: As JSON, or for people.
        level: From which level on, such as `INFO`.
        stream: Where to.
        more: Others who get every record, such as whoever counts them.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(form, is_terminal=stream.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler, *more]
    root.setLevel(level)
    hush(root.level)


def hush(level: int) -> None:
    """Hear only warnings of libraries that tell everything, or less where less is asked for."""
    for name in LOUD:
        logging.getLogger(name).setLevel(max(logging.WARNING, level))


def formatter(form: LogFormat, *, is_terminal: bool = False) -> logging.Formatter:
    """Writes a record of the standard library, with what is bound to the work that it belongs to."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    after: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if form is LogFormat.JSON:
        after += [_written_out, without_people, structlog.processors.JSONRenderer()]
    else:
        # The time comes first there, under the name that the renderer knows.
        before[-1] = structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False)
        plain = structlog.dev.plain_traceback
        after += [_written_out, without_people]
        after.append(structlog.dev.ConsoleRenderer(colors=is_terminal, exception_formatter=plain))
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=after)


def without_people(_logger: object, _method: str, record: EventDict) -> EventDict:
    """The record without what must not be logged."""
    return _cleaned({key: value for key, value in record.items() if key not in WRITTEN_BY_OTHERS})


def _cleaned(fields: MutableMapping[str, Any]) -> dict[str, Any]:
    return {key: _clean(key.lower(), value) for key, value in fields.items() if value is not None}


def _clean(key: str, value: object) -> object:
    if key in PRIVATE:
        return LEFT_OUT
    if key in PEOPLE:
        return "person-" + hashlib.sha256(str(value).encode(errors="replace")).hexdigest()[:12]
    if isinstance(value, str):
        return SECRET.sub(LEFT_OUT, value)
    if isinstance(value, dict):
        return _cleaned(value)
    if isinstance(value, list | tuple):
        return [_clean("", each) for each in value]
    return value


def _written_out(_logger: object, _method: str, record: EventDict) -> EventDict:
    """An exception as text, in which secrets are found like in any other."""
    given = record.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if not isinstance(error, BaseException):
        return record
    return {**record, "exception": "".join(_lines(error)).rstrip()}


def _lines(error: BaseException) -> Iterator[str]:
    """The way to an error and to its causes. What it says is left out where it may quote what somebody wrote."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _lines(earlier)
        yield "\nThat led to:\n"
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(error.__traceback__)
    said = str(error) if isinstance(error, SAY_NOTHING_OF_PEOPLE) else LEFT_OUT
    yield f"{type(error).__qualname__}: {said}\n"
    for each in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _lines(each)
