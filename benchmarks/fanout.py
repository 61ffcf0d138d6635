"""How fast a room of a thousand hears what is said: our fan-out beside plain python-socketio and Node's socket.io.

    python -m benchmarks.fanout [--sockets 1000] [--messages 200]

Each server runs in a process of its own, and gets the same sockets (plain WebSockets, read in this process) and the
same messages. Printed are deliveries a second in one burst, the server's CPU time for a delivery, and how long
20 messages a second take to arrive. Node joins in where `npm install --prefix build/node socket.io` was run before.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import resource
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import socketio
import uvicorn
from rich.console import Console
from websockets.frames import Frame, Opcode

from benchmarks.figures import Figure, at_least, at_most
from conductor.access.rights import Principal, Role
from conductor.access.tokens import Access
from conductor.adapters.bus_memory import MemoryBus
from conductor.live.people import everybody
from conductor.live.service import ServiceParams, create_live_app, uvicorn_options

SESSION, EVENT = "keynote", "summit"
SIGNED_WITH = "what signs tokens of this benchmark and nothing else"
RATE_PER_S, STEADY_S = 20, 5
NODE_FOLDER = Path("build/node")
NAMES = {"plain": "python-socketio", "ours": "conductor.live", "node": "Node socket.io"}
SOCKETS, MESSAGES = 1_000, 200
FASTER, LATEST_MS = 3.0, 300.0
"""What is required of ours beside python-socketio, and of its 95th percentile."""

SENT = re.compile(rb'"sent":([0-9.]+)')

NODE_SERVER = """
const { Server } = require("socket.io"), rl = require("readline");
const io = new Server(+process.argv[2], { transports: ["websocket"], maxHttpBufferSize: 64000 }), ns = io.of("/events");
ns.on("connection", (s) => s.on("session:join", () => s.join("room")));
const say = (text) => ns.to("room").emit("chat.message", { content: text, sent: Date.now() / 1000 });
const tell = () => { const u = process.cpuUsage(); console.log(JSON.stringify((u.user + u.system) / 1e6)); };
const wait = (ms) => new Promise((r) => setTimeout(r, ms));
rl.createInterface({ input: process.stdin }).on("line", async (line) => {
  const { count, gap_s, text } = JSON.parse(line);
  for (let i = 0; i < count; i++) { say(text); await (gap_s ? wait(gap_s * 1000) : new Promise(setImmediate)); }
  tell();
});
tell();
"""


async def serve(kind: str, port: int) -> None:
    """Run a server that says what each line of the standard input asks for."""
    if kind == "ours":
        app = create_live_app(MemoryBus(), Access([SIGNED_WITH], time.time), ServiceParams(), time.time)
        config = uvicorn.Config(app, port=port, log_level="error", **uvicorn_options())

        async def say(payload: object) -> None:
            app.hall.fanout.say(everybody(SESSION), ("chat.message", payload))
            await asyncio.sleep(0)
    else:
        plain = socketio.AsyncServer(async_mode="asgi", namespaces=["/events"])

        async def join(sid: str, _payload: object) -> None:
            await plain.enter_room(sid, SESSION, namespace="/events")

        plain.on("session:join", join, namespace="/events")
        plain.on("connect", lambda *_: None, namespace="/events")
        config = uvicorn.Config(socketio.ASGIApp(plain), port=port, log_level="error")

        async def say(payload: object) -> None:
            await plain.emit("chat.message", payload, room=SESSION, namespace="/events")

    async def listen() -> None:
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        tell_cpu()
        while line := await reader.readline():
            task = json.loads(line)
            for _ in range(task["count"]):
                await say({"content": task["text"], "sent": time.time()})
                if task["gap_s"]:
                    await asyncio.sleep(task["gap_s"])
            tell_cpu()

    listening = asyncio.create_task(listen())
    await uvicorn.Server(config).serve()
    listening.cancel()


def tell_cpu() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps(used.ru_utime + used.ru_stime), flush=True)


@dataclass(slots=True)
class Heard:
    """What all readers heard together."""

    invited: int
    joined: int = 0
    count: int = 0
    want: int = 0
    latencies_s: list[float] = field(default_factory=list)
    everybody_in: asyncio.Event = field(default_factory=asyncio.Event)
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    def expect(self, want: int) -> None:
        """Begin anew."""
        self.count, self.want = 0, want
        self.latencies_s.clear()
        self.enough.clear()


class Reader(asyncio.Protocol):
    """One socket that joins the room and counts what it hears."""

    def __init__(self, heard: Heard, token: str) -> None:
        self._heard = heard
        self._token = token

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        self._transport = cast("asyncio.Transport", transport)
        head = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
        key = "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        self._transport.write((head + key).encode())

    def data_received(self, data: bytes) -> None:
        """Get through the handshakes, then count."""
        heard = self._heard
        if b'"upgrades"' in data:
            self._send("40/events," + json.dumps({"token": self._token}))
        if b"40/events,{" in data:
            self._send(f'42/events,["session:join",{{"sessionId":"{SESSION}"}}]')
            heard.joined += 1
            if heard.joined == heard.invited:
                heard.everybody_in.set()
        if b'"sent"' in data:
            now = time.time()
            times = [now - float(sent) for sent in SENT.findall(data)]
            heard.latencies_s += times
            heard.count += len(times)
            if heard.count >= heard.want:
                heard.enough.set()

    def _send(self, text: str) -> None:
        self._transport.write(Frame(Opcode.TEXT, text.encode()).serialize(mask=True))


@dataclass(frozen=True, slots=True)
class Result:
    """What one server did."""

    per_s: float
    cpu_us: float
    p95_ms: float


async def measure(command: list[str], port: int, sockets: int, messages: int) -> Result:
    """Start a server, fill its room, and measure."""
    pipe = asyncio.subprocess.PIPE
    server = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    asks, answers = cast("asyncio.StreamWriter", server.stdin), cast("asyncio.StreamReader", server.stdout)
    heard, access = Heard(sockets), Access([SIGNED_WITH], time.time)
    await answers.readline()
    try:
        for number in range(sockets):
            token = access.issue(Principal(f"user-{number}", Role.ATTENDEE, EVENT, frozenset({SESSION})), 3600.0)
            await connect(port, heard, token)
        await asyncio.wait_for(heard.everybody_in.wait(), 120.0)
        await asyncio.sleep(2.0)  # The room tells of those who came; that is not to be measured.

        async def run(count: int, gap_s: float) -> tuple[float, float]:
            heard.expect(count * sockets)
            began = time.perf_counter()
            asks.write(json.dumps({"count": count, "gap_s": gap_s, "text": "x" * 100}).encode() + b"\n")
            await asyncio.wait_for(heard.enough.wait(), 120.0)
            took_s = time.perf_counter() - began
            return took_s, float(await answers.readline())

        _, cpu_before = await run(5, 0.0)
        took_s, cpu_after = await run(messages, 0.0)
        await run(RATE_PER_S * STEADY_S, 1.0 / RATE_PER_S)
        p95_s = sorted(heard.latencies_s)[int(len(heard.latencies_s) * 0.95)]
        deliveries = messages * sockets
        return Result(deliveries / took_s, (cpu_after - cpu_before) / deliveries * 1e6, p95_s * 1e3)
    finally:
        server.kill()
        await server.wait()


async def connect(port: int, heard: Heard, token: str) -> None:
    """Open one reader, waiting for the server to come up."""
    for _ in range(100):
        try:
            await asyncio.get_running_loop().create_connection(lambda: Reader(heard, token), "127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing answers on port {port}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


async def compare(sockets: int, messages: int) -> dict[str, Result]:
    """Measure every server that can be had, by its name."""
    port = {name: free_port() for name in ("plain", "ours", "node")}
    commands = {
        name: [sys.executable, "-m", "benchmarks.fanout", "--serve", name, str(port[name])]
        for name in ("plain", "ours")
    }
    if (NODE_FOLDER / "node_modules" / "socket.io").is_dir():
        script = NODE_FOLDER / "fanout.cjs"
        script.write_text(NODE_SERVER, encoding="utf-8")
        commands["node"] = ["node", str(script), str(port["node"])]
    return {name: await measure(command, port[name], sockets, messages) for name, command in commands.items()}


def run(console: Console, sockets: int = SOCKETS, messages: int = MESSAGES) -> list[Figure]:
    """Compare, print all servers, and judge ours."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    results = asyncio.run(compare(sockets, messages))
    console.print(f"{sockets} sockets, {messages} messages at once; then {RATE_PER_S} a second for {STEADY_S} s")
    for name, result in results.items():
        console.print(
            f"{NAMES[name]:<16} {result.per_s:>9,.0f} deliveries/s, {result.cpu_us:6.1f} µs of CPU each, "
            f"p95 {result.p95_ms:7.1f} ms"
        )
    ours, plain = results["ours"], results["plain"]
    said = (f"{ours.per_s:,.0f}/s", f"{plain.per_s:,.0f}/s", ours.per_s / plain.per_s)
    return [
        at_least("deliveries to a room of a thousand", *said, required=FASTER),
        at_most("p95 at 20 messages a second", ours.p95_ms, LATEST_MS, " ms", f"{plain.p95_ms:.3g} ms"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sockets", type=int, default=SOCKETS)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--serve", nargs=2, metavar=("KIND", "PORT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.serve[0], int(options.serve[1])))
    else:
        run(Console(), options.sockets, options.messages)


if __name__ == "__main__":
    main()
