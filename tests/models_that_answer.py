"""Models that answer whatever they are asked, for stories about the agent."""

from conductor.domain.interventions import (
    Arm,
    Content,
    NudgeContent,
    PollContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.wording import Analysis, Shape
from conductor.testing import ScriptedModel

POLL = PollContent("Which part of it would you try first?", ("Events", "Storage", "Queries"))
PROMPT = PromptContent("Which trade-off surprised you most so far?")
NUDGE = NudgeContent("A vote is coming up about what we look at next.", "Have your say", Segment.DISENGAGED)
SEED = QnaContent(QnaStrategy.SEED_QUESTION, message="What would make you choose another store?")
ANALYSIS = Analysis("event sourcing", ("The pace is high.", "There was no chance to ask."), Arm.POLL)
WORDS: dict[Shape, Content | Analysis] = {
    Shape.POLL: POLL,
    Shape.CHAT_PROMPT: PROMPT,
    Shape.NUDGE: NUDGE,
    Shape.SEED_QUESTION: SEED,
    Shape.ANALYSIS: ANALYSIS,
}


def fluent(*first, **about):
    """A model that does these steps first, and then answers what it is asked."""
    steps = (*first, *[lambda prompt: WORDS[prompt.shape]] * 20)
    return ScriptedModel(*steps, **{"model": "large"} | about)
