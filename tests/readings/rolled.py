"""The chores, run step by step, and a plain Python aggregation of a sensor's readings to compare with."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection
from psycopg.types.json import set_json_loads

from sensorfusion.domain.device_clock import AHEAD
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.rollup import step
from sensorfusion.events.postgres import conninfo
from sensorfusion.readings.models import Exclusion
from sensorfusion.readings.rollups.buckets import Table, Width, buckets
from sensorfusion.readings.rollups.chores import Advance, RecutDays, RollUp
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.readings.rollups.question import Question

NAMES = ("temperature", "rain", "rain_total", "rain_day", "wind_direction", "wind_speed")
START = datetime(2026, 3, 28, 20, tzinfo=UTC)  # the clocks of Warsaw change the following night
NOW = datetime(2026, 4, 2, tzinfo=UTC)
Values = Mapping[str, Any]
Key = tuple[float, str]


@dataclass(frozen=True)
class Bucket:
    """A bucket's representative value, its extremes, and its extras."""

    value: float | None
    low: float | None
    high: float | None
    count: float | None
    first: float | None
    last: float | None
    growth: float | None


@dataclass
class Work:
    """The chores, run in small parts, on a connection of their own."""

    connection: psycopg.Connection
    now: datetime = NOW
    roll: RollUp = field(default_factory=RollUp)

    def advance(self) -> bool:
        return Advance(lambda: self.now).run(self.connection)

    def some(self) -> bool:
        return self.roll.run(self.connection)

    def all(self) -> None:
        """Run all chores until nothing is left to do."""
        while self.advance() or self.some() or RecutDays().run(self.connection):
            pass


def work(now: datetime = NOW) -> Work:
    link = psycopg.connect(conninfo(), autocommit=True)
    set_json_loads(lambda text: text, link)
    return Work(link, now)


def chores_at(now: datetime = NOW) -> Any:  # pytest does not export the type of a fixture
    """Create the fixture `chores` of a module: the chores as of an instant."""

    @pytest.fixture
    def chores() -> Iterator[Work]:
        made = work(now)
        yield made
        made.connection.close()

    return chores


def good_numbers(sensor: int, start: datetime, end: datetime) -> list[tuple[datetime, str, float]]:
    """List every value that counts, ordered by time, in plain Python."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT observed_at, key, value::text, flags ->> key FROM reading, jsonb_each(values)"
            " WHERE sensor_id = %s AND observed_at >= %s AND observed_at < %s"
            " AND observed_at <= received_at + make_interval(secs => %s)"
            " ORDER BY observed_at",
            [sensor, start, end, AHEAD.total_seconds()],
        )
        rows = cursor.fetchall()
    left_out = list(Exclusion.objects.filter(sensor=sensor, restored_at=None))
    return [
        (at, name, float(text))
        for at, name, text, flag in rows
        if name in NAMES and text[0] in "-0123456789" and flag != "4"
        if not any(x.starts_at <= at < x.ends_at and x.quantity in ("", name) for x in left_out)
    ]


def truth(
    sensor: int, *, start: datetime, end: datetime, width: Width, zone: str, day_starts_h: int = 0
) -> dict[Key, Bucket]:
    """Aggregate readings into buckets, in plain Python."""
    gathered: dict[Key, list[tuple[datetime, float]]] = {}
    numbers = good_numbers(sensor, start, end)
    for at, name, value in numbers:
        gathered.setdefault((_bucket(at, width, zone, day_starts_h), name), []).append((at, value))
    speeds = {at: value for at, name, value in numbers if name == "wind_speed"}
    found = {key: _combined(key[1], [value for _, value in rows]) for key, rows in gathered.items()}
    for (t, name), rows in gathered.items():
        if name == "wind_direction":
            found[t, name] = replace(found[t, name], value=_direction(rows, speeds))
        elif name == "rain_day":
            days = [(at, value, zone, day_starts_h) for at, value in rows]
            found[t, name] = replace(found[t, name], growth=sum(_grown(*pair) for pair in pairwise(days)))
    return found


def _direction(rows: Sequence[tuple[datetime, float]], speeds: Mapping[datetime, float]) -> float | None:
    """Average directions by speed; those of calms count nothing, those without a speed as much as 1 m/s."""
    weights = [(value, speeds.get(at, 1.0)) for at, value in rows]
    blowing = [(value, speed) for value, speed in weights if speed >= 0.5]
    east = sum(speed * math.sin(math.radians(value)) for value, speed in blowing)
    north = sum(speed * math.cos(math.radians(value)) for value, speed in blowing)
    is_none = math.hypot(east, north) / len(rows) < 1e-6
    return None if is_none else math.degrees(math.atan2(east, north)) % 360


def _grown(before: tuple[datetime, float, str, int], after: tuple[datetime, float, str, int]) -> float:
    """Return the increase of a day's counter: all of the value once its day has surely begun unseen."""
    (old_at, old, zone, begins), (new_at, new, *_) = before, after
    late = timedelta(hours=2) if new == old else timedelta(minutes=15)
    is_within_hour = _bucket(old_at, "1h", zone, begins) == _bucket(new_at, "1h", zone, begins)
    has_begun = _bucket(new_at - late, "1d", zone, begins) >= old_at.timestamp()
    return new if has_begun and not is_within_hour else step(old, new)


def _bucket(at: datetime, width: Width, zone: str, day_starts_h: int) -> float:
    if width != "1d":
        width_s = {"5m": 300, "1h": 3600}[width]
        return math.floor(at.timestamp() / width_s) * width_s
    # By the local clock, the hours before a day's beginning belong to the day before.
    local = at.astimezone(ZoneInfo(zone))
    day = local.date() if local.hour >= day_starts_h else local.date() - timedelta(days=1)
    return datetime(day.year, day.month, day.day, day_starts_h, tzinfo=ZoneInfo(zone)).timestamp()


def _combined(name: str, values: Sequence[float]) -> Bucket:
    extremes = (min(values), max(values))
    growth = None
    match quantity(name).combine:
        case "vector":
            return Bucket(None, None, None, len(values), values[0], values[-1], None)  # `_direction` needs speeds
        case "counter":
            stands, growth = values[-1], sum(step(*pair) for pair in pairwise(values))
        case "sum":
            stands = sum(values)
        case _:
            stands = sum(values) / len(values)
    return Bucket(stands, *extremes, len(values), values[0], values[-1], growth)


def found(
    sensor: int, *, start: datetime, end: datetime, width: Width, zone: str, day_starts_h: int = 0
) -> dict[Key, Bucket]:
    """Call `buckets` and convert its result to the shape of `truth`."""
    calendar = Calendar(zone, day_starts_h)
    question = Question(sensor=sensor, quantities=tuple(NAMES), start=start, end=end, calendar=calendar)
    table = buckets(question, width, extras=True)
    return {
        (t, name): Bucket(
            *(getattr(table.columns[name], part)[row] for part in ("value", "low", "high")),
            *(getattr(table.columns[name], part)[row] for part in ("count", "first", "last", "growth")),
        )
        for row, t in enumerate(table.t)
        for name in NAMES
        if table.columns[name].count[row] is not None
    }


def differences(one: dict[Key, Bucket], other: dict[Key, Bucket]) -> list[str]:
    """Describe the differences between two results, apart from rounding."""
    told = [f"{key}: {one.get(key)} / {other.get(key)}" for key in sorted(one.keys() ^ other.keys())]
    return told + [
        f"{key} {part}: {getattr(one[key], part)} / {getattr(other[key], part)}"
        for key in sorted(one.keys() & other.keys())
        for part in ("value", "low", "high", "count", "first", "last", "growth")
        if not _same(key[1], getattr(one[key], part), getattr(other[key], part))
    ]


def _same(name: str, one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    distance = abs(one - other)
    if quantity(name).combine == "vector":
        distance = min(distance, 360 - distance)
        return distance <= 0.11
    return distance <= 0.0011


def outermost(table: Table) -> list[tuple[float, float]]:
    return list(zip(table.first, table.last, strict=True))
