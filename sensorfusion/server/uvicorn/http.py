"""uvicorn's HTTP protocol with a fast path for small requests to doors, which carry nearly all readings.

Used with `--http sensorfusion.server.uvicorn.http:DoorProtocol`. At startup the application passes the URLs that have a
door which can answer directly (`server/fast_path.py`). The body of a small POST to one of them is collected, the door
is called without middleware, router or ASGI messages, and the response is one write: two fifths less Python time per
reading (docs/decisions/0015). The same door is in the router for all other servers and requests.

A request must arrive within time and size limits (`limits.py`), which are checked only where it comes in several
pieces. If a small POST does, the door is asked whether its head alone is to be refused. An `Upgrade` to anything but a
WebSocket is ignored, as RFC 9110 allows, and the request is read without it.

It also lets every client see an answer that comes before the end of its body, such as 413: a connection that is closed
with unread bytes is reset, and a client that is still sending loses the answer with it. So the rest is read and dropped
first, within limits.
"""

from asyncio import BaseTransport, TimerHandle, Transport
from typing import Final, cast

import httptools
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from sensorfusion.ingest.doors.http import Headers
from sensorfusion.server.fast_path import DOORS, GET_DOORS, REFUSALS, ByUrl, Door, Refusal
from sensorfusion.server.uvicorn import limits
from sensorfusion.server.uvicorn.bodies import BODIES, RETRY_AFTER_S, Drain
from sensorfusion.server.uvicorn.fast_request import CLOSE, TEXT, FastRequest

# Larger bodies are streamed through ASGI; uvicorn pauses reading from the network meanwhile.
SHORT_BYTES: Final = 65_536
# The rest of a body after the answer; an upload from a slow line takes longer, and its client may lose the answer.
MOST_DROPPED_BYTES: Final = 64 * 1024 * 1024
DROP_WITHIN_S: Final = 30.0
_REASONS: Final = {
    400: b"Invalid HTTP request received.",
    408: b"The request did not arrive in time.",
    431: b"The request line and headers are larger than 64 KB.",
    503: b"The server receives more than it can hold. Send again later.",
}


class _HeadTooLarge(Exception):
    """The head came in one piece that is larger than it may be."""


class _NotSpoken(Exception):
    """A version of HTTP in which requests have no end."""


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
    _arrival: TimerHandle | None = None  # set while a request is awaited, or has arrived in part
    _began_at = 0.0
    _idle_at: float | None = None  # when the last response ended, if no request has begun since
    _idle_timer: TimerHandle | None = None
    _in_body = False  # the head is complete, the body is not
    _is_whole = False  # the last piece ended a request
    _is_upgrade = False  # to something that we do not speak; the request is read again without it
    _is_replayed = False
    _data_bytes = 0  # of the last piece
    _raw_bytes = 0  # of a request that arrives in several pieces
    _body_bytes = 0  # of one on the ordinary path

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]  # as in uvicorn
        self._await_request()
        if len(self.connections) > limits.most_connections() and not limits.make_room(self.connections):
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._request_arrived()
        self._forget_idle_timer()
        # Nothing of the request is needed any more, and the connection's objects refer to each other: without this
        # they keep it until the next round of the garbage collector.
        self.pipeline.clear()
        if not isinstance(self.cycle, FastRequest):
            self._free(self.cycle)
        elif self._in_body:
            self.cycle.content = b""

    def data_received(self, data: bytes) -> None:
        self._idle_at = None
        self._data_bytes = len(data)
        self._is_whole = False
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._refuse(431 if isinstance(error.__context__, _HeadTooLarge) else 400)
        except httptools.HttpParserUpgrade as upgrade:
            self._switch(data[upgrade.args[0] :])
        else:
            if not self._is_whole and self.parser is not None:
                self._watch(len(data))

    def on_message_begin(self) -> None:
        """Leave the scope to requests that need one."""
        self.url, self.headers, self.expect_100_continue = b"", [], False

    def on_headers_complete(self) -> None:
        self._in_body = True
        if self._raw_bytes + self._data_bytes > limits.MOST_HEAD_BYTES:
            self._measure_head()
        is_post = self.parser.get_method() == b"POST"
        doors: ByUrl = self.app_state.get(DOORS if is_post else GET_DOORS, {})
        door: Door | None = doors.get(self.url)
        if door is not None and self._is_short(headers := dict(self.headers), is_post):
            self.cycle = FastRequest(self, door, headers)
            return
        if self.parser.get_http_version() == "0.9":
            raise _NotSpoken
        self._has_body = False
        self._body_bytes = 0
        self._is_upgrade = self.parser.should_upgrade()
        if self._is_upgrade and not self._should_upgrade():
            return
        before = self.cycle
        self._make_scope()
        super().on_headers_complete()
        if self.cycle is not before:
            self.cycle.transport = cast(Transport, _OpenUntilRead(self, self.cycle))

    def on_body(self, body: bytes) -> None:
        self._has_body = True
        cycle = self.cycle
        if isinstance(cycle, FastRequest) and not cycle.response_complete:
            cycle.content += body
            return
        self._body_bytes += len(body)
        if cycle.response_complete:
            self._drop(body)
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._is_whole, self._in_body = True, False
        if self._arrival:
            self._request_arrived()
        if self._is_upgrade:
            return
        if isinstance(self.cycle, FastRequest) and not self.cycle.response_complete:
            self.cycle.start()
            return
        super().on_message_complete()
        if self._deadline:
            self._deadline.cancel()
            self._deadline, self._dropped_bytes = None, 0
        if self.ends_after_body:
            self.transport.close()

    def on_response_complete(self) -> None:
        if self.pipeline or self.transport.is_closing():
            super().on_response_complete()
        else:
            self.server_state.total_requests += 1
            self.flow.resume_reading()
            self._idle_at = self.loop.time()
            if self._idle_timer is None:
                self._idle_timer = self.loop.call_later(self.timeout_keep_alive, self._end_if_idle)
        cycle = self.cycle
        if not (cycle.response_complete and cycle.more_body):
            return
        if self.expect_100_continue and not self._has_body:
            self.transport.close()  # the body will not come, and the next request would be taken for it
        else:
            self._deadline = self.loop.call_later(DROP_WITHIN_S, self.transport.close)

    def is_receiving(self, cycle: FastRequest) -> bool:
        """Return whether the body of a request is still awaited."""
        return self.cycle is cycle and self._in_body

    def idle_since(self) -> float | None:
        """Return since when no request is in progress, None if one is (`limits.make_room`)."""
        if self.transport.is_closing() or self._in_body:
            return None
        if self._idle_at is not None:
            return self._idle_at
        return self._began_at if self._arrival else None

    def abort(self) -> None:
        self.transport.abort()

    def refuse_body(self) -> None:
        """Make room for others (`bodies.Bodies`): answer 503, and let the client go on sending until it has read it."""
        if getattr(self.cycle, "response_started", False):
            self.abort()
            return
        self._write_refusal(503, (b"retry-after", str(RETRY_AFTER_S).encode()))
        Drain(self.transport)
        self.connection_lost(ConnectionAbortedError())

    def _end_if_idle(self) -> None:
        """End a connection that has been idle for long. A request only sets `_idle_at`, so that it moves no timer."""
        self._idle_timer = None
        if self._idle_at is None:
            return  # the end of the response starts the timer again
        left_s = self._idle_at + self.timeout_keep_alive - self.loop.time()
        if left_s > 0:
            self._idle_timer = self.loop.call_later(left_s, self._end_if_idle)
        else:
            self.timeout_keep_alive_handler()

    def _forget_idle_timer(self) -> None:
        if self._idle_timer:
            self._idle_timer.cancel()
            self._idle_timer = None

    def _await_request(self) -> None:
        self._began_at = self.loop.time()
        self._arrival = self.loop.call_later(limits.HEAD_WITHIN_S, self._overdue)

    def _request_arrived(self) -> None:
        if self._arrival:
            self._arrival.cancel()
            BODIES.release(self)
        self._arrival, self._raw_bytes = None, 0

    def _watch(self, size: int) -> None:
        """Bound a request of which a part has arrived."""
        if self._arrival is None:
            self._await_request()
        self._raw_bytes += size
        if not self._in_body:
            if self._raw_bytes > limits.MOST_HEAD_BYTES:
                self._refuse(431)
        elif isinstance(self.cycle, FastRequest):
            self._ask_about_head(self.cycle)
            BODIES.hold(self, len(self.cycle.content))
        elif self._raw_bytes > 2 * limits.MOST_HEAD_BYTES + limits.MOST_FRAMING * self._body_bytes:
            self.transport.close()  # trailers or extensions of chunks without end
        elif not self.cycle.response_complete:
            BODIES.hold(self, self._body_bytes)

    def _ask_about_head(self, cycle: FastRequest) -> None:
        """Let the door look at the head, once."""
        refusals: ByUrl = self.app_state.get(REFUSALS, {})
        refusal: Refusal | None = refusals.get(self.url)
        if refusal and not cycle.is_asked:
            cycle.is_asked = True
            task = self.loop.create_task(cycle.refuse_head(refusal))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def _overdue(self) -> None:
        """End a connection whose request does not arrive; a body may go on as long as it does."""
        self._arrival = None
        if self.transport.is_closing():
            return
        if not self._in_body:
            self._refuse(408) if self._raw_bytes else self.transport.close()
            return
        until = self._began_at + limits.BODY_WITHIN_S + self._raw_bytes / limits.BODY_BYTES_PER_S
        left = until - self.loop.time()
        if left > 0 or self.flow.read_paused or self.cycle.response_complete:
            self._arrival = self.loop.call_later(max(left, 1.0), self._overdue)
        else:
            self._refuse(408)

    def _free(self, cycle: RequestResponseCycle | None) -> None:
        if cycle is not None:
            cycle.body = bytearray()

    def _measure_head(self) -> None:
        size = len(self.url) + sum(len(name) + len(value) + len(b": \r\n") for name, value in self.headers)
        if size > limits.MOST_HEAD_BYTES:
            raise _HeadTooLarge

    def _refuse(self, status: int) -> None:
        """Answer what is not a whole request, unless another answer is under way, and close the connection."""
        is_under_way = self._is_answering() and (not self._in_body or getattr(self.cycle, "response_started", False))
        if not is_under_way:
            self._write_refusal(status)
        self.transport.close()

    def _write_refusal(self, status: int, *more: tuple[bytes, bytes]) -> None:
        said = _REASONS[status]
        length = (b"content-length", str(len(said)).encode())
        headers = [*self.server_state.default_headers, (b"content-type", TEXT), length, *more, CLOSE]
        lines = [b"%b: %b\r\n" % header for header in headers]
        self.transport.write(b"".join((STATUS_LINE[status], *lines, b"\r\n", said)))

    def _switch(self, rest: bytes) -> None:
        """Switch to a WebSocket, or read a request again without its `Upgrade` and the rest of it after that."""
        self._is_upgrade = False
        if self._should_upgrade():
            self.handle_websocket_upgrade()
            self._forget_idle_timer()
            self.parser = None  # type: ignore[assignment]  # as uvicorn does; they refer to each other
        elif self._is_replayed or self.parser.get_method() == b"CONNECT":
            self._refuse(400)
        else:
            head = self._head_without_upgrade()
            self.parser = httptools.HttpRequestParser(self)
            self._is_replayed = True
            self.data_received(head + rest)
            self._is_replayed = False

    def _should_upgrade(self) -> bool:
        return self.parser.get_method() == b"GET" and super()._should_upgrade()

    def _head_without_upgrade(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
        for name, value in self.headers:
            if name == b"connection":
                value = b", ".join(each for each in value.split(b",") if each.strip().lower() != b"upgrade")
            if name != b"upgrade":
                lines.append(b"%b: %b" % (name, value))
        return b"\r\n".join((*lines, b"", b""))

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

    def _make_scope(self) -> None:
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.headers, self.expect_100_continue = url, headers, expects
        self.scope["headers"] = headers

    def _is_short(self, headers: Headers, is_post: bool) -> bool:
        """Return whether this is a POST with a small body or a GET without one, and the connection's only request."""
        length = headers.get(b"content-length")
        if length is not None:
            # The parser has rejected anything but a number.
            is_small = is_post and int(length) <= SHORT_BYTES
        else:
            is_small = b"transfer-encoding" not in headers and self.parser.get_method() == b"GET"
        return (
            is_small
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
