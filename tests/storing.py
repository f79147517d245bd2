"""Stores readings and their sensor's state in the database, without the writer."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection

from sensorfusion.readings.models import DirtyHour, Reading, SensorState
from sensorfusion.sensors.models import Sensor

Row = tuple[datetime, Mapping[str, Any]]


def store(
    sensor: Sensor,
    rows: Sequence[Row],
    flags: Mapping[datetime, Mapping[str, int]] | None = None,
    *,
    arrived: Mapping[datetime, datetime] | None = None,
) -> SensorState:
    """Store readings, oldest first, with seq 1, 2, 3 …; they arrive a second later, or when `arrived` says."""
    rows = sorted(rows, key=lambda row: row[0])
    for at, _ in rows:
        _month(at)
    Reading.objects.bulk_create(
        Reading(
            sensor=sensor,
            observed_at=at,
            received_at=(arrived or {}).get(at, at + timedelta(seconds=1)),
            seq=seq,
            values=dict(values),
            flags=(flags or {}).get(at),
        )
        for seq, (at, values) in enumerate(rows, 1)
    )
    last_at = rows[-1][0]
    seen: dict[str, tuple[datetime, Any]] = {name: (at, value) for at, values in rows for name, value in values.items()}
    return SensorState.objects.create(
        sensor=sensor,
        seq=len(rows),
        observed_at=last_at,
        received_at=last_at + timedelta(seconds=1),
        stored_until=last_at,
        values={name: value for name, (_, value) in seen.items()},
        older={name: at.timestamp() for name, (at, _) in seen.items() if at != last_at},
        deltas=[(after[0] - before[0]).total_seconds() for before, after in pairwise(rows[-12:])],
    )


def come_late(sensor: Sensor, at: datetime, values: Mapping[str, Any]) -> None:
    """Store an old reading, and mark its dirty hour."""
    _month(at)
    state = SensorState.objects.get(sensor=sensor)
    state.seq += 1
    state.save(update_fields=["seq"])
    Reading.objects.create(sensor=sensor, observed_at=at, received_at=at, seq=state.seq, values=dict(values))
    DirtyHour.objects.create(sensor=sensor, hour=at.replace(minute=0, second=0, microsecond=0))


def every(step_s: float, count: int, *, until: datetime) -> list[datetime]:
    """Return `count` instants, the last one being `until`."""
    return [until - timedelta(seconds=step_s * back) for back in range(count - 1, -1, -1)]


def _month(at: datetime) -> None:
    start = datetime(at.astimezone(UTC).year, at.astimezone(UTC).month, 1, tzinfo=UTC)
    end = (start + timedelta(days=32)).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS reading_{start:%Y_%m} PARTITION OF reading"
            f" FOR VALUES FROM ('{start.isoformat()}') TO ('{end.isoformat()}')"
        )
