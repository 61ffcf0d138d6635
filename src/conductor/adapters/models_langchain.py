"""What asking has in common, whichever provider LangChain talks to. Importing this takes seconds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.messages.ai import UsageMetadata
from langsmith.run_trees import get_cached_client
from langsmith.utils import tracing_is_enabled

from conductor.adapters.models_line import Said, refusal
from conductor.domain.wording import Prompt, Usage
from conductor.errors import ConductorError, ModelUnavailable, UnfitAnswer
from conductor.wire.drafts import schema_of

FINISHED = {"end_turn", "stop_sequence", "stop"}
"""Why an answer ended that is whole: Anthropic's words and OpenAI's."""

LANGSMITH_S = 5.0
"""How long the end of a process waits for LangSmith to hear of the last questions."""

UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What the libraries raise in the midst of reading a body that is not what the provider promises: they do not check."""


class LangChainLine:
    """A line through one of LangChain's chat models.

    Args:
        chat: It asks once, and never again by itself.
        model: Who is asked, for errors.
        errors: The base of what the provider's library raises.
        system: How the fixed part is said to this provider.
        options: What else goes with each question.
        close: Lets go of the connections.
    """

    def __init__(
        self,
        chat: BaseChatModel,
        model: str,
        errors: type[Exception],
        *,
        system: Callable[[str], SystemMessage],
        options: dict[str, Any],
        close: Callable[[], Awaitable[None]],
    ) -> None:
        self._chat = chat
        self._model = model
        self._errors = errors
        self._system = system
        self._options = options
        self._close = close

    async def say(self, prompt: Prompt) -> Said:
        """Ask once, and wait for as long as it takes.

        Raises:
            ModelUnavailable: There is no answer now.
            ModelMisconfigured: There will be none until the settings are mended.
            UnfitAnswer: It broke off or was refused.
        """
        failed: ConductorError
        try:
            message = await self._chat.ainvoke(
                [self._system(prompt.fixed), HumanMessage(prompt.moving)],
                {"run_name": "word", "metadata": {"shape": prompt.shape.value}},
                max_tokens=prompt.max_tokens,
                response_format=_format_of(prompt),
                **self._options,
            )
            return self._whole(message)
        except self._errors as error:
            failed = self._failure(error)
        except UNREADABLE as error:
            failed = ModelUnavailable(f"{self._model} sent what cannot be read ({type(error).__name__})")
        # Raised here, so that no traceback carries a provider's text, which may repeat what was asked.
        raise failed

    async def close(self) -> None:
        """Let go of the connections, and let LangSmith hear the rest where it is told at all."""
        await self._close()
        if tracing_is_enabled():
            await asyncio.to_thread(get_cached_client().flush, LANGSMITH_S)

    def _whole(self, message: AIMessage) -> Said:
        usage = usage_of(message.usage_metadata)
        said = message.response_metadata
        why = said.get("stop_reason") or said.get("finish_reason")
        if message.additional_kwargs.get("refusal") or why not in FINISHED:
            raise self._unfit(usage)
        return Said(str(message.text), usage)

    def _failure(self, error: Exception) -> ConductorError:
        status = getattr(error, "status_code", None)
        if status is not None:
            return refusal(status, _kind_of(error), _headers_of(error), self._model)
        if hasattr(error, "completion"):
            return self._unfit(_usage_of_completion(error.completion))
        return ModelUnavailable(f"{self._model} cannot be reached ({type(error).__name__})")

    def _unfit(self, usage: Usage) -> UnfitAnswer:
        took = (usage.fresh, usage.answered, usage.cache_read, usage.cache_written)
        return UnfitAnswer(f"{self._model} refused to answer, or broke off; max_tokens may be too few", took)


def usage_of(metadata: UsageMetadata | None) -> Usage:
    """Tokens as LangChain counts them, where those of the cache are among the input."""
    if metadata is None:
        return Usage(0, 0)
    details = metadata.get("input_token_details", {})
    read = details.get("cache_read") or 0
    # LangChain counts what was written either here or, where the provider says for how long, there.
    durations = ("cache_creation", "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens")
    written = sum(int(str(details.get(name) or 0)) for name in durations)
    return Usage(max(0, metadata["input_tokens"] - read - written), metadata["output_tokens"], read, written)


def keep_quiet(library: str) -> None:
    """Keep a provider's library from logging whole questions where everything else logs at DEBUG.

    Whoever sets a level for this library themselves has asked for it.
    """
    log = logging.getLogger(library)
    if log.level == logging.NOTSET:
        log.setLevel(logging.INFO)


def _format_of(prompt: Prompt) -> dict[str, Any]:
    schema = {"name": prompt.shape.value.lower(), "schema": schema_of(prompt.shape), "strict": True}
    return {"type": "json_schema", "json_schema": schema}


def _kind_of(error: Exception) -> str:
    body = getattr(error, "body", None)
    inner = body.get("error", body) if isinstance(body, dict) else {}
    return str(inner.get("type", "")) if isinstance(inner, dict) else ""


def _headers_of(error: Exception) -> Mapping[str, str]:
    headers: Mapping[str, str] = getattr(getattr(error, "response", None), "headers", {})
    return headers


def _usage_of_completion(completion: object) -> Usage:
    usage = getattr(completion, "usage", None)
    if usage is None:
        return Usage(0, 0)
    read = getattr(usage.prompt_tokens_details, "cached_tokens", 0) or 0
    return Usage(usage.prompt_tokens - read, usage.completion_tokens, read)
