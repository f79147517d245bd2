"""Readings over a WebSocket, `/ws/ingest/`: each message is a batch and gets its receipt after COMMIT, in order.

The key is sent in the handshake (`Authorization: Bearer <key>`) or in the first message, `{"action": "authenticate",
"key": "…"}`. It is looked up at once; a wrong one is told, and the socket closed with 4401. Messages have the same
format as the body of the HTTP door; an object may carry an `id`, which its receipt repeats.
"""

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sensorfusion.ingest.doors.http import Receive, Scope, Send, address_of, bearer, headers_of
from sensorfusion.ingest.doors.readings import readings_in
from sensorfusion.ingest.doors.socket_protocol import CloseCode
from sensorfusion.ingest.pipeline import Pipeline
from sensorfusion.ingest.steps import receipts
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.decoding import NotJson, decode_json
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.web.origins import is_foreign_page, of_scope
from sensorfusion.web.sockets.handshakes import WITHIN_S, admit
from sensorfusion.web.sockets.refused_sockets import refuse_origin

# Messages of one socket in progress: enough to keep the writer's groups full, few enough to bound memory.
WINDOW = 32
AUTHENTICATE_WITHIN_S = WITHIN_S
_CLOSES: Mapping[object, CloseCode] = {401: CloseCode.NOT_SIGNED_IN, 403: CloseCode.REVOKED}  # by a refusal's status
LONGEST_ID = 64  # characters; the id is sent back

_log = logging.getLogger(__name__)


class IngestSocket:
    """An ASGI application for one path; each call serves one socket."""

    def __init__(self, pipeline: Pipeline, *, max_body_bytes: int) -> None:
        self._pipeline = pipeline
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (await receive())["type"] != "websocket.connect":
            return
        key = bearer(headers_of(scope))
        # A page cannot send that header, so a client that does is a program, whatever Origin its library adds.
        if not key and is_foreign_page(source := of_scope(scope)):
            await refuse_origin(source, scope, send)
            return
        await send({"type": "websocket.accept"})
        key, is_told = (key, False) if key else (await self._authenticate(receive, send), True)
        if key and await self._admitted(key, scope, send):
            if is_told:
                await send({"type": "websocket.send", "text": '{"type":"authenticated"}'})
            await _Conversation(self._pipeline, key, self._max_body_bytes, receive, send).hold()

    async def _admitted(self, key: str, scope: Scope, send: Send) -> bool:
        """Return whether the key is one that may send; tell the client and close the socket if not."""
        try:
            await self._pipeline.admit(key, address_of(scope))
        except RequestRefused as refused:
            with contextlib.suppress(RuntimeError, OSError):
                await send({"type": "websocket.send", "text": receipts.encode(_error(refused)).decode()})
                code = _CLOSES.get(refused.status, CloseCode.TRY_AGAIN_LATER)
                await send({"type": "websocket.close", "code": code, "reason": refused.code})
            return False
        admit(scope, most_bytes=self._max_body_bytes)
        return True

    async def _authenticate(self, receive: Receive, send: Send) -> str:
        """Return the key that the first message shows; without one, close the socket and return ""."""
        try:
            async with asyncio.timeout(AUTHENTICATE_WITHIN_S):
                message = await receive()
        except TimeoutError:
            message = {"type": "websocket.receive"}
        if message["type"] == "websocket.disconnect":
            return ""
        with contextlib.suppress(NotJson, RequestRefused):
            said = decode_json(_content(message))
            if isinstance(said, dict) and said.get("action") == "authenticate" and isinstance(said.get("key"), str):
                return str(said["key"])
        await send(
            {"type": "websocket.close", "code": CloseCode.NOT_SIGNED_IN, "reason": "send the sensor's key first"}
        )
        return ""


class _Conversation:
    """One authenticated socket: a reader that starts batches, and a replier that answers them in order."""

    def __init__(self, pipeline: Pipeline, key: str, limit: int, receive: Receive, send: Send) -> None:
        self._pipeline = pipeline
        self._key = key
        self._limit = limit
        self._receive = receive
        self._send = send
        self._answers: asyncio.Queue[asyncio.Task[dict[str, object]] | None] = asyncio.Queue(WINDOW)
        self._bytes_in_progress = 0
        self._has_room = asyncio.Event()

    async def hold(self) -> None:
        replier = asyncio.create_task(self._reply(), name="ingest socket replies")
        try:
            while (message := await self._receive())["type"] == "websocket.receive":
                content = _content(message)
                await self._room_for(len(content))
                await self._answers.put(asyncio.create_task(self._taken(content), name="ingest socket batch"))
        finally:
            await self._answers.put(None)
            await replier

    async def _room_for(self, size: int) -> None:
        """Wait until the messages in progress and this one hold no more bytes than two of the largest."""
        while self._bytes_in_progress and self._bytes_in_progress + size > 2 * self._limit:
            self._has_room.clear()
            await self._has_room.wait()
        self._bytes_in_progress += size

    async def _taken(self, body: bytes) -> dict[str, object]:
        try:
            return await self._take(body)
        finally:
            self._bytes_in_progress -= len(body)
            self._has_room.set()

    async def _take(self, body: bytes) -> dict[str, object]:
        identifier: object = None

        def decode(text: bytes) -> Sequence[Sent]:
            nonlocal identifier
            decoded, identifier = _without_id(text)
            return readings_in(decoded)

        try:
            if len(body) > self._limit:
                raise RequestRefused(
                    "too_large", f"The message is larger than {self._limit:,} bytes. Send smaller batches."
                )
            receipt = await self._pipeline.receive_by_key(key=self._key, body=body, decode=decode)
            said: dict[str, object] = {"type": "receipt", **msgspec.to_builtins(receipt)}
        except RequestRefused as refused:
            said = _error(refused)
        return said if identifier is None else {**said, "id": identifier}

    async def _reply(self) -> None:
        """Answer in order until the reader is done, even if the client has disconnected."""
        listening = True
        while (task := await self._answers.get()) is not None:
            try:
                said = await task
            except Exception:  # a bug; without an answer the messages behind it would wait for ever
                _log.exception("A message could not be processed")
                listening = listening and await self._close(CloseCode.FAILED, "failed")
                continue
            if listening:
                listening = await self._say(said)

    async def _close(self, code: int, reason: str) -> bool:
        with contextlib.suppress(RuntimeError, OSError):
            await self._send({"type": "websocket.close", "code": code, "reason": reason})
        return False

    async def _say(self, said: dict[str, object]) -> bool:
        try:
            await self._send({"type": "websocket.send", "text": receipts.encode(said).decode()})
        except (RuntimeError, OSError):
            return False
        if said.get("status") in _CLOSES:
            return await self._close(_CLOSES[said["status"]], str(said["code"]))
        return True


def _error(refused: RequestRefused) -> dict[str, object]:
    said: dict[str, object] = {
        "type": "error", "status": refused.status, "code": refused.code, "detail": refused.detail
    }  # fmt: skip
    said |= msgspec.to_builtins(refused.receipt) if refused.receipt else {}
    return said | ({"retry_after": refused.retry_after_s} if refused.retry_after_s else {})


def _content(message: Any) -> bytes:
    text = message.get("text")
    return text.encode() if text is not None else message.get("bytes") or b""


def _without_id(text: bytes) -> tuple[object, object]:
    try:
        decoded = decode_json(text)
    except NotJson as error:
        raise RequestRefused("unreadable", f"The message is not JSON: {error}.") from None
    if isinstance(decoded, dict) and "id" in decoded and ("values" in decoded or "readings" in decoded):
        identifier = decoded.pop("id")
        if not isinstance(identifier, str | int | float | None) or len(str(identifier)) > LONGEST_ID:
            raise RequestRefused("unreadable", f"An id is a number, or text of at most {LONGEST_ID} characters.")
        return decoded, identifier
    return decoded, None
