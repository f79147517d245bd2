"""Django behind the ASGI router, with one thread switch per request and limits for bodies and waiting requests.

Our middleware and views are synchronous. Django's own ASGI handler runs such a chain asynchronously: it makes a thread
for each request and switches to it once per middleware and once for the view, at 0.15 to 0.6 ms each, and again for the
signals around the request. Here a permanent thread does all of that in one visit.

Django's own handler also spools a body of any size to disk before any code sees the request. Here the head decides
first how much is read (`page_bodies`): large bodies are accepted only for imports of readings, and only from users who
have signed in.
"""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import lru_cache
from typing import Any, Final, TypeVar

from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.core.signals import request_started
from django.http import HttpRequest
from django.http.response import HttpResponse
from django.template import loader
from django.urls import ResolverMatch, URLResolver, get_resolver, resolve, set_script_prefix

from sensorfusion.events.tasks import end
from sensorfusion.server.page_bodies import Nothing, announced, most_bytes
from sensorfusion.web.problems import BELOW, problem_response

# More than the database has connections for: some requests wait for a device or a disk.
THREADS: Final = 20
# Requests whose bodies are in memory and that wait for a thread; the last of them waits for a few seconds.
MOST_WAITING: Final = 400
RETRY_AFTER_S: Final = 5
# Paths whose view was found before, and their longest; together some MB at most.
MOST_REMEMBERED: Final = 1_024
LONGEST_REMEMBERED: Final = 200

Result = TypeVar("Result")


class _TooLarge(Exception):
    """The body exceeds the limit of this request."""


class PagesHandler(ASGIHandler):
    """Django's ASGI handler with a synchronous middleware chain, permanent threads and limited bodies."""

    def __init__(self, *, threads: int = THREADS, most_waiting: int = MOST_WAITING) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="pages")
        self._most = threads + most_waiting
        self._under_way = 0
        settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
        settings.FILE_UPLOAD_TEMP_DIR.chmod(0o700)  # earlier releases let every account read what waits there

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self._under_way >= self._most:
            await self.send_response(_overloaded(scope), send)
            return
        self._under_way += 1
        try:
            await self.handle(scope, receive, send)
        finally:
            self._under_way -= 1

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        limit = await most_bytes(scope, in_thread=self._in_thread)
        if limit is None:
            limit, receive = 0, Nothing()
        elif announced(scope) > limit:
            await self._refuse(scope, limit, send)
            return
        # Django removes the path of PUBLIC_URL itself, to know what to put before the addresses that it writes.
        below = {**scope, "path": f"{settings.PUBLIC_PATH}{scope['path']}"}
        try:
            body = await self.read_body(_bounded(receive, limit))
        except _TooLarge:
            await self._refuse(scope, limit, send)
        except RequestAborted:
            return
        else:
            with body:
                await self._answer(below, body, receive, send)

    async def _answer(self, scope: Any, body: Any, receive: Any, send: Any) -> None:
        response = await self._in_thread(self._respond, scope, body)
        if not response.streaming:
            await self.send_response(response, send)
            return
        try:
            await _until_left(self.send_response(response, send), receive)
        finally:
            await self._in_thread(response.close)

    def _respond(self, scope: Any, body: Any) -> Any:
        """Run the middleware and the view.

        The response is closed, and so the connection to the database given back, unless it is still to be generated.
        """
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        request, refused = self.create_request(scope, body)
        response: Any = self.get_response(request) if request else refused
        response._handler_class = self.__class__
        if response.streaming and response.is_async:
            return response
        try:
            return _read(response) if response.streaming else response
        finally:
            response.close()

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Find the view of a request; Django's own way tries up to a hundred patterns for each."""
        path = request.path_info
        request.resolver_match = _match(get_resolver(), path) if len(path) <= LONGEST_REMEMBERED else resolve(path)
        return request.resolver_match

    async def _in_thread(self, work: Callable[..., Result], *given: Any) -> Result:
        """Run it in a context of its own: Django keeps the language, the time zone and more of a request there."""
        run = copy_context().run
        return await asyncio.get_running_loop().run_in_executor(self._threads, run, work, *given)

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


@lru_cache(maxsize=MOST_REMEMBERED)
def _match(resolver: URLResolver, path: str) -> ResolverMatch:
    found = resolver.resolve(path)
    found.tried = None  # for Django's own page of an error, and large
    return found


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


def _read(response: Any) -> HttpResponse:
    """Return a response with the content of one that reads a file, such as a style sheet."""
    return HttpResponse(b"".join(response.streaming_content), status=response.status_code, headers=response.headers)


async def _until_left(sending: Coroutine[Any, Any, None], receive: Any) -> None:
    """Send a stream, or as much of it as there is until the client disconnects."""
    tasks = [asyncio.ensure_future(sending), asyncio.ensure_future(receive())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if tasks[0].done():
            tasks[0].result()
    finally:
        await end(tasks)


def _overloaded(scope: Any) -> HttpResponse:
    detail = "The server has too many requests to answer at the moment. Try again in a few seconds."
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    if scope["path"].startswith(BELOW):
        return problem_response(503, code="overloaded", detail=detail, headers=headers)
    return HttpResponse(detail, status=503, content_type="text/plain; charset=utf-8", headers=headers)
