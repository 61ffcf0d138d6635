"""Which of the unanswered questions the speaker should see first."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from conductor.act.wording import words

TOP = 3
"""Questions flagged to the speaker at once (the blueprint's count)."""

SAME_OVERLAP_RATIO = 0.6
"""Our choice: with half, "how" and "why" questions about one thing would be thrown together (a test shows
both sides)."""

FRESH_HALF_LIFE_S = 600.0
"""Our choice: after 10 minutes a room has mostly moved on to the next point."""

_STOP_WORDS = frozenset(
    (
        *(
            "a",
            "about",
            "all",
            "an",
            "and",
            "any",
            "are",
            "as",
            "at",
            "be",
            "been",
            "but",
            "by",
            "can",
            "could",
        ),
        *(
            "did",
            "do",
            "does",
            "for",
            "from",
            "had",
            "has",
            "have",
            "i",
            "if",
            "in",
            "is",
            "it",
            "its",
            "just",
        ),
        *(
            "me",
            "my",
            "of",
            "on",
            "one",
            "or",
            "our",
            "please",
            "should",
            "so",
            "that",
            "the",
            "their",
            "there",
        ),
        *("they", "this", "to", "was", "we", "were", "will", "with", "would", "you", "your"),
    )
)
"""English words that hold sentences together. "How", "why", "when" and "not" stay: they make the question."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that nobody has answered yet.

    Attributes:
        content: Its wording; empty where the platform doesn't tell.
        asked_at: Epoch seconds.
        upvotes: 0 or more.
    """

    question_id: str
    content: str
    asked_at: float
    upvotes: int = 0


@dataclass(frozen=True, slots=True)
class RankedQuestion:
    """A question with what speaks for it.

    Attributes:
        question_id: The one to surface: of several that ask the same, the most upvoted, then the oldest.
        score: See `rank`.
        voices: How many people stand behind it: askers and upvotes of all that ask the same. At least 1.
        folded: Ids of the others that ask the same.
    """

    question_id: str
    score: float
    voices: int
    folded: tuple[str, ...] = ()


def rank(
    questions: Iterable[OpenQuestion], now: float, topics: Collection[str] = (), *, top: int = TOP
) -> tuple[RankedQuestion, ...]:
    """The best unanswered questions, best first; the order in which they are given does not matter.

    Questions whose words overlap by `SAME_OVERLAP_RATIO` (Jaccard index of the sets of words, without stop
    words) count as one. Then::

        score = log2(voices) + 2 ** (-age_s / FRESH_HALF_LIFE_S) + relevance

    - `voices`: askers and upvotes of all that ask the same, so doubling them adds 1;
    - `age_s`: seconds since it was first asked, so a new question gets 1 and an old one nearly 0, as it had
      less time to collect upvotes;
    - `relevance`: the largest share, in [0, 1], of a topic's words that the question holds.

    So being new, or wholly on topic, outweighs at most twice the voices. Ties go to the one asked first, then
    to the smaller id.

    Args:
        questions: Unanswered ones only. Of several with one id the most upvoted counts.
        now: Epoch seconds; questions from the future count as new.
        topics: What the session is about; without any, relevance is 0 for all.
        top: How many to return at most.
    """
    topic_words = tuple(found for topic in topics if (found := _telling_words(topic)))
    scored = [(_score(group, now, topic_words), group) for group in _folded(questions)]
    scored.sort(key=lambda pair: (-pair[0], _first_asked(pair[1]), pair[1][0].question_id))
    return tuple(
        RankedQuestion(
            question_id=group[0].question_id,
            score=score,
            voices=_voices(group),
            folded=tuple(question.question_id for question in group[1:]),
        )
        for score, group in scored[:top]
    )


def _folded(questions: Iterable[OpenQuestion]) -> list[list[OpenQuestion]]:
    """Groups of questions that ask the same; the first of each stands for it."""
    groups: list[list[OpenQuestion]] = []
    sizes: list[int] = []
    holding: defaultdict[str, list[int]] = defaultdict(list)  # word → groups whose first question holds it
    known: set[str] = set()
    for question in sorted(questions, key=lambda q: (-q.upvotes, q.asked_at, q.question_id, q.content)):
        if question.question_id in known:
            continue
        known.add(question.question_id)
        telling = _telling_words(question.content)
        same = _same_group(telling, sizes, holding)
        if same is not None:
            groups[same].append(question)
            continue
        for word in telling:
            holding[word].append(len(groups))
        sizes.append(len(telling))
        groups.append([question])
    return groups


def _same_group(telling: dict[str, None], sizes: list[int], holding: dict[str, list[int]]) -> int | None:
    """The group with the largest overlap, if it is large enough; on a tie the one that stands earlier."""
    shared = Counter(group for word in telling for group in holding.get(word, ()))
    overlaps = [(n / (len(telling) + sizes[group] - n), -group) for group, n in shared.items()]
    overlap, group = max(overlaps, default=(0.0, 0))
    return -group if overlap >= SAME_OVERLAP_RATIO else None


def _score(group: list[OpenQuestion], now: float, topics: tuple[dict[str, None], ...]) -> float:
    age_s = max(0.0, now - _first_asked(group))
    telling = _telling_words(group[0].content)
    relevance = max((sum(w in telling for w in topic) / len(topic) for topic in topics), default=0.0)
    return math.log2(_voices(group)) + math.exp2(-age_s / FRESH_HALF_LIFE_S) + relevance


def _voices(group: list[OpenQuestion]) -> int:
    return sum(1 + max(0, question.upvotes) for question in group)


def _first_asked(group: list[OpenQuestion]) -> float:
    return min(question.asked_at for question in group)


def _telling_words(text: str) -> dict[str, None]:
    """The words without stop words, each once, in order; all of them if only stop words are left."""
    everything = words(text)
    return dict.fromkeys([word for word in everything if word not in _STOP_WORDS] or everything)
