"""What was found, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of an examination.

    Attributes:
        level: How bad it is.
        about: What was looked at, such as `database`.
        said: What was found, without secrets.
        mend: What to do; empty where nothing is wrong.
    """

    level: Level
    about: str
    said: str
    mend: str = ""


def ok(about: str, said: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, about, said)


def warn(about: str, said: str, mend: str) -> Finding:
    """It works, and somebody should look at it."""
    return Finding(Level.WARN, about, said, mend)


def fail(about: str, said: str, mend: str) -> Finding:
    """It does not work, or is not safe."""
    return Finding(Level.FAIL, about, said, mend)


def clocks(about: str, ahead_s: float) -> Finding:
    """How far the clock of a server is ahead of ours, in seconds."""
    apart_s = abs(ahead_s)
    if apart_s < WARN_APART_S:
        return ok(about, f"its clock and ours are {apart_s:.1f} s apart")
    said = f"its clock is {apart_s:.1f} s {'ahead of' if ahead_s > 0 else 'behind'} ours"
    mend = "let all machines keep the time by NTP (timedatectl set-ntp true)"
    return (warn if apart_s < FAIL_APART_S else fail)(about, said, mend)


WARN_APART_S, FAIL_APART_S = 1.0, 5.0
"""Clocks that keep the time by NTP are milliseconds apart. A tick later signals are in wrong ones."""
