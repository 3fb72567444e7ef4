"""uvicorn's WebSocket protocol, which also takes a frame that was made once for many pages.

A reply to two thousand pages is the same bytes two thousand times: server frames are not masked. `put` hands
them to the transport without a task, a queue or a second encoding. A page that cannot take them at once keeps
them in its own queue, as before.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request

STATE = "direct"
"""Where a connection's scope holds its `put`."""


def text_frame(text: str) -> bytes:
    """A whole unmasked text frame (RFC 6455, 5.2)."""
    return bytes(Frame(Opcode.TEXT, text.encode()).serialize(mask=False))


class DirectProtocol(WebSocketsSansIOProtocol):
    """As uvicorn's own; `scope["state"]["direct"]` is the connection's `put`."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        scope: Any = getattr(self, "scope", None)  # none where the handshake was refused
        if scope is not None:
            scope["state"][STATE] = self.put

    def put(self, frame: bytes) -> bool:
        """Write a whole frame now. False, and nothing written, where the connection is not open or its
        transport still holds more than it should."""
        if not self.handshake_complete or self.close_sent or self.disconnected:
            return False
        if not self.writable.is_set() or self.transport.is_closing():
            return False
        self.transport.write(frame)
        return True
