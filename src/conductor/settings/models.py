"""Which language models are asked, and what they cost."""

from __future__ import annotations

import math
from collections.abc import Mapping

from conductor.domain.wording import Price
from conductor.errors import InvalidInput

SONNET, HAIKU = "claude-sonnet-5-5", "claude-haiku-5-5"
"""The current ones, as Anthropic's own library lists them (anthropic 2.12)."""

LIST_PRICES: Mapping[str, Price] = {
    SONNET: Price(fresh=2.0, answered=10.0, cache_read=0.1, cache_written=2.5),
    HAIKU: Price(fresh=0.1, answered=0.5, cache_read=0.01, cache_written=0.125),
}
"""In US dollars for a million tokens: platform.claude.com/docs/en/about-claude/pricing as of 2026-10-24, for a cache of
five minutes and questions of up to 100,000 tokens. Ours are far shorter."""

NAME = "CONDUCTOR_MODEL_PRICES"
HOW = "it looks like some-model=2,10,0.1,2.5;other=0,0,0,0 (fresh, answered, cache read, cache written, in dollars)"


def read_prices(value: str) -> Mapping[str, Price]:
    """Prices by model: the list prices, and over them those that are given.

    Raises:
        InvalidInput: One of them cannot be read.
    """
    own = dict(_row(row) for row in value.split(";") if row.strip())
    return {**LIST_PRICES, **own}


def _row(row: str) -> tuple[str, Price]:
    model, _, numbers = row.strip().rpartition("=")
    try:
        prices = [float(number) for number in numbers.split(",")]
    except ValueError:
        prices = []
    if not model.strip() or len(prices) != 4 or not all(0.0 <= each < math.inf for each in prices):
        raise InvalidInput(f"{NAME} holds {row.strip()!r}; {HOW}")
    return model.strip(), Price(*prices)
