"""What the open pages of one link are sent: one channel for a link and a system of units, however many watch it.

A change of the sensor, and any change of rights, only wakes the channel. It then reads what the link shows, as a page
does, and sends it if it differs. So a reading as it was stored never comes near the sockets of a share, and a link that
shows nothing any more ends them: at once when it was revoked, and by its own timer when it expires. It also reads
again when the site's day ends: the figures of the day begin again without a reading.
"""

import asyncio
import logging
from datetime import datetime
from typing import Final, Protocol

import msgspec

from sensorfusion.clock import Clock
from sensorfusion.live.hub import DatabaseAway, Hub
from sensorfusion.live.protocol import CloseCode
from sensorfusion.live.reads import Readings
from sensorfusion.live.watching import Watcher, watch
from sensorfusion.sharing.reader import Opened, Sent

GAP_S: Final = 0.25  # between two reads
CHECKED_EVERY_S: Final = 30.0  # a sensor falls silent without a message
RETRY_S: Final = 1.0
SHORTEST_S: Final = 0.01  # the loop's clock and the wall clock differ by less

_log = logging.getLogger(__name__)


class Reads(Protocol):
    async def about(self, token: str) -> Opened | None:
        """Return what a link is about now, None if it shows nothing."""

    async def latest(self, token: str, *, system: str) -> tuple[Sent, datetime | None] | None:
        """Return the current values and when the link expires, None once it shows nothing."""


class Outlet:
    """One socket's end of a channel: a slow one skips messages."""

    def __init__(self) -> None:
        self.changed = asyncio.Event()
        self.frames = 0  # that were sent


class Channel:
    """One link in one system of units."""

    def __init__(self, about: Opened, *, token: str, system: str, reads: Reads, now: Clock) -> None:
        self.about = about
        self.outlets: set[Outlet] = set()
        self.message = ""
        self.closing: CloseCode | None = None
        self._token, self._system, self._reads, self._now = token, system, reads, now
        self._stirred = asyncio.Event()
        self._watcher = Watcher(self.stir)
        self._expires_at: datetime | None = None
        self._day_ends_at: datetime | None = None
        self._is_changed = False

    def stir(self) -> None:
        """Read again soon."""
        self._stirred.set()

    def check(self) -> None:
        """Look soon whether the channel is about the same; else end with a code that makes pages reconnect."""
        self._is_changed = True
        self.stir()

    def close(self, code: CloseCode) -> None:
        """End the sockets, and `run`."""
        self.closing = self.closing or code
        self.stir()
        self._tell()

    async def run(self, *, hub: Hub, readings: Readings) -> None:
        """Send what changes, until the link shows nothing any more."""
        try:
            await self._follow(hub, readings)
            while self.closing is None:
                await self._wait(await self._read())
        finally:
            for sensor in self.about.sensors:
                hub.leave(self._watcher, sensor)

    async def _follow(self, hub: Hub, readings: Readings) -> None:
        for sensor, uuid in self.about.sensors.items():
            await self._follow_one(hub, readings, sensor, uuid)

    async def _follow_one(self, hub: Hub, readings: Readings, sensor: int, uuid: str) -> None:
        while True:
            try:
                return await watch(hub, readings, sensor=sensor, uuid=uuid, watcher=self._watcher)
            except DatabaseAway:
                await asyncio.sleep(RETRY_S)

    async def _read(self) -> float:
        """Read and send; return after which time to read again at the latest."""
        self._stirred.clear()
        try:
            found = await self._reads.latest(self._token, system=self._system)
            is_another = self._is_changed and await self._reads.about(self._token) != self.about
        except DatabaseAway as error:
            _log.warning("Cannot read what a link shows: %s", error)
            if self._left_s() <= 0:
                self.close(CloseCode.RIGHTS_GONE)
            return RETRY_S
        if found is None:
            self.close(CloseCode.RIGHTS_GONE)
            return 0.0
        self._is_changed = False
        if is_another:
            self.close(CloseCode.RESTART)
            return 0.0
        values, self._expires_at = found
        self._day_ends_at = datetime.fromisoformat(values.day_ends_at) if values.day_ends_at else None
        message = msgspec.json.encode(values).decode()
        if message != self.message:
            self.message = message
            self._tell()
        return max(SHORTEST_S, min(self._left_s(), self._until(self._day_ends_at)))

    async def _wait(self, most_s: float) -> None:
        if self.closing is None:
            await asyncio.sleep(min(GAP_S, most_s))
            try:
                async with asyncio.timeout(max(0.0, most_s - GAP_S)):
                    await self._stirred.wait()
            except TimeoutError:
                pass

    def _left_s(self) -> float:
        return self._until(self._expires_at)

    def _until(self, at: datetime | None) -> float:
        return CHECKED_EVERY_S if at is None else min(CHECKED_EVERY_S, (at - self._now()).total_seconds())

    def _tell(self) -> None:
        for outlet in self.outlets:
            outlet.changed.set()
