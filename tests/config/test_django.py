"""Django behind the router: one visit to a thread per request, and answers that are compressed where asked for."""

import threading
from typing import Any

import httpx
import pytest
from asgiref.sync import SyncToAsync
from django.test import Client

from sensorfusion.config.django import PagesHandler
from tests.conftest import Cast


async def test_a_request_visits_a_thread_once_for_middleware_and_view(monkeypatch: pytest.MonkeyPatch) -> None:
    visits: list[str] = []
    visit = SyncToAsync.__call__

    async def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        visits.append(getattr(self.func, "__qualname__", repr(self.func)))
        return await visit(self, *args, **kwargs)

    handler = PagesHandler()
    monkeypatch.setattr(SyncToAsync, "__call__", counted)
    transport = httpx.ASGITransport(app=handler)  # type: ignore[arg-type]  # httpx writes the scope's type narrowly
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
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
