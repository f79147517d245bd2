"""Django behind the router: one thread switch per request, limited bodies, and compressed responses on request."""

import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from asgiref.sync import SyncToAsync, async_to_sync
from django.test import Client
from pytest_django import Settings

from sensorfusion.server.django_handler import PagesHandler
from tests.conftest import Cast


async def test_a_request_visits_a_thread_once_for_middleware_and_view(monkeypatch: pytest.MonkeyPatch) -> None:
    visits: list[str] = []
    visit = SyncToAsync.__call__

    async def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        visits.append(getattr(self.func, "__qualname__", repr(self.func)))
        return await visit(self, *args, **kwargs)

    handler = PagesHandler()
    monkeypatch.setattr(SyncToAsync, "__call__", counted)
    transport = httpx2.ASGITransport(app=handler)  # type: ignore[arg-type]  # httpx2 writes the scope's type narrowly
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get("/api/v1/auth/me/")

    assert answer.status_code == 401
    assert threading.main_thread() is threading.current_thread()
    chain = [name for name in visits if "get_response" in name or "Middleware" in name or "view" in name]
    assert chain == ["BaseHandler.get_response"]


def test_pages_are_compressed_for_who_asks(cast: Cast, client: Client) -> None:
    client.force_login(cast.owner)

    plain = client.get("/")
    packed = client.get("/", headers={"accept-encoding": "gzip"})

    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2


# Bodies


async def posted(path: str, body: Any, **headers: str) -> httpx2.Response:
    transport = httpx2.ASGITransport(app=PagesHandler())  # type: ignore[arg-type]  # httpx2 writes the scope's type narrowly
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
