"""Faults of the database are never blamed on what was sent: 503 with Retry-After, and /readyz says so."""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from psycopg import sql
from psycopg.conninfo import make_conninfo

from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.storing import connection as storing
from sensorfusion.server import readiness
from sensorfusion.server.readiness import Readiness
from tests.conftest import Cast
from tests.ingest.conftest import Server, stored, until
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.django_db(transaction=True)

READING = {"observed_at": 1700000000, "temperature": 1}


@pytest.fixture(autouse=True)
def fresh_connection(transactional_db: None) -> Iterator[None]:
    """Close the connections that were cut, before the next tests."""
    yield
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has one


@contextmanager
def read_only() -> Iterator[None]:
    """A database whose disk is full at a provider, or a primary that was demoted."""
    with _settings("default_transaction_read_only", "on"):
        yield


@contextmanager
def locked() -> Iterator[None]:
    """An administrator has a table in their transaction."""
    with psycopg.connect(conninfo()) as other:
        other.execute("LOCK TABLE sensor_state IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


@contextmanager
def not_allowed() -> Iterator[None]:
    """A table that the account may not, or can no longer, use."""
    with psycopg.connect(conninfo(), autocommit=True) as other:
        other.execute("ALTER TABLE sensor_state RENAME TO sensor_state_away")
        try:
            yield
        finally:
            other.execute("ALTER TABLE sensor_state_away RENAME TO sensor_state")


@contextmanager
def _settings(name: str, value: str) -> Iterator[None]:
    """Change a setting of the test database for new sessions, and end the others."""
    database = sql.Identifier(connection.settings_dict["NAME"])
    with psycopg.connect(make_conninfo(conninfo(), dbname="postgres"), autocommit=True) as other:
        set_it = sql.SQL("ALTER DATABASE {} SET {} = {}").format(database, sql.Identifier(name), sql.Literal(value))
        other.execute(set_it)
        try:
            _end_sessions(other)
            yield
        finally:
            other.execute(sql.SQL("ALTER DATABASE {} RESET {}").format(database, sql.Identifier(name)))
            _end_sessions(other)


def _end_sessions(other: psycopg.Connection[Any]) -> None:
    name = connection.settings_dict["NAME"]
    other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


FAULTS = [read_only, locked, not_allowed]


@pytest.fixture(params=FAULTS, ids=lambda each: each.__name__)
def fault(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AbstractContextManager[None]:
    monkeypatch.setitem(storing._LIMITS, "lock_timeout", "200ms")
    return request.param()  # type: ignore[no-any-return]  # one of FAULTS


@pytest.fixture
async def judge(server: Server, monkeypatch: pytest.MonkeyPatch) -> Readiness:
    monkeypatch.setattr(readiness, "SAME_FOR_S", 0.0)
    monkeypatch.setattr(readiness, "FAULT_COUNTS_S", 0.0)  # the trial has to find the fault by itself
    return Readiness(server.ingest.pool, server.listener, server.ingest.writer)


async def test_fault_is_answered_as_such_and_nothing_is_lost(server: Server, fault: Any, judge: Readiness) -> None:
    await server.post(READING)
    assert (await judge.verdict()).code == "ready"

    with fault:
        answers = [await server.post({**READING, "observed_at": 1700000001 + number}) for number in range(3)]
        verdict = await judge.verdict()

    assert {answer.status_code for answer in answers} == {503}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers)
    assert verdict.code != "ready"
    await taken(server, {**READING, "observed_at": 1700000001})
    await until(lambda: server.listener.is_hearing)
    async with asyncio.timeout(PATIENCE_S):
        while (await judge.verdict()).code != "ready":  # noqa: ASYNC110 - as a load balancer does
            await asyncio.sleep(0.1)
    assert len(stored()) == 2


async def test_foreign_lock_leaves_its_mark_while_a_reading_waits(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.post(READING)
    monkeypatch.setattr(readiness, "WAITING_AT_MOST_S", 0.1)
    judge = Readiness(server.ingest.pool, server.listener, server.ingest.writer)

    with locked():
        sent = asyncio.create_task(server.post({**READING, "observed_at": 1700000001}))
        await until(lambda: judge.oldest_s > 0.2)
        verdict = await judge.verdict()

    assert verdict.code == "not_storing"
    assert verdict.detail.startswith("The oldest waiting reading has waited for")
    assert (await sent).status_code == 200
    assert judge.oldest_s == 0


async def test_bug_of_ours_is_no_fault_of_the_sender(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    await server.post(READING)
    monkeypatch.setattr(storing, "store", lambda *_: 1 / 0)

    answer = await server.post({**READING, "observed_at": 1700000001})

    assert (answer.status_code, answer.json()["code"]) == (503, "not_stored")
    assert int(answer.headers["retry-after"]) >= 1


@pytest.mark.parametrize("address", ["/api/v1/sensors/", "/"])
def test_pages_and_api_say_503_too(cast: Cast, client: Client, address: str) -> None:
    client.raise_request_exception = False
    client.force_login(cast.owner)

    with psycopg.connect(conninfo(), autocommit=True) as other:
        other.execute("ALTER TABLE sensors_sensor RENAME TO sensors_sensor_away")
        try:
            answer = client.get(address)
        finally:
            other.execute("ALTER TABLE sensors_sensor_away RENAME TO sensors_sensor")

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) >= 1


def test_form_of_the_api_in_a_read_only_database_is_not_blamed(cast: Cast, client: Client) -> None:
    client.raise_request_exception = False
    client.force_login(cast.owner)

    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        try:
            answer = client.post("/api/v1/sites/", {"name": "New"}, content_type="application/json")
        finally:
            cursor.execute("RESET default_transaction_read_only")

    assert (answer.status_code, answer.json()["code"]) == (503, "database_away")


async def taken(server: Server, reading: dict[str, Any]) -> None:
    """Send until it is accepted, as a device does."""
    async with asyncio.timeout(PATIENCE_S):
        while (await server.post(reading)).status_code != 200:  # noqa: ASYNC110 - as devices do
            await asyncio.sleep(0.1)
