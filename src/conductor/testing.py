"""Fakes that keep the promises of the ports, for tests of your own."""

from __future__ import annotations

import asyncio
import heapq
import selectors
from collections.abc import Callable
from itertools import count

from conductor.adapters.archive_memory import MemoryArchive
from conductor.adapters.bus_memory import MemoryBus
from conductor.adapters.deadlines_memory import MemoryDeadlines
from conductor.adapters.store_memory import MemoryDesk, MemoryStore
from conductor.domain.alerts import Alert
from conductor.domain.interventions import (
    Content,
    GenerationMethod,
    NudgeContent,
    PollContent,
    PromptContent,
    QnaContent,
)
from conductor.domain.wording import Analysis, Prompt, Reply, Shape, Usage
from conductor.errors import ConductorError, ModelUnavailable, NotDelivered, UnfitAnswer

__all__ = [
    "FakeClock",
    "MemoryArchive",
    "MemoryBus",
    "MemoryDeadlines",
    "MemoryDesk",
    "MemoryStore",
    "ScriptedModel",
    "SettlingLoop",
    "ToldAlerts",
]

TURNS = 200
"""How often everybody else gets a turn before the clock goes on: more than any chain of tasks here is long."""


class SettlingLoop(asyncio.SelectorEventLoop):
    """An event loop that knows when nobody has anything left to do, so that a `FakeClock` need not wait any longer.

    With any other loop the clock gives everybody 200 turns each time; the outcome is the same, only later.
    """

    def __init__(self) -> None:
        self._quiet = _Quiet()
        super().__init__(self._quiet)

    async def settled(self) -> None:
        """Come back when nobody can go on but by time or from outside, or after 200 turns at the latest."""
        quiet: asyncio.Future[None] = self.create_future()
        self._quiet.awaited.append((quiet, self._quiet.turns + TURNS))
        await quiet


class _Quiet(selectors.DefaultSelector):
    """Hears from its loop once in each turn, and whether that could wait: if so, nobody is ready to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.turns = 0
        self.awaited: list[tuple[asyncio.Future[None], int]] = []

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Let go of those who wait for quiet, if this is it."""
        self.turns += 1
        if not self.awaited:
            return super().select(timeout)
        is_quiet = timeout is None or timeout > 0.0
        over = [quiet for quiet, last in self.awaited if is_quiet or self.turns >= last]
        self.awaited = [] if is_quiet else [each for each in self.awaited if self.turns < each[1]]
        for quiet in over:
            if not quiet.done():
                quiet.set_result(None)
        return super().select(0.0 if over else timeout)


class FakeClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, now: float) -> None:
        self._now = now
        self._asleep: list[tuple[float, int, asyncio.Event]] = []
        self._numbers = count()

    def now(self) -> float:
        """Epoch seconds."""
        return self._now

    async def sleep_until(self, moment: float) -> None:
        """Come back when the clock has gone on to this moment; at once if it is over, but others get their turn."""
        if moment <= self._now:
            await asyncio.sleep(0)
            return
        woken = asyncio.Event()
        heapq.heappush(self._asleep, (moment, next(self._numbers), woken))
        await woken.wait()

    def is_awaited(self, moment: float) -> bool:
        """Whether somebody sleeps until just then."""
        return any(asleep[0] == moment for asleep in self._asleep)

    def go_on(self, moment: float) -> None:
        """It is this late now: wake everybody whose time has come, without waiting for what they do."""
        self._now = moment
        while self._asleep and self._asleep[0][0] <= moment:
            heapq.heappop(self._asleep)[2].set()

    async def advance_to(self, moment: float) -> None:
        """Go on to this moment, and wake everybody on the way at their time, one after the other."""
        await settle()
        while self._asleep and self._asleep[0][0] <= moment:
            self._now, _, woken = heapq.heappop(self._asleep)
            woken.set()
            await settle()
        self._now = moment
        await settle()


Step = Content | Analysis | ConductorError | asyncio.Event | Callable[[Prompt], Content | Analysis]
"""What a scripted model does when it is asked: answer, fail, keep silent until the event is set, or make an answer."""

_ANSWERS = {
    Shape.POLL: PollContent,
    Shape.CHAT_PROMPT: PromptContent,
    Shape.NUDGE: NudgeContent,
    Shape.SEED_QUESTION: QnaContent,
    Shape.ANALYSIS: Analysis,
}


SCRIPTED_USAGE = Usage(fresh=100, answered=50)
"""What an answer of a scripted model takes unless it is told otherwise."""


class ScriptedModel:
    """A `TextModel` that does what it is told, step by step; after the last it is unavailable.

    Args:
        steps: One for each question. After an event it goes on with the next step.
        method: Under which name people see who worded it.
        model: Its id.
        usage: What every answer takes.

    Attributes:
        prompts: What it was asked.
    """

    def __init__(
        self,
        *steps: Step,
        method: GenerationMethod = GenerationMethod.SONNET,
        model: str = "scripted",
        usage: Usage = SCRIPTED_USAGE,
    ) -> None:
        self._steps = list(steps)
        self.method = method
        self.model = model
        self._usage = usage
        self.prompts: list[Prompt] = []

    async def ask(self, prompt: Prompt, timeout_s: float) -> Reply:
        """Take the next step.

        Raises:
            ModelUnavailable: It keeps silent for too long, or the script is at its end.
            UnfitAnswer: The script has an answer of another shape.
        """
        self.prompts.append(prompt)
        try:
            async with asyncio.timeout(timeout_s):
                answer = await self._next(prompt)
        except TimeoutError:
            raise ModelUnavailable(f"{self.model} did not answer within {timeout_s:g} s") from None
        if not isinstance(answer, _ANSWERS[prompt.shape]):
            took = (self._usage.fresh, self._usage.answered, self._usage.cache_read, self._usage.cache_written)
            raise UnfitAnswer(f"{self.model} did not answer with a {prompt.shape}", took)
        return Reply(answer, self.method, self.model, self._usage, latency_ms=1.0)

    async def _next(self, prompt: Prompt) -> Content | Analysis:
        while self._steps:
            match self._steps.pop(0):
                case asyncio.Event() as event:
                    await event.wait()
                case ConductorError() as error:
                    raise error
                case PollContent() | PromptContent() | NudgeContent() | QnaContent() | Analysis() as answer:
                    return answer
                case make:
                    return make(prompt)
        raise ModelUnavailable(f"{self.model} has nothing more to say")


class ToldAlerts:
    """Alerts (`Alerts`) that nobody gets but the test.

    Attributes:
        told: What was sent.
        refusals: So many of the next ones fail.
    """

    def __init__(self, refusals: int = 0) -> None:
        self.told: list[Alert] = []
        self.refusals = refusals

    async def send(self, alert: Alert) -> None:
        """Remember it.

        Raises:
            NotDelivered: As the test wants it.
        """
        if self.refusals:
            self.refusals -= 1
            raise NotDelivered("nobody is there")
        self.told.append(alert)


async def settle() -> None:
    """Let everybody else do what they can without waiting for the clock."""
    loop = asyncio.get_running_loop()
    if isinstance(loop, SettlingLoop):
        await loop.settled()
        return
    for _ in range(TURNS):
        await asyncio.sleep(0)
