"""Follows a sensor at the hub without its readings: for what reads again by itself when something changed."""

from collections.abc import Callable
from typing import Any

from sensorfusion.live.hub import Hub
from sensorfusion.live.mailbox import Mailbox
from sensorfusion.live.protocol import CloseCode, Frame
from sensorfusion.live.reads import Readings


class Watcher(Mailbox):
    """A follower that drops every frame and calls `stirred`, which must not block."""

    __slots__ = ("_stirred",)

    def __init__(self, stirred: Callable[[], Any]) -> None:
        """Make no queue: nothing is kept. Without a line the hub calls `deliver`."""
        self._stirred = stirred
        self.straight = None

    def deliver(self, frame: Frame) -> None:
        self._stirred()

    def leave_out(self, sensor: int, *, after: int, until: int) -> None:
        self._stirred()

    def end(self, code: CloseCode, *, after_queue: bool = False) -> None:
        self._stirred()


async def watch(hub: Hub, readings: Readings, *, sensor: int, uuid: str, watcher: Watcher) -> None:
    """Call the watcher at every change of a sensor from now on; `hub.leave` ends it.

    :raises DatabaseAway: if the sensor's position could not be read; it is not followed then.
    """
    hub.hold({sensor: uuid})
    try:
        while not hub.join(watcher, sensor, (await readings.seqs([sensor])).get(sensor, 0)):
            pass
    finally:
        hub.release([sensor])
