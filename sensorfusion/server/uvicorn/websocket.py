"""uvicorn's WebSocket protocol, extended to write prebuilt frames, and bounded for clients that are not known yet.

Used with `--ws sensorfusion.server.uvicorn.websocket:FrameProtocol`. A message for a thousand sockets is framed once
and written a thousand times, which halves the cost of a delivery (benchmarks/README.md). Everything else, in particular
the closing handshake, is uvicorn's.

Until the application has admitted a client, its messages may only be as large as a key or a token needs. Pings are
answered within a rate, and only if the client reads.
"""

from asyncio import TimerHandle
from collections.abc import Callable
from typing import Any, Final, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from sensorfusion.live.mailbox import EXTENSION, LINE, Line
from sensorfusion.server.uvicorn import limits
from sensorfusion.web.sockets.handshakes import ADMIT, MOST_BYTES_BEFORE, WITHIN_S

# Of one client in `WINDOW_S`; libraries ping every 10 to 60 s.
MOST_CONTROL_FRAMES: Final = 600
WINDOW_S: Final = 60.0
MOST_FRAGMENTS: Final = 4_096  # of one message; each costs a hundred bytes, however empty it is
POLICY_VIOLATION, NOT_UTF8, TOO_LARGE = 1008, 1007, 1009  # RFC 6455, 7.4.1
_BAD_REQUEST: Final = (
    b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 18\r\n"
    b"connection: close\r\n\r\nNot a WebSocket.\r\n"
)


class FrameProtocol(WebSocketsSansIOProtocol):
    """Offers `write_frame` and `admit` to applications as ASGI extensions."""

    _control_frames = 0
    _window_ends_at = 0.0
    _opened_at = 0.0
    _admission: TimerHandle | None = None
    _on_line: Callable[[Line | None], None] | None = None
    _is_cut = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.conn.max_message_size = min(MOST_BYTES_BEFORE, self.config.ws_max_size)
        self._opened_at = self.loop.time()
        # Longer than applications wait, which close the socket with a reason.
        self._admission = self.loop.call_later(WITHIN_S + limits.HEAD_WITHIN_S, self.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._cut()
        self._on_line = None
        super().connection_lost(exc)
        self._end_admission()
        # The connection's objects refer to each other: without this they keep what was received until the next round
        # of the garbage collector.
        self.frames = []
        self.conn.reader.buffer.clear()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc and not self.handshake_initiated and not self.transport.is_closing():
            self.transport.write(_BAD_REQUEST)
            self.transport.close()
        if len(self.frames) > MOST_FRAGMENTS:
            self._fail(TOO_LARGE)

    def idle_since(self) -> float | None:
        """Return since when the client has not been admitted, None if it is (`limits.make_room`)."""
        return self._opened_at if self._admission and not self.transport.is_closing() else None

    def abort(self) -> None:
        self._cut()
        self.transport.abort()

    async def run_asgi(self) -> None:
        scope = cast("dict[str, Any]", self.scope)
        extensions = scope.setdefault("extensions", {})
        extensions[EXTENSION] = self.write_frame
        extensions[LINE] = self.watch_line
        extensions[ADMIT] = self.admit
        await super().run_asgi()

    def admit(self, most_bytes: int) -> None:
        """Accept messages of this size from now on: the application knows the client."""
        self._end_admission()
        self.conn.max_message_size = most_bytes

    def write_frame(self, octets: bytes) -> bool:
        """Write one complete unmasked frame; return False without writing if the write buffer is full or the connection
        is not open.

        It cannot interleave with another message: uvicorn writes each message as one frame, in one call.
        """
        if not self.writable.is_set() or self.close_sent or self.transport.is_closing() or not self.handshake_complete:
            return False
        self.transport.write(octets)
        return True

    def watch_line(self, on_line: Callable[[Line | None], None]) -> None:
        """Call `on_line` now and at each change: with the transport's `write` while it may be called without a check.

        That is as long as `write_frame` would write: the socket is accepted and open, and there is room.
        """
        self._on_line = on_line
        self._tell_line()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._tell_line()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._tell_line()

    def shutdown(self) -> None:
        self._cut()
        super().shutdown()

    def handle_close(self, event: Any) -> None:
        self._cut()
        super().handle_close(event)

    def handle_parser_exception(self) -> None:
        self._cut()
        if self.conn.close_sent is None:  # uvicorn expects that the library has closed the socket
            self.transport.close()
        else:
            super().handle_parser_exception()

    def keepalive_timeout(self) -> None:
        self._cut()
        super().keepalive_timeout()

    def _tell_line(self) -> None:
        if self._on_line:
            is_open = self.handshake_complete and self.writable.is_set() and not self._is_cut
            self._on_line(self.transport.write if is_open else None)

    def _cut(self) -> None:
        """Let nothing more be written without a check: the socket is closing."""
        self._is_cut = True
        self._tell_line()

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.close":
            self._cut()
        if message["type"] == "websocket.close" and not self.writable.is_set():
            # The client does not read, so waiting for buffer space could take for ever: append the close message to the
            # buffer, and abort the connection after the timeout even if the message has not been delivered.
            self.writable.set()
            self.loop.call_later(self.close_timeout, self.transport.abort)
        await super().send(message)
        if message["type"] == "websocket.accept":
            if self.handshake_complete:
                del self.response  # headers that have been sent
            self._tell_line()

    def handle_ping(self) -> None:
        self._count_control_frame()
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()  # RFC 6455, 5.5.3: not every ping needs an answer

    def handle_pong(self, event: Any) -> None:
        self._count_control_frame()
        super().handle_pong(event)

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text" and not _is_utf8(self.frames):
            self.frames = []
            self._fail(NOT_UTF8)
        else:
            super().send_receive_event_to_app()

    def _count_control_frame(self) -> None:
        now = self.loop.time()
        if now >= self._window_ends_at:
            self._window_ends_at, self._control_frames = now + WINDOW_S, 0
        self._control_frames += 1
        if self._control_frames > MOST_CONTROL_FRAMES:
            self._fail(POLICY_VIOLATION)

    def _fail(self, code: int) -> None:
        """Close the socket because of what the client sent."""
        if not self.close_sent and not self.transport.is_closing():
            self.conn.send_close(code)
            self.handle_parser_exception()

    def _end_admission(self) -> None:
        if self._admission:
            self._admission.cancel()
            self._admission = None


def _is_utf8(frames: list[bytes]) -> bool:
    try:
        b"".join(frames).decode()
    except UnicodeDecodeError:
        return False
    return True
