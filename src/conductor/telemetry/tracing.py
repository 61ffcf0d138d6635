"""What an OpenTelemetry collector is told: a span for each question to a model, and nothing of what was said.

Names are those of OpenTelemetry's semantic conventions for generative AI. Without a collector the spans go nowhere and
cost next to nothing.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer
from opentelemetry.util.types import AttributeValue

from conductor.domain.interventions import GenerationMethod
from conductor.domain.wording import Prompt, Reply, Usage
from conductor.errors import ConductorError, InvalidInput, UnfitAnswer
from conductor.ports import TextModel

SERVICE = "engagement-conductor"
"""What the service is called where `OTEL_SERVICE_NAME` does not say otherwise."""

PROVIDERS = {GenerationMethod.SONNET: "anthropic", GenerationMethod.HAIKU: "anthropic"}
"""Whose protocol a model is asked in; all others in OpenAI's."""


@dataclass(frozen=True, slots=True)
class Tracing:
    """Where spans go.

    Attributes:
        tracer: Begins spans.
        close: Sends what has not been sent, and stops.
    """

    tracer: Tracer
    close: Callable[[], Awaitable[None]]


def open_tracing(is_on: bool, endpoint: str = "") -> Tracing:
    """Send spans to a collector, over HTTP.

    Args:
        is_on: Whether to. If not, spans go where the program that started this one has them go, mostly nowhere.
        endpoint: Base address of the collector; empty for the one that the `OTEL_…` variables name, or the usual one.

    Raises:
        InvalidInput: The libraries for it are not installed.
    """
    if not is_on:
        return Tracing(trace.get_tracer(SERVICE), _nothing)
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise InvalidInput(
            f"CONDUCTOR_OTEL needs a library that is not installed ({error.name}); "
            "pip install 'engagement-conductor[telemetry]', or unset it"
        ) from error
    resource = Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME") or SERVICE})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces" if endpoint else None)
    provider.add_span_processor(BatchSpanProcessor(exporter))

    async def close() -> None:
        # It waits for the collector, and must not hold up whoever still works.
        await asyncio.to_thread(provider.shutdown)

    return Tracing(provider.get_tracer(SERVICE), close)


class TracedModel:
    """A model each of whose answers and failures becomes a span.

    Args:
        model: Who is asked.
        tracer: Begins spans.
    """

    def __init__(self, model: TextModel, tracer: Tracer) -> None:
        self._asked = model
        self._tracer = tracer

    @property
    def method(self) -> GenerationMethod:
        """Under which name people see who worded it."""
        return self._asked.method

    @property
    def model(self) -> str:
        """Its id, as its provider calls it."""
        return self._asked.model

    async def ask(self, prompt: Prompt, timeout_s: float) -> Reply:
        """Ask the model, and tell how it went.

        Raises:
            ModelUnavailable: No answer in time, or none now.
            ModelMisconfigured: No answer until the settings are mended.
            UnfitAnswer: The answer has another shape than the one asked for.
        """
        attributes: dict[str, AttributeValue] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": PROVIDERS.get(self.method, "openai"),
            "gen_ai.request.model": self.model,
            "gen_ai.request.max_tokens": prompt.max_tokens,
            "gen_ai.output.type": "json",
            "conductor.shape": prompt.shape.value,
        }
        span_of = self._tracer.start_as_current_span(
            f"chat {self.model}",
            kind=SpanKind.CLIENT,
            attributes=attributes,
            # Of an error only its code is told.
            record_exception=False,
            set_status_on_exception=False,
        )
        with span_of as span:
            try:
                reply = await self._asked.ask(prompt, timeout_s)
            except ConductorError as error:
                _tell_failure(span, error)
                raise
            _tell_usage(span, reply.usage)
            return reply


def _tell_usage(span: Span, usage: Usage) -> None:
    span.set_attributes(
        {
            "gen_ai.usage.input_tokens": usage.fresh + usage.cache_read + usage.cache_written,
            "gen_ai.usage.output_tokens": usage.answered,
            "gen_ai.usage.cache_read.input_tokens": usage.cache_read,
            "gen_ai.usage.cache_creation.input_tokens": usage.cache_written,
        }
    )


def _tell_failure(span: Span, error: ConductorError) -> None:
    span.set_attribute("error.type", error.code)
    span.set_status(Status(StatusCode.ERROR))
    if isinstance(error, UnfitAnswer):
        _tell_usage(span, Usage(*error.usage))


async def _nothing() -> None:
    """Nothing was opened."""
