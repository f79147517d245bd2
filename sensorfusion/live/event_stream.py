"""`GET /api/v1/stream`: the live stream as server-sent events, where WebSockets are blocked or a program has none.

The request is a socket to the rest of the package: it becomes a WebSocket's scope and events, so that rights, mailbox,
snapshot and resuming are those of `/ws/live/`. Each event names in its `id` how far the stream has come
(`live.positions`), and `Last-Event-ID` goes on from there.
"""

import asyncio
import json
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from channels.auth import AuthMiddlewareStack

from sensorfusion.accounts.tries.unknown_credentials import RETRY_AFTER_S
from sensorfusion.domain.refusals import Refusal
from sensorfusion.live import positions
from sensorfusion.live.consumers import LiveConsumer, Surroundings
from sensorfusion.live.event_stream_description import DESCRIPTION
from sensorfusion.live.positions import Message, Positions
from sensorfusion.live.protocol import CloseCode
from sensorfusion.web.description import ByMethod
from sensorfusion.web.problems import CONTENT_TYPE, problem

# Proxies end a response that is silent for a minute, many of them.
KEEP_ALIVE_S: Final = 15.0
RECONNECT_MS: Final = 2_000
# Below `protocol.MAX_MESSAGE_BYTES` with the longest seq for each.
SENSORS_IN_A_REQUEST: Final = 500
_PARAMETERS: Final = "`sensor` and `alerts=true`"
_HEADERS: Final = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would collect events before passing them on
    (b"x-content-type-options", b"nosniff"),
]
# Errors that end a request before its stream begins: status, and seconds after which to try again.
_REFUSED: Final[Mapping[str, tuple[int, int]]] = {
    "not_signed_in": (401, 0),
    "unknown_sensor": (404, 0),
    "too_many_sensors": (400, 0),
    "too_fast": (429, RETRY_AFTER_S),
    "database_away": (503, 5),
}
_CLOSED: Final[Mapping[int, str]] = {CloseCode.NOT_SIGNED_IN: "not_signed_in", CloseCode.RIGHTS_GONE: "not_signed_in"}


class EventStream:
    """The ASGI application of `/api/v1/stream`."""

    methods = ("GET",)

    def __init__(self, around: Surroundings) -> None:
        self._by_token = LiveConsumer.as_asgi(around=around)
        self._by_cookie = AuthMiddlewareStack(self._by_token)

    def described(self, path: str) -> ByMethod:
        """Describe the request, for the API's description."""
        return {"GET": DESCRIPTION}

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["method"] not in self.methods:
            await _answer(send, 405, "method_not_allowed", "The stream is asked for with GET.", (b"allow", b"GET"))
            return
        try:
            conversation = _Conversation(scope, receive, send)
        except Refusal as refused:
            await _answer(send, refused.status, refused.code, refused.detail)
            return
        consumer = self._by_cookie if _is_our_page(scope) else self._by_token
        await conversation.hold(consumer)


class _Conversation:
    """One request, as the consumer of the socket sees it and as its client does."""

    def __init__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """:raises Refusal: for an unknown parameter, or a `Last-Event-ID` that is none."""
        sensors, has_alerts = _asked(scope["query_string"])
        after = positions.parse(_header(scope, b"last-event-id"), sensors)
        actions = list(_actions(sensors, after.sensors))
        actions += [{"action": "alerts", "after": after.sites}] if has_alerts else []
        self._scope = {**scope, "type": "websocket", "subprotocols": [], "extensions": {}}
        self._from_client, self._to_client = receive, send
        self._positions = Positions(after, sensors)
        self._waiting = deque({"type": "websocket.receive", "text": json.dumps(action)} for action in actions)
        self._waiting.appendleft({"type": "websocket.connect"})
        self._has_begun = self._has_ended = self._is_answered = self._is_read = False
        self._over = asyncio.Event()

    async def hold(self, consumer: Any) -> None:
        watching = asyncio.create_task(self._watch(), name="event stream")
        try:
            await consumer(self._scope, self._receive, self._send)
        finally:
            watching.cancel()
        if not self._is_answered:
            await _answer(self._to_client, 400, "unreadable", "The stream is asked for without a body.")

    async def _receive(self) -> dict[str, Any]:
        if self._waiting and not self._over.is_set():
            return self._waiting.popleft()
        await self._over.wait()
        return {"type": "websocket.disconnect", "code": 1001}

    async def _send(self, event: dict[str, Any]) -> None:
        if self._has_ended:
            return
        if event["type"] == "websocket.close":
            await self._close(int(event.get("code") or 0))
        elif event["type"] == "websocket.send":
            message = positions.read(event["text"])
            if self._has_begun or not await self._is_refused(message):
                await self._write_event(message, event["text"])

    async def _is_refused(self, message: Message) -> bool:
        """Answer with an error if the first message is one, or if there are too many sensors to resume later."""
        if message.more:
            await self._refuse("too_many_sensors", f"Name {positions.MOST_SENSORS} sensors at most, or use the socket.")
        elif message.type == "error" and message.code in _REFUSED:
            await self._refuse(message.code, message.detail)
        return self._has_ended

    async def _write_event(self, message: Message, text: str) -> None:
        self._positions.move(message)
        start = "" if self._has_begun else f"retry: {RECONNECT_MS}\n"
        if not self._has_begun:
            self._has_begun = self._is_answered = True
            await self._to_client({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await self._write(f"{start}id: {self._positions}\ndata: {text}\n\n")

    async def _write(self, text: str) -> None:
        await self._to_client({"type": "http.response.body", "body": text.encode(), "more_body": True})

    async def _close(self, code: int) -> None:
        if self._has_begun:
            self._end()
            await self._to_client({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            await self._refuse(_CLOSED.get(code, "database_away"), "The stream cannot begin now. Try again later.")

    async def _refuse(self, code: str, detail: str) -> None:
        self._is_answered = True
        self._end()
        status, retry_after_s = _REFUSED[code]
        more = [(b"retry-after", b"%d" % retry_after_s)] if retry_after_s else []
        more += [(b"www-authenticate", b"Bearer")] if status == 401 else []
        await _answer(self._to_client, status, code, detail, *more)

    def _end(self) -> None:
        self._has_ended = True
        self._over.set()

    async def _watch(self) -> None:
        """Wait for the client to go away, and meanwhile keep the response alive. A body ends it: nothing reads that."""
        while not self._has_ended:
            try:
                async with asyncio.timeout(KEEP_ALIVE_S):
                    message = await self._from_client()
            except TimeoutError:
                if self._has_begun:
                    await self._write(":\n\n")
                continue
            if message["type"] == "http.disconnect" or self._is_read or message.get("more_body"):
                self._end()
            self._is_read = True


def _actions(sensors: list[str], after: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """Yield the requests of a socket that follow these sensors, or all."""
    if not sensors:
        yield {"action": "request.data", "after": after}
    for start in range(0, len(sensors), SENSORS_IN_A_REQUEST):
        part = sensors[start : start + SENSORS_IN_A_REQUEST]
        yield {"action": "subscribe", "sensors": part, "after": {each: after[each] for each in part if each in after}}


def _asked(query: bytes) -> tuple[list[str], bool]:
    """Return the sensors of `?sensor=<id>`, which may be repeated, and whether there is `alerts=true`.

    :raises Refusal: for another parameter, or more sensors than can be resumed.
    """
    given = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    for name, value in given:
        if name != "sensor" and (name, value) not in (("alerts", "true"), ("alerts", "false")):
            raise Refusal("unknown_parameter", f"There is no {name[:64]!r} like that; the stream has {_PARAMETERS}.")
    sensors = list(dict.fromkeys(value.lower() for name, value in given if name == "sensor"))
    if len(sensors) > positions.MOST_SENSORS:
        raise Refusal("too_many_sensors", f"Name {positions.MOST_SENSORS} sensors at most, or use the socket.")
    return sensors, ("alerts", "true") in given


def _is_our_page(scope: Mapping[str, Any]) -> bool:
    """Return whether a cookie counts: a page's own request has no Origin, and no other page may read the answer."""
    site = _header(scope, b"sec-fetch-site")
    return not _header(scope, b"origin") and site in ("", "same-origin")


def _header(scope: Mapping[str, Any], wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), "")


async def _answer(send: Any, status: int, code: str, detail: str, *more: tuple[bytes, bytes]) -> None:
    body = json.dumps(problem(status, code=code, detail=detail)).encode()
    headers = [(b"content-type", CONTENT_TYPE.encode()), (b"content-length", b"%d" % len(body)), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
