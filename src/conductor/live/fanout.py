"""Who hears what: rooms of sockets, and a frame encoded once for all of a room.

Every event to a socket goes one way, in order. Answers to emits go by the queue of Engine.IO, and may come before or
after an event.
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple, Protocol

from engineio.packet import MESSAGE, Packet

from conductor.live.lines import LineProtocol, frame_of
from conductor.wire.sockets import event_packet

NAMESPACE = "/events"

TEXT = "4"
"""What Engine.IO puts before a Socket.IO packet on a WebSocket: the type MESSAGE."""

MOST_QUEUED = 1_000
"""A socket without a line that lets more packets wait than this has gone; five minutes of a busy room."""


class Said(NamedTuple):
    """Events as they go out: as packets for a queue, and as frames, one after the other, for a line."""

    packets: tuple[str, ...]
    frames: bytes


def said(*events: tuple[str, object]) -> Said:
    """Events by name, each with its payload, encoded once for all who get them."""
    packets = tuple(event_packet(NAMESPACE, name, payload) for name, payload in events)
    return Said(packets, b"".join(frame_of(TEXT + packet) for packet in packets))


class EngineSocket(Protocol):
    """What is needed of a socket of Engine.IO."""

    closed: bool
    upgraded: bool
    queue: asyncio.Queue[Packet]


class Way:
    """The way of events to one socket: by its line if it has one, or else by Engine.IO's queue.

    A socket that polls first and then gets a WebSocket changes over without disorder: once the WebSocket is there,
    events are held until the queue has run empty, which is seen at a later `settle`.

    Args:
        socket: The socket of Engine.IO.
        line: Its line, if it began as a WebSocket.
        most_bytes: How much may wait on the line before the socket is dropped.

    Attributes:
        frames_sent: How many events it was sent.
    """

    def __init__(self, socket: EngineSocket, line: LineProtocol | None, most_bytes: int) -> None:
        self._socket = socket
        self._line = line
        self._most_bytes = most_bytes
        self._held: list[Said] | None = None
        self.frames_sent = 0

    @property
    def is_settled(self) -> bool:
        """Whether events go by the line, and nothing is held."""
        return self._line is not None and self._held is None

    def send(self, what: Said) -> None:
        """Send events; those to a socket that is gone or does not keep up are lost."""
        self.frames_sent += len(what.packets)
        if self._held is not None:
            self._held.append(what)
        elif self._line is not None:
            self._line.write(what.frames, self._most_bytes)
        elif not self._socket.closed and self._socket.queue.qsize() < MOST_QUEUED:
            for packet in what.packets:
                self._socket.queue.put_nowait(Packet(MESSAGE, packet))

    def settle(self, line: LineProtocol | None) -> None:
        """Go on with changing over; called now and then.

        Args:
            line: The line of the WebSocket that the socket has got by now.
        """
        if self._line is None and line is not None and self._socket.upgraded:
            self._line, self._held = line, []
        elif self._held is not None and self._line is not None and self._socket.queue.empty():
            held, self._held = self._held, None
            for what in held:
                self._line.write(what.frames, self._most_bytes)


Place = tuple[str, ...]
"""The name of a room of ways. Its parts are kept apart: an id may hold anything that could stand between them."""


class Fanout:
    """Rooms of ways, by name. A way is in a room once, however often it enters."""

    def __init__(self) -> None:
        self._rooms: dict[Place, dict[str, Way]] = {}
        self._in: dict[str, set[Place]] = {}

    def enter(self, room: Place, sid: str, way: Way) -> None:
        """Let a socket hear what is said in a room."""
        self._rooms.setdefault(room, {})[sid] = way
        self._in.setdefault(sid, set()).add(room)

    def leave(self, room: Place, sid: str) -> None:
        """Let it hear that no more."""
        self._in.get(sid, set()).discard(room)
        if (ways := self._rooms.get(room)) is not None:
            ways.pop(sid, None)
            if not ways:
                del self._rooms[room]

    def drop(self, sid: str) -> None:
        """Take a socket out of every room."""
        for room in tuple(self._in.get(sid, ())):
            self.leave(room, sid)
        self._in.pop(sid, None)

    def say(self, room: Place, *events: tuple[str, object]) -> None:
        """Send events to everybody in a room; nothing is encoded if nobody is there."""
        if ways := self._rooms.get(room):
            what = said(*events)
            for way in tuple(ways.values()):
                way.send(what)
