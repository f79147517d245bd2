"""uvicorn's HTTP protocol with a fast path for small POSTs, which carry nearly all readings.

Used with `--http sensorfusion.server.uvicorn.http:DoorProtocol`. At startup the application passes the URLs that have a
door which can answer directly (`server/fast_path.py`). The body of a small POST to one of them is collected, the door
is called without middleware, router or ASGI messages, and the response is one write: two fifths less Python time per
reading (docs/decisions/0015). The same door is in the router for all other servers and requests.

It also lets every client see an answer that comes before the end of its body, such as 413: a connection that is closed
with unread bytes is reset, and a client that is still sending loses the answer with it. So the rest is read and dropped
first, within limits.
"""

from asyncio import TimerHandle, Transport
from collections.abc import Mapping
from typing import Any, Final, cast

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from sensorfusion.ingest.doors.http import Headers, Response
from sensorfusion.server.fast_path import DOORS, Door

# Larger bodies are streamed through ASGI; uvicorn pauses reading from the network meanwhile.
SHORT_BYTES: Final = 65_536
# The rest of a body after the answer; an upload from a slow line takes longer, and its client may lose the answer.
MOST_DROPPED_BYTES: Final = 64 * 1024 * 1024
DROP_WITHIN_S: Final = 30.0
_CLOSE: Final = (b"connection", b"close")
_FAILED: Final = Response(500, b"Internal Server Error", [_CLOSE], b"text/plain; charset=utf-8")


class FastRequest(RequestResponseCycle):
    """One request whose body is collected, and its response, which is written at once."""

    class _NobodyWaits:
        def set(self) -> None: ...

    message_event: Any = _NobodyWaits()  # uvicorn sets it to wake an application that waits for the body
    more_body = False  # such a request is answered after its end

    def __init__(self, protocol: "DoorProtocol", door: Door, headers: Headers) -> None:
        """Set the attributes that uvicorn reads; its own constructor is made for ASGI."""
        self.protocol = protocol
        self.door = door
        self.headers = headers
        self.address = protocol.address(headers)
        self.content = b""
        self.keep_alive = protocol.parser.should_keep_alive()
        self.disconnected = self.response_complete = False

    async def run_asgi(self, app: Any) -> None:
        """Call the door and write its response; a failing door is handled like a failing ASGI application."""
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


class _OpenUntilRead:
    """The transport of a request on the ordinary path: closed by its response, but not before the end of its body."""

    def __init__(self, protocol: "DoorProtocol", cycle: RequestResponseCycle) -> None:
        self._protocol = protocol
        self._cycle = cycle
        self.write = protocol.transport.write
        self.is_closing = protocol.transport.is_closing

    def close(self) -> None:
        if self._cycle.more_body:
            self._protocol.ends_after_body = True
        else:
            self._protocol.transport.close()


class DoorProtocol(HttpToolsProtocol):
    """Takes the fast path if the request's head shows that it is a plain small POST to a door."""

    ends_after_body = False  # the response is complete, and was the connection's last
    _has_body = False
    _dropped_bytes = 0
    _deadline: TimerHandle | None = None

    def on_headers_complete(self) -> None:
        doors: Mapping[bytes, Door] = self.app_state.get(DOORS, {})
        door = doors.get(self.url)
        if door is not None and self._is_short(headers := dict(self.headers)):
            self.cycle = FastRequest(self, door, headers)
            return
        self._has_body = False
        before = self.cycle
        super().on_headers_complete()
        if self.cycle is not before:
            self.cycle.transport = cast(Transport, _OpenUntilRead(self, self.cycle))

    def on_body(self, body: bytes) -> None:
        self._has_body = True
        if isinstance(self.cycle, FastRequest):
            self.cycle.content += body
        elif self.cycle.response_complete:
            self._drop(body)
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if isinstance(self.cycle, FastRequest):
            self._start_asgi_task(self.cycle, self.app)
            return
        super().on_message_complete()
        if self._deadline:
            self._deadline.cancel()
            self._deadline, self._dropped_bytes = None, 0
        if self.ends_after_body:
            self.transport.close()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        cycle = self.cycle
        if not (cycle.response_complete and cycle.more_body):
            return
        if self.expect_100_continue and not self._has_body:
            self.transport.close()  # the body will not come, and the next request would be taken for it
        else:
            self._deadline = self.loop.call_later(DROP_WITHIN_S, self.transport.close)

    def _drop(self, body: bytes) -> None:
        """Drop a part of a body that was answered before its end."""
        self._dropped_bytes += len(body)
        if self._dropped_bytes > MOST_DROPPED_BYTES:
            self.transport.close()

    def address(self, headers: Headers) -> str:
        """Return the client's network address; X-Forwarded-For is trusted under uvicorn's own rules."""
        client = self.client[0] if self.client else ""
        if b"x-forwarded-for" not in headers or not isinstance(self.app, ProxyHeadersMiddleware):
            return client
        proxies = self.app.trusted_hosts
        forwarded = b", ".join([value for name, value in self.headers if name == b"x-forwarded-for"])
        return (client in proxies and proxies.get_trusted_client_address(forwarded.decode("latin1"))[0]) or client

    def _is_short(self, headers: Headers) -> bool:
        """Return whether this is a plain POST with a small body, and no earlier request of the connection is in
        progress.
        """
        length = headers.get(b"content-length")
        return (
            length is not None
            and int(length) <= SHORT_BYTES  # the parser has rejected anything but a number
            and self.parser.get_method() == b"POST"
            and self.parser.get_http_version() == "1.1"
            and not self.parser.should_upgrade()
            and not self.expect_100_continue
            and b"origin" not in headers  # a script's, which may need headers in its answer (server/cross_origin.py)
            and not self._is_answering()
            and self.limit_concurrency is None
            and not self.root_path
        )

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete
