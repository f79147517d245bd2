"""uvicorn's WebSocket protocol, extended to write prebuilt frames.

Used with `--ws sensorfusion.server.uvicorn.websocket:FrameProtocol`. A message for a thousand sockets is framed once
and written a thousand times, which halves the cost of a delivery (benchmarks/README.md). Everything else, in particular
the closing handshake, is uvicorn's.
"""

from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from sensorfusion.live.mailbox import EXTENSION


class FrameProtocol(WebSocketsSansIOProtocol):
    """Offers `write_frame` to applications as an ASGI extension."""

    async def run_asgi(self) -> None:
        scope = cast("dict[str, Any]", self.scope)
        scope.setdefault("extensions", {})[EXTENSION] = self.write_frame
        await super().run_asgi()

    def write_frame(self, octets: bytes) -> bool:
        """Write one complete unmasked frame; return False without writing if the write buffer is full or the connection
        is not open.

        It cannot interleave with another message: uvicorn writes each message as one frame, in one call.
        """
        if not self.writable.is_set() or self.close_sent or self.transport.is_closing() or not self.handshake_complete:
            return False
        self.transport.write(octets)
        return True

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.close" and not self.writable.is_set():
            # The client does not read, so waiting for buffer space could take for ever: append the close message to the
            # buffer, and abort the connection after the timeout even if the message has not been delivered.
            self.writable.set()
            self.loop.call_later(self.close_timeout, self.transport.abort)
        await super().send(message)
