"""Language models over LangChain: Anthropic's, and any endpoint that speaks OpenAI's chat completions.

LangChain takes seconds to import. So a model imports nothing until it is first asked, or warmed up, and then does it in
a thread; everybody else goes on.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import astuple

import stamina

from conductor.adapters.models_line import Line, Said
from conductor.domain.interventions import GenerationMethod
from conductor.domain.wording import Prompt, Reply
from conductor.errors import InvalidInput, ModelMisconfigured, ModelUnavailable, UnfitAnswer
from conductor.wire.drafts import read_draft

ANTHROPIC_URL = "https://api.anthropic.com"
OPENAI_URL = "https://api.openai.com/v1"
"""Where the providers answer, if no other base URL is set."""

TRIES = 3
"""How often one question is sent at most: within a few seconds more would only add to the load that it failed under."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 1.0
"""Pauses between tries where the provider names none; they double, and a random part of the first is added."""

__all__ = ["ANTHROPIC_URL", "OPENAI_URL", "LangChainModel", "anthropic_model", "openai_model"]


class LangChainModel:
    """One model of one provider.

    Args:
        method: Under which name people see who worded it.
        model: Its id, as its provider calls it.
        connect: Imports what is needed and makes the line; it is called once, in a thread.
    """

    def __init__(self, method: GenerationMethod, model: str, connect: Callable[[], Line]) -> None:
        self._method = method
        self._model = model
        self._connect = connect
        self._line: Line | None = None
        self._one_at_a_time = threading.Lock()

    @property
    def method(self) -> GenerationMethod:
        """Under which name people see who worded it."""
        return self._method

    @property
    def model(self) -> str:
        """Its id, as its provider calls it; prices are by this id."""
        return self._model

    async def warm(self) -> None:
        """Import what is needed, so that the first question need not wait for it.

        Raises:
            ModelMisconfigured: A library is not installed.
        """
        await asyncio.to_thread(self._connected)

    async def ask(self, prompt: Prompt, timeout_s: float) -> Reply:
        """Ask, and ask again where that may help and there is time.

        Args:
            prompt: The question.
            timeout_s: Seconds for everything: import, tries and pauses.

        Raises:
            ModelUnavailable: No answer in time, or none now; asking again later may help.
            ModelMisconfigured: No answer until the settings are mended; asking again is no use.
            UnfitAnswer: The answer has another shape than the one asked for.
        """
        began = time.monotonic()
        try:
            async with asyncio.timeout(timeout_s):
                said = await self._said(prompt, began + timeout_s)
        except TimeoutError:
            raise ModelUnavailable(f"{self._model} did not answer within {timeout_s:g} s") from None
        latency_ms = (time.monotonic() - began) * 1000.0
        try:
            answer = read_draft(prompt.shape, said.text)
        except InvalidInput as error:
            fresh, answered, read, written = astuple(said.usage)
            raise UnfitAnswer(f"{self._model}: {error.message}", (fresh, answered, read, written)) from None
        return Reply(answer, self._method, self._model, said.usage, latency_ms)

    async def close(self) -> None:
        """Let go of the connections. Closing again changes nothing; a question after that connects again."""
        line, self._line = self._line, None
        if line is not None:
            await line.close()

    async def _said(self, prompt: Prompt, ends_at: float) -> Said:
        line = self._line
        if line is None:
            line = await asyncio.to_thread(self._connected)

        def is_worth_it(error: Exception) -> bool | float:
            if not isinstance(error, ModelUnavailable) or isinstance(error, ModelMisconfigured):
                return False
            if error.retry_after_s is None:
                return True
            # Whoever waits for the impossible takes the time from the next model in line.
            return error.retry_after_s if error.retry_after_s < ends_at - time.monotonic() else False

        tries = stamina.retry_context(
            on=is_worth_it,
            attempts=TRIES,
            timeout=None,
            wait_initial=FIRST_PAUSE_S,
            wait_max=LONGEST_PAUSE_S,
            wait_jitter=FIRST_PAUSE_S,
        )
        async for attempt in tries:
            with attempt:
                return await line.say(prompt)
        raise ModelUnavailable(f"{self._model} did not answer")

    def _connected(self) -> Line:
        with self._one_at_a_time:
            if self._line is None:
                try:
                    self._line = self._connect()
                except ImportError as error:
                    raise ModelMisconfigured(
                        f"{self._model} needs a library that is not installed ({error.name}); "
                        "pip install 'engagement-conductor[openai]'"
                    ) from error
            return self._line


def anthropic_model(method: GenerationMethod, model: str, *, api_key: str, base_url: str = "") -> LangChainModel:
    """A model of Anthropic's, or of whoever speaks its Messages API at `base_url`; nothing is imported yet."""

    def connect() -> Line:
        from conductor.adapters.models_anthropic import open_line

        return open_line(model, api_key, base_url or ANTHROPIC_URL)

    return LangChainModel(method, model, connect)


def openai_model(model: str, *, api_key: str = "", base_url: str = "") -> LangChainModel:
    """A model at any endpoint that speaks OpenAI's chat completions; nothing is imported yet.

    Endpoints on one's own machine often need no key.
    """

    def connect() -> Line:
        from conductor.adapters.models_openai import open_line

        return open_line(model, api_key or "none", base_url or OPENAI_URL)

    return LangChainModel(GenerationMethod.OPENAI, model, connect)
