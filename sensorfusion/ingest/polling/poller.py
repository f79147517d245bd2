"""Polls devices and services at their intervals, and passes the readings to the pipeline like any door.

Every process has a poller; the one that holds the advisory lock is active. The lock belongs to a database connection:
when that is lost, requests under way are cancelled at the next check, within a second. Each sensor has at most one
request at a time. After failures the interval backs off exponentially, up to an hour, with jitter.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from sensorfusion.clock import Clock
from sensorfusion.events.metrics import Counter
from sensorfusion.events.postgres import conninfo
from sensorfusion.events.tasks import end
from sensorfusion.events.work import REST_S
from sensorfusion.ingest.pipeline import Pipeline
from sensorfusion.ingest.polling import poll_rows as records
from sensorfusion.ingest.polling.answer import NotUnderstood, Understood, understand
from sensorfusion.ingest.polling.fetching import Fetcher, NoAnswer
from sensorfusion.ingest.polling.headers import parse_headers
from sensorfusion.ingest.polling.mapping import parse_fields
from sensorfusion.ingest.polling.paths import parse
from sensorfusion.ingest.polling.poll_rows import Due
from sensorfusion.ingest.steps.batch import Source
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.sensors.keys.encryption import decrypt

_LOCK: Final = 0x5E50_0011  # the advisory lock's key; see readings/storage/chores.py for the others
LOOK_EVERY_S: Final = 1.0  # at most; less often if no poll is due so soon
AT_ONCE: Final = 30  # concurrent requests; each waits for a device outside our control
LONGEST_WAIT_S: Final = 3600.0

ASKED = Counter("sensorfusion_polls", "Polls of devices and services, by their outcome.", ["outcome"])

_log = logging.getLogger(__name__)


class Poller:
    """The polling task of one process."""

    def __init__(
        self,
        pool: AsyncConnectionPool,
        pipeline: Pipeline,
        fetcher: Fetcher,
        *,
        now: Clock,
        connect: Callable[[], str] = conninfo,
        spread: Callable[[], float] = lambda: random.uniform(0.75, 1.25),
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._pool = pool
        self._pipeline = pipeline
        self._fetcher = fetcher
        self._connect = connect
        self._now = now
        self._spread = spread
        self._look_every_s = look_every_s
        self._woken = asyncio.Event()
        self._asking: dict[int, asyncio.Task[None]] = {}
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "poll answers")

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="poller")

    def wake(self) -> None:
        """Look at once; to be called on the event loop."""
        self._woken.set()

    async def stop(self) -> None:
        """Stop polling; answers that were received are passed on."""
        if self._task:
            await end([self._task])
            self._task = None
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def look(self, connection: psycopg.AsyncConnection) -> None:
        """Start requests for the polls that are due."""
        room = AT_ONCE - len(self._asking)
        if room <= 0:
            return
        for one in await records.due(connection, now=self._now()):
            if one.sensor not in self._asking and room > 0:
                room -= 1
                task = asyncio.create_task(self._ask(one), name=f"poll {one.uuid}")
                self._asking[one.sensor] = task
                task.add_done_callback(lambda _, sensor=one.sensor: self._asking.pop(sensor, None))  # type: ignore[misc]

    async def settled(self) -> None:
        """Wait for the requests under way."""
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self._lead()
            except (psycopg.Error, OSError) as error:
                _log.warning("Polling is suspended: %s", error)
            await asyncio.sleep(self._look_every_s * 5)

    async def _lead(self) -> None:
        """Poll while this process holds the lock; return if another process has it."""
        async with await psycopg.AsyncConnection.connect(self._connect(), autocommit=True) as connection:
            held = await (await connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])).fetchone()
            if not held or not held[0]:
                return
            try:
                while True:
                    self._woken.clear()
                    await self.look(connection)
                    await self._rest(connection)
            finally:
                await end(list(self._asking.values()))

    async def _rest(self, connection: psycopg.AsyncConnection) -> None:
        """Wait until the next poll may be due, or was changed."""
        next_at = await records.next_at(connection)
        until_s = (next_at - self._now()).total_seconds() if next_at else REST_S
        with suppress(TimeoutError):
            async with asyncio.timeout(min(max(until_s, self._look_every_s), REST_S)):
                await self._woken.wait()

    async def _ask(self, one: Due) -> None:
        try:
            left_out = await self._take(one)
        except (NoAnswer, NotUnderstood, RequestRefused, ValueError) as trouble:
            await self._failed(one, str(trouble), getattr(trouble, "retry_after_s", None) or 0.0)
        except Exception:
            _log.exception("Polling sensor %s failed unexpectedly", one.uuid)
            await self._failed(one, "the server could not read the answer; its log says why", 0.0)
        else:
            ASKED.add(1, "answered")
            now = self._now()
            in_step = one.next_at + timedelta(seconds=one.interval_s)
            next_at = in_step if in_step > now else now + timedelta(seconds=one.interval_s)
            await self._note(records.answered, one, at=now, next_at=next_at, left_out=left_out)

    async def _take(self, one: Due) -> str:
        """Poll one sensor and store the reading; return the problems with single quantities.

        :raises NoAnswer: :raises NotUnderstood: :raises RequestRefused: :raises ValueError: nothing is stored.
        """
        headers = decrypt(one.headers)
        if headers is None:
            raise NoAnswer("its headers cannot be decrypted, because the server's secret key changed: enter them again")
        body = await self._fetcher.get(one.url, parse_headers(headers))
        # A megabyte of JSON takes a tenth of a second or more, which would block the event loop.
        understood = await asyncio.get_running_loop().run_in_executor(self._thread, _understood, one, body, self._now())
        await self._store(one, understood)
        return understood.problems

    async def _store(self, one: Due, understood: Understood) -> None:
        async def identify(_: str) -> Source:
            return Source(one.sensor, one.uuid, site=one.site)

        await self._pipeline.receive(
            credential=f"poll {one.uuid}", identify=identify, decode=lambda _: [understood.sent]
        )

    async def _failed(self, one: Due, trouble: str, retry_after_s: float) -> None:
        ASKED.add(1, "failed")
        now = self._now()
        longest = min(one.interval_s * 2.0 ** min(one.failures, 12), max(LONGEST_WAIT_S, one.interval_s))
        next_at = now + timedelta(seconds=max(longest * self._spread(), retry_after_s))
        await self._note(records.failed, one, at=now, next_at=next_at, trouble=trouble)

    async def _note(self, how: Callable[..., object], one: Due, **what: object) -> None:
        try:
            async with self._pool.connection() as connection:
                await how(connection, one, **what)  # type: ignore[misc]  # both of `records` are coroutines
        except (psycopg.Error, PoolTimeout) as error:
            _log.warning("The result of polling sensor %s could not be recorded: %s", one.uuid, error)
            await asyncio.sleep(one.interval_s)  # the poll is still due; do not repeat it every second


def _understood(one: Due, body: bytes, received_at: datetime) -> Understood:
    return understand(
        body,
        fields=parse_fields(one.fields),
        time_path=parse(one.time_path) if one.time_path else None,
        received_at=received_at,
    )
