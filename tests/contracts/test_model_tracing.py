"""What is told to LangSmith and to an OpenTelemetry collector, at local endpoints."""

import asyncio
import os
import sys
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from tests.messages_api import Act, messages_api

from conductor.adapters.models import anthropic_model
from conductor.domain.interventions import GenerationMethod
from conductor.domain.wording import Prompt, Shape
from conductor.errors import ModelMisconfigured, UnfitAnswer
from conductor.telemetry import TracedModel, open_tracing

PROMPT = Prompt(Shape.CHAT_PROMPT, "You write for live sessions.", "chat: my salary is 90k", 200)
SAYS = {"message": "What would you try first?"}
PATIENCE_S = 30.0
ASKS = """
import asyncio, sys
from conductor.adapters.models import anthropic_model
from conductor.domain.interventions import GenerationMethod
from conductor.domain.wording import Prompt, Shape

async def main():
    model = anthropic_model(GenerationMethod.HAIKU, "claude-haiku-5-5", api_key="sk-very-private", base_url=sys.argv[1])
    await model.ask(Prompt(Shape.CHAT_PROMPT, "You write.", "chat: hello", 200), 30.0)
    await model.close()

asyncio.run(main())
"""


@pytest.fixture
async def api():
    async with messages_api() as server:
        server.script(Act(says=SAYS))
        yield server


@asynccontextmanager
async def listening():
    """An endpoint that takes everything, and what it took."""
    taken: list[tuple[str, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        taken.append((request.path, await request.read()))
        return web.json_response({})

    app = web.Application(client_max_size=10_000_000)
    app.add_routes([web.route("*", "/{path:.*}", take)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", taken
    finally:
        await runner.cleanup()


async def asked_in_a_process_with(environment, url):
    others = {name: value for name, value in os.environ.items() if not name.startswith(("LANGSMITH", "LANGCHAIN"))}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", ASKS, url, env=others | environment)
    assert await process.wait() == 0


async def test_langsmith_hears_of_each_question_where_the_environment_says_so(api):
    async with listening() as (url, taken):
        environment = {
            "LANGSMITH_TRACING": "true",
            "LANGSMITH_ENDPOINT": url,
            "LANGSMITH_API_KEY": "ls-private",
            "LANGSMITH_PROJECT": "rooms",
            "LANGSMITH_DISABLE_RUN_COMPRESSION": "true",
        }
        await asked_in_a_process_with(environment, api.url)
    runs = b"\n".join(body for path, body in taken if "/runs" in path)
    for told in (b'"name":"word"', b"CHAT_PROMPT", b"claude-haiku-5-5", b'"rooms"', SAYS["message"].encode()):
        assert told in runs
    assert b"sk-very-private" not in runs


async def test_langsmith_hears_nothing_otherwise(api):
    async with listening() as (url, taken):
        await asked_in_a_process_with({"LANGSMITH_ENDPOINT": url, "LANGSMITH_API_KEY": "ls-private"}, api.url)
    assert taken == []
    assert len(api.asked) == 1


@pytest.fixture
def spans():
    return InMemorySpanExporter()


@pytest.fixture
async def model(api, spans):
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    asked = anthropic_model(GenerationMethod.SONNET, "claude-sonnet-5-5", api_key="sk-very-private", base_url=api.url)
    yield TracedModel(asked, provider.get_tracer("test"))
    await asked.close()
    provider.shutdown()


async def test_a_question_is_a_span_with_the_names_of_the_conventions(api, spans, model):
    api.script(Act(says=SAYS, usage=(120, 40, 1000, 50)))
    reply = await model.ask(PROMPT, PATIENCE_S)
    assert reply.usage.fresh == 120
    (span,) = spans.get_finished_spans()
    assert (span.name, span.kind) == ("chat claude-sonnet-5-5", SpanKind.CLIENT)
    assert span.status.status_code is StatusCode.UNSET
    assert dict(span.attributes) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": "claude-sonnet-5-5",
        "gen_ai.request.max_tokens": 200,
        "gen_ai.output.type": "json",
        "conductor.shape": "CHAT_PROMPT",
        "gen_ai.usage.input_tokens": 1170,
        "gen_ai.usage.output_tokens": 40,
        "gen_ai.usage.cache_read.input_tokens": 1000,
        "gen_ai.usage.cache_creation.input_tokens": 50,
    }


async def test_a_failure_is_told_by_its_code_alone(api, spans, model):
    api.script(Act(status=401, kind="authentication_error"))
    with pytest.raises(ModelMisconfigured):
        await model.ask(PROMPT, PATIENCE_S)
    (span,) = spans.get_finished_spans()
    assert span.attributes["error.type"] == "model_misconfigured"
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, None)
    assert span.events == ()


async def test_tokens_of_an_unfit_answer_are_told_as_well(api, spans, model):
    api.script(Act(says="Private words."))
    with pytest.raises(UnfitAnswer):
        await model.ask(PROMPT, PATIENCE_S)
    (span,) = spans.get_finished_spans()
    assert (span.attributes["error.type"], span.attributes["gen_ai.usage.output_tokens"]) == ("unfit_answer", 40)


async def test_nothing_that_was_said_is_in_a_span(api, spans, model):
    await model.ask(PROMPT, PATIENCE_S)
    told = "".join(span.to_json() for span in spans.get_finished_spans())
    assert [word for word in ("salary", "live sessions", "try first", "sk-very") if word in told] == []


async def test_a_collector_gets_the_spans_at_the_latest_at_the_end(api):
    async with listening() as (url, taken):
        tracing = open_tracing(True, url)
        model = anthropic_model(GenerationMethod.HAIKU, "claude-haiku-5-5", api_key="k", base_url=api.url)
        await TracedModel(model, tracing.tracer).ask(PROMPT, PATIENCE_S)
        await model.close()
        await tracing.close()
    told = [ExportTraceServiceRequest.FromString(body) for path, body in taken if path == "/v1/traces"]
    (resource,) = (each for request in told for each in request.resource_spans)
    assert resource.scope_spans[0].spans[0].name == "chat claude-haiku-5-5"
    assert "engagement-conductor" in str(resource.resource)


async def test_without_a_collector_nothing_is_opened():
    tracing = open_tracing(False)
    with tracing.tracer.start_as_current_span("chat") as span:
        assert not span.is_recording()
    await tracing.close()
