"""PostgreSQL is down for a while: clients are told at once, nothing is lost or queued endlessly, and it recovers."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import psycopg
import pytest
from django.db import connection
from django.test import Client
from psycopg import sql
from psycopg.conninfo import make_conninfo

from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.refused import RequestRefused
from tests.conftest import Cast
from tests.ingest.conftest import Server, stored, until
from tests.live.conftest import Platform
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh_connection(transactional_db: None) -> Iterator[None]:
    """Close the connections that were cut, before the next tests."""
    yield
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has one


@contextmanager
def away() -> Iterator[None]:
    """Cut every connection to the database, and refuse new ones until the end of the block."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(make_conninfo(conninfo(), dbname="postgres"), autocommit=True) as elsewhere:
        door = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        elsewhere.execute(door.format(sql.Identifier(name), sql.SQL("false")))
        try:
            elsewhere.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            yield
        finally:
            elsewhere.execute(door.format(sql.Identifier(name), sql.SQL("true")))


async def test_posts_are_refused_at_once_and_taken_again_soon(server: Server) -> None:
    reading = {"observed_at": 1700000000, "temperature": 1}
    await server.post(reading)

    with away():
        await until(lambda: not server.listener.is_hearing)  # from then on cached keys are not trusted
        began = time.monotonic()
        answers = await asyncio.gather(*(server.post({"temperature": 1}) for _ in range(200)))
        took_s = time.monotonic() - began

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(503, "database_away")}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers)
    assert took_s < 10
    assert (await taken(server, reading)).json()["duplicates"] == 1
    assert len(stored()) == 1


async def taken(server: Server, reading: dict[str, int]) -> httpx2.Response:
    """Send until it is accepted, as a device does."""
    async with asyncio.timeout(PATIENCE_S):
        while (answer := await server.post(reading)).status_code != 200:  # noqa: ASYNC110 - as devices do
            await asyncio.sleep(0.1)
    return answer


async def test_live_sockets_stay_open_and_go_on(cast: Cast, platform: Platform) -> None:
    await platform.store(cast.sensor, 0, temperature=1)
    client = await platform.watching(cast.owner, cast.sensor)

    with away():
        await asyncio.sleep(0.2)
        answer = await client.ask("ping", id=1)

    assert answer["type"] == "pong"
    await stored_again(platform, cast)
    [reading] = await client.hear_readings(1)
    assert reading["values"] == {"temperature": 2}


async def stored_again(platform: Platform, cast: Cast) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                await platform.store(cast.sensor, 1, temperature=2)
                return
            except RequestRefused:
                await asyncio.sleep(0.1)


def test_pages_say_so_in_a_sentence_and_recover(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False
    client.force_login(cast.owner)

    connection.close()
    # How long a page waits for a connection; five seconds are long for a test.
    monkeypatch.setattr(connection.pool, "timeout", 0.2)  # type: ignore[attr-defined]  # PostgreSQL's has one
    with away():
        pages = [client.get("/"), client.get("/sign-in/"), client.get(f"/sensors/{cast.sensor.uuid}/")]
        data = client.get("/api/v1/sensors/")

    for page in pages:
        assert page.status_code == 503
        assert int(page["Retry-After"]) >= 1
        assert "Traceback" not in page.text
        assert "The database is unavailable" in page.text
        assert "default-src 'none'" in page["Content-Security-Policy"]
    assert (data.status_code, data.json()["code"]) == (503, "database_away")
    began = time.monotonic()
    while client.get("/").status_code != 200:
        assert time.monotonic() - began < 10


def test_another_fault_is_still_a_fault(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False
    client.force_login(cast.owner)
    monkeypatch.setattr("sensorfusion.reports.pages.sensors_by_site", lambda *_, **__: 1 / 0)

    page = client.get("/")

    assert page.status_code == 500
    assert "The server could not show this page" in page.text
