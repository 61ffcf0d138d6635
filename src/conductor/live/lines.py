"""A way past the queues of Socket.IO: one prepared WebSocket frame, written as it is to every socket of a room.

Frames that a server sends are not masked, so without compression the same bytes fit every socket. uvicorn takes
`LineProtocol` as its `ws`, and the application finds each socket's line in the scope's state.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode

LINE = "conductor_line"
"""Under which name a scope's state has the line of its socket."""


class LineProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol, which also lets prepared frames be written."""

    async def run_asgi(self) -> None:
        """Run the application, with the line in its scope if the socket does without compression."""
        if not self.conn.extensions:
            self.scope["state"][LINE] = self
        await super().run_asgi()

    def write(self, frame: bytes, most_bytes: int) -> bool:
        """Write a prepared frame now.

        Args:
            frame: One whole frame or several, as `frame_of` makes them.
            most_bytes: A socket that has more than this waiting does not keep up, and is dropped.

        Returns:
            Whether the socket still took it.
        """
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return False
        if self.transport.get_write_buffer_size() > most_bytes:
            self.transport.abort()
            return False
        self.transport.write(frame)
        return True


def frame_of(text: str) -> bytes:
    """The WebSocket frame, from a server, of one text message."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


def line_of(scope: Mapping[str, object]) -> LineProtocol | None:
    """The line of the socket that a scope belongs to; None behind other servers and for HTTP."""
    state = cast("Mapping[str, object]", scope.get("state") or {})
    line = state.get(LINE)
    return line if isinstance(line, LineProtocol) else None
