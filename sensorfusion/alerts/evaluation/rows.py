"""What the watcher reads: the states of sensors, and readings by seq or by time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import psycopg
from psycopg import sql

from sensorfusion.alerts.evaluation.rules import StoredRow
from sensorfusion.domain.liveness import usual_interval_s
from sensorfusion.domain.weather.derivation import Place
from sensorfusion.readings.queries import placed
from sensorfusion.readings.stored.excluded import EXCLUDED
from sensorfusion.readings.stored.selection import TIMELY, select

PAGE: Final = 2_000  # readings of one sensor at once
# Readings that are older cannot concern an open alert: so only the newest partitions are searched.
LOOKED_BACK_S: Final = 2 * 86_400.0
REPEATED_MOST: Final = 10_000  # the last readings of a long alert suffice to judge it again

_COLUMNS = f"""
r.sensor_id, r.seq, extract(epoch FROM r.observed_at)::float8, extract(epoch FROM r.received_at)::float8,
r."values"::text, r.flags::text, (SELECT array_agg(exclusion.quantity::text) {EXCLUDED})
"""
_AFTER = select(
    "*", sensor="asked.sensor", after_seq="asked.after", since="to_timestamp(%s)", then="ORDER BY r.seq LIMIT %s"
)
_NEW = sql.SQL(f"""
SELECT {_COLUMNS} FROM unnest(%s::int[], %s::bigint[]) AS asked (sensor, after) CROSS JOIN LATERAL (
    {_AFTER}
) AS r WHERE {TIMELY} ORDER BY r.sensor_id, r.observed_at
""")
_NEWEST = select(
    _COLUMNS,
    sensor="%s",
    since="to_timestamp(%s)",
    until="to_timestamp(%s)",
    is_timely=True,
    then="ORDER BY r.observed_at DESC LIMIT %s",
)
_SPAN = sql.SQL(f"""
SELECT * FROM (
    {_NEWEST}
) AS newest ORDER BY 3
""")
_STATES = """
SELECT state.sensor_id, state.seq, extract(epoch FROM state.observed_at)::float8, state."values"::text,
    state.flags::text, state.older::text, state.deltas::text, sensor.interval_s, sensor.status,
    sensor.latitude, sensor.longitude, sensor.elevation_m, site.latitude, site.longitude, site.elevation_m
FROM sensor_state AS state JOIN sensors_sensor AS sensor ON sensor.id = state.sensor_id
JOIN sensors_site AS site ON site.id = sensor.site_id
"""
_SEQS = "SELECT sensor_id, seq FROM sensor_state WHERE sensor_id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Present:
    """The state of a sensor: its newest values, its usual interval and its place."""

    seq: int
    at: float | None
    values: dict[str, Any]
    flags: dict[str, int]
    older: dict[str, float]
    interval_s: float | None
    is_paused: bool
    place: Place


def seqs(connection: psycopg.Connection, sensors: Iterable[int]) -> dict[int, int]:
    """Return how far each sensor's readings are."""
    return dict(connection.execute(_SEQS, [list(sensors)]).fetchall())


def present(connection: psycopg.Connection, *, sensors: Iterable[int], sites: Iterable[int]) -> dict[int, Present]:
    """Read the states of sensors, and of all sensors of some sites."""
    where = "WHERE state.sensor_id = ANY(%s) OR sensor.site_id = ANY(%s)"
    rows = connection.execute((_STATES + where).encode(), [list(sensors), list(sites)])
    return {
        sensor: Present(
            seq, at, _json(values), _json(flags), _json(older), interval_s or usual_interval_s(_deltas(deltas)),
            status == "paused", placed(*where),
        )
        for sensor, seq, at, values, flags, older, deltas, interval_s, status, *where in rows
    }  # fmt: skip


def new_rows(
    connection: psycopg.Connection, after: Mapping[int, int], *, now: float
) -> tuple[dict[int, list[StoredRow]], set[int]]:
    """Read the readings after a seq of each sensor, in order of observation, and which sensors may have more."""
    found: dict[int, list[StoredRow]] = {}
    values = [list(after), list(after.values()), now - LOOKED_BACK_S, PAGE]
    for row in connection.execute(_NEW, values):
        found.setdefault(row[0], []).append(_row(*row))
    return found, {sensor for sensor, rows in found.items() if len(rows) >= PAGE}


def span(connection: psycopg.Connection, sensor: int, start: float, end: float) -> list[StoredRow]:
    """Read the last readings of a span, in order of observation."""
    # A microsecond more at both ends: epoch seconds are rounded.
    return [_row(*row) for row in connection.execute(_SPAN, [sensor, start - 1e-6, end + 1e-6, REPEATED_MOST])]


def _row(
    sensor: int, seq: int, at: float, received_at: float, values: str, flags: str | None, excluded: list[str] | None
) -> StoredRow:
    return StoredRow(sensor, seq, at, received_at, counting(values, excluded), _json(flags))


def counting(values: str, excluded: list[str] | None) -> dict[str, Any]:
    """Return the values of a reading that are not excluded; an empty name excludes all."""
    found = _json(values)
    if not excluded:
        return found
    return {} if "" in excluded else {name: value for name, value in found.items() if name not in excluded}


def _json(text: str | None) -> dict[str, Any]:
    return msgspec.json.decode(text) if text else {}


def _deltas(text: str | None) -> list[float]:
    return msgspec.json.decode(text or "[]", type=list[float])
