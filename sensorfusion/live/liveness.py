"""Detects when watched sensors become silent or live again, and notifies their followers.

A heap holds the instant at which each watched sensor would change its state if it sent nothing more; when that instant
has passed, the database is queried. So a state sent here equals the state a page shows, whichever process stored the
readings. A silent sensor that sends something is checked at once: its reading is sent first, the message that the
sensor is live directly after it.
"""

import asyncio
import heapq
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Final, Protocol

from sensorfusion.live import protocol
from sensorfusion.live.hub import DatabaseAway, Hub
from sensorfusion.live.reads import Rhythm

# States change on a scale of seconds; between two checks a flood of old readings from a silent sensor costs one query.
LOOK_EVERY_S: Final = 1.0
SILENT: Final = frozenset({"late", "offline", "pending"})

_log = logging.getLogger(__name__)


class Rhythms(Protocol):
    async def rhythms(self, sensors: Iterable[int]) -> dict[int, Rhythm]:
        """Return the inputs of these sensors' states."""


class LivenessMonitor:
    """Keeps the state of every sensor of the hub; runs as one task."""

    def __init__(
        self, hub: Hub, rhythms: Rhythms, *, now: Callable[[], datetime], look_every_s: float = LOOK_EVERY_S
    ) -> None:
        self._hub = hub
        self._rhythms = rhythms
        self._now = now
        self._look_every_s = look_every_s
        self._heap: list[tuple[datetime, int]] = []
        self._reminders: dict[int, datetime] = {}  # when the heap next wakes for each sensor
        self._stirred: set[int] = set()
        self._stir = asyncio.Event()
        hub.on_stir = self._on_stir

    def judge(self, sensor: int, rhythm: Rhythm, *, name: str | None = None) -> None:
        """Record a sensor's freshly read inputs; notify its followers if its state or name has changed."""
        topic = self._hub.topics.get(sensor)
        if topic is None:
            return
        now = self._now()
        told, named = topic.state, topic.name
        topic.name = name or named
        topic.state, topic.look_at = rhythm.state(now), rhythm.next_change_at(now)
        topic.silent = topic.state in SILENT
        self._remind(sensor, topic.look_at)
        renamed = topic.name if named and topic.name != named else None
        if told and (told != topic.state or renamed):
            self._hub.tell(sensor, protocol.sensor_state(topic.uuid, topic.state, name=renamed))

    async def run(self) -> None:
        """Check repeatedly until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_every_s if self._heap or self._stirred else None):
                    await self._stir.wait()
            self._stir.clear()
            try:
                await self.look()
            except DatabaseAway as error:
                _log.warning("Cannot check which sensors are silent: %s", error)
            await asyncio.sleep(self._look_every_s / 4)

    async def look(self) -> None:
        """Query every sensor whose state may have changed.

        :raises DatabaseAway: the same sensors are queried at the next check.
        """
        due = self._due() | (self._stirred & self._hub.topics.keys())
        self._stirred = set()
        if not due:
            return
        try:
            found = await self._rhythms.rhythms(due)
        except DatabaseAway:
            self._stirred |= due
            raise
        for sensor, rhythm in found.items():
            self.judge(sensor, rhythm)

    def _remind(self, sensor: int, look_at: datetime | None) -> None:
        """Schedule a check unless one is due earlier anyway, which keeps about one entry per sensor."""
        earliest = self._reminders.get(sensor)
        if look_at is not None and (earliest is None or look_at < earliest):
            if not self._heap:
                self._stir.set()  # without reminders nothing else ends the wait
            self._reminders[sensor] = look_at
            heapq.heappush(self._heap, (look_at, sensor))

    def _due(self) -> set[int]:
        now, due = self._now(), set()
        while self._heap and self._heap[0][0] <= now:
            woken_for, sensor = heapq.heappop(self._heap)
            if self._reminders.get(sensor) != woken_for:
                continue
            del self._reminders[sensor]
            topic = self._hub.topics.get(sensor)
            if topic is None or topic.look_at is None:
                continue
            if topic.look_at <= now:
                due.add(sensor)
            else:  # the sensor was read meanwhile and is due later
                self._remind(sensor, topic.look_at)
        return due

    def _on_stir(self, sensor: int) -> None:
        self._stirred.add(sensor)
        self._stir.set()
