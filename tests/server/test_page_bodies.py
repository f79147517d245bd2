"""How much of a body Django gets is decided by the head."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from pytest_django import Settings

from sensorfusion.server import page_bodies
from sensorfusion.server.page_bodies import MOST_OF_VISITORS, Nothing, has_body
from tests.conftest import Cast
from tests.ingest.conftest import token_of

SITES = "/api/v1/sites/"


def scope(path: str, length: int | None = 10, query: str = "", **headers: str) -> dict[str, Any]:
    given = {**({} if length is None else {"content-length": str(length)}), **headers}
    return {
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()],
        "client": ("192.0.2.1", 1),
    }


async def most_bytes(head: dict[str, Any]) -> int | None:
    async def in_thread(work: Any, *given: Any) -> bool:
        return bool(await sync_to_async(work)(*given))

    return await page_bodies.most_bytes(head, in_thread=in_thread)


@pytest.fixture
def most(settings: Settings) -> int:
    return int(settings.ENVIRONMENT.max_body_bytes)


async def test_a_request_without_a_body_is_not_looked_at(most: int) -> None:
    assert await most_bytes(scope(SITES, None)) == most
    assert await most_bytes(scope(SITES, 0)) == most
    assert has_body(scope(SITES, None, **{"transfer-encoding": "chunked"}))


@pytest.mark.django_db(transaction=True)
async def test_the_api_reads_bodies_of_good_tokens_only(cast: Cast, most: int) -> None:
    text = await sync_to_async(token_of)(cast.owner)

    assert await most_bytes(scope(SITES, authorization=f"Bearer {text}")) == most
    assert await most_bytes(scope(SITES, authorization=f"Bearer {text}x")) is None
    assert await most_bytes(scope(SITES)) is None
    assert await most_bytes(scope("/api/v1/nothing/")) is None


@pytest.mark.django_db(transaction=True)
async def test_stations_take_their_token_from_the_query(cast: Cast, most: int) -> None:
    text = await sync_to_async(token_of)(cast.owner)

    assert await most_bytes(scope("/data/3.0/stations", query=f"appid={text}")) == most
    assert await most_bytes(scope("/data/3.0/stations", 10, **{"x-api-key": text})) == most
    assert await most_bytes(scope("/data/3.0/stations", query="appid=x")) is None


@pytest.mark.parametrize("path", ["/api/v1/auth/login/", "/api/v1/auth/register/", "/api/v1/provision/"])
async def test_what_identifies_by_its_body_is_read(path: str, most: int) -> None:
    assert await most_bytes(scope(path)) == most


@pytest.mark.django_db(transaction=True)
async def test_forms_of_visitors_are_small_until_they_have_signed_in(cast: Cast, client: Client, most: int) -> None:
    await sync_to_async(client.force_login)(cast.owner)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())

    assert await most_bytes(scope("/sign-in/", MOST_OF_VISITORS)) == most
    assert await most_bytes(scope("/sign-in/", MOST_OF_VISITORS + 1)) == MOST_OF_VISITORS
    assert await most_bytes(scope("/sign-in/", None, **{"transfer-encoding": "chunked"})) == MOST_OF_VISITORS
    assert await most_bytes(scope("/sites/new/", MOST_OF_VISITORS + 1, cookie=cookie)) == most
    assert await most_bytes(scope("/sites/new/", MOST_OF_VISITORS + 1, cookie="sessionid=x")) == MOST_OF_VISITORS


@pytest.mark.django_db(transaction=True)
async def test_only_files_of_readings_are_larger(cast: Cast, client: Client, settings: Settings, most: int) -> None:
    await sync_to_async(client.force_login)(cast.owner)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    upload = f"/sensors/{cast.sensor.uuid}/import/"

    assert await most_bytes(scope(upload, most + 1, cookie=cookie)) == settings.ENVIRONMENT.max_upload_bytes
    assert await most_bytes(scope("/sites/new/", most + 1, cookie=cookie)) == most


async def test_nothing_is_an_empty_body_and_then_silence() -> None:
    receive = Nothing()

    assert await receive() == {"type": "http.request", "body": b"", "more_body": False}
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(receive(), 0.01)
