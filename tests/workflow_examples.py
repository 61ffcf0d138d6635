"""Workflows in fake time, and rooms that they look at."""

from dataclasses import replace
from random import Random

from conductor.act.drafting import Drafting
from conductor.act.view import RoomView
from conductor.domain.interventions import DEFAULT_LABEL
from conductor.domain.sessions import Phase, SessionProfile, SessionType
from conductor.testing import MemoryDeadlines
from conductor.workflow import Workflow, WorkflowParts

CALM = RoomView(SessionProfile(type=SessionType.PANEL), Phase.MIDDLE)
URGENT = replace(CALM, is_urgent=True)
RECOVERED = replace(CALM, has_recovered=True)


def make_workflow(platform, *, seed=0, label=DEFAULT_LABEL, deadlines=None, room=CALM, **parts):
    """A workflow whose rooms all look like this one; `room` may be changed by `look_at`."""
    flow = Workflow(WorkflowParts(platform, Drafting(Random(seed)), deadlines or MemoryDeadlines(), **parts), label)
    look_at(flow, room)
    return flow


def look_at(flow, room):
    """From now on every room looks like this."""
    flow.look = lambda _session_id, _at: room


async def steps_of(steps):
    """Everything that became of a decision."""
    return [] if steps is None else [step async for step in steps]


async def all_due(flow, now):
    """Everything that became of what was due."""
    return [step for steps in flow.due(now) for step in await steps_of(steps)]
