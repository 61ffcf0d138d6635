"""A room full of people who write, react, vote and ask: sockets without a browser, driven from one process."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from functools import partial
from itertools import count, cycle
from typing import cast
from urllib.parse import urlsplit

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

SAID = (
    "I had not seen it that way.",
    "Could you show the second diagram again? I think I missed the part about what happens to the queue.",
    "👏👏",
    "We do the same, but with fewer steps: first the index, then the rest, and it took us about a month to get there.",
    "Yes!",
)
"""What is written, in turn: short and long."""

EMOJI = ("👍", "👏", "❤️", "😂", "😮", "🎉")
OPTIONS = 3
QUESTION = re.compile(rb'"questionId":"([^"]+)"')
POLL = re.compile(rb'"poll.launched",\{[^}]*?"pollId":"([^"]+)"')
OPENED, PING, PONG = b"0{", b"2", "3"
CONNECTED, SNAPSHOT = b"40/events,{", b'42/events,["session.snapshot"'


class Person(asyncio.Protocol):
    """One socket that joins a room; `saw` is given each message it hears."""

    def __init__(self, session_id: str, token: str, saw: Callable[[bytes], None] | None = None) -> None:
        self._session_id = session_id
        self._token = token
        self._saw = saw
        self._socket = ClientProtocol(parse_uri("ws://127.0.0.1/socket.io/?EIO=4&transport=websocket"))
        self.is_in = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        self._transport = cast("asyncio.Transport", transport)
        self._socket.send_request(self._socket.connect())
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Get through the handshakes; then answer pings, and let others look at the rest."""
        self._socket.receive_data(data)
        for event in self._socket.events_received():
            if isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                self._hear(bytes(event.data))
        self._flush()

    def emit(self, name: str, **payload: object) -> None:
        """Say it, and wait for no answer."""
        self._send(f"42/events,{json.dumps([name, payload])}")

    def leave(self) -> None:
        """Go."""
        self._transport.close()

    def _hear(self, text: bytes) -> None:
        if text.startswith(OPENED):
            self._send("40/events," + json.dumps({"token": self._token}))
        elif text.startswith(CONNECTED):
            self.emit("session:join", sessionId=self._session_id)
        elif text == PING:
            self._send(PONG)
        elif text.startswith(SNAPSHOT):
            self.is_in.set()
        elif self._saw is not None:
            self._saw(text)

    def _send(self, text: str) -> None:
        self._socket.send_text(text.encode())
        self._flush()

    def _flush(self) -> None:
        for data in self._socket.data_to_send():
            self._transport.write(data)


def _the_same(person: Person) -> Person:
    return person


class Crowd:
    """Attendees and a speaker.

    Attributes:
        said: Messages so far.
    """

    def __init__(self) -> None:
        self.people: list[Person] = []
        self.said = 0
        self._questions: list[str] = []
        self._poll_id: str | None = None

    async def come(self, url: str, session_id: str, speaker: str, attendees: list[str]) -> None:
        """Join with these tokens."""
        address = urlsplit(url)
        host, port = address.hostname or "127.0.0.1", address.port or 80
        for token in (speaker, *attendees):
            saw = None if self.people else self._look
            person = Person(session_id, token, saw)
            await asyncio.get_running_loop().create_connection(partial(_the_same, person), host, port)
            self.people.append(person)
            await asyncio.wait_for(person.is_in.wait(), 30.0)

    def leave(self) -> None:
        """Go home."""
        for person in self.people:
            person.leave()

    def _look(self, data: bytes) -> None:
        self._questions += [each.decode() for each in QUESTION.findall(data)]
        if (launched := POLL.search(data)) is not None:
            self._poll_id = launched[1].decode()

    async def live(self, seconds: float, messages_per_s: float) -> None:
        """Do for so long what a lively room does: messages as often as said, and of all else some."""
        anybody = cycle(self.people[1:])
        deeds = [
            self._now_and_then(1.0 / messages_per_s, lambda: self._write(next(anybody))),
            self._now_and_then(0.1, lambda: next(anybody).emit("reaction:send", emoji=EMOJI[self.said % len(EMOJI)])),
            self._now_and_then(1.0, lambda: next(anybody).emit("qna:ask", content=f"Why {self.said}, and not less?")),
            self._now_and_then(0.2, lambda: self._upvote(next(anybody))),
            self._polls(),
        ]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each) for each in deeds]
            await asyncio.sleep(seconds)
            for task in tasks:
                task.cancel()

    async def _now_and_then(self, every_s: float, deed: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number in count(1):
            deed()
            await asyncio.sleep(max(0.0, began + number * every_s - loop.time()))

    async def _polls(self) -> None:
        """A poll every fifteen seconds, in which all vote within ten."""
        for number in count(1):
            options = [f"Answer {each + 1}" for each in range(OPTIONS)]
            self.people[0].emit(
                "poll:open", question=f"Which one, for the {number}. time?", options=options, durationS=14
            )
            await asyncio.sleep(1.0)
            for place, person in enumerate(self.people[1:]):
                if self._poll_id is not None:
                    person.emit("poll:vote", pollId=self._poll_id, optionId=str(place % OPTIONS))
                await asyncio.sleep(10.0 / len(self.people))
            await asyncio.sleep(4.0)

    def _write(self, person: Person) -> None:
        self.said += 1
        person.emit("chat:send", content=SAID[self.said % len(SAID)])

    def _upvote(self, person: Person) -> None:
        if self._questions:
            person.emit("qna:upvote", questionId=self._questions[-1 - self.said % min(len(self._questions), 10)])
