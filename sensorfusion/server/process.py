"""What one server process runs beside its requests: listener, writer, hub, the pool they share, and the chores."""

import asyncio
import gc
import sys
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings

from sensorfusion.clock import utc_now
from sensorfusion.events.control import Listener
from sensorfusion.events.stream import Batch, Stream
from sensorfusion.ingest.composition import Ingest
from sensorfusion.ingest.polling.composition import poller
from sensorfusion.live.composition import Live
from sensorfusion.live.relay import shared_layer
from sensorfusion.readings.storage.connections import pool
from sensorfusion.server.chores import runner
from sensorfusion.server.mqtt_worker import Fetching
from sensorfusion.server.uvicorn.http import DOORS, Door

Application = Any  # an ASGI application; Channels and Django do not agree on a type for it

# How long a thread may be kept waiting by another that computes. The writer's needs the interpreter for moments only,
# between two waits for PostgreSQL, which has nothing to do while a request of many readings is decoded.
SWITCH_EVERY_S: Final = 0.0005


class Process:
    """Started by the server's lifespan, or by the first request where the server has none (Daphne)."""

    def __init__(self, *, mqtt_worker: int | None = None) -> None:
        """Put it together. With a number it is that worker at the broker; else it may be the first (`config.mqtt`)."""
        self.pool = pool()
        self.listener = Listener()
        self.stream = Stream()
        self.ingest = Ingest(
            pool=self.pool,
            listener=self.listener,
            stream=self.stream,
            capacity=settings.ENVIRONMENT.queue_readings,
            now=utc_now,
        )
        self.live = Live(pool=self.pool, listener=self.listener, stream=self.stream, layer=shared_layer(), now=utc_now)
        self.poller = poller(self.pool, self.ingest.pipeline, now=utc_now)
        self.runner = runner(self._show, lambda: self.ingest.waiting > 0)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.fetching = self._fetching(mqtt_worker) if settings.ENVIRONMENT.mqtt_url else None
        self._starting: asyncio.Task[None] | None = None
        self.is_running = False

    def _fetching(self, worker: int | None) -> Fetching:
        return Fetching(
            settings.ENVIRONMENT,
            worker=worker,
            pool=self.pool,
            listener=self.listener,
            stream=self.stream,
            pipeline=self.ingest.pipeline,
        )

    async def started(self) -> None:
        """Return once everything runs; the first caller starts it."""
        if not self.is_running:
            if self._starting is None:
                self._starting = asyncio.create_task(self._start(), name="start process")
            await asyncio.shield(self._starting)

    def _show(self, changes: Batch) -> None:
        """Show viewers what background work changed; called from its thread."""
        if changes and self._loop:
            self._loop.call_soon_threadsafe(self.stream.publish, changes)

    async def _start(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self.pool.open()
        await self.live.start()
        await self.listener.start()
        await self.ingest.start()
        if self.fetching:
            await self.fetching.start()
        await self.poller.start()
        self.runner.start()
        self.is_running = True

    async def stop(self) -> None:
        """End in the order that loses nothing: first what was received is committed and answered,
        then the sockets hear of it and close, then the connections."""
        if self.is_running:
            self.is_running = False
            if self.fetching:
                await self.fetching.stop()
            await self.poller.stop()
            await self.ingest.stop()
            await self.live.stop()
            await asyncio.to_thread(self.runner.stop)
            await self.listener.stop()
            await self.pool.close()


def _tune_interpreter() -> None:
    """Let threads take turns more often, and keep the collector away from what stays for ever, and from looking up
    after every few requests.

    Requests leave no cycles behind, so what it finds is little; looking cost a tenth of the server's time under load
    and most of the slowest answers' (benchmarks/README.md).
    """
    sys.setswitchinterval(SWITCH_EVERY_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


class Lifespan:
    """The ASGI lifespan protocol, for servers that speak it.

    Tells the server which addresses have a door that answers by itself (`server.uvicorn.http`).
    """

    def __init__(self, process: Process, doors: Mapping[bytes, Door]) -> None:
        self._process = process
        self._doors = doors

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._process.started()
                _tune_interpreter()
                scope.get("state", {})[DOORS] = self._doors
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._process.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


class Started:
    """Wraps an application so that its process runs before it is called."""

    def __init__(self, process: Process, application: Application) -> None:
        self._process = process
        self._application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if not self._process.is_running:
            await self._process.started()
        await self._application(scope, receive, send)
