"""Whether a text names somebody in the room."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from conductor.act.templates import vocabulary
from conductor.act.wording import normalised, readable, words

_WORD = re.compile(r"[^\W_]+")
_STARTS_SENTENCE = re.compile(r"(?:^|[.?!:;…])[\s\"'“”„‘’(]*$")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Thai, Lao, Burmese, Khmer, Chinese, Japanese, Korean: here a name is not always a word between spaces."""

_ALSO_NAMES = frozenset(
    (
        *(
            "al",
            "amber",
            "april",
            "art",
            "august",
            "bill",
            "bin",
            "bob",
            "da",
            "dawn",
            "de",
            "del",
            "der",
            "di",
        ),
        *(
            "do",
            "drew",
            "du",
            "el",
            "faith",
            "frank",
            "gene",
            "grace",
            "guest",
            "hope",
            "host",
            "iris",
            "jack",
        ),
        *(
            "joy",
            "june",
            "la",
            "le",
            "mark",
            "max",
            "may",
            "miles",
            "norm",
            "or",
            "pat",
            "pierce",
            "ray",
            "rich",
        ),
        *("rob", "rose", "sage", "sue", "summer", "user", "van", "von", "will", "win", "you"),
    )
)
"""Words that are also names or parts of names. On their own in a sentence they say nothing about a person."""


@dataclass(frozen=True, slots=True)
class People:
    """The names by which the people in the room could be called.

    Attributes:
        parts: Words of their names, normalised.
        whole: Names in scripts that are written without spaces.
    """

    parts: frozenset[str]
    whole: tuple[str, ...]

    @classmethod
    def named(cls, names: Names) -> People:
        """The people with these display names; initials and numbers do not count as names."""
        if isinstance(names, People):
            return names
        listed = tuple(names)
        stems = (word.strip("0123456789") for name in listed for word in words(name))
        return cls(
            parts=frozenset(stem for stem in stems if len(stem) > 1),
            whole=tuple(readable(name) for name in listed if len(name) > 1 and _UNSPACED.search(name)),
        )

    def and_also(self, others: People) -> People:
        """These and others."""
        return People(self.parts | others.parts, (*self.whole, *others.whole))

    def are_named_in(self, text: str) -> bool:
        """Whether the text names any of them.

        A word that is also an everyday word counts only where it is written like a name: with a capital
        inside a sentence, or addressed at its start ("Will, what do you think?").
        """
        return any(True for _ in self.spans_in(readable(text)))

    def spans_in(self, shown: str) -> Iterator[tuple[int, int]]:
        """Where a text as a reader sees it names any of them: start and end, in no order; they may overlap."""
        for name in self.whole:
            yield from (found.span() for found in re.finditer(re.escape(name), shown))
        if self.parts:
            yield from (found.span() for found in _WORD.finditer(shown) if self._is_named_by(found, shown))

    def _is_named_by(self, found: re.Match[str], text: str) -> bool:
        word = normalised(found[0])
        if word not in self.parts:
            return False
        if word not in _everyday_words():
            return True
        addressed = text[found.end() :].startswith(",")
        starts = _STARTS_SENTENCE.search(text[: found.start()]) is not None
        return found[0][0].isupper() and (addressed or not starts)


Names = Iterable[str] | People
"""Display names of the people in a room, or what `People.named` makes of them, for whoever asks more than once."""


@cache
def _everyday_words() -> frozenset[str]:
    """What the templates themselves say is everyday language, too: no template can name anybody."""
    return vocabulary() | _ALSO_NAMES
