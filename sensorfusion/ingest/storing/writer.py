"""Group commit: one writer per process; requests that arrive during a commit are stored together in the next one.

Requests queue their readings and wait. A thread with its own connection takes everything in the queue, stores it in
one transaction and returns the outcomes to the event loop, which first publishes the changes and then lets the
requests answer. There is no artificial delay: an idle writer commits a single reading at once, a busy one batches by
itself. The queue is bounded, and so is each sensor's share of it, so that a flood from one sensor is refused while
other sensors go on.
"""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence

import msgspec

from sensorfusion.events import metrics
from sensorfusion.events.postgres import conninfo
from sensorfusion.events.stream import Stream
from sensorfusion.ingest.steps.batch import Outcome
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.storing.connection import Stored, WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest

# Readings in one transaction: enough for the best speed of COPY, few enough for short waits behind an import.
GROUP_READINGS = 5_000
# The share of the queue that one sensor may occupy.
SENSOR_SHARE = 0.25
# How often the event loop looks whether the thread's connection is dead.
LOOK_EVERY_S = 2.0
# At the end the thread may store what is queued, unless the database does not answer.
STOP_WITHIN_S = 4.0

READINGS = metrics.Counter("sensorfusion_readings", "Readings that were answered, by their outcome.", ["outcome"])
GROUPS = metrics.Counter("sensorfusion_commits", "Groups of requests that were committed together.")

_log = logging.getLogger(__name__)


class QueuedWrite(msgspec.Struct):
    """A queued write request, and the future that its HTTP request awaits; cancelling it affects no other request."""

    write_request: WriteRequest
    future: "asyncio.Future[Outcome]"
    queued_at: float


class Writer:
    """Queues write requests from the event loop and completes each after COMMIT."""

    def __init__(
        self,
        stream: Stream,
        *,
        capacity: int,
        connect: Callable[[], str] = conninfo,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stream = stream
        self._capacity = capacity
        self._clock = clock
        self._connect = connect
        self._connection: WriterConnection | None = None
        self._watching: asyncio.Task[None] | None = None
        self._storing: Sequence[QueuedWrite] = ()  # the group that the thread has taken from the queue
        self._pending = 0
        self._pending_of: dict[int, int] = {}
        self._queue: queue.SimpleQueue[QueuedWrite | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def pending(self) -> int:
        """The number of readings that wait for their commit."""
        return self._pending

    @property
    def oldest_s(self) -> float:
        """How long the oldest waiting request has waited; 0 if none waits."""
        storing = self._storing  # the thread takes all others at once when it has stored these
        return self._clock() - storing[0].queued_at if storing else 0.0

    def fault(self, *, within_s: float) -> str:
        """Return why the last group could not be stored, if that was in the last `within_s` seconds."""
        failed_at, why = (self._connection and self._connection.fault) or (0.0, "")
        return why if why and self._clock() - failed_at < within_s else ""

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._connection = WriterConnection(self._connect(), clock=self._clock)
        self._thread = threading.Thread(target=self._run, args=[self._connection], name="writer", daemon=True)
        self._thread.start()
        self._watching = asyncio.create_task(self._watch(self._connection), name="watch the writer")

    async def stop(self) -> None:
        """Store everything in the queue, then end the thread; refuse what the database does not take in time."""
        if self._thread and self._connection and self._watching:
            self._queue.put(None)
            await asyncio.to_thread(self._thread.join, STOP_WITHIN_S)
            if self._thread.is_alive():
                self._connection.abandon()
                await asyncio.to_thread(self._thread.join, STOP_WITHIN_S)
            self._thread = None
            self._watching.cancel()
            await asyncio.sleep(0)  # let the last group's outcomes reach their requests

    async def _watch(self, connection: WriterConnection) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            connection.cut_if_overdue()

    def submit(self, write_request: WriteRequest) -> "asyncio.Future[Outcome]":
        """Queue a write request and return a future that completes after COMMIT.

        :raises RequestRefused: overloaded or too_fast; raised immediately, and nothing is queued.
        """
        if self._loop is None or self._thread is None:
            raise RequestRefused("overloaded", "The server is starting or stopping. Wait a moment, then send again.")
        count, sensor = len(write_request.drafts), write_request.source.sensor
        if self._pending and self._pending + count > self._capacity:
            raise RequestRefused("overloaded")
        of_sensor = self._pending_of.get(sensor, 0)
        if of_sensor and of_sensor + count > self._capacity * SENSOR_SHARE:
            raise RequestRefused("too_fast")
        self._pending += count
        self._pending_of[sensor] = of_sensor + count
        queued = QueuedWrite(write_request, self._loop.create_future(), self._clock())
        self._queue.put(queued)
        return queued.future

    def _run(self, connection: WriterConnection) -> None:
        """Run in the thread: store groups and hand back their outcomes until the end marker."""
        assert self._loop is not None
        with connection:
            while group := self._next_group():
                self._storing = group
                stored = connection.store([queued.write_request for queued in group])
                self._loop.call_soon_threadsafe(self._settle, group, stored)

    def _next_group(self) -> list[QueuedWrite]:
        """Wait for a write request and take what else is queued, up to the group size; return [] at the end marker."""
        group: list[QueuedWrite] = []
        size = 0
        while (queued := self._queue.get()) is not None:
            group.append(queued)
            size += len(queued.write_request.drafts)
            if size >= GROUP_READINGS or self._queue.empty():
                return group
        if group:
            self._queue.put(None)  # put the end marker back for the next call
        return group

    def _settle(self, group: list[QueuedWrite], stored: Stored) -> None:
        """Publish the changes, then complete the futures; runs on the event loop."""
        try:
            self._stream.publish(stored.changes)
        except Exception:  # committed readings are acknowledged even if publishing fails
            _log.exception("Stored readings could not be published; viewers catch up from the database")
        self._count(stored.answers)
        if self._storing is group:
            self._storing = ()
        for queued, answer in zip(group, stored.answers, strict=True):
            self._release(queued.write_request)
            if queued.future.done():  # the client disconnected; its readings are stored nevertheless
                continue
            if isinstance(answer, RequestRefused):
                queued.future.set_exception(answer)
            else:
                queued.future.set_result(answer)

    def _count(self, answers: Sequence[Outcome | RequestRefused]) -> None:
        outcomes = [answer for answer in answers if isinstance(answer, Outcome)]
        GROUPS.add()
        READINGS.add(sum(outcome.accepted for outcome in outcomes), "accepted")
        READINGS.add(sum(outcome.duplicates for outcome in outcomes), "duplicate")

    def _release(self, write_request: WriteRequest) -> None:
        count, sensor = len(write_request.drafts), write_request.source.sensor
        self._pending -= count
        self._pending_of[sensor] -= count
        if not self._pending_of[sensor]:
            del self._pending_of[sensor]
