"""What became of the questions to models: each call for itself, and all together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from conductor.act.review import FindingCode
from conductor.domain.interventions import GenerationMethod
from conductor.domain.wording import Price, Shape, Usage


class Result(StrEnum):
    """How a question to a model ended; the last three say why it was not asked."""

    ANSWERED = "ANSWERED"
    FAILED_REVIEW = "FAILED_REVIEW"
    UNFIT = "UNFIT"
    UNAVAILABLE = "UNAVAILABLE"
    MISCONFIGURED = "MISCONFIGURED"
    TOO_LATE = "TOO_LATE"
    BROKEN_OFF = "BROKEN_OFF"
    RESTING = "RESTING"
    BUDGET_SPENT = "BUDGET_SPENT"
    BUDGET_UNKNOWN = "BUDGET_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Called:
    """One call of a model that has ended.

    Attributes:
        model: Its id, as its provider calls it.
        usage: Tokens; None where nobody knows how many it took.
        cost_usd: What was booked. Where an answer was not waited for, that is all that was set aside, since it may be
            billed all the same.
        latency_ms: Of this call alone.
        findings: What the review found.
    """

    method: GenerationMethod
    model: str
    shape: Shape
    result: Result
    usage: Usage | None
    cost_usd: float
    latency_ms: float
    findings: tuple[FindingCode, ...] = ()


@dataclass(slots=True)
class Counts:
    """What became of all questions since the beginning of this process.

    Attributes:
        asked: Calls, by model.
        answered: Calls whose answers passed the review, by model.
        failed: Calls that did not give anything to use, and those not made, by result.
        failed_review: Findings of the review; an answer may have several.
        spent_usd: What was booked.
    """

    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    failed: Counter[Result] = field(default_factory=Counter)
    failed_review: Counter[FindingCode] = field(default_factory=Counter)
    spent_usd: float = 0.0

    def count(self, called: Called) -> None:
        """Count a call that has ended."""
        self.asked[called.model] += 1
        self.spent_usd += called.cost_usd
        self.failed_review.update(called.findings)
        if called.result is Result.ANSWERED:
            self.answered[called.model] += 1
        else:
            self.failed[called.result] += 1


@dataclass(slots=True)
class Ended:
    """How one call ends; until that is known, as if it were broken off and all that was set aside were spent.

    Attributes:
        began: In the same seconds as its end.
    """

    cost_usd: float
    began: float
    result: Result = Result.BROKEN_OFF
    usage: Usage | None = None
    findings: tuple[FindingCode, ...] = ()

    def took(self, result: Result, usage: Usage, price: Price) -> None:
        """It came to an end by itself, and took this much."""
        self.result, self.usage, self.cost_usd = result, usage, price.cost_usd(usage)
