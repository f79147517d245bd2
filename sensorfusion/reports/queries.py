"""What the pages ask: a sensor as it stands now, its last day, its year, its wind; each a single short query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from django.db import connection
from psycopg import sql

from sensorfusion.domain.liveness import State
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.wind import ROSE_CLASSES, Rose, WindSample
from sensorfusion.readings import queries as readings
from sensorfusion.readings.buckets import Table, Width, buckets, extent, instant, numbers, raw
from sensorfusion.readings.queries import Newest, is_number
from sensorfusion.readings.series import Series, series
from sensorfusion.sensors.models import Sensor

RangeName = Literal["1h", "6h", "24h", "7d", "30d", "1y"]
RANGES: Final[dict[RangeName, timedelta]] = {
    "1h": timedelta(hours=1),
    "6h": timedelta(hours=6),
    "24h": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "1y": timedelta(days=365),
}
DAY: Final = timedelta(days=1)
RESOLUTION: Final = timedelta(microseconds=1)  # of instants, here and in the database
RECENT_POINTS: Final = 600  # 5 minutes for 25 hours are 300
WITHIN_REACH: Final = 20_000  # readings that a page may combine on the spot: 40 ms; more have to wait for their rollups
DAY_BEFORE_LASTS: Final = timedelta(hours=1)
DAY_BEFORE_POINTS: Final = 150  # readings each minute, or means of 5 minutes where they come faster
SECTORS: Final = 16


@dataclass(frozen=True, slots=True)
class Station:
    """A sensor as it stands at one instant; `now` is in the site's time zone."""

    sensor: Sensor
    newest: Newest
    now: datetime
    state: State
    interval_s: float | None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.sensor.site.time_zone)

    @property
    def midnight(self) -> datetime:
        return datetime.combine(self.now.date(), time(), self.zone)

    @property
    def place(self) -> tuple[float, float] | None:
        """Latitude and longitude: the sensor's own, else its site's."""
        for each in (self.sensor, self.sensor.site):
            if each.latitude is not None and each.longitude is not None:
                return each.latitude, each.longitude
        return None

    @property
    def elevation_m(self) -> float | None:
        own = self.sensor.elevation_m
        return self.sensor.site.elevation_m if own is None else own

    @property
    def observed_at(self) -> datetime | None:
        at = self.newest.observed_at
        return None if at is None else at.astimezone(self.zone)

    @property
    def end(self) -> datetime:
        """The instant before which all counts as past or present; a clock may be some minutes ahead of ours."""
        at = self.newest.observed_at
        return self.now if at is None else max(self.now, at + RESOLUTION)

    @property
    def numbers(self) -> list[str]:
        """The quantities whose newest value is a number."""
        return [name for name, value in self.newest.values.items() if is_number(value)]

    def value(self, name: str) -> float | None:
        value = self.newest.values.get(name)
        return float(value) if is_number(value) else None

    def value_at(self, name: str) -> datetime | None:
        """When the newest value of a quantity was observed."""
        older = self.newest.older.get(name)
        return self.observed_at if older is None else instant(older).astimezone(self.zone)


@dataclass(frozen=True, slots=True)
class Extreme:
    value: float
    at: datetime


def stations(sensors: Sequence[Sensor], *, now: datetime) -> list[Station]:
    """Return sensors (selected with their sites) as they stand now."""
    newest = readings.newest([sensor.id for sensor in sensors])
    return [_station(sensor, newest[sensor.id], now) for sensor in sensors]


def _station(sensor: Sensor, newest: Newest, now: datetime) -> Station:
    return Station(
        sensor=sensor,
        newest=newest,
        now=now.astimezone(ZoneInfo(sensor.site.time_zone)),
        state=readings.state_of(sensor, newest, now=now),
        interval_s=readings.usual_interval(sensor, newest),
    )


def recent(station: Station) -> Series:
    """Return all of a sensor's numbers since midnight or for 24 hours, whichever is longer, up to its newest reading.

    What arrives after the newest was asked for is not in it, so that the page's script can add it.
    """
    start = min(station.midnight, station.now - DAY)
    last = station.newest.observed_at
    return series(
        sensor=station.sensor.id,
        quantities=station.numbers,
        start=start,
        end=station.end if last is None else last + RESOLUTION,
        points=RECENT_POINTS if (station.interval_s or 0) >= 300 else 300,
    )


def extremes(station: Station, name: str, series: Series) -> tuple[Extreme, Extreme] | None:
    """Return today's lowest and highest value of a quantity with their instants."""
    column, midnight_s = series.columns.get(name), station.midnight.timestamp()
    if column is None:
        return None
    today = range(len(series.t))
    lows = [
        (low, series.t[row]) for row in today if (low := column.low[row]) is not None and series.t[row] >= midnight_s
    ]
    if not lows:
        return None
    highs = [
        (high, series.t[row]) for row in today if (high := column.high[row]) is not None and series.t[row] >= midnight_s
    ]
    return _found(station, name, series, *min(lows)), _found(
        station, name, series, *max(highs, key=lambda each: each[0])
    )


def _found(station: Station, name: str, series: Series, value: float, t: float) -> Extreme:
    """Look up when in its bucket an extreme was observed."""
    at = instant(t)
    if series.resolution != "raw":
        inside = raw(station.sensor.id, [name], start=at, end=at + timedelta(minutes=5), limit=RECENT_POINTS)
        places = [row for row, each in enumerate(inside.columns[name].value) if each == value]
        at = instant(inside.t[places[0]]) if places else at
    return Extreme(value, at.astimezone(station.zone))


def day_before(station: Station, names: Sequence[str]) -> Series:
    """Return what was a day before the newest reading, and in the hour after that: so long the page can go on."""
    at = station.newest.observed_at
    if at is None:
        return Series("raw", [], {})
    within = timedelta(seconds=same_time_s(station.interval_s))
    return series(
        sensor=station.sensor.id,
        quantities=list(names),
        start=at - DAY - within,
        end=at - DAY + DAY_BEFORE_LASTS + within,
        points=DAY_BEFORE_POINTS,
    )


def same_time_s(interval_s: float | None) -> float:
    """Return how far from a time of day counts as about that time."""
    return max(1800.0, 0.75 * (interval_s or 0))


def wind_spread(station: Station) -> list[WindSample]:
    """Return the winds of the 10 minutes up to the newest reading."""
    until = station.newest.observed_at
    if until is None:
        return []
    found = raw(
        station.sensor.id,
        ["wind_direction", "wind_speed"],
        start=until - timedelta(minutes=10),
        end=until + RESOLUTION,
        limit=RECENT_POINTS,
    )
    return [
        WindSample(direction, speed)
        for direction, speed in zip(
            found.columns["wind_direction"].value, found.columns["wind_speed"].value, strict=True
        )
    ]


def chart(
    station: Station, names: Sequence[str], name: RangeName, *, points: int, back: timedelta = timedelta()
) -> Series:
    """Return the columns of a chart over a range, or over the same range `back` in time."""
    end = station.end - back
    return series(
        sensor=station.sensor.id,
        quantities=list(names),
        start=station.now - RANGES[name] - back,
        end=end,
        points=points,
        time_zone=station.sensor.site.time_zone,
    )


def bins(station: Station, names: Sequence[str], *, start: datetime, width: Width) -> Table:
    """Return buckets from an instant on."""
    zone = station.sensor.site.time_zone
    return buckets(station.sensor.id, names, start=start, end=station.end, width=width, time_zone=zone)


def days(station: Station, names: Sequence[str], *, start: datetime) -> Table | None:
    """Return site-local days from an instant on, None where that would take longer than a page may."""
    reach = extent(station.sensor.id, start=start, end=station.end)
    if reach is None or not names:
        return None
    expected = (reach[1] - reach[0]).total_seconds() / (station.interval_s or 1)
    if min(expected, station.newest.seq) > WITHIN_REACH:
        return None
    return bins(station, names, start=start, width="1d")


def rose(station: Station, *, length: timedelta) -> Rose:
    """Share the time of the last days among directions and speeds.

    Each hour counts once, however often the wind was measured in it: sensors change their rhythm.
    """
    statement = sql.SQL(
        "WITH counted AS (SELECT date_bin('1 h', observed_at, 'epoch') AS hour,"
        " CASE WHEN v1 >= {calm} THEN floor(v0 * {sectors} / 360 + 0.5)::int END AS sector,"
        " width_bucket(v1, {classes}::float8[]) AS class, count(*) AS many"
        " FROM ({numbers}) AS numbers WHERE v1 IS NOT NULL AND (v0 IS NOT NULL OR v1 < {calm}) GROUP BY 1, 2, 3)"
        " SELECT sector, class, sum(many)::int, sum(many / hourly)::float8"
        " FROM (SELECT *, sum(many) OVER (PARTITION BY hour) AS hourly FROM counted) AS hours GROUP BY 1, 2"
    ).format(
        calm=sql.Literal(ROSE_CLASSES[0]),
        sectors=sql.Literal(SECTORS),
        classes=sql.Literal(list(ROSE_CLASSES)),
        numbers=numbers(station.sensor.id, ["wind_direction", "wind_speed"], station.now - length, station.end),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return _rose(cursor.fetchall())


def _rose(counts: list[tuple[Any, ...]]) -> Rose:
    hours = sum(weight for *_, weight in counts) or 1
    shares = [[0.0] * len(ROSE_CLASSES) for _ in range(SECTORS)]
    calm = 0.0
    for sector, speed_class, _, weight in counts:
        if sector is None:
            calm += weight
        else:
            shares[sector % SECTORS][speed_class - 1] += weight / hours
    return Rose(sum(many for _, _, many, _ in counts), calm / hours, tuple(tuple(row) for row in shares))


def sparks(by_quantity: dict[str, list[int]], *, now: datetime) -> dict[int, list[tuple[float, float]]]:
    """Return half-hourly means of the last 24 hours for many sensors, each for the quantity it is listed under.

    Each with the instant of its last reading; nothing from beyond a sensor's newest.
    """
    found: dict[int, list[tuple[float, float]]] = {}
    for name, sensors in by_quantity.items():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sensor_id, extract(epoch FROM max(reading.observed_at))::float8 AS t,"
                ' avg((reading."values" -> %(name)s)::float8) FROM reading JOIN sensor_state AS state USING (sensor_id)'
                " WHERE sensor_id = ANY(%(sensors)s) AND reading.observed_at >= %(start)s"
                " AND reading.observed_at <= state.observed_at"
                " AND jsonb_typeof(reading.\"values\" -> %(name)s) = 'number'"
                " AND reading.flags ->> %(name)s IS DISTINCT FROM '4'"
                " GROUP BY sensor_id, date_bin('30 min', reading.observed_at, 'epoch') ORDER BY sensor_id, t",
                {"name": name, "sensors": sensors, "start": now - DAY},
            )
            for sensor, t, value in cursor.fetchall():
                found.setdefault(sensor, []).append((t, round(value, quantity(name).decimals + 1)))
    return found
