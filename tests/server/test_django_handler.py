"""Django behind the router: one visit of a thread per request, limited bodies, and compressed responses on request."""

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from asgiref.sync import async_to_sync
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import ResolverMatch, URLResolver
from django.utils import timezone
from pytest_django import Settings

from sensorfusion.server import django_handler
from sensorfusion.server.django_handler import PagesHandler
from tests.conftest import Cast
from tests.patience import PATIENCE_S


async def test_a_request_visits_a_permanent_thread_once(monkeypatch: pytest.MonkeyPatch) -> None:
    visits: list[str] = []
    visit = ThreadPoolExecutor.submit

    def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        visits.append(self._thread_name_prefix)
        return visit(self, *args, **kwargs)

    handler = PagesHandler(threads=1)
    monkeypatch.setattr(ThreadPoolExecutor, "submit", counted)
    for _ in range(2):
        answer = await asked(handler, "/api/v1/auth/me/")
        assert answer.status_code == 401

    assert visits == ["pages", "pages"]


async def test_requests_beyond_the_limit_are_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    handler, may_go_on = PagesHandler(threads=1, most_waiting=1), threading.Event()
    respond = handler._respond
    monkeypatch.setattr(handler, "_respond", lambda *given: may_go_on.wait(PATIENCE_S) and respond(*given))
    under_way = [asyncio.create_task(asked(handler, "/api/v1/auth/me/")) for _ in range(2)]
    while handler._under_way < 2:  # noqa: ASYNC110 - there is no event for it, and only tests need to know
        await asyncio.sleep(0.01)

    refused = [await asked(handler, path) for path in ("/api/v1/auth/me/", "/sign-in/")]
    may_go_on.set()

    assert [each.status_code for each in refused] == [503, 503]
    assert {each.headers["retry-after"] for each in refused} == {"5"}
    assert refused[0].json()["code"] == "overloaded"
    assert [(await each).status_code for each in under_way] == [401, 401]
    assert (await asked(handler, "/api/v1/auth/me/")).status_code == 401


@pytest.mark.django_db(transaction=True)
async def test_the_language_and_zone_of_a_request_end_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    handler, seen = PagesHandler(threads=1), []

    def respond(request: Any) -> HttpResponse:
        seen.append(timezone.get_current_timezone_name())
        timezone.activate("Asia/Tokyo")
        return HttpResponse("")

    monkeypatch.setattr(handler, "get_response", respond)
    for _ in range(2):
        await asked(handler, "/")

    assert seen == ["UTC", "UTC"]


async def test_a_stream_ends_when_its_client_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    handler, closed = PagesHandler(), threading.Event()

    async def pieces_for_ever() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    def respond(request: Any) -> StreamingHttpResponse:
        response = StreamingHttpResponse(pieces_for_ever())
        monkeypatch.setattr(response, "close", closed.set)
        return response

    monkeypatch.setattr(handler, "get_response", respond)
    messages = iter([{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
    async with asyncio.timeout(PATIENCE_S):
        await handler(scope, receive, send)

    assert closed.is_set()


async def test_the_view_of_a_path_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    handler, path = PagesHandler(), f"/api/v1/sensors/{uuid4()}/latest"
    searched: list[str] = []
    resolve = URLResolver.resolve

    def noted(self: URLResolver, path: str) -> ResolverMatch:
        searched.append(path)
        return resolve(self, path)

    monkeypatch.setattr(URLResolver, "resolve", noted)

    answers = [await asked(handler, path) for _ in range(3)]
    missing = [await asked(handler, "/no-such-page/") for _ in range(2)]

    assert [each.status_code for each in answers] == [401] * 3
    assert [each.status_code for each in missing] == [404] * 2
    assert searched.count(path) == 1


async def test_a_long_path_is_found_and_not_remembered() -> None:
    handler, before = PagesHandler(), django_handler._match.cache_info().currsize

    answer = await asked(handler, f"/{'x' * django_handler.LONGEST_REMEMBERED}/")

    assert answer.status_code == 404
    assert django_handler._match.cache_info().currsize == before


async def asked(handler: PagesHandler, path: str) -> httpx2.Response:
    transport = httpx2.ASGITransport(app=handler)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.get(path)


def test_pages_are_compressed_for_who_asks(cast: Cast, client: Client) -> None:
    client.force_login(cast.owner)

    plain = client.get("/")
    packed = client.get("/", headers={"accept-encoding": "gzip"})

    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2


# Bodies


async def posted(path: str, body: Any, **headers: str) -> httpx2.Response:
    transport = httpx2.ASGITransport(app=PagesHandler())
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.post(path, content=body, headers=headers)


async def pieces(count: int) -> AsyncIterator[bytes]:
    """A body of unannounced length."""
    for _ in range(count):
        yield b"x" * 1000


@pytest.fixture
def small(settings: Settings) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, max_body_bytes=2000, max_upload_bytes=4000)


@pytest.mark.usefixtures("small", "db")
@pytest.mark.parametrize("count", [1, 2, 3])
async def test_a_body_is_bounded_whether_its_length_is_announced_or_not(count: int) -> None:
    for body in (b"x" * 1000 * count, pieces(count)):
        answer = await posted("/sign-in/", body)

        assert (answer.status_code == 413) is (count == 3)
    if count == 3:
        assert "larger than this server accepts" in answer.text


@pytest.mark.usefixtures("small")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("", "import", 413),
        ("member", "settings", 413),
        ("member", "import", 403),
        ("outsider", "import", 404),
    ],
)
def test_only_files_of_readings_may_be_larger_and_only_of_who_has_signed_in(
    cast: Cast, client: Client, who: str, path: str, status: int
) -> None:
    if who:
        client.force_login(getattr(cast, who))
    session = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    headers = {"Cookie": f"{session}; csrftoken={'c' * 32}", "X-CSRFToken": "c" * 32}

    answer = async_to_sync(posted)(f"/sensors/{cast.sensor.uuid}/{path}/", b"x" * 3000, **headers)

    assert answer.status_code == status
