"""Taking one person out of what is kept, so that what remains leads to nobody (GDPR, Art. 17).

What somebody wrote goes, and so does their name. That somebody joined, reacted or voted stays, under an id that is made
up for it and kept nowhere: a room is as full as it was, and its scores stay true.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from conductor.domain.signals import Gathered, Kind, signals_in
from conductor.errors import InvalidInput
from conductor.wire.columns import COLUMNS, pack, unpack
from conductor.wire.entries import Field
from conductor.wire.reading import json_bytes
from conductor.wire.rooms import NAME
from conductor.wire.signals import dump_signal

OWN_WORDS = ("content", "displayName", "display_name", "question", "text")
"""What somebody wrote, in a message that says that it is theirs."""

WHO = ("userId", "user_id")
"""Whose a message is."""

IN_TEXT_FROM = 6
"""Characters from which an id is looked for within texts as well: shorter ones are words, too."""

_WORDS = frozenset({Kind.CHAT, Kind.QUESTION, Kind.UPVOTE})


def may_name(value: bytes | str, user_id: str) -> bool:
    """Whether something could name a person at all: a quick look, which most passes with no."""
    text = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
    return any(each.encode("utf-8", "surrogatepass") in text for each in spellings(user_id))


def spellings(user_id: str) -> set[str]:
    """How an id may be written: as it is, and as JSON writes it."""
    return {user_id, json.dumps(user_id)[1:-1], json.dumps(user_id, ensure_ascii=False)[1:-1]}


def without_person(fields: Iterable[Field], user_id: str, stand_in: str) -> tuple[Field, ...] | None:
    """The fields of an entry of a stream without a person; None if they do not name them.

    Args:
        fields: As they stand there; empty is what remains of an entry that was theirs alone.
        user_id: Whom to take out.
        stand_in: Made up: who they are from now on, the same all through a stream.
    """
    is_named, left = False, []
    for name, value in fields:
        if not may_name(value, user_id):
            left.append((name, value))
            continue
        is_named = True
        left += _field(name, value, user_id, stand_in)
    return tuple(left) if is_named else None


def json_without_person(said: object, user_id: str, stand_in: str) -> object:
    """JSON without a person: their id is another wherever it stands, and what they wrote is gone."""
    if isinstance(said, dict):
        is_theirs = any(said.get(name) == user_id for name in WHO)
        return {
            _text(str(key), user_id, stand_in): json_without_person(value, user_id, stand_in)
            for key, value in said.items()
            if not (is_theirs and key in OWN_WORDS)
        }
    if isinstance(said, list):
        return [json_without_person(each, user_id, stand_in) for each in said]
    return _text(said, user_id, stand_in) if isinstance(said, str) else said


def _text(said: str, user_id: str, stand_in: str) -> str:
    if said == user_id:
        return stand_in
    if len(user_id) < IN_TEXT_FROM:
        return said
    return re.sub(rf"(?<!\w){re.escape(user_id)}(?!\w)", lambda _: stand_in, said)


def _field(name: str, value: bytes, user_id: str, stand_in: str) -> Sequence[Field]:
    if name == COLUMNS:
        return _columns(value, user_id, stand_in)
    try:
        said = json.loads(value)
    except (ValueError, RecursionError):
        # Nobody can say what it holds, and nobody can read it either.
        return ()
    if name == NAME and isinstance(said, dict) and said.get("userId") == user_id:
        return ()
    return ((_text(name, user_id, stand_in), json_bytes(json_without_person(said, user_id, stand_in))),)


def _columns(value: bytes, user_id: str, stand_in: str) -> Sequence[Field]:
    try:
        gathered = unpack(value)
    except InvalidInput:
        return ()
    theirs = [each == user_id for each in gathered.users]
    changed = gathered._replace(
        users=[stand_in if own else each for each, own in zip(gathered.users, theirs, strict=True)],
        refs=[None if each is None else _text(each, user_id, stand_in) for each in gathered.refs],
        words=[_words(gathered, i, theirs[i], user_id, stand_in) for i in range(len(theirs))],
    )
    signals = list(signals_in(changed))
    packed = pack(signals)
    if packed is not None:
        return ((COLUMNS, packed),)
    return tuple((channel, json_bytes(body)) for channel, body in map(dump_signal, signals))


def _words(gathered: Gathered, place: int, is_theirs: bool, user_id: str, stand_in: str) -> str | None:
    said = gathered.words[place]
    if said is None or (is_theirs and gathered.kinds[place] in _WORDS):
        return None
    return _text(said, user_id, stand_in)
