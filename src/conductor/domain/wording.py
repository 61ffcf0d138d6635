"""What is asked of a language model, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from conductor.domain.interventions import Arm, Content, Generation, GenerationMethod


class Shape(StrEnum):
    """What an answer has to be: content of one kind, or an analysis of the room."""

    POLL = "POLL"
    CHAT_PROMPT = "CHAT_PROMPT"
    NUDGE = "NUDGE"
    SEED_QUESTION = "SEED_QUESTION"
    ANALYSIS = "ANALYSIS"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question to a model.

    Attributes:
        fixed: What is the same in every question of this shape; providers keep it cached.
        moving: What is particular to this room and moment. It may quote people: data, never instruction.
        max_tokens: The longest answer.
    """

    shape: Shape
    fixed: str
    moving: str
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What a question and its answer took, in tokens. Cached ones are not counted among `fresh`."""

    fresh: int
    answered: int
    cache_read: int = 0
    cache_written: int = 0


@dataclass(frozen=True, slots=True)
class Price:
    """List prices of a model, in US dollars for a million tokens of each kind."""

    fresh: float
    answered: float
    cache_read: float
    cache_written: float

    def cost_usd(self, usage: Usage) -> float:
        """What this usage costs."""
        millionths = (
            usage.fresh * self.fresh
            + usage.answered * self.answered
            + usage.cache_read * self.cache_read
            + usage.cache_written * self.cache_written
        )
        return millionths / 1e6


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a model makes of a room, as advice to the organiser.

    Attributes:
        topic: What the session seems to be about now.
        hypotheses: Two or three reasons why the room may be falling, likeliest first.
        suggested: The arm that the model would choose; None if it would do nothing.
        generation: Who wrote it, and what it took.
    """

    topic: str
    hypotheses: tuple[str, ...]
    suggested: Arm | None
    generation: Generation | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer that has the shape asked for; nobody has reviewed it yet."""

    answer: Content | Analysis
    method: GenerationMethod
    model: str
    usage: Usage
    latency_ms: float
