"""Tells the watcher which watched sensors have new readings; called on the event loop for every committed batch."""

import threading
from collections import deque
from collections.abc import Collection

from sensorfusion.events.stream import Batch


class Wake:
    """Costs one look-up for a reading of a sensor without rules, and in all processes that do not watch."""

    def __init__(self) -> None:
        self.watched: Collection[int] = frozenset()
        self._stirred: deque[int] = deque()
        self._event = threading.Event()

    def hear(self, batch: Batch) -> None:
        """Note the watched sensors of a batch."""
        if not self.watched:
            return
        for reading in batch:
            if reading.sensor in self.watched:
                self._stirred.append(reading.sensor)
                self._event.set()

    def wait(self, most_s: float) -> set[int]:
        """Wait for readings of watched sensors, for a time at most; return the sensors."""
        self._event.wait(most_s)
        self._event.clear()
        found = set()
        while self._stirred:
            found.add(self._stirred.popleft())
        return found
