"""What an earlier life told of decisions, and did not tell how they ended."""

from __future__ import annotations

from conductor.domain.bus import HAPPENINGS
from conductor.domain.interventions import Origin
from conductor.errors import InvalidInput
from conductor.ports import Bus
from conductor.wire.events import (
    AGENT_DECISION,
    AGENT_OUTCOME,
    DECISION_LAPSED,
    EXECUTED,
    OUTCOME_UNKNOWN,
    Told,
    inside,
    read_entry,
    take_apart,
)
from conductor.worker import Unended

LOOK_BACK_S = 600.0
"""No question waits for longer, so that what was told earlier looks open to nobody any more (stated guess)."""


async def unended(bus: Bus, now: float) -> list[Unended]:
    """The agent's own decisions of the last ten minutes of which nobody has heard how they ended.

    What an organiser asked for is left out: the desk has it until it is done.

    Raises:
        BusUnavailable: The bus is closed.
    """
    found: dict[str, Unended] = {}
    async for batch in bus.follow(HAPPENINGS, now - LOOK_BACK_S):
        if not batch:
            break
        for kept in batch:
            try:
                told = take_apart(read_entry(kept))
            except InvalidInput:
                continue
            if told is not None:
                _note(told, found)
    return list(found.values())


def _note(told: Told, found: dict[str, Unended]) -> None:
    if told.type in _ENDS:
        found.pop(str(told.data.get("decision_id")), None)
    elif told.type == AGENT_DECISION:
        decision = inside(told.data, "decision")
        decision_id, origin = decision.get("id"), decision.get("origin")
        if isinstance(decision_id, str) and origin == Origin.AGENT:
            is_held_out = decision.get("heldOut") is True
            found[decision_id] = Unended(decision_id, told.session_id, told.event_id, is_held_out)


_ENDS = frozenset({EXECUTED, DECISION_LAPSED, AGENT_OUTCOME, OUTCOME_UNKNOWN})
"""What says how a decision ended; where nothing was done, on purpose, only its outcome does."""
