"""Sends the examples of doors to one real process, and records the receipts of its pipeline."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import httpx2
from django.db import connections

from sensorfusion.clock import utc_now
from sensorfusion.ingest.mqtt.registered import Registered
from sensorfusion.ingest.mqtt.routes import Routes
from sensorfusion.ingest.polling.answer import NotUnderstood
from sensorfusion.ingest.polling.fetching import Fetcher
from sensorfusion.ingest.polling.poll_rows import Due
from sensorfusion.ingest.polling.poller import Poller
from sensorfusion.ingest.steps.receipts import Receipt, Rejected
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.sensors.models import Sensor, Site, Status
from sensorfusion.server.asgi import build
from sensorfusion.server.process import Process
from tests.cases.doors import Ask, Example, Who
from tests.ingest.conftest import key_for, read, until

MAPPING = "temperature = $.temperature\nhumidity = $.humidity\npressure = $.pressure"
Row = tuple[dict[str, Any], int]


class _Device:
    """A device that is polled, and gives one answer."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def get(self, url: str, headers: object = None) -> bytes:
        return self._body


class Idle:
    """Does no chores."""

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass


@dataclass
class Bench:
    """One process; `receipts` holds what its pipeline answered since the last request."""

    runner: asyncio.Runner
    process: Process
    application: Any
    receipts: list[Receipt] = field(default_factory=list)

    def send(self, example: Example, ask: Ask, sensor: Sensor, who: Who) -> list[Receipt]:
        self.receipts.clear()
        self.runner.run(self._way(example)(ask, sensor, who))
        return list(self.receipts)

    def _way(self, example: Example) -> Callable[..., Any]:
        return {"http": self._http, "socket": self._socket, "mqtt": self._mqtt, "poll": self._poll}[example.way]

    async def _http(self, ask: Ask, sensor: Sensor, who: Who) -> None:
        transport = httpx2.ASGITransport(app=self.application)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answer = await client.request(ask.method, ask.path, headers=dict(ask.headers), content=ask.body)
        assert answer.status_code < 500, answer.text

    async def _socket(self, ask: Ask, sensor: Sensor, who: Who) -> None:
        given: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        headers = [(name.encode(), value.encode()) for name, value in ask.headers.items()]
        scope = {"type": "websocket", "path": "/ws/ingest/", "headers": headers, "query_string": b""}
        running = asyncio.create_task(self.application(scope, given.get, said.put))
        for message in ({"type": "websocket.connect"}, {"type": "websocket.receive", "bytes": ask.body}):
            given.put_nowait(message)
            assert (await said.get())["type"] in ("websocket.accept", "websocket.send")
        given.put_nowait({"type": "websocket.disconnect"})
        await running

    async def _mqtt(self, ask: Ask, sensor: Sensor, who: Who) -> None:
        registered = Registered(self.process.pool, self.process.listener)
        try:
            parts = Routes(who.site).read(ask.path, ask.body, utc_now()).parts
        except RequestRefused as refused:
            self._record(refused)
            return
        if not parts:
            self.receipts.append(Receipt(0, 0, [], None))
        for part in parts:
            await self._receive(lambda _, name=part.name: registered.source(name), part.sent)

    async def _poll(self, ask: Ask, sensor: Sensor, who: Who) -> None:
        poller = Poller(self.process.pool, self.process.ingest.pipeline, cast(Fetcher, _Device(ask.body)), now=utc_now)
        at = utc_now()
        due = Due(sensor.pk, who.uuid, "http://device", "", MAPPING, "$.time", 60, at, at, 0, sensor.site_id)
        try:
            await poller._take(due)
        except NotUnderstood as trouble:  # written to the poll, which has no other receipt
            self.receipts.append(Receipt(0, 0, [Rejected(0, None, "unreadable", str(trouble))], None))

    async def _receive(self, identify: Any, sent: Sequence[Any]) -> None:
        with suppress(RequestRefused):  # its receipt is recorded
            await self.process.ingest.pipeline.receive(credential="x", identify=identify, decode=lambda _: sent)

    def record(self) -> None:
        """Record the receipts of all requests from now on."""
        receive = self.process.ingest.pipeline.receive

        async def recorded(**given: Any) -> Receipt:
            try:
                receipt = await receive(**given)
            except RequestRefused as refused:
                self._record(refused)
                raise
            self.receipts.append(receipt)
            return receipt

        self.process.ingest.pipeline.receive = recorded  # type: ignore[method-assign]

    def _record(self, refused: RequestRefused) -> None:
        self.receipts.append(refused.receipt or Receipt(0, 0, [], None))


@asynccontextmanager
async def _running() -> AsyncIterator[tuple[Process, Any]]:
    process = Process()
    process.runner = Idle()  # type: ignore[assignment]  # chores judge values later, and write flags
    application = build(process)
    await process.started()
    await until(lambda: process.listener.is_hearing)
    try:
        yield process, application
    finally:
        await process.stop()
        await asyncio.to_thread(connections.close_all)


@contextmanager
def bench() -> Iterator[Bench]:
    """Run one process for the block."""
    with asyncio.Runner() as runner:
        running = _running()
        process, application = runner.run(running.__aenter__())
        try:
            one = Bench(runner, process, application)
            one.record()
            yield one
        finally:
            runner.run(running.__aexit__(None, None, None))


def sender(example: Example, site: Site) -> tuple[Sensor, Who]:
    """Register a sensor for an example."""
    sensor = Sensor.objects.create(
        site=site, name=f"{example.way} {example.name}", external_id=example.external_id, status=Status.ACTIVE
    )
    return sensor, Who(key_for(sensor), str(sensor.uuid), str(site.uuid), ZoneInfo(site.time_zone))


def rows(sensor: Sensor) -> dict[datetime, Row]:
    """Return the stored readings of a sensor: values and seq by instant."""
    found = read(f'SELECT observed_at, "values", seq FROM reading WHERE sensor_id = {sensor.pk}')
    return {at.astimezone(UTC): (values, seq) for at, values, seq in found}
