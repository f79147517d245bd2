"""Probes answer truthfully for any host name; metrics need loopback or the token."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from psycopg_pool import AsyncConnectionPool

from sensorfusion.accounts.tries.unknown_credentials import BURST
from sensorfusion.events.metrics import Counter
from sensorfusion.readings.storage.connections import pool
from sensorfusion.server.health import Health
from sensorfusion.server.metrics import Metrics
from sensorfusion.server.readiness import Readiness

TOKEN = "let-me-see"
# A listener and a writer that are well.
_PARTS = SimpleNamespace(is_hearing=True), SimpleNamespace(oldest_s=0.25, fault=lambda within_s: "")


@pytest.fixture
async def connections() -> AsyncIterator[AsyncConnectionPool[Any]]:
    connections = pool()
    await connections.open()
    yield connections
    await connections.close()


@pytest.fixture
async def away() -> AsyncIterator[AsyncConnectionPool[Any]]:
    async with AsyncConnectionPool(
        "host=/nowhere", min_size=0, max_size=1, open=False, timeout=0.2, reconnect_timeout=0.1
    ) as connections:
        yield connections


async def ask(
    connections: AsyncConnectionPool[Any],
    path: str,
    *,
    client: str = "127.0.0.1",
    method: str = "GET",
    headers: dict[str, str] | None = None,
) -> httpx2.Response:
    app = Health(readiness=Readiness(connections, *_PARTS), metrics=Metrics(), metrics_token=TOKEN)
    transport = httpx2.ASGITransport(app, client=(client, 1234))
    async with httpx2.AsyncClient(transport=transport, base_url="http://10.20.30.40") as asking:
        return await asking.request(method, path, headers=headers)


async def test_process_without_a_database_is_alive(away: AsyncConnectionPool[Any]) -> None:
    response = await ask(away, "/healthz")

    assert response.status_code == 200
    assert response.json()["code"] == "alive"
    assert response.headers["cache-control"] == "no-store"


async def test_process_without_a_database_is_not_ready(away: AsyncConnectionPool[Any]) -> None:
    response = await ask(away, "/readyz")

    assert response.status_code == 503
    assert response.json()["code"] == "no_database"
    assert response.json()["oldest_waiting_s"] == 0.25


@pytest.mark.django_db(transaction=True)
async def test_database_with_its_migrations_is_ready(connections: AsyncConnectionPool[Any]) -> None:
    response = await ask(connections, "/readyz/")

    assert (response.status_code, response.json()["code"]) == (200, "ready")


@pytest.mark.django_db(transaction=True)
async def test_database_that_lacks_a_migration_is_not_ready(connections: AsyncConnectionPool[Any]) -> None:
    async with connections.connection() as link:
        await link.execute(
            "UPDATE django_migrations SET name = '0001_away' WHERE app = 'sensors' AND name LIKE '0001%'"
        )
    try:
        response = await ask(connections, "/readyz")
    finally:
        async with connections.connection() as link:
            await link.execute("UPDATE django_migrations SET name = '0001_initial' WHERE name = '0001_away'")

    assert (response.status_code, response.json()["code"]) == (503, "not_migrated")
    assert "sensorfusion migrate" in response.json()["detail"]


async def test_head_is_answered_without_a_body(away: AsyncConnectionPool[Any]) -> None:
    response = await ask(away, "/healthz", method="HEAD")

    assert (response.status_code, response.content) == (200, b"")


async def test_metrics_are_shown_to_this_machine(away: AsyncConnectionPool[Any]) -> None:
    Counter("seen_in_a_test", "Counted in a test.").add(3)

    response = await ask(away, "/metrics")

    assert response.status_code == 200
    assert "seen_in_a_test_total 3.0" in response.text
    assert "process_resident_memory_bytes" in response.text


@pytest.mark.parametrize("client", ["203.0.113.9", "2001:db8::1", "unknown"])
async def test_strangers_see_no_metrics(away: AsyncConnectionPool[Any], client: str) -> None:
    assert (await ask(away, "/metrics", client=client)).status_code == 403


async def test_proxy_on_this_machine_does_not_make_strangers_local(away: AsyncConnectionPool[Any]) -> None:
    response = await ask(away, "/metrics", headers={"X-Forwarded-For": "127.0.0.1"})

    assert response.status_code == 403


@pytest.mark.parametrize("name", ["X-Real-IP", "Forwarded", "Via", "X-Forwarded-Host", "X-Forwarded-Proto"])
async def test_metrics_are_not_shown_behind_a_proxy_of_this_machine(away: AsyncConnectionPool[Any], name: str) -> None:
    assert (await ask(away, "/metrics", headers={name: "203.0.113.9"})).status_code == 403


@pytest.mark.parametrize(
    ("host", "status"),
    [("evil.example", 403), ("evil.example:8000", 403), ("localhost:8000", 200), ("127.0.0.1", 200), ("[::1]:80", 200)],
)
async def test_metrics_are_not_shown_to_a_page_whose_name_leads_here(
    away: AsyncConnectionPool[Any], host: str, status: int
) -> None:
    assert (await ask(away, "/metrics", headers={"Host": host})).status_code == status


async def test_token_opens_metrics_to_others(away: AsyncConnectionPool[Any]) -> None:
    right = await ask(away, "/metrics", client="203.0.113.9", headers={"Authorization": f"Bearer {TOKEN}"})
    wrong = await ask(away, "/metrics", client="203.0.113.9", headers={"Authorization": "Bearer guess"})

    assert (right.status_code, wrong.status_code) == (200, 403)


async def test_guesses_of_the_metrics_token_are_limited(connections: AsyncConnectionPool[Any]) -> None:
    app = Health(readiness=Readiness(connections, *_PARTS), metrics=Metrics(), metrics_token=TOKEN)

    async def status(token: str, address: str = "203.0.113.9") -> tuple[int, str | None]:
        transport = httpx2.ASGITransport(app, client=(address, 1234))
        async with httpx2.AsyncClient(transport=transport, base_url="http://10.20.30.40") as asking:
            answer = await asking.get("/metrics", headers={"Authorization": f"Bearer {token}"})
        return answer.status_code, answer.headers.get("retry-after")

    scraper = await status(TOKEN)
    app._tries._clock = lambda: 1000.0
    guesses = [await status(f"guess {number}") for number in range(BURST + 1)]

    assert scraper == (200, None)
    assert guesses == [(403, None)] * BURST + [(429, "1")]
    assert await status(TOKEN) == (200, None)
    assert await status(TOKEN, "203.0.113.10") == (200, None)
