"""The course of one intervention as a graph with durable checkpoints.

Only this room and `adapters.checkpoints`, where threads are kept, know LangGraph. A node that was interrupted starts
again from its top, so a node that waits does nothing else, and the one that delivers does so under an id that the rooms
know again. The state holds JSON only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, TypedDict

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt

from conductor.act.view import RoomView
from conductor.domain.interventions import (
    Autonomy,
    Decision,
    Generation,
    GenerationMethod,
    Intervention,
    Origin,
    PollContent,
    PollTiming,
)
from conductor.domain.organisers import Answer, Verdict
from conductor.domain.wording import Analysis
from conductor.errors import NotDelivered
from conductor.wire.codec import decode, encode
from conductor.workflow.steps import Surroundings, Wait

TRANSITION_WAIT_S = 60.0
"""A poll waits no longer than this for the next slide: a room that falls cannot wait for ever (stated guess)."""

OUTCOME_WAIT_S = 600.0
"""An outcome is measured after two minutes; one that has not come by then will never be known."""

STALE_S = 120.0
"""What was interrupted on its way to the room for longer than this is not shown any more: the room is another one."""

BY_ORGANISER = Generation(GenerationMethod.ORGANISER, "")

Fields = dict[str, Any]
"""Plain JSON values."""


class State(TypedDict, total=False):
    """What a thread has come to.

    Attributes:
        decision: The decision, with its content once that is known.
        answer: What an organiser answered, or that nobody did.
        released_at: When the way to the room was free: decided, approved, or the slide had changed.
        analysis: What a model makes of the room.
        done: What was delivered.
        lapse: Why nothing was.
    """

    decision: Fields
    answer: Fields
    released_at: float
    analysis: Fields
    done: Fields
    lapse: str


@dataclass(frozen=True, slots=True)
class Hands:
    """What a thread uses to do something.

    Attributes:
        show: Shows it in the rooms; how many people could see it. Raises `NotDelivered`.
        word: Gives a decision its content, if it has none yet.
        analyse: What a model makes of the room; None where none is asked, or none answers.
        label: Under which something is shown in an event.
        keep: Keeps what was learned of an outcome.
    """

    show: Callable[[Intervention], Awaitable[int]]
    word: Callable[[Decision, RoomView | None], Awaitable[Decision]]
    analyse: Callable[[Decision, RoomView | None], Awaitable[Analysis | None]]
    label: Callable[[str], str]
    keep: Callable[[], Awaitable[None]]


Here = Runtime[Surroundings]


class Nodes:
    """What is done at each node; takes and gives JSON."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    async def gather(self, state: State, runtime: Here) -> State:
        """Take down since when the way to the room has been free."""
        return {"released_at": state.get("released_at", runtime.context.now())}

    async def decide(self, state: State) -> State:
        """Say why nothing will be done, where the agent may neither act nor ask."""
        if _decision(state).autonomy is Autonomy.SKIP:
            return {"lapse": "the agent was not sure enough to act by itself, and nobody was there to ask"}
        return {}

    async def draft(self, state: State, runtime: Here) -> State:
        """Word what is to be shown."""
        decision = _decision(state)
        return {"decision": encode(await self._hands.word(decision, runtime.context.look()))}

    async def analyse(self, state: State, runtime: Here) -> State:
        """Ask a model what it makes of the room, for the organiser."""
        analysis = await self._hands.analyse(_decision(state), runtime.context.look())
        return {} if analysis is None else {"analysis": encode(analysis)}

    async def ask(self, state: State) -> State:
        """Wait for an organiser's answer."""
        decision = _decision(state)
        until = decision.at if decision.expires_at is None else decision.expires_at
        return {"answer": interrupt({"waits_for": Wait.ANSWER.value, "until": until})}

    async def heed(self, state: State, runtime: Here) -> State:
        """Do as the answer says."""
        answer, decision = decode(Answer, state["answer"]), _decision(state)
        if answer.verdict is Verdict.LAPSED:
            return {"lapse": answer.reason or "nobody answered in time"}
        if answer.verdict is Verdict.REJECTED:
            why = "an organiser rejected it"
            return {"lapse": f"{why}: {answer.reason}" if answer.reason else why}
        if answer.content is not None:
            decision = replace(decision, content=answer.content, generation=BY_ORGANISER)
        return {"decision": encode(decision), "released_at": runtime.context.now()}

    async def pause(self, state: State) -> State:
        """Wait for the next slide."""
        until = state["released_at"] + TRANSITION_WAIT_S
        return {"released_at": interrupt({"waits_for": Wait.SLIDE.value, "until": until})}

    async def recheck(self, state: State, runtime: Here) -> State:
        """Look at the room again: what it does not need any more is let be, unless somebody wants it all the same."""
        room, decision = runtime.context.look(), _decision(state)
        if room is None:
            return {"lapse": "the session ended before it could be done"}
        is_wanted = decision.origin is Origin.ORGANISER or "answer" in state
        if room.has_recovered and not is_wanted:
            return {"lapse": "the room has recovered meanwhile"}
        return {}

    async def deliver(self, state: State, runtime: Here) -> State:
        """Show it to the room. Done again after a crash it comes to the same: the rooms know its id."""
        decision, now = _decision(state), runtime.context.now()
        if now - state["released_at"] > STALE_S:
            return {"lapse": "the agent was away when it was about to be shown"}
        intervention = self._intervention(decision, now)
        try:
            reached = await self._hands.show(intervention)
        except NotDelivered:
            return {"lapse": "the rooms did not take it in time"}
        return {"done": encode(replace(intervention, delivered_to=reached))}

    async def watch(self, state: State) -> State:
        """Wait until the outcome is known, or never will be."""
        interrupt({"waits_for": Wait.OUTCOME.value, "until": state["done"]["at"] + OUTCOME_WAIT_S})
        return {}

    async def learn(self, state: State) -> State:
        """See to it that what was learned of it is kept before the thread is forgotten."""
        if "done" in state:
            await self._hands.keep()
        return {}

    def _intervention(self, decision: Decision, now: float) -> Intervention:
        content, generation = decision.content, decision.generation
        if content is None or generation is None:
            raise ValueError(f"decision {decision.decision_id} has no content yet: word it first")
        if isinstance(content, PollContent):
            # The wait for the next slide is over: for the platform it is now.
            content = replace(content, timing=PollTiming.IMMEDIATE)
        return Intervention(
            intervention_id=f"{decision.decision_id}-i",
            decision_id=decision.decision_id,
            session_id=decision.session_id,
            event_id=decision.event_id,
            at=now,
            arm=decision.arm,
            content=content,
            generation=generation,
            delivered_to=0,
            label=self._hands.label(decision.event_id),
        )


# Choosing the next node is awaited as well: what is not would run in a thread.


async def _after_decide(state: State) -> list[str]:
    if "lapse" in state:
        return [END]
    return ["draft", "analyse"] if _decision(state).autonomy is Autonomy.ASK else ["draft"]


async def _after_draft(state: State) -> str:
    return "ask" if _decision(state).autonomy is Autonomy.ASK else _free(state)


async def _after_heed(state: State) -> str:
    return END if "lapse" in state else _free(state)


def _free(state: State) -> str:
    content = _decision(state).content
    waits = isinstance(content, PollContent) and content.timing is PollTiming.NEXT_TRANSITION
    return "pause" if waits else "recheck"


async def _after_recheck(state: State) -> str:
    return END if "lapse" in state else "deliver"


async def _after_deliver(state: State) -> str:
    return END if "lapse" in state else "watch"


def _decision(state: State) -> Decision:
    return decode(Decision, state["decision"])


Graph = CompiledStateGraph[State, Surroundings, State, State]


def build(hands: Hands, checkpoints: BaseCheckpointSaver[Any]) -> Graph:
    """The graph, which keeps its checkpoints there."""
    nodes, graph = Nodes(hands), StateGraph(State, Surroundings)
    graph.add_node("gather", nodes.gather)
    graph.add_node("decide", nodes.decide)
    graph.add_node("draft", nodes.draft)
    graph.add_node("analyse", nodes.analyse)
    graph.add_node("ask", nodes.ask)
    graph.add_node("heed", nodes.heed)
    graph.add_node("pause", nodes.pause)
    graph.add_node("recheck", nodes.recheck)
    graph.add_node("deliver", nodes.deliver)
    graph.add_node("watch", nodes.watch)
    graph.add_node("learn", nodes.learn)
    graph.add_edge(START, "gather")
    graph.add_edge("gather", "decide")
    graph.add_conditional_edges("decide", _after_decide, ["draft", "analyse", END])
    graph.add_conditional_edges("draft", _after_draft, ["ask", "pause", "recheck"])
    graph.add_edge("analyse", "ask")
    graph.add_edge("ask", "heed")
    graph.add_conditional_edges("heed", _after_heed, ["pause", "recheck", END])
    graph.add_edge("pause", "recheck")
    graph.add_conditional_edges("recheck", _after_recheck, ["deliver", END])
    graph.add_conditional_edges("deliver", _after_deliver, ["watch", END])
    graph.add_edge("watch", "learn")
    graph.add_edge("learn", END)
    return graph.compile(checkpointer=checkpoints)
