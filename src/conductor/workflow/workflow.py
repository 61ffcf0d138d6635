"""Carries out decisions: words, asks, waits for the right moment, delivers, and sees to it that it is learned from.

Each decision has a thread that outlives the process. What becomes of the room is watched by the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Container
from dataclasses import dataclass, replace
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver

from conductor.act.drafting import Drafting
from conductor.act.followed import FOLLOWED_KINDS, Followed
from conductor.act.label import checked_label
from conductor.act.view import RoomView
from conductor.domain.holds import Hold
from conductor.domain.interventions import DEFAULT_LABEL, Arm, Autonomy, Content, Decision, Intervention
from conductor.domain.organisers import Answer, Verdict
from conductor.domain.signals import Kind, Signal
from conductor.domain.wording import Analysis
from conductor.ports import Answers, Deadlines, Platform
from conductor.wire.codec import encode
from conductor.workflow.graph import BY_ORGANISER, Hands
from conductor.workflow.steps import Step, Surroundings, Unfinished, Wait, Worded
from conductor.workflow.threads import Thread, Threads, Woken, nothing

_HEARD = (Kind.QUESTION, Kind.UPVOTE)

Look = Callable[[str, float], RoomView | None]
"""How a session's room is at a time; None if the session is not open."""

Steps = AsyncIterator[Step]


async def keep_nothing() -> None:
    """Where nothing is learned."""


@dataclass(frozen=True, slots=True)
class WorkflowParts:
    """What a workflow is made of.

    Attributes:
        platform: Where interventions are delivered.
        drafting: Words them.
        deadlines: Which threads there are; they are found by it after a restart.
        checkpoints: Where threads are kept; None for in memory.
        answers: Where answers are kept, so that of several the first stands; None where nobody else can answer.
        clock: The time in epoch seconds; None where it stands still while something is done, as in a recording.
    """

    platform: Platform
    drafting: Drafting
    deadlines: Deadlines
    checkpoints: BaseCheckpointSaver[Any] | None = None
    answers: Answers | None = None
    clock: Callable[[], float] | None = None


class Workflow:
    """Carries out decisions.

    Args:
        parts: What it is made of.
        label: Under which everything is shown, where `relabel` says nothing else.

    Attributes:
        look: How a room is now; the worker says it.
        keep: Keeps what was learned; the worker's as well.

    Raises:
        InvalidInput: The label is empty, too long, or not plain text.
    """

    def __init__(self, parts: WorkflowParts, label: str = DEFAULT_LABEL) -> None:
        self._platform = parts.platform
        self._drafting = parts.drafting
        self._answers = parts.answers
        self._clock = parts.clock
        self._label = checked_label(label)
        self._labels: dict[str, str] = {}
        self._sharing: set[str] = set()
        self._followed: dict[str, Followed] = {}
        self._begun: dict[str, asyncio.Task[Decision]] = {}
        hands = Hands(self._show, self._word, self._analyse, self._label_of, self._keep)
        self._threads = Threads(hands, parts.checkpoints, parts.deadlines)
        self._woken: list[Woken] = []
        self.look: Look = lambda _session_id, _at: None
        self.keep: Callable[[], Awaitable[None]] = keep_nothing

    def receive(self, signal: Signal) -> None:
        """Follow what wording needs."""
        if signal.kind in FOLLOWED_KINDS and (signal.kind is not Kind.CHAT or signal.event_id in self._sharing):
            self._of(signal.session_id).receive(signal)

    def name(self, session_id: str, display_name: str) -> None:
        """Somebody is seen under this name in a session: neither models nor the room hear it from the agent."""
        self._of(session_id).name(display_name)

    def relabel(self, event_id: str, label: str) -> None:
        """From now on what is posted in this event is shown under this label.

        Raises:
            InvalidInput: The label is empty, too long, or not plain text.
        """
        self._labels[event_id] = checked_label(label)

    def share_chat(self, event_id: str, *, shares: bool) -> None:
        """From now on chat of this event is followed for models, or not."""
        if shares:
            self._sharing.add(event_id)
        elif event_id in self._sharing:
            self._sharing.discard(event_id)
            # Whose it was is not known any more; it comes again within minutes where it may.
            for followed in self._followed.values():
                followed.share_nothing()

    @property
    def hears(self) -> tuple[Kind, ...]:
        """What is wanted of signals that are said in short."""
        return (*_HEARD, Kind.CHAT) if self._sharing else _HEARD

    def word(self, decision: Decision, content: Content | None = None) -> Decision:
        """The decision with what is to be shown, if that is known at once: written by somebody, or drafted.

        Skipped ones stay bare, and those that are held out.
        """
        room = self.look(decision.session_id, decision.at)
        if decision.autonomy is Autonomy.SKIP or decision.held_out or room is None:
            return decision
        if content is not None:
            return replace(decision, content=content, generation=BY_ORGANISER)
        return self._drafting.at_once(decision, room, self._of(decision.session_id))

    def carry_out(self, decision: Decision) -> Steps:
        """Do what a decision says, as far as it may be done now.

        Yields:
            What became of it, as it happens; nothing yet if somebody is asked first or the next slide is waited for,
            and nothing ever if it is held out.
        """
        if decision.held_out:
            return nothing()
        self._begin_wording(decision)
        return self._warned(self._threads.begin(decision, self._around(decision.session_id, decision.at)))

    async def wording(self, decision: Decision) -> Steps:
        """What a model words of a decision that is carried out: told at once, and not only when it is kept."""
        begun = self._begun.get(decision.decision_id)
        if begun is None:
            return
        worded = await begun
        thread = self._threads.of(decision.decision_id)
        if thread is not None and not thread.is_over and thread.decision.content is None:
            thread.decision = worded
            yield Worded(worded)

    async def prepare(self, hold: Hold, arm: Arm) -> Steps:
        """Word in advance what will be done if the fall becomes critical, where models have to be asked for it."""
        room = self.look(hold.session_id, hold.at)
        if room is not None:
            about = (hold.session_id, hold.event_id, hold.at)
            await self._drafting.prepare(arm, about, room, self._of(hold.session_id))
        for warning in self._drafting.warnings():
            yield warning

    def answer(self, answer: Answer) -> Steps | None:
        """Somebody was asked, and this is the answer that stands: do it. None if nothing waits for it.

        While a model still words what they are asked about, nothing follows yet: `carry_out` goes on with it.
        """
        return self._threads.answered(answer, self._around(answer.session_id, answer.at))

    def due(self, now: float) -> list[Steps]:
        """Let go of what waited for too long, launch what waited for the next slide, take up what broke off."""
        found = (self._look_after(thread, now) for thread in self._threads.idle())
        return [steps for steps in found if steps is not None]

    async def learned(self, decision_id: str, at: float) -> Steps:
        """The outcome of what this decision led to is known, or never will be: keep what it taught."""
        thread = self._threads.find(decision_id, Wait.OUTCOME)
        if thread is not None:
            async for step in self._threads.go_on(thread, at, self._around(thread.decision.session_id, at)):
                yield step

    async def wake(self, now: float) -> list[Unfinished]:
        """Find what an earlier life did not finish; `due` goes on with it after `take_up`.

        What was answered while nobody was there is heeded by `due` at once.

        Raises:
            StoreUnavailable: It cannot be had now; ask again.
        """
        woken = await self._threads.wake()
        for thread, _ in woken:
            about = (thread.decision.session_id, thread.decision.decision_id)
            if thread.waits_for is Wait.ANSWER and self._answers and await self._answers.answered(*about):
                thread.until = now
        self._woken = woken
        return [Unfinished(thread.decision, thread.waits_for, done) for thread, done in woken]

    def take_up(self) -> None:
        """What `wake` found is ours from now on: everybody has been told of it who has to know."""
        self._threads.take_up(self._woken)
        self._woken = []

    def is_showing(self, decision_id: str) -> bool:
        """Whether this is on its way to the rooms just now: nobody knows yet what becomes of it."""
        thread = self._threads.of(decision_id)
        return thread is not None and thread.is_showing

    def forget(self, session_id: str) -> None:
        """The session has ended, and nothing that waited in it will be done; outcomes may still come in."""
        self._followed.pop(session_id, None)
        self._threads.abandon(session_id)

    def forget_all_but(self, session_ids: Container[str]) -> None:
        """Only these sessions are open; of others something may have come late."""
        for session_id in [each for each in self._followed if each not in session_ids]:
            del self._followed[session_id]

    def _look_after(self, thread: Thread, now: float) -> Steps | None:
        decision = thread.decision
        around = self._around(decision.session_id, now)
        if thread.is_over or thread.waits_for is None:
            return self._warned(self._threads.mend(thread, around))
        if thread.waits_for is Wait.ANSWER and thread.answer is not None:
            # It was heard, and could not be heeded then.
            return self._threads.go_on(thread, encode(thread.answer), around)
        if thread.waits_for is Wait.SLIDE and self._of(decision.session_id).has_turned(decision.at):
            return self._threads.go_on(thread, now, around)
        if now < thread.until:
            return None
        if thread.waits_for is Wait.ANSWER:
            lapsed = Answer(decision.decision_id, decision.session_id, now, Verdict.LAPSED)
            return self._threads.go_on(thread, lambda: self._standing(lapsed), around)
        return self._threads.go_on(thread, now, around)

    async def _standing(self, lapsed: Answer) -> dict[str, Any]:
        """The answer that stands: somebody may have given one in time without our hearing of it."""
        standing = lapsed if self._answers is None else await self._answers.answer(lapsed)
        return encode(replace(standing, at=lapsed.at))

    def _around(self, session_id: str, at: float) -> Surroundings:
        now = self._clock or (lambda: at)
        return Surroundings(lambda: self.look(session_id, now()), now)

    def _of(self, session_id: str) -> Followed:
        return self._followed.setdefault(session_id, Followed())

    def _label_of(self, event_id: str) -> str:
        return self._labels.get(event_id, self._label)

    def _begin_wording(self, decision: Decision) -> None:
        """Ask models at once where time goes on: of many threads that begin together each waits until it is kept."""
        room = self.look(decision.session_id, decision.at)
        has_words = decision.content is not None or decision.autonomy is Autonomy.SKIP
        if self._clock is not None and room is not None and not has_words:
            wording = self._drafting.word(decision, room, self._of(decision.session_id))
            self._begun[decision.decision_id] = asyncio.create_task(wording)

    async def _word(self, decision: Decision, room: RoomView | None) -> Decision:
        begun = self._begun.pop(decision.decision_id, None)
        if decision.content is not None or room is None:
            return decision
        thread = self._threads.of(decision.decision_id)
        if thread is not None and thread.worded is not None:
            return thread.worded
        worded = await (begun or self._drafting.word(decision, room, self._of(decision.session_id)))
        if thread is not None:
            thread.worded = worded
        return worded

    async def _show(self, intervention: Intervention) -> int:
        thread = self._threads.of(intervention.decision_id)
        if thread is not None:
            thread.is_showing = True
        return await self._platform.deliver(intervention)

    async def _analyse(self, decision: Decision, room: RoomView | None) -> Analysis | None:
        thread = self._threads.of(decision.decision_id)
        if thread is not None and thread.analysis is not None:
            return thread.analysis
        if room is None:
            return None
        return await self._drafting.analyse(decision, room, self._of(decision.session_id))

    async def _warned(self, steps: Steps) -> Steps:
        """These steps, and whatever is to be said of the budget after them."""
        async for step in steps:
            yield step
        for warning in self._drafting.warnings():
            yield warning

    async def _keep(self) -> None:
        await self.keep()
