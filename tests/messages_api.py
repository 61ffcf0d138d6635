"""A local server that answers as Anthropic's Messages API and OpenAI's chat completions do, from a script."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Json = dict[str, Any]


@dataclass
class Act:
    """What the server does about one question: by default it says `says`.

    Attributes:
        says: The answer, as JSON or as text.
        status: Other than 200 it is a refusal.
        kind: What it calls the refusal.
        headers: Of the answer.
        stop: Why the answer ended, in the provider's word; empty for its word for "finished".
        body: The whole body, instead of one that the provider would send.
        is_cut: The body breaks off, and the connection with it.
        is_silent: Nothing is ever answered.
        refuses: The model declines.
        usage: Tokens: fresh, answered, read from the cache, written to it.
    """

    says: Json | str = ""
    status: int = 200
    kind: str = "api_error"
    headers: dict[str, str] = field(default_factory=dict)
    stop: str = ""
    body: bytes | None = None
    is_cut: bool = False
    is_silent: bool = False
    refuses: bool = False
    usage: tuple[int, int, int, int] = (120, 40, 0, 0)

    @property
    def text(self) -> str:
        return self.says if isinstance(self.says, str) else json.dumps(self.says)


@dataclass
class Asked:
    """A question that came."""

    path: str
    headers: dict[str, str]
    body: Json


class MessagesApi:
    """The script and what was asked.

    Attributes:
        url: Where it answers; `/v1` belongs to OpenAI's base URL.
        acts: What it does about the questions to come; the last one stays.
        asked: The questions so far.
    """

    def __init__(self) -> None:
        self.url = ""
        self.acts: deque[Act] = deque()
        self.asked: list[Asked] = []
        self.heard = asyncio.Event()
        self._over = asyncio.Event()

    def script(self, *acts: Act) -> None:
        self.acts = deque(acts)

    async def messages(self, request: web.Request) -> web.StreamResponse:
        return await self._act(request, anthropic_body, anthropic_error)

    async def completions(self, request: web.Request) -> web.StreamResponse:
        return await self._act(request, openai_body, openai_error)

    def end(self) -> None:
        self._over.set()

    async def _act(self, request, body_of, error_of) -> web.StreamResponse:
        asked = await request.json()
        self.asked.append(Asked(request.path, dict(request.headers), asked))
        self.heard.set()
        act = self.acts.popleft() if len(self.acts) > 1 else self.acts[0]
        if act.is_silent:
            await self._over.wait()
        fields = body_of(act, asked["model"]) if act.status == 200 else error_of(act)
        body = json.dumps(fields).encode() if act.body is None else act.body
        headers = {"content-type": "application/json", "request-id": "req_1"} | act.headers
        if not act.is_cut:
            return web.Response(status=act.status, body=body, headers=headers)
        response = web.StreamResponse(headers=headers | {"content-length": str(len(body))})
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        if request.transport is not None:
            request.transport.close()
        return response


def anthropic_body(act: Act, model: str) -> Json:
    fresh, answered, read, written = act.usage
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [] if act.refuses else [{"type": "text", "text": act.text}],
        "stop_reason": "refusal" if act.refuses else act.stop or "end_turn",
        "stop_sequence": None,
        "usage": {
            "input_tokens": fresh,
            "output_tokens": answered,
            "cache_read_input_tokens": read,
            "cache_creation_input_tokens": written,
            "cache_creation": {"ephemeral_5m_input_tokens": written, "ephemeral_1h_input_tokens": 0},
        },
    }


def anthropic_error(act: Act) -> Json:
    return {"type": "error", "error": {"type": act.kind, "message": "Private words."}, "request_id": "req_1"}


def openai_body(act: Act, model: str) -> Json:
    fresh, answered, read, _ = act.usage
    message = {"role": "assistant", "content": act.text, "refusal": None}
    if act.refuses:
        message |= {"content": None, "refusal": "I won't."}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": act.stop or "stop", "logprobs": None}],
        "usage": {
            "prompt_tokens": fresh + read,
            "completion_tokens": answered,
            "total_tokens": fresh + read + answered,
            "prompt_tokens_details": {"cached_tokens": read},
        },
    }


def openai_error(act: Act) -> Json:
    return {"error": {"type": act.kind, "message": "Private words.", "code": None, "param": None}}


@asynccontextmanager
async def messages_api() -> AsyncIterator[MessagesApi]:
    """The server, on a free port of this machine, as long as the context lasts."""
    api = MessagesApi()
    app = web.Application()
    app.add_routes([web.post("/v1/messages", api.messages), web.post("/v1/chat/completions", api.completions)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield api
    finally:
        api.end()
        await runner.cleanup()
