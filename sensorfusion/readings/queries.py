"""Queries of stored readings: the newest values, changes after a seq, a time window."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from django.db import connection

from sensorfusion.domain.liveness import State, state, usual_interval_s
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.weather.derivation import Place, derive_now
from sensorfusion.sensors.models import Sensor

BELONGS_TOGETHER_S: Final = 1800  # values of one station that arrived in separate readings still yield a dew point


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest values of a sensor. `older`: epoch seconds of the values that are older than the newest reading."""

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


NOTHING: Final = Newest(0, None, None, {}, None, {}, ())


def newest(sensors: Collection[int]) -> dict[int, Newest]:
    """Return the newest values of each sensor, `NOTHING` for sensors without readings."""
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
    """Return the seconds between two readings: the configured interval, or else the observed one."""
    return sensor.interval_s or usual_interval_s(newest.deltas)


def state_of(sensor: Sensor, newest: Newest, *, now: datetime) -> State:
    """Return whether the sensor is live, late, offline, paused or pending."""
    interval_s = usual_interval(sensor, newest)
    return state(last_at=newest.observed_at, interval_s=interval_s, now=now, status=sensor.status)


def place_of(sensor: Sensor) -> Place:
    """Return the sensor's location: its own, or else that of its site (which must be selected with it)."""
    own, site = sensor, sensor.site
    where = own if own.latitude is not None and own.longitude is not None else site
    elevation_m = site.elevation_m if own.elevation_m is None else own.elevation_m
    return Place(where.latitude, where.longitude, elevation_m)


def derived_now(sensor: Sensor, newest: Newest) -> dict[str, float]:
    """Derive quantities from the newest values, ignoring bad ones and those much older than the newest reading."""
    if newest.observed_at is None:
        return {}
    oldest = newest.observed_at.timestamp() - BELONGS_TOGETHER_S
    left_out = {name for name, at in newest.older.items() if at < oldest}
    left_out |= {name for name, flag in (newest.flags or {}).items() if flag == Flag.BAD}
    values = {name: value for name, value in newest.values.items() if name not in left_out}
    return derive_now(values, newest.observed_at, place_of(sensor))


def changes(*, sensor: int, after_seq: int, limit: int) -> list[Stored]:
    """Return the readings stored after a seq, ordered by seq."""
    return window(sensor=sensor, after_seq=after_seq, limit=limit)


def window(
    *, sensor: int, start: datetime | None = None, end: datetime | None = None, after_seq: int = 0, limit: int
) -> list[Stored]:
    """Return the readings observed in [start, end) and stored after a seq, ordered by seq."""
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


def first_at(sensor: int) -> datetime | None:
    """Return when the earliest reading was observed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT observed_at FROM reading WHERE sensor_id = %s ORDER BY observed_at LIMIT 1", [sensor])
        row = cursor.fetchone()
    return row[0] if row else None


def at(*, sensor: int, instant: datetime, within_s: float) -> Stored | None:
    """Return the reading observed nearest to an instant, or None if there is none within `within_s` seconds."""
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
