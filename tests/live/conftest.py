"""The live stream of one process on a real database, with the real writer and real socket clients."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from channels.testing import WebsocketCommunicator
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.utils import timezone

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.services import issue_token
from sensorfusion.alerts.messages.history import AlertEvents
from sensorfusion.clock import utc_now
from sensorfusion.events.control import Listener
from sensorfusion.events.stream import Stream
from sensorfusion.ingest.steps.batch import Draft, Source
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.ingest.storing.writer import Writer
from sensorfusion.live.composition import Live
from sensorfusion.readings.storage.connections import pool
from sensorfusion.sensors.models import Sensor, Site
from tests.described import assert_close_described, assert_described
from tests.patience import PATIENCE_S

T = TypeVar("T")
Message = dict[str, Any]
TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
PAGE = (b"origin", b"http://testserver")
HOST = (b"host", b"testserver")


async def django(do: Callable[[], T]) -> T:
    """Use Django's database from an async test, by a connection that is closed afterwards."""

    def done() -> T:
        try:
            return do()
        finally:
            connections.close_all()

    return await asyncio.to_thread(done)


def token_of(operator: Operator, *sites: Site) -> str:
    bound = [site.pk for site in sites] or None
    return issue_token(operator=operator, label="test", now=timezone.now(), sites=bound).text


def cookie_of(operator: Operator) -> tuple[bytes, bytes]:
    """Sign in as the pages do, and return the header a browser would send."""
    session = SessionStore()
    session[SESSION_KEY] = str(operator.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = operator.get_session_auth_hash()
    session.save()
    return b"cookie", f"sessionid={session.session_key}".encode()


class Client(WebsocketCommunicator):  # type: ignore[misc]  # Channels is untyped
    """A client of the socket."""

    async def say(self, action: str, **members: Any) -> None:
        await self.send_json_to({"action": action, **members})

    async def hear(self) -> Message:
        """Return the next message."""
        message: Message = await self.receive_json_from(timeout=PATIENCE_S)
        assert_described("live", message)
        return message

    async def ask(self, action: str, **members: Any) -> Message:
        await self.say(action, **members)
        return await self.hear()

    async def hear_readings(self, count: int) -> list[Message]:
        """Return the next `count` readings, from any number of frames."""
        heard: list[Message] = []
        while len(heard) < count:
            message = await self.hear()
            assert message["type"] == "readings", message
            heard += message["readings"]
        return heard

    async def hear_the_end(self) -> int:
        """Return the code with which the connection is closed."""
        event = await self.receive_output(timeout=PATIENCE_S)
        assert event["type"] == "websocket.close", event
        code: int = event["code"]
        assert_close_described("live", code)
        return code

    async def hears_nothing(self) -> bool:
        """Request a pong, which arrives after all earlier messages."""
        answer = await self.ask("ping", id="end")
        return bool(answer["type"] == "pong")


@dataclass
class Platform:
    """One process without its HTTP server."""

    live: Live
    stream: Stream
    listener: Listener
    writer: Writer
    clients: list[Client] = field(default_factory=list)

    async def store(self, sensor: Sensor, minute: int, **values: float) -> int:
        """Store a reading as a door would, and return the sensor's seq."""
        at = TEN.replace(minute=minute)
        draft = Draft(observed_at=at, values=dict(values))
        outcome = await self.writer.submit(WriteRequest(Source(sensor.pk, str(sensor.uuid)), at, [draft]))
        return outcome.seq

    def client(self, *headers: tuple[bytes, bytes]) -> Client:
        made = Client(self.live.socket, "/ws/live/", headers=[HOST, *headers])
        self.clients.append(made)
        return made

    async def program(self, operator: Operator, *sites: Site) -> Client:
        """Connect with a token in the handshake, which may be bound to sites."""
        token = await django(lambda: token_of(operator, *sites))
        client = self.client((b"authorization", f"Bearer {token}".encode()))
        assert (await client.connect())[0]
        return client

    async def watching(self, operator: Operator, *sensors: Sensor, **members: Any) -> Client:
        """Connect and subscribe, and read the snapshot."""
        client = await self.program(operator)
        snapshot = await client.ask("subscribe", sensors=[str(sensor.uuid) for sensor in sensors], **members)
        assert snapshot["type"] == "snapshot", snapshot
        return client


@pytest.fixture
async def platform(transactional_db: None) -> AsyncIterator[Platform]:
    connections_, listener, stream = pool(), Listener(), Stream()
    live, writer = (
        Live(pool=connections_, listener=listener, stream=stream, alerts=AlertEvents, now=utc_now),
        Writer(stream, capacity=10_000),
    )
    await connections_.open()
    await live.start()
    await listener.start()
    await writer.start()
    while not listener.is_hearing:  # noqa: ASYNC110 - there is no event for it, and only tests need to know
        await asyncio.sleep(0.005)
    made = Platform(live, stream, listener, writer)
    yield made
    for client in made.clients:
        await client.disconnect()
    await writer.stop()
    await live.stop()
    await listener.stop()
    await connections_.close()
