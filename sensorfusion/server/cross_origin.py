"""Scripts of other sites (CORS): the API and the doors answer the origins in CORS_ALLOWED_ORIGINS.

One wrapper for Django's views and the doors beside it, also for what is answered before either is called. Credentials
are never allowed: such a script sends a token or a key itself, and a browser neither sends it our cookies nor shows it
what a cookie would open.
"""

import json
import logging
from typing import Any, Final

from sensorfusion.web.logs.limited_log import LimitedLog
from sensorfusion.web.origins import is_allowed_elsewhere
from sensorfusion.web.problems import CONTENT_TYPE, problem

METHODS: Final = b"GET, HEAD, POST, PUT, PATCH, DELETE"
# The wildcard does not include Authorization.
REQUEST_HEADERS: Final = b"authorization, content-type, content-encoding, *"
RESPONSE_HEADERS: Final = (
    b"allow, content-disposition, content-range, etag, idempotency-replayed, location, ratelimit, ratelimit-policy, "
    b"retry-after, www-authenticate, x-request-id"
)
# How long a browser may remember a preflight; a changed setting counts after that.
REMEMBERED_S: Final = 600
_log = LimitedLog(logging.getLogger(__name__))


class CrossOrigin:
    """An ASGI application that answers preflight requests, and lets allowed origins read what another one answers."""

    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        origin = _header(scope, b"origin")
        if not origin:
            await self._application(scope, receive, send)
        elif scope["method"] == "OPTIONS" and _header(scope, b"access-control-request-method"):
            await _answer_preflight(origin, send)
        elif is_allowed_elsewhere(origin.decode("latin-1")):
            await self._application(scope, receive, _readable(origin, send))
        else:
            await self._application(scope, receive, send)


def _header(scope: Any, wanted: bytes) -> bytes:
    return next((bytes(value) for name, value in scope["headers"] if name == wanted), b"")


def _readable(origin: bytes, send: Any) -> Any:
    """Wrap `send` to add the headers that let a browser show the response to the page's scripts."""

    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            more = [*_allowed(origin), (b"access-control-expose-headers", RESPONSE_HEADERS)]
            message = {**message, "headers": [*message.get("headers", ()), *more]}
        await send(message)

    return sending


def _allowed(origin: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"access-control-allow-origin", origin), (b"vary", b"origin")]


async def _answer_preflight(origin: bytes, send: Any) -> None:
    """Answer the question that a browser asks before a request; it never has a token."""
    shown = origin.decode("latin-1")[:200]
    if not is_allowed_elsewhere(origin.decode("latin-1")):
        await _refuse(shown, send)
        return
    headers = [
        *_allowed(origin),
        (b"access-control-allow-methods", METHODS),
        (b"access-control-allow-headers", REQUEST_HEADERS),
        (b"access-control-max-age", str(REMEMBERED_S).encode()),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _refuse(origin: str, send: Any) -> None:
    detail = f"Scripts of {origin} may not use this API: its administrator can add the origin to CORS_ALLOWED_ORIGINS."
    _log.warn(origin, f"A request of another site's script was refused with 403. {detail}")
    body = json.dumps(problem(403, code="origin_not_allowed", detail=detail)).encode()
    headers = [
        (b"content-type", CONTENT_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"vary", b"origin"),
    ]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
