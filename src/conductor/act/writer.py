"""Asks models for words, one after the other, until one gives what passes the review.

Whoever calls has to be ready for nothing at all: no model may be asked now, there may be no money, or all answers may
fail. Then templates speak.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from conductor.act.answers import Judge, analysis_judge, content_judge
from conductor.act.asking import Layer, Question, Warn, loop_time, price_of
from conductor.act.breaker import Breaker, BreakerParams
from conductor.act.brief import Brief
from conductor.act.calls import Called, Counts, Ended, Result
from conductor.act.people import Names
from conductor.act.prompts import prompt_for
from conductor.act.till import Till, most_usd
from conductor.domain.budget import NearLimit
from conductor.domain.interventions import Content, Generation
from conductor.domain.wording import Analysis, Price, Reply, Shape, Usage
from conductor.errors import (
    BudgetSpent,
    ModelMisconfigured,
    ModelUnavailable,
    StoreUnavailable,
    UnfitAnswer,
)
from conductor.ports import Budget, TextModel

DEADLINE_S = 4.0
"""Seconds for the whole chain. The blueprint's limit is 5 until people see words; the last one is for what comes around
the chain when a hundred rooms fall at once (`benchmarks/decision.py`)."""

SHARE_RATIO = 0.6
"""Of the time that is left, what a model gets that has others behind it: 2.4 s of 4 for the first, in which a
large model gives a short answer, and enough for a small one afterwards."""

T = TypeVar("T")


def _warn_nobody(_: NearLimit) -> None:
    pass


@dataclass(frozen=True, slots=True)
class WriterParams:
    """How models are asked.

    Attributes:
        share_ratio: In (0, 1): of the time that is left, what a model gets that has others behind it.
        breaker: When a model is left alone.
    """

    share_ratio: float = SHARE_RATIO
    breaker: BreakerParams = field(default=BreakerParams())


@dataclass(frozen=True, slots=True)
class Worded:
    """Words of a model that passed the review.

    Attributes:
        generation: Who wrote it, how long the whole chain took, and what everything that was asked cost.
    """

    content: Content
    generation: Generation


class Writer:
    """The chain of models. Several tasks may use it at once.

    Args:
        models: In the order in which they are asked; may be empty.
        prices: By the id of the model.
        budget: What all of it may cost.
        now: Epoch seconds, for the budget and for how long a model is left alone.
        params: How models are asked.
        note: Is told of every call when it has ended, for metrics and traces; must not fail.

    Raises:
        InvalidInput: A model has no price.
    """

    def __init__(
        self,
        models: Sequence[TextModel],
        prices: Mapping[str, Price],
        budget: Budget,
        now: Callable[[], float],
        params: WriterParams | None = None,
        note: Callable[[Called], None] | None = None,
    ) -> None:
        self._params = params or WriterParams()
        self._layers = [Layer(model, price_of(model, prices), Breaker(self._params.breaker)) for model in models]
        self._till = Till(budget)
        self._now = now
        self._note = note
        self.counts = Counts()

    @property
    def resting(self) -> tuple[str, ...]:
        """Ids of the models that would not be asked now, because they failed before."""
        now = self._now()
        return tuple(layer.model.model for layer in self._layers if not layer.breaker.would_admit(now))

    @property
    def is_speechless(self) -> bool:
        """Whether there are models, and none of them would be asked now."""
        return bool(self._layers) and len(self.resting) == len(self._layers)

    async def word(
        self,
        brief: Brief,
        *,
        names: Names = (),
        seen: Collection[str] = (),
        deadline_s: float = DEADLINE_S,
        warn: Warn = _warn_nobody,
    ) -> Worded | None:
        """Content for this room that passed the review, or None if no model gives any within the deadline.

        A poll is for now and a nudge for the brief's segment; the caller may set another timing.

        Args:
            brief: What to word and what may be known; any shape but ANALYSIS.
            names: Display names of the people in the room, none of whom may be named.
            seen: Wordings that this session has seen, beyond those of the brief.
            deadline_s: Seconds for the whole chain.
            warn: Is told if this question brings the budget near its limit, also if it gives no words.
        """
        if brief.shape is Shape.ANALYSIS:
            raise ValueError("an analysis is no content: use analyse")
        judge = content_judge(brief, names=names, seen=seen)
        found = await self._first_that_passes(brief, judge, deadline_s, warn)
        return None if found is None else Worded(*found)

    async def analyse(
        self,
        brief: Brief,
        *,
        names: Names = (),
        deadline_s: float = DEADLINE_S,
        warn: Warn = _warn_nobody,
    ) -> Analysis | None:
        """What a model makes of the room, or None. The shape of the brief does not matter.

        Args:
            brief: What may be known.
            names: Display names of the people in the room, none of whom may be named.
            deadline_s: Seconds for the whole chain.
            warn: Is told if this question brings the budget near its limit, also if it gives no words.
        """
        brief = replace(brief, shape=Shape.ANALYSIS)
        found = await self._first_that_passes(brief, analysis_judge(names=names), deadline_s, warn)
        return None if found is None else replace(found[0], generation=found[1])

    async def close(self) -> None:
        """Wait until everything that was asked is booked."""
        await self._till.close()

    async def _first_that_passes(
        self, brief: Brief, judge: Judge[T], deadline_s: float, warn: Warn
    ) -> tuple[T, Generation] | None:
        if not self._layers:
            return None
        began = loop_time()
        question = Question(prompt_for(brief), judge, warn, began + deadline_s)
        for n, layer in enumerate(self._layers):
            if question.left_s <= 0:
                break
            if not layer.breaker.admit(self._now()):
                self.counts.failed[Result.RESTING] += 1
                continue
            try:
                found = await self._call(layer, question, self._share_of(n))
            except BudgetSpent:
                self.counts.failed[Result.BUDGET_SPENT] += 1
                return None
            except StoreUnavailable:
                self.counts.failed[Result.BUDGET_UNKNOWN] += 1
                return None
            if found is not None:
                value, reply = found
                took_ms = (loop_time() - began) * 1000.0
                return value, Generation(reply.method, reply.model, took_ms, question.cost_usd)
        return None

    def _share_of(self, n: int) -> float:
        """Of the time that is left: all of it where nobody else is there to be asked afterwards."""
        now = self._now()
        others = any(layer.breaker.would_admit(now) for layer in self._layers[n + 1 :])
        return self._params.share_ratio if others else 1.0

    async def _call(self, layer: Layer, question: Question[T], share: float) -> tuple[T, Reply] | None:
        """Ask one model, and book and tell what came of it, whatever that is.

        Raises:
            BudgetSpent: There is no money; it was not asked.
            StoreUnavailable: Nobody knows whether there is money; it was not asked.
        """
        reservation = None
        try:
            most = most_usd(question.prompt, layer.price)
            reservation = await self._till.set_aside(most, self._now(), question.left_s)
        finally:
            if reservation is None:
                layer.breaker.let_go()
        ended = Ended(reservation.usd, loop_time())
        try:
            for near in reservation.near:
                question.warn(near)
            return await self._listen(layer, question, question.left_s * share, ended)
        finally:
            if ended.result is Result.BROKEN_OFF:
                layer.breaker.let_go()
            question.cost_usd += ended.cost_usd
            self._tell(layer, question.prompt.shape, ended)
            await self._till.settle(reservation, ended.cost_usd)

    async def _listen(self, layer: Layer, question: Question[T], wait_s: float, ended: Ended) -> tuple[T, Reply] | None:
        breaker = layer.breaker
        try:
            async with asyncio.timeout(wait_s):
                reply = await layer.model.ask(question.prompt, wait_s)
        except TimeoutError:
            ended.result = Result.TOO_LATE
            breaker.failed(self._now())
        except UnfitAnswer as error:
            ended.took(Result.UNFIT, Usage(*error.usage), layer.price)
            breaker.succeeded()
        except ModelMisconfigured:
            ended.took(Result.MISCONFIGURED, Usage(0, 0), layer.price)
            breaker.misconfigured(self._now())
        except ModelUnavailable as error:
            ended.took(Result.UNAVAILABLE, Usage(0, 0), layer.price)
            breaker.failed(self._now(), error.retry_after_s)
        else:
            # What it says is not the breaker's business: a hostile chat in one room must not silence it in others.
            breaker.succeeded()
            judged = question.judge(reply.answer)
            ended.findings = tuple(finding.code for finding in judged.findings)
            if judged.value is not None:
                ended.took(Result.ANSWERED, reply.usage, layer.price)
                return judged.value, reply
            ended.took(Result.FAILED_REVIEW if judged.findings else Result.UNFIT, reply.usage, layer.price)
        return None

    def _tell(self, layer: Layer, shape: Shape, ended: Ended) -> None:
        called = Called(
            method=layer.model.method,
            model=layer.model.model,
            shape=shape,
            result=ended.result,
            usage=ended.usage,
            cost_usd=ended.cost_usd,
            latency_ms=(loop_time() - ended.began) * 1000.0,
            findings=ended.findings,
        )
        self.counts.count(called)
        if self._note is not None:
            self._note(called)
