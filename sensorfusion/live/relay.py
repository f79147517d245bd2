"""Exchanges stored readings with the other processes by the channel layer; only where there are several processes.

One channel and one group per process, read here in a loop: no consumer is dispatched and no socket has a subscription
of its own. The layer may lose messages, and Redis may be restarted: the hub detects a hole at the sensor's next
reading, and every ten seconds all positions are compared with the database. The relay never blocks the writer.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import uuid4

from channels.layers import InMemoryChannelLayer, get_channel_layer

from sensorfusion.events.messages import StoredReading
from sensorfusion.live.hub import DatabaseAway, Hub

GROUP: Final = "readings"
COMPARE_EVERY_S: Final = 10.0
# Buffer while Redis is slow; the other processes fetch from the database what is dropped here.
WAITING_READINGS: Final = 20_000
READINGS_AT_ONCE: Final = 1_000
SEND_WITHIN_S: Final = 5.0
RETRY_AFTER_S: Final = (1.0, 30.0)  # at first, and at most

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_log = logging.getLogger(__name__)


class Layer(Protocol):
    """The part of a channel layer that is used here."""

    async def new_channel(self) -> str: ...

    async def group_add(self, group: str, channel: str) -> None: ...

    async def group_send(self, group: str, message: dict[str, Any]) -> None: ...

    async def receive(self, channel: str) -> dict[str, Any]: ...


def shared_layer() -> Layer | None:
    """Return the channel layer if it reaches other processes."""
    layer: Layer | None = get_channel_layer()
    return None if isinstance(layer, InMemoryChannelLayer) else layer


class Relay:
    """One process's member of the group."""

    def __init__(self, layer: Layer, hub: Hub, *, compare_every_s: float = COMPARE_EVERY_S) -> None:
        self._layer = layer
        self._hub = hub
        self._compare_every_s = compare_every_s
        self._origin = uuid4().hex
        self._waiting: deque[StoredReading] = deque(maxlen=WAITING_READINGS)
        self._has_waiting = asyncio.Event()
        self.is_listening = asyncio.Event()

    def carry(self, batch: Sequence[StoredReading]) -> None:
        """Queue a batch of this process for the others."""
        self._waiting.extend(batch)
        self._has_waiting.set()

    async def send(self) -> None:
        """Send queued readings, until cancelled."""
        while True:
            await self._has_waiting.wait()
            self._has_waiting.clear()
            while self._waiting:
                readings = [self._waiting.popleft() for _ in range(min(len(self._waiting), READINGS_AT_ONCE))]
                message = {
                    "type": GROUP,
                    "origin": self._origin,
                    "readings": [_packed(reading) for reading in readings],
                }
                try:
                    async with asyncio.timeout(SEND_WITHIN_S):
                        await self._layer.group_send(GROUP, message)
                except Exception as error:  # any exception of the layer: the others fetch these from the database
                    await self._failed("Cannot send new readings to other processes: %r", error, RETRY_AFTER_S[0])

    async def receive(self) -> None:
        """Publish what the other processes send, until cancelled."""
        retry_after_s, longest_s = RETRY_AFTER_S
        while True:
            try:
                channel = await self._layer.new_channel()
                await self._layer.group_add(GROUP, channel)
                self.is_listening.set()
                retry_after_s, _ = RETRY_AFTER_S
                while True:
                    self._hear(await self._layer.receive(channel))
            except Exception as error:  # as above
                self.is_listening.clear()
                await self._failed("Cannot receive readings from other processes: %r", error, retry_after_s)
                retry_after_s = min(2 * retry_after_s, longest_s)

    async def compare(self) -> None:
        """Compare the positions with the database periodically, until cancelled."""
        while True:
            await asyncio.sleep(self._compare_every_s)
            try:
                await self._hub.compare()
            except DatabaseAway as error:
                _log.warning("Cannot compare the live stream with the database: %s", error)

    def _hear(self, message: dict[str, Any]) -> None:
        if message["origin"] != self._origin:
            self._hub.publish([_unpacked(*fields) for fields in message["readings"]])

    async def _failed(self, text: str, error: Exception, retry_after_s: float) -> None:
        self._hub.counts.relay_errors += 1
        _log.warning(text, error)
        await asyncio.sleep(retry_after_s)


def _packed(reading: StoredReading) -> tuple[int, int, bytes, int, int]:
    observed, received = ((at - _EPOCH) // _MICROSECOND for at in (reading.observed_at, reading.received_at))
    return reading.sensor, reading.seq, reading.wire, observed, received


def _unpacked(sensor: int, seq: int, wire: bytes, observed: int, received: int) -> StoredReading:
    return StoredReading(sensor, seq, wire, _EPOCH + observed * _MICROSECOND, _EPOCH + received * _MICROSECOND)
