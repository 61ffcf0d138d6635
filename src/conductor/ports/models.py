"""Language models, and what they may cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from conductor.domain.budget import NearLimit
from conductor.domain.interventions import GenerationMethod
from conductor.domain.wording import Prompt, Reply


class TextModel(Protocol):
    """A language model. Implementations: `adapters.models.LangChainModel`, `testing.ScriptedModel`."""

    @property
    def method(self) -> GenerationMethod:
        """Under which name people see who worded it."""

    @property
    def model(self) -> str:
        """Its id, as its provider calls it; prices are by this id."""

    async def ask(self, prompt: Prompt, timeout_s: float) -> Reply:
        """Ask once; whether to ask again is the caller's to decide.

        Raises:
            ModelUnavailable: No answer in time, or none now; asking again later may help.
            ModelMisconfigured: No answer until the settings are mended; asking again is no use.
            UnfitAnswer: The answer has another shape than the one asked for.
        """


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money set aside for one question to a model.

    Attributes:
        is_near_limit: Whether this reservation took the last 3600 s or 86400 s past the share from which to warn
            (0.8), for the first time since it was well below (0.75).
        near: Which of them, and how much of its money is gone; empty if `is_near_limit` is False.
    """

    reservation_id: str
    usd: float
    at: float
    is_near_limit: bool
    near: tuple[NearLimit, ...] = ()


@dataclass(frozen=True, slots=True)
class Spending:
    """What models have cost, with what is set aside, in US dollars, and how much they may."""

    hour_usd: float
    hour_limit_usd: float
    day_usd: float
    day_limit_usd: float


class Budget(Protocol):
    """What models may cost in any 3600 s and any 86400 s, all workers together.

    What is set aside and never settled, as the worker ended, counts until it is as old as that. A question that cost
    more than was set aside counts as what it cost, even over the limit.

    Every call raises `StoreUnavailable` if the books cannot be had. Implementations: `adapters.budget_sql.SqlBudget`,
    `adapters.budget_memory.MemoryBudget`.
    """

    async def reserve(self, usd: float, now: float) -> Reservation:
        """Set money aside before it is spent.

        Raises:
            BudgetSpent: The hour or the day would be over its limit; nothing was set aside.
        """

    async def settle(self, reservation: Reservation, usd: float) -> None:
        """Put what it cost in the place of what was set aside. Settling again changes nothing."""

    async def spending(self, now: float) -> Spending:
        """How much of the last hour's and day's money is gone."""
