"""The stored readings as the API tells them, and which of their values count."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from tests.truth.oracle.quantities import COMBINES

AHEAD_S: Final = 300.0  # docs/readings.md: a reading more than 5 minutes ahead of the server's clock is never shown
BAD: Final = 4  # QARTOD, table of flags


@dataclass(frozen=True)
class Excluded:
    """What an editor excluded: [start, end), of one quantity or of all (empty)."""

    start: float
    end: float
    quantity: str = ""

    def covers(self, at: float, name: str) -> bool:
        return self.start <= at < self.end and self.quantity in ("", name)


@dataclass(frozen=True)
class Reading:
    """One stored reading, in epoch seconds."""

    at: float
    received_at: float
    values: Mapping[str, Any]
    flags: Mapping[str, int]

    @property
    def is_ahead(self) -> bool:
        """Return whether the sensor's clock was ahead: it stays so when the day comes that the clock told."""
        return self.at - self.received_at > AHEAD_S


@dataclass(frozen=True)
class Counted:
    """The numbers of one reading that count."""

    at: float
    numbers: Mapping[str, float]


def all_readings(get: Callable[[str], Any], sensor: str) -> list[Reading]:
    """Fetch all readings of a sensor, page by page, ordered by time."""
    found: list[Reading] = []
    address: str | None = f"/api/v1/sensors/{sensor}/readings?limit=10000"
    while address:
        page = get(address)
        found += [_reading(each) for each in page["readings"]]
        following = page["next"] and urlsplit(page["next"])
        address = f"{following.path}?{following.query}" if following else None
    return sorted(found, key=lambda reading: reading.at)


def _reading(told: Mapping[str, Any]) -> Reading:
    at, received_at = (datetime.fromisoformat(told[name]).timestamp() for name in ("observed_at", "received_at"))
    return Reading(at, received_at, told["values"], told["flags"] or {})


def counted(readings: Iterable[Reading], excluded: Sequence[Excluded] = ()) -> list[Counted]:
    """Return the numbers that count: neither bad, nor excluded, nor from a clock that was ahead."""
    found = (Counted(each.at, _numbers(each, excluded)) for each in readings if not each.is_ahead)
    return [each for each in found if each.numbers]


def _numbers(reading: Reading, excluded: Sequence[Excluded]) -> dict[str, float]:
    return {
        name: float(value)
        for name, value in reading.values.items()
        if name in COMBINES
        and isinstance(value, int | float)
        and reading.flags.get(name) != BAD
        and not any(each.covers(reading.at, name) for each in excluded)
    }
