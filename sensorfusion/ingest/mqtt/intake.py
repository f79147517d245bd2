"""Stores messages and then acknowledges them, in the order of their arrival.

A message is settled when its readings are committed, or when they can never be: garbage is acknowledged too, counted,
and reported as a refusal, because the broker would redeliver it for ever. After a temporary failure (the database is
down, the writer is busy) the message is kept and retried; meanwhile the broker holds the rest, because it sends no more
than the window ahead of our acknowledgements. So every message is in memory here or at the broker until it is on disk,
and no other state is needed.

A message without a time of its own gets that of its arrival; if it is delivered twice, it is stored twice.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from sensorfusion.clock import Clock
from sensorfusion.domain.device_clock.learning import Heard
from sensorfusion.events.metrics import Counter
from sensorfusion.ingest.mqtt.device_clocks import HOLD_S, Arrival, DeviceClocks, local_of
from sensorfusion.ingest.mqtt.link import WINDOW, Arrived
from sensorfusion.ingest.mqtt.registered import Name, Registered
from sensorfusion.ingest.mqtt.routes import Part, Read, Routes
from sensorfusion.ingest.pipeline import Pipeline
from sensorfusion.ingest.steps.batch import Note, Source
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.ingest.steps.work import is_light

# Messages that are stored together: a quarter of the window, so that the broker sends while we write.
GROUP = WINDOW // 4
# Messages of QoS 0 are not bounded by the window; QoS 0 allows dropping them when they arrive too fast.
MOST_WAITING = 5 * WINDOW
# A problem is logged once in this time, and only so many are; all are counted, and told on pages.
COMPLAIN_EVERY_S = 60.0
MOST_COMPLAINTS = 20
FOLLOWING = 20  # of the messages after a device's first, the next and the last that show whether it waited somewhere

MESSAGES = Counter("sensorfusion_mqtt_messages", "Messages from the broker, by their outcome.", ["outcome"])

_log = logging.getLogger(__name__)


class Connection(Protocol):
    """The methods of `Link` that the intake uses."""

    def is_current(self, message: Arrived) -> bool: ...

    def acknowledge(self, message: Arrived) -> bool: ...


class Superseded(Exception):
    """The message will be redelivered on a newer connection or after a restart; this copy is dropped."""


class Intake:
    """Passes messages from the link's thread to the pipeline, on the event loop."""

    def __init__(
        self,
        pipeline: Pipeline,
        registered: Registered,
        routes: Routes,
        *,
        clocks: DeviceClocks,
        now: Clock,
        max_body_bytes: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pipeline = pipeline
        self._registered = registered
        self._routes = routes
        self._clocks = clocks
        self._now = now
        self._max_body_bytes = max_body_bytes
        self._clock = clock
        self._waiting: deque[Arrived] = deque()
        self._group: Sequence[Arrived] = ()
        self._has_waiting = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._complained: set[str] = set()
        self._complaints_end_at = 0.0
        self._is_told = False
        self._is_storing = False
        self.received, self.settled = 0, 0

    def arrived(self, message: Arrived) -> None:
        """Queue a message; called on the link's thread."""
        self.received += 1
        message = replace(message, at=self._now())  # the message may have to wait here
        if message.qos == 0 and len(self._waiting) >= MOST_WAITING:
            MESSAGES.add(1, "dropped")
            self._complain("dropped", "Messages of QoS 0 arrive faster than they can be stored. Publish with QoS 1.")
            return
        self._waiting.append(message)
        if not self._is_told:
            self._is_told = True
            self._loop.call_soon_threadsafe(self._wake)

    @property
    def is_idle(self) -> bool:
        """Return whether no message is waiting or being stored."""
        return not self._waiting and not self._is_storing

    def start(self, link: Connection) -> None:
        self._task = asyncio.create_task(self._run(link), name="mqtt intake")

    async def stop(self) -> None:
        """Finish the messages being stored, and leave the rest to the broker."""
        self._stopping.set()
        self._has_waiting.set()
        if self._task:
            await self._task

    def _wake(self) -> None:
        self._is_told = False
        self._has_waiting.set()

    async def _run(self, link: Connection) -> None:
        while not self._stopping.is_set():
            await self._has_waiting.wait()
            self._has_waiting.clear()
            # Messages that arrive during the stop stay at the broker: there may be no end to them.
            while not self._stopping.is_set() and (group := self._next_group()):
                await self._settle(group, link)
                self._is_storing = False

    def _next_group(self) -> Sequence[Arrived]:
        self._is_storing = bool(self._waiting)
        self._group = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
        return self._group

    async def _settle(self, group: Sequence[Arrived], link: Connection) -> None:
        for message, outcome in zip(
            group, await asyncio.gather(*(self._outcome(each, link) for each in group)), strict=True
        ):
            MESSAGES.add(1, outcome)
            if outcome != "superseded":
                self.settled += 1
                link.acknowledge(message)

    async def _outcome(self, message: Arrived, link: Connection) -> str:
        """Process a message and return its outcome."""
        if message.qos and not link.is_current(message):  # it is or was redelivered
            return "superseded"
        if message.is_retained:  # an old value kept by the broker, not an observation
            return "retained"
        try:
            read = await self._read_anywhere(message)
            self._tell(read.site, read.notes)
            outcomes = [await self._store(part, message, link) for part in read.parts]
        except Superseded:
            return "superseded"
        except RequestRefused as refused:
            self._complain(message.topic, f"A message to {message.topic[:200]!r} cannot be read: {refused}")
            self._tell(self._routes.site_of(message.topic), [Note(refused.code, message.topic, refused.detail)])
            return "refused"
        except Exception:  # a bug: without this the message would be redelivered for ever and block all others
            _log.exception("A message to %r could not be processed", message.topic[:200])
            return "failed"
        if read.notes:
            return "unknown"
        return "ignored" if not outcomes else "stored" if "stored" in outcomes else outcomes[0]

    def _tell(self, site: str, notes: Sequence[Note]) -> None:
        """Tell the owners of a site what came from devices that no sensor has."""
        if site and notes:
            self._pipeline.note_site(site, notes)

    async def _read_anywhere(self, message: Arrived) -> Read:
        """Read a message, a large one in a thread."""
        if is_light(message.payload):
            return self._read(message)
        return await self._pipeline.threads.run(message.topic, self._read, message)

    def _read(self, message: Arrived) -> Read:
        if len(message.payload) > self._max_body_bytes:
            raise RequestRefused(
                "too_large", f"It is larger than {self._max_body_bytes:,} bytes. Send smaller batches."
            )
        return self._routes.read(message.topic, message.payload, message.at or self._now())

    async def _store(self, part: Part, message: Arrived, link: Connection) -> str:
        """Store one sensor's readings, retrying until they are stored or permanently refused."""
        placed: list[int | None] = []  # decided once, however often the message is tried

        async def identify(_: str) -> Source:
            source = await self._registered.source(part.name)
            if not placed:
                placed.append(await self._offset_s(source, part, message))
            return replace(source, utc_offset_s=placed[0])

        while True:
            try:
                await self._pipeline.receive(
                    credential=str(part.name),
                    identify=identify,
                    decode=lambda _: part.sent,
                    is_light=is_light(message.payload),
                )
            except RequestRefused as refused:
                # A quota may be used up for a day, in which the messages of other sites must go on.
                if refused.retry_after_s is None or refused.code == "quota":
                    self._complain(f"{refused.code} {part.name}", f"Readings of {part.name} are refused: {refused}")
                    if refused.code != "unknown_sensor":
                        return "refused"
                    self._tell(part.name.site, [_unknown(part, message)])
                    return "unknown"
                await self._wait(refused.retry_after_s, message, link)
            else:
                return "stored"

    async def _offset_s(self, source: Source, part: Part, message: Arrived) -> int | None:
        """Return the offset of the message's local times.

        :raises RequestRefused: database_away.
        :raises Superseded: the intake stops before that can be decided.
        """
        arrival = Arrival(message.at or self._now(), message.is_live, message.is_again)
        placed = await self._clocks.placed(source, part.sent, arrival, lambda: self._following(part, message))
        return placed.utc_offset_s

    async def _following(self, part: Part, message: Arrived) -> list[Heard]:
        """Wait a moment, and return the messages of the same device that arrived after this one."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), HOLD_S)
            raise Superseded
        after = [each for each in (*self._group, *tuple(self._waiting)) if each.topic == message.topic]
        after = after[next((place for place, each in enumerate(after) if each is message), -1) + 1 :]
        looked_at = after if len(after) <= 2 * FOLLOWING else [*after[:FOLLOWING], *after[-FOLLOWING:]]
        heard = (self._heard(each, part.name) for each in looked_at)
        return [each for each in heard if each]

    def _heard(self, message: Arrived, name: Name) -> Heard | None:
        try:
            parts = self._read(message).parts
        except RequestRefused:
            return None
        local = next((local_of(part.sent) for part in parts if part.name == name), None)
        return Heard(message.at, local) if local and message.at else None

    async def _wait(self, seconds: float, message: Arrived, link: Connection) -> None:
        """Wait before a retry.

        :raises Superseded: there is to be no retry.
        """
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            if link.is_current(message) or message.qos == 0:
                return
        raise Superseded

    def _complain(self, about: str, text: str) -> None:
        """Log a problem, unless it was logged within the interval, or many others were."""
        now = self._clock()
        if now >= self._complaints_end_at:
            self._complaints_end_at = now + COMPLAIN_EVERY_S
            self._complained.clear()
        if about in self._complained or len(self._complained) > MOST_COMPLAINTS:
            return
        self._complained.add(about)
        if len(self._complained) > MOST_COMPLAINTS:
            text = (
                f"Further problems are not logged for {COMPLAIN_EVERY_S:.0f} s. Pages of sites and sensors list them."
            )
        _log.warning("%s", text)


def _unknown(part: Part, message: Arrived) -> Note:
    return Note(
        "unknown_sensor",
        part.name.device,
        f"No sensor of the site is known elsewhere by this name, which publishes to {message.topic}. Register one, or "
        "enter the name under Known elsewhere as in the names of an existing one.",
    )
