"""uvicorn's HTTP protocol, with a short way for the requests that nearly all readings come by.

Used with `--http sensorfusion.server.uvicorn.http:DoorProtocol`. At startup the application says which addresses have a
door that can answer by itself (`server/fast_path.py`). A small POST to one of them is gathered first, then
its door is asked without middleware, router or ASGI messages, and the answer is one write: two fifths less of Python's
time for a reading (docs/decisions/0015). The same door stands in the router for every other server and request.
"""

from collections.abc import Mapping
from typing import Any, Final

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from sensorfusion.ingest.doors.http import Headers, Response
from sensorfusion.server.fast_path import DOORS, Door

# Larger bodies are read as the door asks for them; uvicorn stops reading from the network meanwhile.
SHORT_BYTES: Final = 65_536
_CLOSE: Final = (b"connection", b"close")
_FAILED: Final = Response(500, b"Internal Server Error", [_CLOSE], b"text/plain; charset=utf-8")


class FastRequest(RequestResponseCycle):
    """One request whose body is gathered, and its answer, which goes out in one piece."""

    class _NobodyWaits:
        def set(self) -> None: ...

    message_event: Any = _NobodyWaits()  # of uvicorn's, to wake who waits for more of a body

    def __init__(self, protocol: "DoorProtocol", door: Door, headers: Headers) -> None:
        """Set what uvicorn looks at; its own constructor is made for ASGI."""
        self.protocol = protocol
        self.door = door
        self.headers = headers
        self.address = protocol.address(headers)
        self.content = b""
        self.keep_alive = protocol.parser.should_keep_alive()
        self.disconnected = self.response_complete = False

    async def run_asgi(self, app: Any) -> None:
        """Ask the door and write its answer; a door that fails is uvicorn's error, as an application's is."""
        try:
            said = await self.door(self.headers, self.content, self.address)
        except Exception as error:
            self.protocol.logger.error("Exception in ASGI application\n", exc_info=error)
            said = _FAILED
        if self.protocol.flow.write_paused and not self.disconnected:
            await self.protocol.flow.drain()
        if not self.disconnected:
            self._write(said)

    def _write(self, said: Response) -> None:
        headers = [*self.protocol.server_state.default_headers, *said.head()]
        if _CLOSE in said.headers:
            self.keep_alive = False
        elif not self.keep_alive:
            headers.append(_CLOSE)
        lines = [b"%b: %b\r\n" % header for header in headers]
        self.protocol.transport.write(b"".join((STATUS_LINE[said.status], *lines, b"\r\n", said.body)))
        self.response_complete = True
        if not self.keep_alive:
            self.protocol.transport.close()
        self.protocol.on_response_complete()


class DoorProtocol(HttpToolsProtocol):
    """Takes the short way where it can be told from a request's head that nothing else is asked for."""

    def on_headers_complete(self) -> None:
        doors: Mapping[bytes, Door] = self.app_state.get(DOORS, {})
        door = doors.get(self.url)
        if door is not None and self._is_short(headers := dict(self.headers)):
            self.cycle = FastRequest(self, door, headers)
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if isinstance(self.cycle, FastRequest):
            self.cycle.content += body
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if isinstance(self.cycle, FastRequest):
            self._start_asgi_task(self.cycle, self.app)
        else:
            super().on_message_complete()

    def address(self, headers: Headers) -> str:
        """Return the network address a request came from; proxies are believed as uvicorn believes them."""
        client = self.client[0] if self.client else ""
        if b"x-forwarded-for" not in headers or not isinstance(self.app, ProxyHeadersMiddleware):
            return client
        proxies = self.app.trusted_hosts
        forwarded = b", ".join([value for name, value in self.headers if name == b"x-forwarded-for"])
        return (client in proxies and proxies.get_trusted_client_address(forwarded.decode("latin1"))[0]) or client

    def _is_short(self, headers: Headers) -> bool:
        """Whether this is a POST of a small body and nothing more, and no request of this connection is before it."""
        length = headers.get(b"content-length")
        return (
            length is not None
            and int(length) <= SHORT_BYTES  # the parser has refused what is no number
            and self.parser.get_method() == b"POST"
            and self.parser.get_http_version() == "1.1"
            and not self.parser.should_upgrade()
            and not self.expect_100_continue
            and not self._is_answering()
            and self.limit_concurrency is None
            and not self.root_path
        )

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete
