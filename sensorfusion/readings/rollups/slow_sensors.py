"""Sensors whose hours take too long to roll up: they are tried alone and ever more rarely, after all others.

One sensor with very many values would otherwise hold up the rollups of the installation, and the deletion of that
sensor, which waits for the transaction that rolls it up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

LIMIT_S: Final = 3.0  # of one statement; a usual batch takes 0.4 s in all
LONGEST_LIMIT_S: Final = 12.0  # of one statement, for an hour that is tried alone
FIRST_WAIT_S: Final = 60.0
LONGEST_WAIT_S: Final = 3600.0
SHARE: Final = 4.0  # a slow sensor takes at most one in five seconds


@dataclass(slots=True)
class _Slow:
    wait_s: float
    limit_s: float
    due_at: float


class SlowSensors:
    """The slow sensors that this process knows of, and when each may be tried next."""

    def __init__(self, clock: Callable[[], float], *, longest_limit_s: float = LONGEST_LIMIT_S) -> None:
        self._clock = clock
        self._longest_limit_s = longest_limit_s
        self._slow: dict[int, _Slow] = {}

    @property
    def all(self) -> list[int]:
        return list(self._slow)

    def due(self) -> int | None:
        """Return a sensor that may be tried now."""
        now = self._clock()
        return next((sensor for sensor, slow in self._slow.items() if slow.due_at <= now), None)

    def limit_s(self, sensor: int) -> float:
        return self._slow[sensor].limit_s

    def failed(self, sensor: int, *, limit_s: float) -> bool:
        """Wait longer before the next try, which gets more time; return whether the sensor is new here."""
        known = self._slow.get(sensor)
        wait_s = min(2 * known.wait_s, LONGEST_WAIT_S) if known else FIRST_WAIT_S
        self._slow[sensor] = _Slow(
            wait_s, min(4 * limit_s, max(limit_s, self._longest_limit_s)), self._clock() + wait_s
        )
        return known is None

    def worked(self, sensor: int, *, took_s: float) -> None:
        """Let others go first before the next hour of the sensor."""
        self._slow[sensor].due_at = self._clock() + SHARE * took_s

    def done(self, sensor: int) -> None:
        """Forget a sensor that has nothing left to do."""
        self._slow.pop(sensor, None)
