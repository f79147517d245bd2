"""Handshakes of WebSockets that are refused: an HTTP error, and a line in the log that says why and what to change."""

import json
import logging
from typing import Any, Final

from sensorfusion.web.logs.limited_log import LimitedLog
from sensorfusion.web.origins import Source, advice
from sensorfusion.web.problems import CONTENT_TYPE, problem

BAD_ORIGIN: Final = 4403
_NO_UPGRADE: Final = (
    "This is the address of a WebSocket, and the request had no Upgrade header. If a proxy is in front, make it pass "
    "on upgrades (nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "
    "upgrade;)."
)
_log = LimitedLog(logging.getLogger(__name__))


async def refuse_origin(source: Source, scope: Any, send: Any) -> None:
    """Refuse a page of another site, or one whose proxy hides that it is ours."""
    await refuse(scope, send, why=f"its Origin is {source.shown_origin!r}. {advice(source)}", code=BAD_ORIGIN)


async def refuse(scope: Any, send: Any, *, why: str, code: int) -> None:
    """Refuse a handshake; the server turns a close before accept into HTTP 403."""
    path = str(scope["path"])[:100]
    _log.warn(f"{path} {why}", f"A WebSocket at {path!r} was refused with 403: {why}")
    await send({"type": "websocket.close", "code": code, "reason": "refused"})


async def no_such_socket(scope: Any, receive: Any, send: Any) -> None:
    """Refuse a handshake at an unknown path."""
    await refuse(scope, send, why="there is no such address. Sockets are at /ws/live/ and /ws/ingest/.", code=4404)


async def upgrade_required(scope: Any, receive: Any, send: Any) -> None:
    """Answer an HTTP request at a socket's path, which a handshake becomes if a proxy drops its Upgrade header."""
    if any(name == b"sec-websocket-key" for name, _ in scope["headers"]):
        path = str(scope["path"])[:100]
        _log.warn(f"{path} upgrade", f"A WebSocket at {path!r} was refused with 426: {_NO_UPGRADE}")
    body = json.dumps(problem(426, code="upgrade_required", detail=_NO_UPGRADE))
    headers = [
        (b"content-type", CONTENT_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"upgrade", b"websocket"),
    ]
    await send({"type": "http.response.start", "status": 426, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
