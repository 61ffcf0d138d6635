"""What every archive knows of how sure the agent was."""

from dataclasses import replace

import pytest

from conductor.domain.events import DecisionMade, DecisionWorded
from conductor.domain.interventions import Origin
from conductor.errors import StoreUnavailable


async def test_it_is_known_how_sure_the_agent_was_of_its_own_decisions_and_of_no_others(store, story):
    told = next(event for event in story() if isinstance(event, DecisionMade)).decision
    own = replace(told, session_id="s1", event_id="e1", decision_id="d1", origin=Origin.AGENT, confidence=1 / 3)
    elsewhere = replace(own, session_id="s2", event_id="e2", confidence=0.7)
    asked = replace(own, decision_id="d2", origin=Origin.ORGANISER)
    worded = replace(own, confidence=0.9)
    await store.record([DecisionMade(own), DecisionMade(elsewhere), DecisionMade(asked), DecisionWorded(worded)])
    assert await store.archive.confidences(None) == {("s1", "d1"): 1 / 3, ("s2", "d1"): 0.7}
    assert await store.archive.confidences("e2") == {("s2", "d1"): 0.7}
    assert await store.archive.confidences("e3") == {}


async def test_nobody_knows_once_the_store_is_closed(store):
    await store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        await store.archive.confidences(None)
