"""Any endpoint that speaks OpenAI's chat completions, through `langchain-openai`. Importing this takes seconds."""

from __future__ import annotations

from langchain_core.messages import SystemMessage
from langchain_core.utils import convert_to_secret_str
from langchain_openai import ChatOpenAI
from openai import DefaultAsyncHttpxClient, OpenAIError

from conductor.adapters.models_langchain import LangChainLine, keep_quiet


def open_line(model: str, api_key: str, base_url: str) -> LangChainLine:
    """A line to one model. Such endpoints cache the beginning of a question by themselves, if at all."""
    keep_quiet("openai")
    connections = DefaultAsyncHttpxClient()
    chat = ChatOpenAI(
        model=model,
        api_key=convert_to_secret_str(api_key),
        base_url=base_url,
        max_retries=0,
        use_responses_api=False,
        http_async_client=connections,
    )
    return LangChainLine(chat, model, OpenAIError, system=_plain, options={}, close=connections.aclose)


def _plain(fixed: str) -> SystemMessage:
    return SystemMessage(fixed)
