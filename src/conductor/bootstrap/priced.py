"""What language models would cost in simulated rooms: the real questions, answered with what a template says."""

from __future__ import annotations

import json

from conductor.act.calls import Called
from conductor.act.templates import Filled, TemplateKind, plain, templates
from conductor.act.writer import Writer
from conductor.adapters.budget_memory import MemoryBudget
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
from conductor.domain.wording import Analysis, Prompt, Shape
from conductor.settings import Settings
from conductor.sim.priced import Answer, PricedModel
from conductor.telling.simulated import Asked
from conductor.wire.content import content_fields

NO_LIMIT_USD = 1e6
"""What is asked is to be known, and not what a budget leaves of it."""

KINDS = {
    Shape.POLL: TemplateKind.POLL,
    Shape.CHAT_PROMPT: TemplateKind.PROMPT,
    Shape.NUDGE: TemplateKind.NUDGE,
    Shape.SEED_QUESTION: TemplateKind.SEED,
}

ANALYSIS = Analysis(
    "How the team keeps what happened, and what it costs to look at it again months later",
    (
        "The speaker has been going through one long example for several minutes, and nobody was asked anything since.",
        "Half of the room seems to know this part already: those who took part a lot before have fallen silent first.",
        "The last question of the room was left open, and people may have the feeling that asking is no use.",
    ),
    Arm.POLL,
)
"""An analysis of a usual length."""


class Counting:
    """A writer whose questions are counted.

    Args:
        settings: Name the model and its price.

    Attributes:
        writer: Asks the model that the settings name first, at its price.
        now: The time of the simulated rooms, in seconds.
    """

    def __init__(self, settings: Settings) -> None:
        budget = MemoryBudget(NO_LIMIT_USD, NO_LIMIT_USD)
        self._model = settings.sonnet_model
        model = PricedModel(self._model, answer)
        self.now = 0.0
        self._called: list[Called] = []
        self.writer = Writer([model], settings.model_prices, budget, lambda: self.now, note=self._called.append)

    def asked(self) -> Asked:
        """All that was asked so far."""
        usages = [called.usage for called in self._called if called.usage is not None]
        return Asked(
            model=self._model,
            questions=len(self._called),
            tokens_asked=sum(each.fresh + each.cache_read + each.cache_written for each in usages),
            tokens_answered=sum(each.answered for each in usages),
            cost_usd=sum(called.cost_usd for called in self._called),
        )


def answer(prompt: Prompt) -> Answer:
    """What a template says that the room has not seen yet; for an analysis always the same."""
    if prompt.shape is Shape.ANALYSIS:
        fields = {
            "topic": ANALYSIS.topic,
            "hypotheses": ANALYSIS.hypotheses,
            "suggested_intervention": ANALYSIS.suggested,
        }
        return ANALYSIS, json.dumps(fields)
    content = _content(prompt.shape, _unseen(prompt))
    return content, json.dumps(content_fields(content), ensure_ascii=False)


def _unseen(prompt: Prompt) -> Filled:
    found = [filled for template in templates(KINDS[prompt.shape]) if (filled := plain(template)) is not None]
    return next((each for each in found if not _is_seen(each, prompt)), found[-1])


def _is_seen(filled: Filled, prompt: Prompt) -> bool:
    return json.dumps(filled.text, ensure_ascii=False) in prompt.moving


def _content(shape: Shape, filled: Filled) -> Content:
    match shape:
        case Shape.POLL:
            return PollContent(filled.text, filled.options)
        case Shape.NUDGE:
            return NudgeContent(filled.text, filled.call_to_action, filled.segment or Segment.DISENGAGED)
        case Shape.SEED_QUESTION:
            return QnaContent(QnaStrategy.SEED_QUESTION, message=filled.text)
        case _:
            return PromptContent(filled.text)
