"""The components of one server process: listener, writer, hub, their connection pool, and the chores."""

import asyncio
import gc
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from django.conf import settings

from sensorfusion.alerts.evaluation.wake import Wake
from sensorfusion.alerts.messages.history import AlertEvents
from sensorfusion.clock import utc_now
from sensorfusion.events.control import Listener
from sensorfusion.events.stream import Batch, Stream
from sensorfusion.events.work import Work
from sensorfusion.ingest.composition import Ingest
from sensorfusion.ingest.polling.composition import poller
from sensorfusion.live.composition import Live
from sensorfusion.live.relay import shared_layer
from sensorfusion.postgres.room import little_room
from sensorfusion.readings.storage.connections import pool
from sensorfusion.server.alerts.alerting import alerting
from sensorfusion.server.alerts.sender import alert_sender
from sensorfusion.server.background.exporter import Exporter
from sensorfusion.server.background.waking import wake_on_work
from sensorfusion.server.chores import runner
from sensorfusion.server.fast_path import DOORS, GET_DOORS, REFUSALS, ByUrl
from sensorfusion.server.mailer import mailer
from sensorfusion.server.metrics import Metrics
from sensorfusion.server.mqtt_worker import Fetching
from sensorfusion.server.readiness import Readiness
from sensorfusion.server.senders import send_on_sender, webhook_sender
from sensorfusion.sharing.sockets import Shares, SitePages

Application = Any  # an ASGI application; Channels and Django have different types for it

# Longest time that a computing thread may keep another one waiting. The writer's thread needs the interpreter only
# briefly, between two waits for PostgreSQL, which would idle while a large request is decoded.
SWITCH_EVERY_S: Final = 0.0005


class Process:
    """The components are started by the lifespan, or by the first request on servers without lifespan (Daphne)."""

    def __init__(self, *, mqtt_worker: int | None = None) -> None:
        """Create the components. `mqtt_worker` makes this process that MQTT worker; otherwise it is a standby for
        worker 1.
        """
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
        self.live = Live(
            pool=self.pool,
            listener=self.listener,
            stream=self.stream,
            alerts=AlertEvents,
            layer=shared_layer(),
            now=utc_now,
        )
        around = self.live.around
        self.shares = Shares(hub=around.hub, readings=around.readings, listener=self.listener, now=utc_now)
        self.site_pages = SitePages(hub=around.hub, readings=around.readings, listener=self.listener, now=utc_now)
        self.poller = poller(self.pool, self.ingest.pipeline, now=utc_now)
        self.readiness = Readiness(
            self.pool, self.listener, self.ingest.writer, room=partial(little_room, settings.ENVIRONMENT.data)
        )
        self.metrics = Metrics()
        self.runner = runner(self._show, lambda: self.ingest.waiting > 0)
        rules = Wake()
        self.alerting = alerting(self.stream, now=utc_now, wake=rules)
        self.alert_sender = alert_sender(settings.ENVIRONMENT, now=utc_now)
        self.webhook_sender = webhook_sender(settings.ENVIRONMENT, now=utc_now)
        self.send_on_sender = send_on_sender(settings.ENVIRONMENT, now=utc_now)
        self.exporter = Exporter(now=utc_now, is_busy=lambda: self.ingest.waiting > 0)
        self.mailer = mailer(settings.ENVIRONMENT, now=utc_now)
        wakes: dict[str, Callable[[], None]] = {
            Work.ALERT_RULES: rules.look,
            Work.ALERT_MESSAGES: self.alert_sender.wake,
            Work.WEBHOOKS: self.webhook_sender.wake,
            Work.SEND_ON: self.send_on_sender.wake,
            Work.EXPORTS: self.exporter.wake,
            Work.POLLS: self.poller.wake,
        }
        wake_on_work(self.listener, wakes)
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
        """Start the components if they are not running; concurrent callers wait for the same start."""
        if not self.is_running:
            if self._starting is None:
                self._starting = asyncio.create_task(self._start(), name="start process")
            await asyncio.shield(self._starting)

    def _show(self, changes: Batch) -> None:
        """Publish changes made by background chores; called from the runner's thread."""
        if changes and self._loop:
            self._loop.call_soon_threadsafe(self.stream.publish, changes)

    async def _start(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self.metrics.start()
        await self.pool.open()
        await self.live.start()
        await self.listener.start()
        await self.ingest.start()
        if self.fetching:
            await self.fetching.start()
        await self.poller.start()
        self.runner.start()
        self.alerting.start()
        self.alert_sender.start()
        self.webhook_sender.start()
        self.send_on_sender.start()
        self.exporter.start()
        if self.mailer:
            self.mailer.start()
        self.is_running = True

    async def stop(self) -> None:
        """Stop the components in an order that loses nothing: first commit and acknowledge what was received, then
        publish it to the sockets and close them, then close the connections.
        """
        if self.is_running:
            self.is_running = False
            if self.fetching:
                await self.fetching.stop()
            await self.poller.stop()
            await self.ingest.stop()
            await self.shares.stop()
            await self.site_pages.stop()
            await self.live.stop()
            senders = (self.alert_sender, self.webhook_sender, self.send_on_sender)
            stops = [each.stop for each in (self.runner, self.alerting, self.exporter, *senders)]
            stops += [self.mailer.stop] if self.mailer else []
            await asyncio.gather(*map(asyncio.to_thread, stops))
            await self.listener.stop()
            await self.pool.close()
            await self.metrics.stop()


def _tune_interpreter() -> None:
    """Shorten the thread switch interval, freeze long-lived objects, and run garbage collection less often.

    Requests create no reference cycles, so collections find little; under load they took a tenth of the server's time
    and caused most of the slowest responses (benchmarks/README.md).
    """
    sys.setswitchinterval(SWITCH_EVERY_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


class Lifespan:
    """The ASGI lifespan protocol, for servers that support it.

    It tells the server which URLs have a door that can answer without ASGI (`server/fast_path.py`).
    """

    def __init__(self, process: Process, doors: ByUrl, refusals: ByUrl, get_doors: ByUrl) -> None:
        self._process = process
        self._state = {DOORS: doors, REFUSALS: refusals, GET_DOORS: get_doors}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._process.started()
                _tune_interpreter()
                scope.get("state", {}).update(self._state)
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._process.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


class Started:
    """Wraps an application: starts the process's components before the first call."""

    def __init__(self, process: Process, application: Application) -> None:
        self._process = process
        self._application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if not self._process.is_running:
            await self._process.started()
        await self._application(scope, receive, send)
