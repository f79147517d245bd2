"""A socket as a response of server-sent events, for clients behind a proxy that blocks WebSockets.

The request becomes a WebSocket's scope and events, so that rights, limits and messages are those of the socket.
"""

import asyncio
import json
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sensorfusion.web.problems import CONTENT_TYPE, problem

# Proxies end a response that is silent for a minute, many of them.
KEEP_ALIVE_S: Final = 15.0
RECONNECT_MS: Final = 2_000
_HEADERS: Final = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would collect events before passing them on
    (b"x-content-type-options", b"nosniff"),
]


class Conversation:
    """One request, as the application of the socket sees it and as its client does."""

    def __init__(self, scope: Mapping[str, Any], receive: Any, send: Any, *, said: Iterable[str] = ()) -> None:
        """Answer a request; `said` are the messages that the client of a socket would send at once."""
        self._scope = {**scope, "type": "websocket", "subprotocols": [], "extensions": {}}
        self._from_client, self._to_client = receive, send
        self._waiting: deque[dict[str, Any]] = deque([{"type": "websocket.connect"}])
        self._waiting += ({"type": "websocket.receive", "text": text} for text in said)
        self._has_begun = self._has_ended = self._is_answered = self._is_read = False
        self._over = asyncio.Event()

    async def hold(self, application: Any) -> None:
        watching = asyncio.create_task(self._watch(), name="event stream")
        try:
            await application(self._scope, self._receive, self._send)
        finally:
            watching.cancel()
        if not self._is_answered:
            await answer(self._to_client, 400, "unreadable", "The stream is asked for without a body.")

    async def tell(self, text: str) -> None:
        """Send a message of the socket."""
        await self.write(f"data: {text}\n\n")

    async def refuse(self, code: int) -> None:
        """Answer a request whose socket was closed with this code before its first message."""
        raise NotImplementedError

    async def write(self, event: str) -> None:
        """Write an event, and the response's head before the first."""
        start = "" if self._has_begun else f"retry: {RECONNECT_MS}\n"
        if not self._has_begun:
            self._has_begun = self._is_answered = True
            await self._to_client({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await self._to_client({"type": "http.response.body", "body": f"{start}{event}".encode(), "more_body": True})

    async def answer(self, status: int, code: str, detail: str, *more: tuple[bytes, bytes]) -> None:
        """Answer with an error instead of a stream."""
        self._is_answered = True
        self._end()
        await answer(self._to_client, status, code, detail, *more)

    @property
    def has_begun(self) -> bool:
        return self._has_begun

    async def _receive(self) -> dict[str, Any]:
        if self._waiting and not self._over.is_set():
            return self._waiting.popleft()
        await self._over.wait()
        return {"type": "websocket.disconnect", "code": 1001}

    async def _send(self, event: dict[str, Any]) -> None:
        if self._has_ended:
            return
        if event["type"] == "websocket.send":
            await self.tell(event["text"])
        elif event["type"] == "websocket.close":
            await self._close(int(event.get("code") or 0))

    async def _close(self, code: int) -> None:
        if not self._has_begun:
            await self.refuse(code)
            return
        self._end()
        await self._to_client({"type": "http.response.body", "body": b"", "more_body": False})

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
                    await self.write(":\n\n")
                continue
            if message["type"] == "http.disconnect" or self._is_read or message.get("more_body"):
                self._end()
            self._is_read = True


def is_our_page(scope: Mapping[str, Any]) -> bool:
    """Return whether a cookie counts: a page's own request has no Origin, and no other page may read the answer."""
    return not header(scope, b"origin") and header(scope, b"sec-fetch-site") in ("", "same-origin")


def without_cookies(scope: Mapping[str, Any]) -> dict[str, Any]:
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"cookie"]}


def header(scope: Mapping[str, Any], wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), "")


async def answer(send: Any, status: int, code: str, detail: str, *more: tuple[bytes, bytes]) -> None:
    """Answer with an error of the API."""
    body = json.dumps(problem(status, code=code, detail=detail)).encode()
    headers = [(b"content-type", CONTENT_TYPE.encode()), (b"content-length", b"%d" % len(body)), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
