"""Claude through `langchain-anthropic`. Importing this takes seconds."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from anthropic import AnthropicError, AsyncAnthropic
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import SystemMessage
from langchain_core.utils import convert_to_secret_str

from conductor.adapters.models_langchain import LangChainLine, keep_quiet

WITHOUT_THINKING: tuple[tuple[str, dict[str, str]], ...] = (
    ("claude-sonnet-5-5", {"type": "between_tools"}),
    ("claude-haiku-5-5", {"type": "disabled"}),
    ("claude-sonnet-5", {"type": "disabled"}),
)
"""How each model is told to answer at once. The models of 2026 think before they answer unless told otherwise, each in
its own way (platform.claude.com, "Thinking", November 2026); that takes longer than an organiser waits, and uses up
`max_tokens`. Others are asked as they are."""


class OwnChat(ChatAnthropic):
    """One with connections of its own: `ChatAnthropic` shares them through the whole process, and never closes them."""

    @cached_property
    def _async_client(self) -> AsyncAnthropic:
        return AsyncAnthropic(**self._client_params)

    def make_ready(self) -> None:
        """Make the client now: reading the certificates takes its time, and whoever asks would wait for it."""
        _ = self._async_client

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._async_client.close()


def open_line(model: str, api_key: str, base_url: str) -> LangChainLine:
    """A line to one model. The fixed part of a question is marked to be cached."""
    keep_quiet("anthropic")
    chat = OwnChat(
        model_name=model,
        api_key=convert_to_secret_str(api_key),
        base_url=base_url,
        max_retries=0,
        timeout=None,
        stop=None,
    )
    chat.make_ready()
    return LangChainLine(chat, model, AnthropicError, system=_cached, options=_options_of(model), close=chat.aclose)


def _cached(fixed: str) -> SystemMessage:
    return SystemMessage([{"type": "text", "text": fixed, "cache_control": {"type": "ephemeral"}}])


def _options_of(model: str) -> dict[str, Any]:
    thinking = next((how for name, how in WITHOUT_THINKING if model.startswith(name)), None)
    return {} if thinking is None else {"thinking": thinking}
