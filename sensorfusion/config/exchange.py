"""uvicorn's HTTP protocol, with a short way for the requests that nearly all readings come by.

Used with `--http sensorfusion.config.exchange:DoorProtocol`. At startup the application says which addresses have a
door that may be called directly (`DOORS` in the lifespan's state). A small POST to one of them is gathered first, then
its door is called without middleware or router, and the answer is one write: a third less of the server's time for a
reading (docs/decisions/0015). The door is the same ASGI application that everything else calls, so every other server,
and every other request, gets the same answers by the ordinary way.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application, ASGIReceiveEvent, ASGISendEvent, HTTPResponseStartEvent

DOORS: Final = "sensorfusion.doors"
# Larger bodies are read as the door asks for them; uvicorn stops reading from the network meanwhile.
SHORT_BYTES: Final = 65_536
_CLOSE: Final = (b"connection", b"close")


class Exchange(RequestResponseCycle):
    """One request whose body is all there, and its answer, which goes out in one piece."""

    class _NobodyWaits:
        def set(self) -> None: ...

    message_event: Any = _NobodyWaits()  # of uvicorn's, to wake who waits for more of a body

    def __init__(self, protocol: "DoorProtocol", door: "ASGI3Application") -> None:
        """Set what uvicorn and `run_asgi` look at; its own constructor is made for bodies that come in pieces."""
        self.scope = protocol.scope
        self.door = door
        self.transport = protocol.transport
        self.flow = protocol.flow
        self.logger = protocol.logger
        self.on_response = protocol.on_response_complete
        self.default_headers = protocol.server_state.default_headers
        self.keep_alive = protocol.parser.should_keep_alive()
        self.content = b""
        self.disconnected = self.response_started = self.response_complete = False

    async def receive(self) -> "ASGIReceiveEvent":
        """Give the body, to a door that asks once."""
        return {"type": "http.request", "body": self.content, "more_body": False}

    async def send(self, message: "ASGISendEvent") -> None:
        """Keep the head of the answer, and write it with the body, which comes in one piece."""
        if message["type"] == "http.response.start":
            self.response_started = True
            self._start: HTTPResponseStartEvent = message
            return
        assert message["type"] == "http.response.body"
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if not self.disconnected:
            self.transport.write(self._written(message.get("body", b"")))
            self.response_complete = True
            if not self.keep_alive:
                self.transport.close()
            self.on_response()

    def _written(self, body: bytes) -> bytes:
        headers = [*self.default_headers, *self._start.get("headers", ())]
        if _CLOSE in headers:
            self.keep_alive = False
        elif not self.keep_alive:
            headers.append(_CLOSE)
        lines = [b"%b: %b\r\n" % header for header in headers]
        return b"".join((STATUS_LINE[self._start["status"]], *lines, b"\r\n", body))


class DoorProtocol(HttpToolsProtocol):
    """Takes the short way where it can be told from a request's head that nothing else is asked for."""

    def on_headers_complete(self) -> None:
        doors: Mapping[bytes, ASGI3Application] = self.app_state.get(DOORS, {})
        door = doors.get(self.url)
        if door is None or not self._is_short():
            super().on_headers_complete()
            return
        self.scope["method"] = "POST"
        self.scope["path"] = self.url.decode("ascii")
        self.scope["raw_path"] = self.url
        self.scope["query_string"] = b""
        self.cycle = Exchange(self, door)

    def on_body(self, body: bytes) -> None:
        if isinstance(self.cycle, Exchange):
            self.cycle.content += body
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if isinstance(self.cycle, Exchange):
            self._start_asgi_task(self.cycle, self.cycle.door)
        else:
            super().on_message_complete()

    def _is_short(self) -> bool:
        """Whether this is a POST of a small body and nothing more, and no request of this connection is before it."""
        return (
            self.parser.get_method() == b"POST"
            and self.parser.get_http_version() == "1.1"
            and not self.parser.should_upgrade()
            and not self.expect_100_continue
            and not self._is_answering()
            and self.limit_concurrency is None
            and not self.root_path
            and self._announced() <= SHORT_BYTES
        )

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _announced(self) -> float:
        """How many bytes the body has; without an end where that is not said."""
        for name, value in self.headers:
            if name == b"content-length":
                return int(value)  # the parser has refused what is no number
        return float("inf")
