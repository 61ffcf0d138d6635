"""From a decision to something the room has seen, and to what was learned of it: one durable thread each."""

from conductor.workflow.steps import Analysed, Lapse, Step, Unfinished, Wait, Worded
from conductor.workflow.workflow import Workflow, WorkflowParts

__all__ = ["Analysed", "Lapse", "Step", "Unfinished", "Wait", "Worded", "Workflow", "WorkflowParts"]
