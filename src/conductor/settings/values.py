"""How the values of variables are read. What is not set keeps its default; what does not fit is refused by its name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from conductor.errors import InvalidInput

WEB = ("http", "https")
ON, OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def share(given: Mapping[str, str], name: str, default: float) -> float:
    """A number between 0 and 1, without them.

    Raises:
        InvalidInput: It is none.
    """
    share = _float(given.get(name, str(default)))
    if not 0.0 < share < 1.0:
        raise InvalidInput(f"{name} is {given[name]!r}; it has to be a number between 0 and 1")
    return share


def number(given: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    """A number from `least` to `most`.

    Raises:
        InvalidInput: It is none.
    """
    number = _float(given.get(name, str(default)))
    if not least <= number <= most:
        raise InvalidInput(f"{name} is {given[name]!r}; it has to be a number from {least:g} to {most:g}")
    return number


def whole(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """A whole number from `least` to `most`.

    Raises:
        InvalidInput: It is none.
    """
    number = _float(given.get(name, str(default)))
    if not (least <= number <= most and number.is_integer()):
        raise InvalidInput(f"{name} is {given[name]!r}; it has to be a whole number from {least} to {most}")
    return int(number)


def flag(given: Mapping[str, str], name: str, default: bool) -> bool:
    """Whether something is on.

    Raises:
        InvalidInput: It is said neither way.
    """
    value = given.get(name, "")
    if value and value.lower() not in {*ON, *OFF}:
        raise InvalidInput(f"{name} is {value!r}; it may be 1 or 0")
    return value.lower() in ON if value else default


def secret(given: Mapping[str, str], name: str) -> str:
    """Something that goes into a header; it is never repeated.

    Raises:
        InvalidInput: It holds what no header can.
    """
    value = given.get(name, "")
    if not (value.isascii() and (value.isprintable() or not value)) or " " in value:
        raise InvalidInput(f"{name} holds something else than plain characters; copy the key again, without spaces")
    return value


def listed(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    """The values that commas separate; none if it is not set."""
    values = (value.strip() for value in given.get(name, "").split(","))
    return tuple(value for value in values if value)


def address(given: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    """An address as it was given. Messages never repeat it, as it may hold a password.

    Raises:
        InvalidInput: It begins with none of the schemes, or names no place.
    """
    url = given.get(name, "")
    parts = parts_of(url)
    if url and (parts is None or parts.scheme not in schemes or not f"{parts.netloc}{parts.path}".strip("/")):
        beginnings = ", ".join(f"{scheme}://" for scheme in schemes)
        raise InvalidInput(f"{name} is no address that can be used; it has to begin with one of {beginnings}")
    return url


def parts_of(url: str) -> SplitResult | None:
    """The parts of an address; None if it has none, or a port that is no number."""
    try:
        parts = urlsplit(url)
        has_parts = "://" in url and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if has_parts else None


def _float(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return math.nan
