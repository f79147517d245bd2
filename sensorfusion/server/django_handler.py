"""Django behind the ASGI router, with one thread switch per request and a limit for the size of bodies.

Our middleware and views are synchronous. Django's own ASGI handler runs such a chain asynchronously and switches to the
thread once per middleware and once for the view, at 0.15 to 0.6 ms each; here the whole chain runs in one switch.

Django's own handler also spools a body of any size to disk before any code sees the request. Here the size is limited
first: large bodies are accepted only for imports of readings, and only from users who have signed in.
"""

import re
import tempfile
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.template import loader

from sensorfusion.web.problems import BELOW, problem_response

_UPLOADS: Final = re.compile(r"/sensors/[0-9a-f-]{36}/import/\Z")


class _TooLarge(Exception):
    """The body exceeds the limit of this request."""


class PagesHandler(ASGIHandler):
    """Django's ASGI handler with a synchronous middleware chain and limited bodies."""

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
        settings.FILE_UPLOAD_TEMP_DIR.chmod(0o700)  # earlier releases let every account read what waits there

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        limit = settings.ENVIRONMENT.max_body_bytes
        if _announced(scope) > limit and _UPLOADS.match(scope["path"]) and await _is_signed_in(scope):
            limit = settings.ENVIRONMENT.max_upload_bytes
        if _announced(scope) > limit:
            await self._refuse(scope, limit, send)
            return
        try:
            # Django removes the path of PUBLIC_URL itself, to know what to put before the addresses that it writes.
            below = {**scope, "path": f"{settings.PUBLIC_PATH}{scope['path']}"}
            await super().handle(below, _bounded(receive, limit), send)
        except _TooLarge:
            await self._refuse(scope, limit, send)

    async def read_body(self, receive: Any) -> Any:
        place = str(settings.FILE_UPLOAD_TEMP_DIR)
        body = tempfile.SpooledTemporaryFile(settings.FILE_UPLOAD_MAX_MEMORY_SIZE, "w+b", dir=place)  # noqa: SIM115 - the request closes it
        try:
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise RequestAborted
                body.write(message.get("body", b""))
                more = message.get("more_body", False)
        except BaseException:
            body.close()
            raise
        body.seek(0)
        return body

    async def _refuse(self, scope: Any, limit: int, send: Any) -> None:
        response: HttpResponse
        if scope["path"].startswith(BELOW):
            detail = f"The request is larger than {limit:,} bytes."
            response = problem_response(413, code="too_large", detail=detail)
        else:
            response = HttpResponse(loader.render_to_string("413.html", {"most": limit}), status=413)
        response.headers["Connection"] = "close"
        await self.send_response(response, send)


def _announced(scope: Any) -> int:
    text = dict(scope["headers"]).get(b"content-length", b"")
    return int(text) if text.isdigit() else 0


def _bounded(receive: Any, limit: int) -> Any:
    """Wrap `receive` to enforce the limit on the bytes received: Content-Length may be missing or wrong."""
    received = 0

    async def counted() -> Any:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise _TooLarge
        return message

    return counted


@sync_to_async
def _is_signed_in(scope: Any) -> bool:
    """Check the session only; the body has not been read yet."""
    try:
        cookies = SimpleCookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return False
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(morsel.value if morsel else None)
    return bool(get_user(request).is_authenticated)
