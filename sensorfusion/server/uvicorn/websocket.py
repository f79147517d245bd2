"""uvicorn's WebSocket protocol, able to write a frame that is built already.

Used with `--ws sensorfusion.server.uvicorn.websocket:FrameProtocol`. A message for a thousand sockets is then framed
once and written a thousand times, which halves the cost of a delivery (benchmarks/README.md). Everything else, the
closing handshake above all, stays uvicorn's.
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
        """Write one whole unmasked frame; False, and nothing written, while the transport is full or the connection not
        open.

        It cannot fall between the parts of another message: uvicorn writes each message it sends as one frame, at once.
        """
        if not self.writable.is_set() or self.close_sent or self.transport.is_closing() or not self.handshake_complete:
            return False
        self.transport.write(octets)
        return True

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.close" and not self.writable.is_set():
            # The client does not read, so waiting for room for the close message may take for ever: it goes behind what
            # is buffered, and the connection ends whether that arrives or not.
            self.writable.set()
            self.loop.call_later(self.close_timeout, self.transport.abort)
        await super().send(message)
