"""Frozen dataclasses as plain JSON values, and back without losing anything.

The type hints of a class say how its fields are written: numbers, strings and booleans as they are, enums
by their value, tuples as lists, dataclasses as objects. Where a field may hold one of several dataclasses,
the object says which under `$type`. What does not fit its hint is refused when it is written, not when
somebody needs it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from math import isfinite
from types import NoneType, UnionType
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from conductor.errors import InvalidInput

T = TypeVar("T")

Plain: TypeAlias = bool | int | float | str | list["Plain"] | dict[str, "Plain"] | None
"""What JSON can say."""

TAG = "$type"
"""Names the class where a field may hold one of several; no Python field can be called that."""

INT_LIMIT = 2**63
"""Databases keep whole numbers in 64 bits with a sign."""


class NotStorable(InvalidInput):
    """A value does not fit the type of its field, so it could not be given back as it was."""

    default_code = "not_storable"


@dataclass(frozen=True, slots=True)
class Codec:
    """How one type is written and read.

    Attributes:
        encode: Value to plain value. Raises `NotStorable`.
        decode: Plain value to value. Raises `KeyError`, `TypeError` or `ValueError` where it does not fit.
    """

    encode: Callable[[object], Plain]
    decode: Callable[[Any], Any]


def encode(record: object) -> dict[str, Plain]:
    """The fields of a dataclass instance as plain values, by name.

    Raises:
        NotStorable: A field holds something else than its hint says.
    """
    return {name: member.encode(getattr(record, name)) for name, member in _members(type(record))}


def decode(cls: type[T], row: Mapping[str, object]) -> T:
    """The instance of `cls` that `encode` made this of; unknown keys are passed over.

    Raises:
        KeyError: A `$type` is not known.
        TypeError: A field without a default is missing, or a value has the wrong type.
        ValueError: A value lies outside what its type allows.
    """
    return cls(**{name: member.decode(row[name]) for name, member in _members(cls) if name in row})


Members: TypeAlias = tuple[tuple[str, Codec], ...]

_MEMBERS: dict[type, Members] = {}
"""Codecs of the fields of each class met so far: reading type hints is slow, and they never change."""


def _members(cls: type) -> Members:
    members = _MEMBERS.get(cls)
    if members is None:
        members = _MEMBERS[cls] = _read_hints(cls)
    return members


def _read_hints(cls: type) -> Members:
    if not is_dataclass(cls):
        raise NotStorable(f"{cls.__name__} is not a dataclass, so nothing says how to write it")
    hints = get_type_hints(cls)
    return tuple((part.name, _codec(hints[part.name], f"{cls.__name__}.{part.name}")) for part in fields(cls))


def _codec(hint: object, place: str) -> Codec:
    """Codec of a type hint; `place` (`Class.field`) is for messages."""
    if get_origin(hint) in {Union, UnionType}:
        return _union_codec(get_args(hint), place)
    if get_origin(hint) is tuple:
        return _tuple_codec(_codec(get_args(hint)[0], place), place)
    if not isinstance(hint, type):
        raise NotStorable(f"{place}: nothing says how to write {hint}")
    if hint in _SCALARS:
        return _scalar_codec(_SCALARS[hint], place)
    return _enum_codec(hint, place) if issubclass(hint, StrEnum) else _dataclass_codec(hint, place)


def _dataclass_codec(cls: type[Any], place: str) -> Codec:
    def write(value: object) -> Plain:
        if type(value) is not cls:
            raise _misfit(place, value, cls.__name__)
        return encode(value)

    return Codec(write, lambda plain: decode(cls, plain))


def _union_codec(hints: tuple[Any, ...], place: str) -> Codec:
    """Either `X | None`, or several dataclasses told apart by `$type`, with or without None."""
    present = [hint for hint in hints if hint is not NoneType]
    inner = _codec(present[0], place) if len(present) == 1 else _tagged_codec(present, place)
    if len(present) == len(hints):
        return inner
    return Codec(
        lambda value: None if value is None else inner.encode(value),
        lambda plain: None if plain is None else inner.decode(plain),
    )


def _tagged_codec(classes: list[type[Any]], place: str) -> Codec:
    by_name = {cls.__name__: cls for cls in classes}

    def write(value: object) -> Plain:
        name = type(value).__name__
        if by_name.get(name) is not type(value):
            raise _misfit(place, value, " or ".join(by_name))
        return {TAG: name, **encode(value)}

    return Codec(write, lambda plain: decode(by_name[plain[TAG]], plain))


def _tuple_codec(member: Codec, place: str) -> Codec:
    def write(value: object) -> Plain:
        if not isinstance(value, tuple):
            raise _misfit(place, value, "tuple")
        return [member.encode(each) for each in value]

    return Codec(write, lambda plain: tuple(member.decode(each) for each in plain))


def _enum_codec(cls: type[StrEnum], place: str) -> Codec:
    def write(value: object) -> Plain:
        if not isinstance(value, cls):
            raise _misfit(place, value, cls.__name__)
        return value.value

    return Codec(write, cls)


def _scalar_codec(check: Callable[[object], Plain], place: str) -> Codec:
    """Codec of a number, string or boolean: the same check on the way in and on the way out."""

    def write(value: object) -> Plain:
        try:
            return check(value)
        except (TypeError, ValueError) as error:
            raise NotStorable(f"{place}: {error}") from error

    return Codec(write, check)


def _float(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{type(value).__name__} where float belongs")
    if not isfinite(value):
        raise ValueError(f"{value} is not a finite number")
    return float(value)


def _int(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{type(value).__name__} where int belongs")
    if not -INT_LIMIT <= value < INT_LIMIT:
        raise ValueError(f"{value} does not fit into 64 bits")
    return int(value)


def _str(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} where str belongs")
    if "\0" in value:
        raise ValueError("a NUL character, which PostgreSQL cannot keep")
    if not value.isascii():
        value.encode()  # half of a surrogate pair is no text: UnicodeEncodeError, which is a ValueError
    return str(value)


def _bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{type(value).__name__} where bool belongs")
    return value


_SCALARS: dict[type, Callable[[object], Plain]] = {float: _float, int: _int, str: _str, bool: _bool}


def _misfit(place: str, value: object, wanted: str) -> NotStorable:
    return NotStorable(f"{place}: {type(value).__name__} where {wanted} belongs")
