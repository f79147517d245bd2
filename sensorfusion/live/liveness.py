"""Notices when watched sensors fall silent or come back, and tells those who follow them.

A heap knows when each watched sensor would change its state if nothing more came; when that instant has passed, the
database is asked for what became of it. So a state said here is the state a page would show, whichever process stored
the readings. A silent sensor that sends something is asked about at once: the reading comes first, the message that the
sensor is live again right behind it.
"""

import asyncio
import heapq
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, Protocol

from sensorfusion.live import protocol
from sensorfusion.live.hub import DatabaseAway, Hub
from sensorfusion.live.reads import Rhythm

# States are judged in seconds; between two looks a flood of old readings from a silent sensor costs one query.
LOOK_EVERY_S: Final = 1.0
SILENT: Final = frozenset({"late", "offline", "pending"})

_log = logging.getLogger(__name__)


class Rhythms(Protocol):
    async def rhythms(self, sensors: Iterable[int]) -> dict[int, Rhythm]:
        """Read what the states of sensors follow from."""


class LivenessMonitor:
    """Keeps the state of every sensor of the hub; one task."""

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
        """Take note of a sensor as it was just read; tell its followers if its state or name is news."""
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
        """Look until cancelled."""
        while True:
            try:
                async with asyncio.timeout(self._look_every_s):
                    await self._stir.wait()
            except TimeoutError:
                pass
            self._stir.clear()
            try:
                await self.look()
            except DatabaseAway as error:
                _log.warning("Cannot judge which sensors are silent: %s", error)
            await asyncio.sleep(self._look_every_s / 4)

    async def look(self) -> None:
        """Ask about every sensor whose state may have changed.

        :raises DatabaseAway: they are asked about next time.
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
        """Wake for a sensor; one that is woken for earlier anyway is not noted again, so each is there about once."""
        earliest = self._reminders.get(sensor)
        if look_at is not None and (earliest is None or look_at < earliest):
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
            else:  # somebody has looked since, and it went on
                self._remind(sensor, topic.look_at)
        return due

    def _on_stir(self, sensor: int) -> None:
        self._stirred.add(sensor)
        self._stir.set()
