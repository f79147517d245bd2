"""Half-hourly means of the last hours for many sensors at once, for sparklines."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

from psycopg import sql

from sensorfusion.domain.quantities import quantity
from sensorfusion.events.prepared import fetch
from sensorfusion.readings.charts.remembered_hours import HOUR_S, Mean, Point, Tokens, known, remember, tokens_of
from sensorfusion.readings.rollups import sql as rollup_sql
from sensorfusion.readings.stored.selection import select

_STEP_S: Final = 300
_HALF_HOUR_S: Final = 1800

_READINGS: Final = select(
    "*",
    sensor="stretch.sensor_id",
    since="stretch.start",
    until="stretch.until",
    where="(stretch.stop IS NULL OR r.observed_at < stretch.stop)",
)
# Valid 5-minute buckets, and readings after the border and of dirty hours.
_MEANS: Final = f"""
WITH state AS (
    SELECT sensor_id, since, observed_at AS until, greatest(coalesce(rolled_up_until, '-infinity'), since) AS border
    FROM unnest(%(sensors)s::int[], %(since)s::float8[]) AS asked (sensor_id, since_s)
    CROSS JOIN LATERAL (SELECT to_timestamp(since_s) AS since) AS at JOIN sensor_state USING (sensor_id)
), dirty AS (
    SELECT DISTINCT sensor_id, hour FROM dirty_hour JOIN state USING (sensor_id) WHERE hour >= since
), rolled AS (
    SELECT found.* FROM state CROSS JOIN LATERAL (
        SELECT * FROM rollup_5m WHERE sensor_id = state.sensor_id AND start >= state.since AND start < state.border
        AND first_at <= state.until OFFSET 0
    ) AS found
    WHERE NOT EXISTS (
        SELECT FROM dirty WHERE dirty.sensor_id = found.sensor_id AND hour = date_bin('1 h', found.start, 'epoch')
    )
), raw AS (
    SELECT found.* FROM (
        SELECT sensor_id, border AS start, NULL AS stop, until FROM state
        UNION ALL SELECT sensor_id, hour, least(hour + interval '1 h', border), until
        FROM dirty JOIN state USING (sensor_id)
    ) AS stretch CROSS JOIN LATERAL (
        {_READINGS} OFFSET 0
    ) AS found
)
SELECT sensor_id, extract(epoch FROM date_bin('30 min', at, 'epoch'))::float8,
    extract(epoch FROM max(last_at))::float8 AS t,
    sum(CASE combine WHEN 'counter' THEN last * count ELSE total END) / sum(count)
FROM ({{rolled}} UNION ALL {{raw}}) AS parts GROUP BY sensor_id, date_bin('30 min', at, 'epoch') ORDER BY sensor_id, t
"""


def half_hours(*, name: str, sensors: Sequence[int], start: datetime) -> dict[int, list[Point]]:
    """Return each sensor's half-hourly means of a quantity since about `start`, as (time of the last reading, mean).

    Readings after a sensor's newest reading are ignored. Directions are not supported.
    """
    return half_hours_of({name: sensors}, start=start)


def half_hours_of(by_quantity: Mapping[str, Sequence[int]], *, start: datetime) -> dict[int, list[Point]]:
    """Return half-hourly means of many sensors, each of the quantity that it is listed under."""
    begin = int(start.timestamp()) // HOUR_S * HOUR_S
    tokens = tokens_of([sensor for sensors in by_quantity.values() for sensor in sensors], begin=begin)
    found: dict[int, list[Mean]] = {}
    for name, sensors in by_quantity.items():
        found |= _means(name, sensors, tokens, begin)
    return _since(found, start.timestamp())


def _means(name: str, sensors: Sequence[int], tokens: Mapping[int, Tokens], begin: int) -> dict[int, list[Mean]]:
    """Return the remembered means of sensors, and ask for those that are not."""
    since = dict.fromkeys(sensors, begin)
    found: dict[int, list[Mean]] = {sensor: [] for sensor in sensors}
    of_these = {sensor: tokens[sensor] for sensor in sensors if sensor in tokens}
    for sensor, each in of_these.items():
        since[sensor], found[sensor] = known(sensor, name, each, begin=begin)
    for sensor, half_hour, t, value in fetch(_text(name), {"sensors": list(since), "since": list(since.values())}):
        found[sensor].append(Mean(half_hour, (t, value)))
    for sensor, each in of_these.items():
        if since[sensor] < each.end:
            remember(sensor, name, each, found[sensor], begin=begin)
    return found


def _since(found: Mapping[int, Sequence[Mean]], start_s: float) -> dict[int, list[Point]]:
    """Return the means of the half-hours from that of `start` on, as far as they were heard of since then."""
    first, earliest = start_s // _HALF_HOUR_S * _HALF_HOUR_S, start_s // _STEP_S * _STEP_S
    points = {
        sensor: [mean.point for mean in means if mean.start >= first and mean.point[0] >= earliest]
        for sensor, means in found.items()
    }
    return {sensor: each for sensor, each in points.items() if each}


@lru_cache(maxsize=64)
def _text(name: str) -> str:
    """Return the text of the query, which depends on the quantity only."""
    asked = sql.SQL("SELECT {id} AS id, {name} AS name, {combine} AS combine, '' AS restarts, '' AS weighed_by")
    combine, literal = sql.Literal(quantity(name).combine), sql.Literal(name)
    number = sql.SQL("(SELECT id FROM quantity_name WHERE name = {})").format(literal)
    statement = sql.SQL(_MEANS).format(
        rolled=rollup_sql.of_buckets(
            sql.SQL("SELECT * FROM rolled"), asked.format(id=number, name=literal, combine=combine), "5m"
        ),
        raw=rollup_sql.of_quantities(
            sql.SQL("SELECT * FROM raw"), asked.format(id=sql.Literal(0), name=literal, combine=combine)
        ),
    )
    return statement.as_string(None)
