"""Tells the watcher which watched sensors have new readings; called on the event loop for every committed batch."""

import threading
import time
from collections import deque
from collections.abc import Collection
from typing import Final

from sensorfusion.events.stream import Batch

# After readings came, so long until the next look: what comes meanwhile is judged in one transaction. A reading after a
# pause does not wait.
APART_S: Final = 0.025


class Wake:
    """Costs one look-up for a reading of a sensor without rules, and in all processes that do not watch."""

    def __init__(self) -> None:
        self.watched: Collection[int] = frozenset()
        self._stirred: deque[int] = deque()
        self._event = threading.Event()
        self._was_stirred = False

    def hear(self, batch: Batch) -> None:
        """Note the watched sensors of a batch."""
        if not self.watched:
            return
        for reading in batch:
            if reading.sensor in self.watched:
                self._stirred.append(reading.sensor)
        if self._stirred and not self._event.is_set():
            self._event.set()

    def look(self) -> None:
        """End the wait, because rules were changed."""
        self._event.set()

    def wait(self, most_s: float) -> set[int]:
        """Wait for readings of watched sensors, for a time at most; return the sensors."""
        if self._was_stirred:
            time.sleep(APART_S)
        self._event.wait(most_s)
        self._event.clear()
        found = set()
        while self._stirred:
            found.add(self._stirred.popleft())
        self._was_stirred = bool(found)
        return found
