"""A question on its way through the models, and the models that it is put to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from conductor.act.answers import Judge
from conductor.act.breaker import Breaker
from conductor.domain.budget import NearLimit
from conductor.domain.wording import Price, Prompt
from conductor.errors import InvalidInput
from conductor.ports import TextModel

T = TypeVar("T")

Warn = Callable[[NearLimit], None]
"""Is told, once, that most of the money of an hour or a day is gone."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One model of the chain."""

    model: TextModel
    price: Price
    breaker: Breaker


@dataclass(slots=True)
class Question(Generic[T]):
    """What is asked, what may be used of the answers, until when, and what it has cost so far.

    Attributes:
        ends_at: In the seconds of `loop_time`.
    """

    prompt: Prompt
    judge: Judge[T]
    warn: Warn
    ends_at: float
    cost_usd: float = 0.0

    @property
    def left_s(self) -> float:
        """Seconds until the deadline, 0 or more."""
        return max(0.0, self.ends_at - loop_time())


def price_of(model: TextModel, prices: Mapping[str, Price]) -> Price:
    """What this model costs.

    Raises:
        InvalidInput: Nobody said what it costs.
    """
    price = prices.get(model.model)
    if price is None:
        raise InvalidInput(
            f"model {model.model} has no price, so that no budget can hold for it; give it one (0 if it costs nothing)",
            code="model_without_price",
        )
    return price


def loop_time() -> float:
    """Seconds as asyncio counts them for its deadlines; of the time of day this room knows only what it is told."""
    return asyncio.get_running_loop().time()
