"""A language model that need not be there to know what it would cost."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from conductor.domain.interventions import Content, GenerationMethod
from conductor.domain.wording import Analysis, Prompt, Reply, Usage

BYTES_PER_TOKEN = 3
"""UTF-8 bytes: English has about 4 in a token, so this counts a third more than it will be."""

FRAME_TOKENS = 400
"""What providers add to a question: its frame, and the schema of the answer; about twice what that of a poll takes."""

CACHED_FROM_TOKENS = 1024
"""Shorter beginnings are not cached, says the provider of the model that is asked first (platform.claude.com, "Prompt
caching", 2026). Ours are shorter by the count above, so that nothing is saved by it."""

Answer = tuple[Content | Analysis, str]
"""An answer, and its JSON as a model would write it."""


class PricedModel:
    """A `TextModel` that answers at once what it is given to answer, and counts what a provider would.

    What is long enough to be cached counts as written every time and never as read: simulated rooms need more minutes
    from one question to the next than a provider keeps it.

    Args:
        model: Its id, by which it has a price.
        answer: Gives the answer to a question.
    """

    def __init__(self, model: str, answer: Callable[[Prompt], Answer]) -> None:
        self._model = model
        self._answer = answer

    @property
    def method(self) -> GenerationMethod:
        """Under which name people see who worded it."""
        return GenerationMethod.SONNET

    @property
    def model(self) -> str:
        """Its id; prices are by this id."""
        return self._model

    async def ask(self, prompt: Prompt, timeout_s: float) -> Reply:
        """Answer. It never takes any of its time, and never fails."""
        answer, written = self._answer(prompt)
        return Reply(answer, self.method, self._model, usage_of(prompt, written), min(timeout_s, 0.0))


def usage_of(prompt: Prompt, answer: str) -> Usage:
    """What a question and its answer take, by their lengths."""
    fixed, fresh = tokens(prompt.fixed), FRAME_TOKENS + tokens(prompt.moving)
    if fixed < CACHED_FROM_TOKENS:
        return Usage(fixed + fresh, tokens(answer))
    return Usage(fresh, tokens(answer), cache_written=fixed)


def tokens(text: str) -> int:
    """About how many a text has, rather more than fewer."""
    return ceil(len(text.encode("utf-8", "replace")) / BYTES_PER_TOKEN)
