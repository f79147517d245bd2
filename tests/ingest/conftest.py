"""Fixtures: sensors with keys, and the ingest of one server process to send to."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx2
import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from sensorfusion.accounts.models import Operator, TokenScope
from sensorfusion.accounts.services import issue_token
from sensorfusion.clock import utc_now
from sensorfusion.events.control import Listener
from sensorfusion.events.messages import AccessChanged, StoredReading
from sensorfusion.events.postgres import conninfo
from sensorfusion.events.stream import Stream
from sensorfusion.ingest.composition import Ingest
from sensorfusion.ingest.doors.readings import ReadingsDoor
from sensorfusion.ingest.pipeline import Pipeline
from sensorfusion.readings.storage.connections import pool
from sensorfusion.sensors.keys.secrets import digest, make_key
from sensorfusion.sensors.models import Key, Sensor, Status
from tests.conftest import Cast
from tests.patience import PATIENCE_S

MAX_BODY_BYTES = 1_000_000
Result = TypeVar("Result")


@pytest.fixture
def key(cast: Cast) -> str:
    """The text of the orchard sensor's key."""
    return key_for(cast.sensor)


def key_for(sensor: Sensor) -> str:
    prefix, text = make_key()
    Key.objects.create(sensor=sensor, prefix=prefix, digest=digest(text))
    return text


@pytest.fixture
def shed(cast: Cast) -> Sensor:
    """A second sensor of the owner's site, which its gateway calls eui-70b3."""
    return Sensor.objects.create(site=cast.site, name="Shed", external_id="eui-70b3", status=Status.ACTIVE)


@pytest.fixture
def token(cast: Cast) -> str:
    return token_of(cast.owner)


@pytest.fixture
def editors_token(cast: Cast) -> str:
    return token_of(cast.editor)


@pytest.fixture
def members_token(cast: Cast) -> str:
    return token_of(cast.member)


@pytest.fixture
def reading_token(cast: Cast) -> str:
    return token_of(cast.owner, scope=TokenScope.READ)


def token_of(operator: Operator, **options: Any) -> str:
    return issue_token(operator=operator, label="gateway", now=timezone.now(), **options).text


def stored(columns: str = '"values"', table: str = "reading") -> list[Any]:
    """Return the committed readings in the order of seq."""
    return read(f"SELECT {columns} FROM {table} ORDER BY sensor_id, seq")


def read(query: str) -> list[Any]:
    """Return rows, read over a connection of its own; rows of one column as that column."""
    with psycopg.connect(conninfo()) as connection:
        rows = connection.execute(query.encode()).fetchall()
    return [row[0] if len(row) == 1 else row for row in rows]


async def elsewhere(run: Callable[[], Result]) -> Result:
    """Call a function that uses Django's models, as another process would: on its own connection, closed afterwards."""

    def closing() -> Result:
        try:
            return run()
        finally:
            connection.close()

    return await asyncio.to_thread(closing)


def change(statement: str) -> None:
    """Change the database behind the server's back, over a connection of its own."""
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        connection.execute(statement.encode())


@dataclass
class Server:
    """The ingest of one process, and a client that knows the key."""

    pipeline: Pipeline
    client: httpx2.AsyncClient
    key: str
    listener: Listener
    ingest: Ingest
    heard: list[StoredReading] = field(default_factory=list)

    async def post(self, sent: Any = None, *, key: str | None = None, **options: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.key if key is None else key}"} | options.pop("headers", {})
        if sent is not None:
            options["json"] = sent
        return await self.client.post("/api/v1/readings", headers=headers, **options)

    async def settled(self) -> None:
        """Wait until earlier announcements have been received."""
        heard = asyncio.Event()
        self.listener.on(AccessChanged, lambda _: heard.set())
        change("""NOTIFY sensorfusion, '{"kind":"AccessChanged","operator":0}'""")
        await asyncio.wait_for(heard.wait(), PATIENCE_S)


@pytest.fixture
async def server(key: str) -> AsyncIterator[Server]:
    async for each in serve(key):
        yield each


async def until(claim: Callable[[], bool], within_s: float = PATIENCE_S) -> None:
    """Wait until a condition is true."""
    async with asyncio.timeout(within_s):
        while not claim():  # noqa: ASYNC110 - there is no event for it, and only tests need to know
            await asyncio.sleep(0.005)


async def serve(key: str, *, capacity: int = 1000) -> AsyncIterator[Server]:
    connections, listener, stream = pool(), Listener(), Stream()
    heard: list[StoredReading] = []

    def hear(batch: Sequence[StoredReading]) -> None:
        heard.extend(batch)

    stream.listen(hear)
    ingest = Ingest(pool=connections, listener=listener, stream=stream, capacity=capacity, now=utc_now)
    await connections.open()
    await listener.start()
    await ingest.start()
    await until(lambda: listener.is_hearing)
    door = ReadingsDoor(ingest.pipeline, max_body_bytes=MAX_BODY_BYTES)
    transport = httpx2.ASGITransport(app=door)
    async with httpx2.AsyncClient(transport=transport, base_url="http://sensors.test") as client:
        yield Server(ingest.pipeline, client, key, listener, ingest, heard)
    await ingest.stop()
    await listener.stop()
    await connections.close()


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 20, hour, minute, tzinfo=UTC)
