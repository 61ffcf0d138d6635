"""Threads of the graph: begun, gone on with, broken off and taken up again, and forgotten when they have ended."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from conductor.domain.interventions import Autonomy, Decision, Intervention
from conductor.domain.organisers import Answer
from conductor.domain.wording import Analysis
from conductor.errors import BusUnavailable, StoreUnavailable
from conductor.ports import Deadline, Deadlines
from conductor.wire.codec import decode, encode
from conductor.workflow.graph import Hands, State, build
from conductor.workflow.steps import Analysed, Lapse, Step, Surroundings, Wait, Worded

log = logging.getLogger(__name__)

Given = State | Command[Any] | None
"""What a run of the graph is given: a beginning, what was waited for, or nothing where it broke off."""

_TO_BE_DONE = frozenset({Wait.ANSWER, Wait.SLIDE})

TRIES = 3
"""How often a thread is taken up again that fails for no reason that will pass."""


@dataclass(slots=True)
class Thread:
    """One intervention on its way.

    Attributes:
        waits_for: None while something is done, or was when it broke off.
        until: When the waiting ends at the latest, in epoch seconds.
        is_running: Whether somebody goes on with it right now, or is about to.
        is_over: Whether nothing will come of it any more.
        is_left: Whether its session has ended: it waits for nothing any more that is to be done there.
        was_asked: Whether it has waited for an answer.
        answer: What somebody answered, which may be before the asking has begun.
        is_ending_asking: Whether it goes on just now with what ends the asking: an answer, or that nobody gave one.
        is_showing: Whether it is on its way to the rooms, or what became of that is being told.
        worded: The decision as it was worded, whether that could be kept or not: it is not worded twice.
        analysis: What a model made of the room, whether that could be kept or not: it is asked and told of once.
        failures: How often it failed for no reason that will pass.
    """

    decision: Decision
    waits_for: Wait | None = None
    until: float = 0.0
    is_running: bool = False
    is_over: bool = False
    is_left: bool = False
    was_asked: bool = False
    answer: Answer | None = None
    is_ending_asking: bool = False
    is_showing: bool = False
    worded: Decision | None = None
    analysis: Analysis | None = None
    failures: int = 0

    @property
    def is_on_show(self) -> bool:
        """Whether an answer to it would be the first."""
        if self.decision.autonomy is not Autonomy.ASK or self.is_over or self.answer is not None:
            return False
        return not self.was_asked or (self.waits_for is Wait.ANSWER and not self.is_ending_asking)


Woken = tuple[Thread, Intervention | None]
"""A thread of an earlier life, and what it delivered, if it did."""


class Threads:
    """All threads of a worker.

    Args:
        hands: What they do things with.
        checkpoints: Where they are kept; None for in memory.
        deadlines: Where it is kept which there are, and until when they wait: the graph itself waits for ever.
    """

    def __init__(self, hands: Hands, checkpoints: BaseCheckpointSaver[Any] | None, deadlines: Deadlines) -> None:
        self._checkpoints = checkpoints or InMemorySaver()
        self._graph = build(hands, self._checkpoints)
        self._deadlines = deadlines
        self._threads: dict[str, Thread] = {}

    def find(self, decision_id: str, waits_for: Wait) -> Thread | None:
        """The thread of this decision, if that is what it waits for."""
        thread = self._threads.get(decision_id)
        return thread if thread is not None and not thread.is_running and thread.waits_for is waits_for else None

    def answered(self, answer: Answer, around: Surroundings) -> AsyncIterator[Step] | None:
        """Go on with the thread that this answers; None if there is none, or it was answered before.

        Whoever answers while a model is still asked is heeded as soon as it has ended.
        """
        thread = self._threads.get(answer.decision_id)
        if thread is None or not thread.is_on_show:
            return None
        thread.answer = answer
        is_asking = thread.waits_for is Wait.ANSWER and not thread.is_running
        return self.go_on(thread, encode(answer), around) if is_asking else nothing()

    def of(self, decision_id: str) -> Thread | None:
        """The thread of this decision, if it has not ended."""
        return self._threads.get(decision_id)

    def idle(self) -> list[Thread]:
        """Every thread that has not ended, and with which nobody goes on right now."""
        return [thread for thread in self._threads.values() if not thread.is_running]

    def begin(self, decision: Decision, around: Surroundings) -> AsyncIterator[Step]:
        """Carry out a decision until it has to wait."""
        thread = self._threads[decision.decision_id] = Thread(decision)

        async def beginning() -> Given:
            return {"decision": encode(decision)}

        return self._run(thread, beginning, around)

    def go_on(
        self, thread: Thread, found: object | Callable[[], Awaitable[object]], around: Surroundings
    ) -> AsyncIterator[Step]:
        """What a thread waited for has come, or can be had now: go on with it until it has to wait again."""

        async def resumption() -> Given:
            return Command(resume=await found() if callable(found) else found)

        return self._run(thread, resumption, around)

    def mend(self, thread: Thread, around: Surroundings) -> AsyncIterator[Step]:
        """Take up a thread where it broke off; of one that is over, free what is kept."""

        async def where_it_was() -> Given:
            state = await self._graph.aget_state(_config(thread.decision.decision_id))
            return None if state.values else {"decision": encode(thread.decision)}

        return self._run(thread, where_it_was, around)

    def abandon(self, session_id: str) -> None:
        """Nothing that waits to be done in this session will be done; `mend` frees what is kept of it."""
        for thread in self._threads.values():
            if thread.decision.session_id == session_id:
                thread.is_left = True
                if thread.waits_for in _TO_BE_DONE:
                    thread.is_over, thread.waits_for = True, None

    async def wake(self) -> list[Woken]:
        """Find the threads of an earlier life; they are none of ours before `take_up`.

        Raises:
            StoreUnavailable: They cannot be had now; ask again.
        """
        found = []
        for deadline in await self._deadlines.all():
            if deadline.decision_id in self._threads:
                continue
            state = await self._graph.aget_state(_config(deadline.decision_id))
            if not state.values or not state.next:
                # It had ended, and what is kept of it was being freed when the earlier life ended.
                await self._checkpoints.adelete_thread(deadline.decision_id)
                await self._deadlines.drop(deadline.decision_id)
                continue
            thread = Thread(decode(Decision, state.values["decision"]))
            for pause in state.interrupts:
                _wait(thread, pause.value)
            answered = state.values.get("answer")
            thread.answer = None if answered is None else decode(Answer, answered)
            done = state.values.get("done")
            found.append((thread, None if done is None else decode(Intervention, done)))
        return found

    def take_up(self, woken: Iterable[Woken]) -> None:
        """From now on these are threads like all others."""
        self._threads |= {thread.decision.decision_id: thread for thread, _ in woken}

    def _run(self, thread: Thread, given: Callable[[], Awaitable[Given]], around: Surroundings) -> AsyncIterator[Step]:
        # From now on and not from when the first step is asked for: nobody else may go on with it.
        waited_for, thread.is_running = thread.waits_for, True
        thread.is_ending_asking = waited_for is Wait.ANSWER
        return self._steps(thread, waited_for, given, around)

    async def _steps(
        self, thread: Thread, waited_for: Wait | None, given: Callable[[], Awaitable[Given]], around: Surroundings
    ) -> AsyncIterator[Step]:
        async for step in self._stretch(thread, waited_for, given, around):
            yield step
        if thread.answer is not None and thread.waits_for is Wait.ANSWER and waited_for is not Wait.ANSWER:
            async for step in self.go_on(thread, encode(thread.answer), around):
                yield step

    async def _stretch(
        self, thread: Thread, waited_for: Wait | None, given: Callable[[], Awaitable[Given]], around: Surroundings
    ) -> AsyncIterator[Step]:
        decision_id = thread.decision.decision_id
        try:
            if thread.is_over:
                await self._end(thread)
                return
            # Kept first: whoever comes after a crash finds the thread by it.
            await self._deadlines.put(Deadline(decision_id, thread.decision.session_id, around.now()))
            beginning = await given()
            thread.waits_for = waited_for = None
            changes = self._graph.astream(
                beginning, _config(decision_id), context=around, stream_mode="updates", durability="sync"
            )
            async for change in changes:
                for step in _told(thread, change):
                    yield step
            await self._pause(thread)
        except (StoreUnavailable, BusUnavailable) as error:
            # It waits for the same again, or broke off: whoever looks after it next tries again.
            thread.waits_for = waited_for
            log.warning("a decision is tried again: %s", error.message, extra=_ids(thread))
        except Exception:
            # A mistake of ours in one course must not stop the others; what it was is in the log.
            log.exception("a decision failed", extra=_ids(thread))
            thread.waits_for, thread.failures = None, thread.failures + 1
            if thread.failures >= TRIES:
                thread.is_over = True
                yield Lapse(thread.decision, "it failed; the log says how")
        finally:
            thread.is_running = thread.is_showing = thread.is_ending_asking = False

    async def _pause(self, thread: Thread) -> None:
        if thread.waits_for is None or (thread.is_left and thread.waits_for in _TO_BE_DONE):
            await self._end(thread)
        else:
            decision = thread.decision
            await self._deadlines.put(Deadline(decision.decision_id, decision.session_id, thread.until))

    async def _end(self, thread: Thread) -> None:
        thread.is_over = True
        decision_id = thread.decision.decision_id
        await self._checkpoints.adelete_thread(decision_id)
        await self._deadlines.drop(decision_id)
        self._threads.pop(decision_id, None)


async def nothing() -> AsyncIterator[Step]:
    """No steps, for now."""
    steps: tuple[Step, ...] = ()
    for step in steps:
        yield step


def _told(thread: Thread, change: Mapping[str, Any]) -> list[Step]:
    """What a node's change of the state means to others."""
    steps: list[Step] = []
    for node, values in change.items():
        if node == "__interrupt__":
            for pause in values:
                _wait(thread, pause.value)
        elif values:
            steps += _read(thread, values)
    return steps


def _read(thread: Thread, values: Mapping[str, Any]) -> list[Step]:
    steps: list[Step] = []
    if "decision" in values:
        worded = decode(Decision, values["decision"])
        if worded.content != thread.decision.content:
            steps.append(Worded(worded))
        thread.decision = worded
    if "analysis" in values and thread.analysis is None:
        thread.analysis = decode(Analysis, values["analysis"])
        steps.append(Analysed(thread.decision, thread.analysis))
    if "done" in values:
        steps.append(decode(Intervention, values["done"]))
    if "lapse" in values:
        steps.append(Lapse(thread.decision, values["lapse"]))
    return steps


def _wait(thread: Thread, pause: Mapping[str, Any]) -> None:
    thread.waits_for, thread.until = Wait(pause["waits_for"]), float(pause["until"])
    thread.was_asked |= thread.waits_for is Wait.ANSWER


def _config(decision_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": decision_id}}


def _ids(thread: Thread) -> dict[str, str]:
    """What a log says of it."""
    return {"decision_id": thread.decision.decision_id, "session_id": thread.decision.session_id}
