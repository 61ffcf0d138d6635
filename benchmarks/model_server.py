"""A server in a process of its own that answers as a provider of language models does, after as long as one takes.

    python -m benchmarks.model_server SECONDS

It prints its port. Under `/answers` every model answers after so many seconds; under `/first-hangs` the large one
never does, under `/all-hang` none.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

ANSWERS, FIRST_HANGS, ALL_HANG = "answers", "first-hangs", "all-hang"
LARGE = "sonnet"
"""What the id of the model that is asked first has in it."""

ANSWER = {
    "question": "Which part shall we look at once more?",
    "options": ["The beginning", "The middle", "The end"],
    "message": "What would you try first of all this?",
    "call_to_action": "Say it in the chat",
    "segment": "DISENGAGED",
    "topic": "Keeping what happened",
    "hypotheses": ["It goes too fast", "It has gone on for too long"],
    "suggested_intervention": "POLL",
}
"""An answer of every shape at once: of fields that were not asked for nothing is read."""

USAGE = {"input_tokens": 900, "output_tokens": 60, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0}


async def serve(seconds: float) -> None:
    """Answer until the standard input ends."""

    async def messages(request: web.Request) -> web.Response:
        how, asked = request.match_info["how"], await request.json()
        if how == ALL_HANG or (how == FIRST_HANGS and LARGE in asked["model"]):
            await asyncio.Event().wait()
        await asyncio.sleep(seconds)
        body = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": asked["model"],
            "content": [{"type": "text", "text": json.dumps(ANSWER)}],
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "usage": USAGE,
        }
        return web.json_response(body)

    app = web.Application()
    app.add_routes([web.post("/{how}/v1/messages", messages)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


@asynccontextmanager
async def model_server(seconds: float) -> AsyncIterator[str]:
    """Its address, as long as the context lasts."""
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "benchmarks.model_server", str(seconds))
    server = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    if server.stdin is None or server.stdout is None:
        msg = "the server has no pipes"
        raise RuntimeError(msg)
    try:
        port = (await server.stdout.readline()).decode().strip()
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stdin.close()
        await server.wait()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
