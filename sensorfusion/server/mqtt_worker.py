"""The MQTT workers of an installation: which process is which worker, and its client identifier.

The broker binds a session to the client identifier, so it must not change: it consists of the installation's name,
which is stored in the data directory, and the worker's number. A file lock ensures one process per number. Worker 1 is
one of the processes of `sensorfusion up`; others are started with `sensorfusion mqtt --worker 2`.
"""

import asyncio
import os
import secrets
from pathlib import Path

from psycopg_pool import AsyncConnectionPool

from sensorfusion.clock import utc_now
from sensorfusion.config.directory import make_private
from sensorfusion.config.env import BadEnvironment, Environment
from sensorfusion.config.locks import Busy, FileLock
from sensorfusion.events.control import Listener
from sensorfusion.events.stream import Stream
from sensorfusion.ingest.mqtt.announcer import Announcer
from sensorfusion.ingest.mqtt.broker import broker
from sensorfusion.ingest.mqtt.composition import Subscriber, Terms
from sensorfusion.ingest.pipeline import Pipeline

LOOK_EVERY_S = 2.0  # how soon a standby process takes over
NAME_FILE = "mqtt_name"


class Fetching:
    """Runs the MQTT subscriber in this process while it holds the worker's lock."""

    def __init__(
        self,
        environment: Environment,
        *,
        worker: int | None,
        pool: AsyncConnectionPool,
        listener: Listener,
        stream: Stream,
        pipeline: Pipeline,
    ) -> None:
        """Create the subscriber; `start` connects it. Without a number, this process is a standby for worker 1.

        :raises BadEnvironment: if the broker's URL is invalid.
        """
        self._environment = environment
        self._pool, self._stream = pool, stream
        self._announcer: Announcer | None = None
        self._data = environment.data
        self._worker = worker or 1
        self._stands_by = worker is None
        self._lock: FileLock | None = None
        self._waiting: asyncio.Task[None] | None = None
        self.is_leaving = False
        self.subscriber = Subscriber(
            terms(environment, self._worker), pool=pool, listener=listener, pipeline=pipeline, now=utc_now
        )

    async def start(self) -> None:
        """Connect if the worker's lock is free; otherwise a standby waits until it is.

        :raises Busy: if another process is this worker.
        """
        if self._try():
            await self._begin()
        elif self._stands_by:
            self._waiting = asyncio.create_task(self._take_over(), name="mqtt stand-by")
        else:
            raise Busy(
                f"MQTT worker {self._worker} is already running ({self._holder()}). `sensorfusion up` is worker 1 when"
                f" MQTT_URL is set. Add another with --worker {self._worker + 1}."
            )

    async def stop(self) -> None:
        """Disconnect and release the lock; when leaving for good, end the session at the broker."""
        if self._waiting:
            self._waiting.cancel()
            await asyncio.gather(self._waiting, return_exceptions=True)
        if self._announcer:
            await self._announcer.stop()
            self._announcer = None
        await self.subscriber.stop(for_good=self.is_leaving)
        if self._lock:
            self._lock.close()
            self._lock = None

    async def _take_over(self) -> None:
        while not self._try():  # noqa: ASYNC110 - a file lock cannot notify when it is released
            await asyncio.sleep(LOOK_EVERY_S)
        await self._begin()

    async def _begin(self) -> None:
        await self.subscriber.start(is_leaving=self.is_leaving)
        if self._environment.mqtt_discovery and self._worker == 1:
            terms = self.subscriber.terms
            self._announcer = Announcer(
                terms.broker,
                name=name(self._data),
                pool=self._pool,
                stream=self._stream,
                now=utc_now,
                address=self._environment.public_url.rstrip("/"),
                ca_file=terms.ca_file,
            )
            self._announcer.start()

    def _try(self) -> bool:
        lock = FileLock(self._data / f"mqtt-{self._worker}.lock")
        if lock.try_exclusive():
            lock.write(f"process {os.getpid()}")
            self._lock = lock
            return True
        lock.close()
        return False

    def _holder(self) -> str:
        with FileLock(self._data / f"mqtt-{self._worker}.lock") as lock:
            return lock.read()


def terms(environment: Environment, worker: int) -> Terms:
    """Return the settings of a worker's connection to the broker.

    :raises BadEnvironment: if the broker's URL or the certificate file is invalid.
    """
    try:
        where = broker(environment.mqtt_url)
    except ValueError as error:
        raise BadEnvironment(f"MQTT_URL cannot be used: {error}") from None
    ca_file = Path(environment.mqtt_ca_file).expanduser() if environment.mqtt_ca_file else None
    if ca_file and not ca_file.is_file():
        raise BadEnvironment(f"MQTT_CA_FILE names {ca_file}, which is not a file.")
    return Terms(
        broker=where,
        client_id=f"sensorfusion-{name(environment.data)}-{worker}",
        site=environment.mqtt_site,
        is_shared=environment.mqtt_shared,
        ca_file=ca_file,
        max_body_bytes=environment.max_body_bytes,
    )


def name(data: Path) -> str:
    """Return the name of this installation in client identifiers; generate it if it is missing."""
    make_private(data)
    with FileLock(data / NAME_FILE) as lock:
        lock.exclusive()
        if not lock.read():
            lock.write(secrets.token_hex(4))
        return lock.read()
