"""Takes out of a text what leads to a person, before a model reads it.

It takes out too much rather than too little: what surrounds an address up to the next space goes with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import NewType

from conductor.act.people import Names, People
from conductor.act.traces import EMAIL, HANDLE, LINK, LONG_NUMBER
from conductor.act.wording import readable

Redacted = NewType("Redacted", str)
"""A text that `redacted` or `redact` gave back."""

LINES_MAX = 20
"""Lines of chat that a model gets: what a busy room says in a minute or two. Our choice."""

LINE_MAX = 200
"""Characters of a line, each mark counted as one. Our choice: longer messages in a chat are pasted, not written."""

READ_MAX = 1000
"""Characters of a line that are looked at at all, so that nobody can make us work by pasting a book."""

ID_MIN = 4
"""Characters. Shorter user ids say nothing about anybody, and are found inside ordinary text."""

MARKS = ("[e-mail]", "[link]", "[handle]", "[number]", "[name]")
"""What stands in the place of what was taken out. If a model repeats one, the review takes it for a placeholder."""

# While we work a mark is one character for private use, so that nothing is found inside it and nothing cuts it.
_FIRST_SIGN = 0xE000
_SIGN_OF = {mark: chr(_FIRST_SIGN + n) for n, mark in enumerate(MARKS)}
_MARK_OF = {ord(sign): mark for mark, sign in _SIGN_OF.items()}
_NO_SIGNS = dict.fromkeys(_MARK_OF, " ")
_MARK = re.compile("|".join(map(re.escape, MARKS)))

_TRACES = tuple(zip((EMAIL, LINK, HANDLE, LONG_NUMBER), _SIGN_OF.values(), strict=False))


def redact(lines: Sequence[str], *, names: Names = (), ids: Collection[str] = ()) -> tuple[Redacted, ...]:
    """The last `LINES_MAX` lines of a chat, oldest first, as a model may read them; empty ones are left out.

    Args:
        lines: What attendees wrote, oldest first, without who wrote it.
        names: Display names of the people in the room.
        ids: User ids of the people in the room.
    """
    clean = _cleaner(names, ids, LINE_MAX)
    return tuple(line for raw in lines[-LINES_MAX:] if (line := clean(raw)))


def redacted(text: str, *, names: Names = (), ids: Collection[str] = (), longest: int = LINE_MAX) -> Redacted:
    """One text as a model may read it: a single line of visible characters. Redacting it again changes nothing.

    Args:
        text: Anything.
        names: Display names of people that may not be named.
        ids: User ids; those shorter than `ID_MIN` are ignored.
        longest: Characters at which it is cut, at a space if there is one; each mark counts as one.
    """
    return _cleaner(names, ids, longest)(text)


def _cleaner(names: Names, ids: Collection[str], longest: int) -> Callable[[str], Redacted]:
    people = People.named(names)
    listed = sorted((each for each in map(readable, ids) if len(each) >= ID_MIN), key=len, reverse=True)
    known_ids = re.compile("|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in listed), re.IGNORECASE)

    def clean(raw: str) -> Redacted:
        before, text = None, _signed(raw.translate(_NO_SIGNS))[: max(READ_MAX, longest)]
        # What is taken out can bring something to light that was not seen before ("ada@x" without "ada"). Every
        # round takes at least one character away for good, so there is a last one.
        while text != before:
            before, text = text, _round(text, people, known_ids if listed else None, longest)
        return Redacted(text.translate(_MARK_OF))

    return clean


def _round(text: str, people: People, known_ids: re.Pattern[str] | None, longest: int) -> str:
    text = _signed(_one_line(text))
    for pattern, sign in _TRACES:
        text = _without_words(text, pattern, sign)
    if known_ids is not None:
        text = known_ids.sub(_SIGN_OF["[name]"], text)
    return _cut(_without_names(text, people), longest)


def _signed(text: str) -> str:
    return _MARK.sub(lambda mark: _SIGN_OF[mark[0]], text)


def _one_line(text: str) -> str:
    visible = (c if c.isprintable() or ord(c) in _MARK_OF else " " for c in readable(text))
    return " ".join("".join(visible).split())


def _without_words(text: str, pattern: re.Pattern[str], sign: str) -> str:
    """A sign in the place of what was found, together with the rest of the words that it begins and ends in."""
    kept: list[str] = []
    done = 0
    for found in pattern.finditer(text):
        if found.start() < done:
            continue
        kept += (text[done : max(done, text.rfind(" ", 0, found.start()) + 1)], sign)
        done = end if (end := text.find(" ", found.end())) >= 0 else len(text)
    return "".join((*kept, text[done:]))


def _without_names(text: str, people: People) -> str:
    kept: list[str] = []
    done = 0
    for start, end in sorted(people.spans_in(text)):
        if end <= done:
            continue
        kept += (text[done : max(done, start)], _SIGN_OF["[name]"])
        done = end
    return "".join((*kept, text[done:]))


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    head = text[:longest] if text[longest] == " " else text[:longest].rpartition(" ")[0] or text[:longest]
    return head.rstrip()
