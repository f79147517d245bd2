"""The newest values of sensors, and what follows from them; `readings.stored` has the readings."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from sensorfusion.accounts.models import ApiToken
from sensorfusion.accounts.queries import token_and_more, token_statement
from sensorfusion.domain.liveness import State, state, usual_interval_s
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.weather.derivation import Place, derive_now
from sensorfusion.events.prepared import fetch
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.queries import SEEN, SEEN_COLUMNS, SEEN_FROM, sensor_of

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


_COLUMNS: Final = ", ".join(
    f'state."{name}"' for name in ("seq", "observed_at", "received_at", "values", "flags", "older", "deltas")
)
_NEWEST: Final = f"SELECT state.sensor_id, {_COLUMNS} FROM sensor_state AS state WHERE sensor_id = ANY(%(sensors)s)"
# What nearly every request of a program for a sensor needs, by one statement.
_TOKEN_AND_SEEN: Final = token_statement(
    f"{SEEN}, {_COLUMNS}",
    joined=f"LEFT JOIN ({SEEN_FROM}) ON sensor.uuid = %(uuid)s AND granted.operator_id = operator.id"
    " LEFT JOIN sensor_state AS state ON state.sensor_id = sensor.id",
)
NOTHING: Final = Newest(0, None, None, {}, None, {}, ())


def newest(sensors: Collection[int]) -> dict[int, Newest]:
    """Return the newest values of each sensor, `NOTHING` for sensors without readings."""
    found = {row[0]: _newest(*row[1:]) for row in fetch(_NEWEST, {"sensors": list(sensors)})}
    return {sensor: found.get(sensor, NOTHING) for sensor in sensors}


@dataclass(frozen=True, slots=True)
class Seen:
    """What an operator sees of a sensor: the sensor, None if it is not to be seen, and its newest values."""

    sensor: Sensor | None
    newest: Newest


def token_and_seen(*, text: str, now: datetime, uuid: UUID) -> tuple[ApiToken, Seen] | None:
    """Return what `token_for` returns, and what `sensor_for` and `newest` return for its operator."""
    found = token_and_more(_TOKEN_AND_SEEN, text=text, now=now, uuid=uuid)
    if found is None:
        return None
    token, row = found
    sensor = None if row[0] is None else sensor_of(row, operator=token.operator)
    state = row[SEEN_COLUMNS:]
    return token, Seen(sensor, NOTHING if sensor is None or state[0] is None else _newest(*state))


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
    own, site = ((each.latitude, each.longitude, each.elevation_m) for each in (sensor, sensor.site))
    return placed(*own, *site)


def placed(
    latitude: float | None,
    longitude: float | None,
    elevation_m: float | None,
    site_latitude: float | None,
    site_longitude: float | None,
    site_elevation_m: float | None,
) -> Place:
    """Return the location of a sensor that has its own, or that of its site."""
    is_own = latitude is not None and longitude is not None
    where = (latitude, longitude) if is_own else (site_latitude, site_longitude)
    return Place(*where, site_elevation_m if elevation_m is None else elevation_m)


def derived_now(sensor: Sensor, newest: Newest) -> dict[str, float]:
    """Derive quantities from the newest values, ignoring bad ones and those much older than the newest reading."""
    if newest.observed_at is None:
        return {}
    oldest = newest.observed_at.timestamp() - BELONGS_TOGETHER_S
    left_out = {name for name, at in newest.older.items() if at < oldest}
    left_out |= {name for name, flag in (newest.flags or {}).items() if flag == Flag.BAD}
    values = {name: value for name, value in newest.values.items() if name not in left_out}
    return derive_now(values, newest.observed_at, place_of(sensor))
