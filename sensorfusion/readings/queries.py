"""What is asked of stored readings: the newest, the changes after a seq, a window of time, and series for charts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeVar

import msgspec
from django.db import connection

from sensorfusion.domain.gaps import gaps
from sensorfusion.domain.liveness import State, state, usual_interval_s
from sensorfusion.readings.buckets import WIDTHS, Column, Table, Width, buckets, extent, raw
from sensorfusion.sensors.models import Sensor

T = TypeVar("T")
Resolution = Literal["raw", "5m", "1h", "1d"]

BUCKET_GAP: Final = 1.5  # one missing bucket shows; the day that a clock change makes 25 h long is none


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest a sensor has reported. `older`: epoch seconds of the values that the newest reading did not have."""

    seq: int
    observed_at: datetime | None
    received_at: datetime | None
    values: dict[str, Any]
    flags: dict[str, int] | None
    older: dict[str, float]
    deltas: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """One stored reading."""

    seq: int
    observed_at: datetime
    received_at: datetime
    values: dict[str, Any]
    flags: dict[str, int] | None


@dataclass(frozen=True, slots=True)
class Series:
    """Columns for charts, as long as `t` (epoch seconds, ascending); a row of nothing but None stands in every gap."""

    resolution: Resolution
    t: list[float]
    columns: dict[str, Column]


NOTHING: Final = Newest(0, None, None, {}, None, {}, ())


def newest(sensors: Collection[int]) -> dict[int, Newest]:
    """Return the newest of each of these sensors, `NOTHING` where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT sensor_id, seq, observed_at, received_at, "values", flags, older, deltas FROM sensor_state'
            " WHERE sensor_id = ANY(%s)",
            [list(sensors)],
        )
        found = {row[0]: _newest(*row[1:]) for row in cursor.fetchall()}
    return {sensor: found.get(sensor, NOTHING) for sensor in sensors}


def _newest(
    seq: int,
    observed_at: datetime | None,
    received_at: datetime | None,
    values: str,
    flags: str | None,
    older: str,
    deltas: str,
) -> Newest:
    return Newest(seq, observed_at, received_at, _json(values), _json(flags), _json(older), tuple(_json(deltas)))


def _json(text: str | None) -> Any:
    return None if text is None else msgspec.json.decode(text)  # Django leaves jsonb as text


def usual_interval(sensor: Sensor, newest: Newest) -> float | None:
    """Return the seconds between two readings: what the sensor was set to, else what it was seen to keep."""
    return sensor.interval_s or usual_interval_s(newest.deltas)


def state_of(sensor: Sensor, newest: Newest, *, now: datetime) -> State:
    """Judge whether the sensor still reports."""
    interval_s = usual_interval(sensor, newest)
    return state(last_at=newest.observed_at, interval_s=interval_s, now=now, status=sensor.status)


def changes(*, sensor: int, after_seq: int, limit: int) -> list[Stored]:
    """Return the readings stored after a seq, oldest seq first."""
    return window(sensor=sensor, after_seq=after_seq, limit=limit)


def window(
    *, sensor: int, start: datetime | None = None, end: datetime | None = None, after_seq: int = 0, limit: int
) -> list[Stored]:
    """Return the readings observed in [start, end), oldest seq first, beginning after a seq."""
    conditions = ["sensor_id = %s", "seq > %s"]
    values: list[int | datetime] = [sensor, after_seq]
    for condition, instant in (("observed_at >= %s", start), ("observed_at < %s", end)):
        if instant is not None:
            conditions.append(condition)
            values.append(instant)
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT seq, observed_at, received_at, "values", flags FROM reading'
            f" WHERE {' AND '.join(conditions)} ORDER BY seq LIMIT %s",
            [*values, limit],
        )
        return [_stored(*row) for row in cursor.fetchall()]


def at(*, sensor: int, instant: datetime, within_s: float) -> Stored | None:
    """Return the reading observed nearest to an instant, if there is one within so many seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT seq, observed_at, received_at, "values", flags FROM reading'
            " WHERE sensor_id = %s AND observed_at BETWEEN %s AND %s"
            " ORDER BY abs(extract(epoch FROM observed_at - %s)) LIMIT 1",
            [sensor, instant - timedelta(seconds=within_s), instant + timedelta(seconds=within_s), instant],
        )
        row = cursor.fetchone()
    return _stored(*row) if row else None


def _stored(seq: int, observed_at: datetime, received_at: datetime, values: str, flags: str | None) -> Stored:
    return Stored(seq, observed_at, received_at, _json(values), _json(flags))


def series(
    *,
    sensor: int,
    quantities: Sequence[str],
    start: datetime,
    end: datetime,
    points: int,
    time_zone: str = "UTC",
) -> Series:
    """Return the finest columns of [start, end) that have at most `points` rows; days where even they are more.

    :param time_zone: whose days, for the resolution of days.
    """
    reach = extent(sensor, start=start, end=end)
    if reach is None or not quantities:
        return Series("raw", [], {name: Column([], [], []) for name in quantities})
    plain = _with_gaps(raw(sensor, quantities, start=start, end=end, limit=points + 1), 0)
    if len(plain.t) <= points:
        return Series("raw", plain.t, plain.columns)
    for width in _wide_enough((reach[1] - reach[0]).total_seconds(), points):
        table = buckets(sensor, quantities, start=start, end=end, width=width, time_zone=time_zone)
        marked = _with_gaps(table, WIDTHS[width])
        if len(marked.t) <= points:
            break
    return Series(width, marked.t, marked.columns)


def _wide_enough(span_s: float, points: int) -> list[Width]:
    # A span that starts and ends inside buckets touches one bucket more than it is long.
    return [width for width, width_s in WIDTHS.items() if width == "1d" or span_s / width_s + 1 <= points]


def _with_gaps(table: Table, width_s: float) -> Table:
    """Put a row of None into the middle of every silence."""
    places = gaps(table.t, least_s=BUCKET_GAP * width_s)
    if not places:
        return table
    middles = [(table.t[place - 1] + table.t[place]) / 2 for place in places]
    columns = {
        name: Column(_opened(column.value, places), _opened(column.low, places), _opened(column.high, places))
        for name, column in table.columns.items()
    }
    return Table(_merged(table.t, places, middles), table.first, table.last, columns)


def _opened(values: list[float | None], places: list[int]) -> list[float | None]:
    return _merged(values, places, [None] * len(places))


def _merged(values: list[T], places: list[int], inserted: Sequence[T]) -> list[T]:
    merged: list[T] = []
    begin = 0
    for place, value in zip(places, inserted, strict=True):
        merged += [*values[begin:place], value]
        begin = place
    return merged + values[begin:]
