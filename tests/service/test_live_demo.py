"""`conductor demo` in a process of its own: ten seconds pass in one while a simulated room dies and is rescued."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import AsyncExitStack, contextmanager

import httpx
import pytest
import socketio
from tests.sockets import Client
from tests.valkey import free_port

from conductor.cli.demo import browser
from conductor.live.fanout import NAMESPACE

SPEED = 10.0
PATIENCE_S = 30.0
TOKEN = re.compile(r"#(?:token|invite)=(\S+)")
ROOM = re.compile(r"/room/([\w-]+)#")


@contextmanager
def demonstration(folder):
    """What it prints, line by line, and where it answers."""
    port = free_port()
    environment = os.environ | {
        "CONDUCTOR_HOME": str(folder / "home"),
        "CONDUCTOR_CLOCK_SPEED": str(SPEED),
        "CONDUCTOR_CLOCK_SINCE": str(time.time()),
        "MAX_REQUESTS_PER_MINUTE": "1000",
        "PYTHONUNBUFFERED": "1",
    }
    words = [sys.executable, "-m", "conductor", "demo", "--no-browser", "--port", str(port)]
    running = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    try:
        yield running.stdout, f"http://127.0.0.1:{port}"
    finally:
        # As Ctrl+C does.
        running.send_signal(signal.SIGINT)
        ended = running.wait(PATIENCE_S)
        running.stdout.close()
    assert ended == 0


def links(lines):
    """The two addresses that are printed, each on a line of its own: the dashboard's and the room's."""
    found = (line for line in lines if line.strip().startswith("http://"))
    return next(found), next(found)


async def come(url, token):
    client = Client()
    deadline = time.time() + PATIENCE_S
    while not client.io.connected:
        try:
            await client.io.connect(url, auth={"token": token}, namespaces=[NAMESPACE], transports=["websocket"])
        except socketio.exceptions.ConnectionError:
            assert time.time() < deadline, "nobody answers"
    return client


async def test_the_links_let_somebody_in_and_the_room_is_rescued_before_their_eyes(tmp_path):
    with demonstration(tmp_path) as (lines, url):
        dashboard, room = links(lines)
        signed_in, invitation = TOKEN.findall(dashboard + room)
        (session_id,) = ROOM.findall(room)
        assert session_id in dashboard
        async with AsyncExitStack() as stack:
            olga = await come(url, signed_in)
            stack.push_async_callback(olga.io.disconnect)
            rest = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=PATIENCE_S))
            guest = (await rest.post("/api/v1/invitations/accept", json={"invitation": invitation})).json()
            ada = await come(url, guest["token"])
            stack.push_async_callback(ada.io.disconnect)
            assert (await ada.emit("session:join", {"sessionId": session_id, "displayName": "Ada"}))["ok"]
            assert (await olga.emit("agent:subscribe", {"sessionId": session_id}))["ok"]

            said = await ada.hears("chat.message", author="attendee")
            await olga.hears("anomaly.detected")
            done = await olga.hears("agent.intervention.executed")
            outcome = await olga.hears("agent.outcome")
            closed = await olga.hears("session.closed")
            rest.headers["Authorization"] = f"Bearer {signed_in}"
            state = (await rest.get("/api/v1/agent/state")).json()

    assert said["content"]
    assert said["displayName"]
    assert done["data"]["delivered_to"] > 60
    assert outcome["data"]["delta"] > 0.0
    assert closed["event_id"] == "demo"
    assert (state["tallies"], state["norms"]) == ([], [])


def test_a_demo_needs_no_browser_and_no_screen():
    assert browser({}, "linux") is None
    assert browser({"DISPLAY": "", "WAYLAND_DISPLAY": ""}, "linux") is None


@pytest.mark.parametrize("words", [["--port", "0"], ["--port", "99999"], ["--often"]])
def test_a_demo_that_cannot_be_is_refused_at_once(words):
    done = subprocess.run(
        [sys.executable, "-m", "conductor", "demo", *words], check=False, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.startswith("conductor: ")
