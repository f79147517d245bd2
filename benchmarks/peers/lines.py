"""The year of one-minute readings in InfluxDB's line protocol: the same numbers that `benchmarks.chart` loads."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from benchmarks.chart import QUANTITIES, value_at
from benchmarks.peers.program import fetch

DAY = 1440


def load_year(port: int, path: str, sensor: str, end: datetime, minutes: int) -> None:
    """POST the readings, a day in each request."""
    for body in _days(sensor, end, minutes):
        fetch(port, path, body)


def _days(sensor: str, end: datetime, minutes: int) -> Iterator[bytes]:
    start = end - timedelta(minutes=minutes)
    for first in range(0, minutes, DAY):
        lines = []
        for minute in range(first, min(first + DAY, minutes)):
            fields = ",".join(f"{name}={value_at(minute, place):.2f}" for place, name in enumerate(QUANTITIES))
            at = int((start + timedelta(minutes=minute)).timestamp()) * 1_000_000_000
            lines.append(f"weather,station={sensor} {fields} {at}")
        yield "\n".join(lines).encode()
