"""Tells messages that arrive in time from those that waited at the broker.

After a reconnect to a kept session the broker first sends what it queued, as fast as it is acknowledged. The queue is
empty once everything that was received is settled and nothing follows for a moment; on a busy broker, once no more than
a few messages were unsettled for a while, although the broker would send as many as its window allows.
"""

import time
from collections.abc import Callable

QUIET_S = 1.0
CALM_S = 30.0
# Below the smallest window that brokers commonly have, Mosquitto's 20.
CALM_AT_MOST = 10
# Longer than a commit takes: then something is wrong, and the broker may hold messages back.
SETTLED_WITHIN_S = 5.0


class Backlog:
    """The state of one connection. The caller serialises the calls."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.is_empty = False
        self._open = 0
        self._settled_at = 0.0  # since when nothing is unsettled, while that is so
        self._busy_at = 0.0
        self._open_since = 0.0

    def connected(self, *, is_session_kept: bool) -> None:
        """Begin again; a new session has no messages that wait."""
        self.is_empty, self._open = not is_session_kept, 0
        self._settled_at = self._busy_at = self._clock()

    def arrived(self) -> bool:
        """Count a message that is to be settled, and return whether nothing held it up at the broker."""
        now = self._clock()
        if self._open == 0:
            self.is_empty = self.is_empty or now - self._settled_at >= QUIET_S
            self._open_since = now
        elif now - self._open_since > SETTLED_WITHIN_S:
            self.is_empty = False
        self._open += 1
        if self._open > CALM_AT_MOST:
            self._busy_at = now
        elif now - self._busy_at >= CALM_S:
            self.is_empty = True
        return self.is_empty

    def settled(self) -> None:
        """Count a message that was acknowledged."""
        self._open = max(self._open - 1, 0)
        self._settled_at = self._open_since = self._clock()
