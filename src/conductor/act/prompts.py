"""What is asked of a model, in words.

Everything that comes from outside stands in the moving part as JSON between marks. Angle brackets inside are written as
escapes, so that nothing that somebody wrote can end the data, however cleverly it is written.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from math import isfinite
from typing import Any

from conductor.act.brief import Brief, Fall
from conductor.act.review import MESSAGE_MAX, OPTION_MAX, OPTIONS_MAX, OPTIONS_MIN, QUESTION_MAX
from conductor.domain.engagement import RoomSignals
from conductor.domain.strategies import ContentStyle
from conductor.domain.wording import Prompt, Shape

HYPOTHESES_MIN, HYPOTHESES_MAX = 2, 3
"""Reasons in an analysis (the blueprint's count)."""

TOPIC_MAX = 140
"""Characters of the topic of an analysis: as many as a question, which fits on two lines of a phone."""

SEEN_MAX = 20
"""Earlier wordings that a model is told; the hourly cap lets no session have many more."""

MAX_TOKENS = {
    Shape.POLL: 400,
    Shape.CHAT_PROMPT: 300,
    Shape.NUDGE: 300,
    Shape.SEED_QUESTION: 300,
    Shape.ANALYSIS: 700,
}
"""Of an answer: its longest wording in a script that takes a token for every character, and its frame."""

_COUNTED = (
    "chat_per_min",
    "questions_per_min",
    "reactions_per_min",
    "votes_per_min",
    "poll_participation",
    "active",
    "joins_per_min",
    "leaves_per_min",
    "focus_ratio",
    "words_per_min",
    "slides_per_min",
)
"""What of the signals a model is told; the rest follows from it or says little to a reader."""

_UNSAFE = re.compile("[<>\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_LIMITS = {
    "question_max": QUESTION_MAX,
    "option_max": OPTION_MAX,
    "options_min": OPTIONS_MIN,
    "options_max": OPTIONS_MAX,
    "message_max": MESSAGE_MAX,
    "topic_max": TOPIC_MAX,
    "hypotheses_min": HYPOTHESES_MIN,
    "hypotheses_max": HYPOTHESES_MAX,
}


def prompt_for(brief: Brief) -> Prompt:
    """The question to a model. Its fixed part is the same, byte for byte, in every question of a shape and tone."""
    return Prompt(brief.shape, fixed_part(brief.shape, brief.style), moving_part(brief), MAX_TOKENS[brief.shape])


@cache
def fixed_part(shape: Shape, style: ContentStyle = ContentStyle.FRIENDLY) -> str:
    """Who the model is, the rules, in which tone to write, and what to answer."""
    common = _rules("common").replace("<tone>\n", _rules(f"tone_{style.value}"))
    text = f"{common}\n{_rules(shape.value.lower())}"
    for name, value in _LIMITS.items():
        text = text.replace(f"<{name}>", str(value))
    return text


def moving_part(brief: Brief) -> str:
    """The facts of the room, and its chat if the event shares it: marks and JSON on lines of their own."""
    facts = f"<facts>\n{_as_data(_facts(brief))}\n</facts>"
    return f"{facts}\n<chat>\n{_as_data(brief.chat)}\n</chat>" if brief.chat else facts


def _rules(name: str) -> str:
    return files("conductor.act").joinpath("rules", f"{name}.txt").read_text(encoding="utf-8")


def _as_data(value: object) -> str:
    """JSON on one line, without anything that could be taken for a mark or cannot be written as UTF-8."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _facts(brief: Brief) -> dict[str, Any]:
    """What is known; what is not is left out rather than being null."""
    subject, fall = brief.subject, brief.fall
    facts = {
        "session_type": brief.session_type,
        "phase": brief.phase,
        "title": subject.title,
        "description": subject.description,
        "topics": subject.topics,
        "elapsed_min": None if brief.elapsed_s is None else round(brief.elapsed_s / 60),
        "people": brief.people,
        "score": _short(brief.score),
        "parts": {part.name: {"level": _short(part.level), "weight": _short(part.weight)} for part in brief.parts},
        "signals": None if brief.signals is None else _counted(brief.signals),
        "fall": None if fall is None else _fallen(fall),
        "segment": brief.segment,
        "seen": brief.seen[-SEEN_MAX:],
    }
    return {name: fact for name, fact in facts.items() if fact is not None and fact not in ("", (), {})}


def _fallen(fall: Fall) -> dict[str, Any]:
    return {
        "type": fall.type,
        "severity": fall.severity,
        "for_s": round(fall.for_s),
        "score_since": _short(fall.current),
        "score_expected": _short(fall.expected),
        "deviation_sd": _short(fall.deviation),
    }


def _counted(signals: RoomSignals) -> dict[str, Any]:
    return {name: _short(getattr(signals, name)) for name in _COUNTED}


def _short(number: float | None) -> float | None:
    """Two decimals; a number that is none, such as the deviation of an empty room, is not known."""
    return round(number, 2) if number is not None and isfinite(number) else None
