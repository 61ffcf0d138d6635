"""A writer with scripted models, and a budget that can be watched, for the tests of `act`."""

import asyncio

from tests.act_examples import NOW

from conductor.act.breaker import BreakerParams
from conductor.act.calls import Called
from conductor.act.writer import Worded, Writer, WriterParams
from conductor.adapters.budget_memory import MemoryBudget
from conductor.domain.interventions import Arm, Generation, GenerationMethod, PollContent
from conductor.domain.wording import Analysis, Price
from conductor.errors import StoreUnavailable
from conductor.testing import ScriptedModel, Step

LARGE, SMALL = "large", "small"
PRICES = {LARGE: Price(3.0, 15.0, 0.3, 3.75), SMALL: Price(1.0, 5.0, 0.1, 1.25)}
COST = {LARGE: (100 * 3 + 50 * 15) / 1e6, SMALL: (100 * 1 + 50 * 5) / 1e6}
SHORT_S = 0.3
"""Seconds after which tests stop waiting for what never comes."""

POLL = PollContent("Which part of it would you try first?", ("Events", "Storage", "Queries"))
OTHER = PollContent("What slows you down most?", ("People", "Code", "Meetings"))
ANALYSIS = Analysis("event sourcing", ("The pace is high.", "There was no chance to ask."), Arm.POLL)


class Deaf(ScriptedModel):
    """A model that heeds no timeout at all."""

    def __init__(self, *steps: Step, model: str) -> None:
        super().__init__(*steps, model=model)
        self.asked = asyncio.Event()

    async def ask(self, prompt, timeout_s):
        """Hang for ever."""
        self.prompts.append(prompt)
        self.asked.set()
        await asyncio.Event().wait()
        raise AssertionError


class Books(MemoryBudget):
    """A budget that tells what was settled, and that can be out of reach or slow."""

    def __init__(self, limit_usd=1.0, *, broken="", slow=None):
        super().__init__(limit_usd, limit_usd)
        self.reserved, self.settled = [], []
        self._broken, self._slow = broken, slow

    async def reserve(self, usd, now):
        if self._slow is not None:
            await self._slow.wait()
        if "reserve" in self._broken:
            raise StoreUnavailable("the books are locked")
        self.reserved.append(usd)
        return await super().reserve(usd, now)

    async def settle(self, reservation, usd):
        if "settle" in self._broken:
            raise StoreUnavailable("the books are locked")
        self.settled.append(usd)
        await super().settle(reservation, usd)


class Bench:
    """A writer with two models, a budget, and a time that stands still."""

    def __init__(self, large=(), small=(), *, budget=None, deaf=False, failures=3):
        self.large = (Deaf if deaf else ScriptedModel)(*large, model=LARGE)
        self.small = ScriptedModel(*small, method=GenerationMethod.HAIKU, model=SMALL)
        self.budget = budget or Books()
        self.now = NOW
        self.calls: list[Called] = []
        # Whoever hangs gets a tenth, so that a slow machine has time enough for the next.
        params = WriterParams(share_ratio=0.1, breaker=BreakerParams(failures=failures))
        self.writer = Writer(
            [self.large, self.small], PRICES, self.budget, lambda: self.now, params, note=self.calls.append
        )

    async def worded(self, known, **options) -> Worded:
        """Words that are expected to be found."""
        found = await self.writer.word(known, **options)
        assert found is not None
        return found

    async def analysed(self, known, **options) -> tuple[Analysis, Generation]:
        """An analysis that is expected to be found."""
        found = await self.writer.analyse(known, **options)
        assert found is not None
        assert found.generation is not None
        return found, found.generation

    @property
    def results(self):
        return [(call.model, call.result) for call in self.calls]

    async def spent_usd(self):
        await self.writer.close()
        return (await self.budget.spending(self.now)).hour_usd
