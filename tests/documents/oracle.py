"""The figures of a report recomputed from single readings, in plain Python and without the project's own arithmetic."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Rows = Sequence[tuple[datetime, Mapping[str, Any]]]
BASE = 18.0 + 1 / 3  # °C: 65 °F


@dataclass(frozen=True)
class Site:
    zone: str
    day_starts_h: int = 0

    def begin(self, day: date) -> datetime:
        return datetime.combine(day, time(self.day_starts_h), ZoneInfo(self.zone)).astimezone(UTC)

    def day_of(self, at: datetime) -> date:
        local = at.astimezone(ZoneInfo(self.zone))
        return next(
            day
            for day in (local.date() + timedelta(days=by) for by in (1, 0, -1))
            if self.begin(day) <= at < self.begin(day + timedelta(days=1))
        )


@dataclass(frozen=True)
class Expected:
    mean: float
    high: float
    high_at: datetime
    low: float
    low_at: datetime
    heating: float
    cooling: float
    rain: float
    wind: float
    gust: float
    gust_at: datetime
    direction: float | None
    read: int
    hours: int


def weather(site: Site, first: date, last: date, *, seed: int, share: float = 0.97, step_s: int = 1200) -> Rows:
    """Make up readings with holes: single ones, hours, and a whole day."""
    luck = random.Random(seed)
    at, end = site.begin(first), site.begin(last + timedelta(days=1))
    silent = first + timedelta(days=luck.randrange(1, (last - first).days))
    rows = []
    while at < end:
        values = {
            "temperature": round(luck.gauss(7, 9), 1),
            "wind_speed": round(abs(luck.gauss(2, 3)), 1),
            "wind_gust": round(abs(luck.gauss(6, 4)), 1),
            "wind_direction": luck.randrange(360),
            "rain": luck.choice([0.0] * 30 + [0.2, 0.4, 1.6]),
        }
        if luck.random() < share and site.day_of(at) != silent and luck.random() > (at.hour == 3) * 0.9:
            rows.append((at, values))
        at += timedelta(seconds=step_s)
    return rows


def expected(site: Site, rows: Rows) -> dict[date, Expected]:
    """Compute the figures of each day that has readings."""
    days: dict[date, list[tuple[datetime, Mapping[str, Any]]]] = {}
    for at, values in sorted(rows, key=lambda row: row[0]):
        days.setdefault(site.day_of(at), []).append((at, values))
    return {day: _day(site, day, there) for day, there in days.items()}


def _day(site: Site, day: date, rows: Rows) -> Expected:
    warmth = [(values["temperature"], at) for at, values in rows]
    mean = sum(value for value, _ in warmth) / len(warmth)
    (high, high_at), (low, low_at) = _first(warmth, max), _first(warmth, min)
    gust, gust_at = _first([(values["wind_gust"], at) for at, values in rows], max)
    begin, end = site.begin(day), site.begin(day + timedelta(days=1))
    return Expected(
        mean=mean,
        high=high,
        high_at=high_at,
        low=low,
        low_at=low_at,
        heating=max(0.0, BASE - mean),
        cooling=max(0.0, mean - BASE),
        rain=sum(values["rain"] for _, values in rows),
        wind=sum(values["wind_speed"] for _, values in rows) / len(rows),
        gust=gust,
        gust_at=gust_at,
        direction=direction([values for _, values in rows]),
        read=len({(at - begin) // timedelta(hours=1) for at, _ in rows}),
        hours=(end - begin) // timedelta(hours=1),
    )


def _first(values: Sequence[tuple[float, datetime]], pick: Any) -> tuple[float, datetime]:
    end = pick(value for value, _ in values)
    return end, min(at for value, at in values if value == end)


def direction(values: Sequence[Mapping[str, Any]]) -> float | None:
    """Average directions, weighted by speed; a wind below 0.5 m/s is a calm."""
    blowing = [(each["wind_direction"], each["wind_speed"]) for each in values if each["wind_speed"] >= 0.5]
    east = sum(speed * math.sin(math.radians(angle)) for angle, speed in blowing)
    north = sum(speed * math.cos(math.radians(angle)) for angle, speed in blowing)
    return math.degrees(math.atan2(east, north)) % 360 if math.hypot(east, north) > 1e-6 else None
