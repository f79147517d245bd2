"""Half-hourly means of the last hours for many sensors at once, for sparklines."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from django.db import connection
from psycopg import sql

from sensorfusion.domain.quantities import quantity
from sensorfusion.readings.rollups import sql as rollup_sql

_STEP_S: Final = 300
Point = tuple[float, float]

# Valid 5-minute buckets, and readings after the border and of dirty hours.
_MEANS = """
WITH state AS (
    SELECT sensor_id, observed_at AS until, greatest(coalesce(rolled_up_until, '-infinity'), {start}) AS border
    FROM sensor_state WHERE sensor_id = ANY({sensors})
), dirty AS (
    SELECT DISTINCT sensor_id, hour FROM dirty_hour
    WHERE sensor_id = ANY({sensors}) AND hour > {start} - interval '1 h'
), rolled AS (
    SELECT found.* FROM state CROSS JOIN LATERAL (
        SELECT * FROM rollup_5m WHERE sensor_id = state.sensor_id AND start >= {start} AND start < state.border
        AND first_at <= state.until OFFSET 0
    ) AS found
    WHERE NOT EXISTS (
        SELECT FROM dirty WHERE dirty.sensor_id = found.sensor_id AND hour = date_bin('1 h', found.start, 'epoch')
    )
), raw AS (
    SELECT found.* FROM (
        SELECT sensor_id, border AS start, NULL AS stop, until FROM state
        UNION ALL SELECT sensor_id, greatest(hour, {start}), least(hour + interval '1 h', border), until
        FROM dirty JOIN state USING (sensor_id)
    ) AS stretch CROSS JOIN LATERAL (
        SELECT * FROM reading WHERE sensor_id = stretch.sensor_id AND observed_at >= stretch.start
        AND observed_at <= stretch.until AND (stretch.stop IS NULL OR observed_at < stretch.stop) OFFSET 0
    ) AS found
)
SELECT sensor_id, extract(epoch FROM max(last_at))::float8 AS t,
    sum(CASE combine WHEN 'counter' THEN last * count ELSE total END) / sum(count)
FROM ({rolled} UNION ALL {raw}) AS parts GROUP BY sensor_id, date_bin('30 min', at, 'epoch') ORDER BY sensor_id, t
"""


def half_hours(*, name: str, sensors: Sequence[int], start: datetime) -> dict[int, list[Point]]:
    """Return each sensor's half-hourly means of a quantity since about `start`, as (time of the last reading, mean).

    Readings after a sensor's newest reading are ignored. Directions are not supported.
    """
    asked = sql.SQL("SELECT {id} AS id, {name} AS name, {combine} AS combine, '' AS restarts, '' AS weighed_by")
    combine, literal = sql.Literal(quantity(name).combine), sql.Literal(name)
    number = sql.SQL("(SELECT id FROM quantity_name WHERE name = {})").format(literal)
    statement = sql.SQL(_MEANS).format(
        start=sql.Literal(datetime.fromtimestamp(start.timestamp() // _STEP_S * _STEP_S, UTC)),
        sensors=sql.Literal(list(sensors)),
        rolled=rollup_sql.of_buckets(
            sql.SQL("SELECT * FROM rolled"), asked.format(id=number, name=literal, combine=combine), "5m"
        ),
        raw=rollup_sql.of_quantities(
            sql.SQL("SELECT * FROM raw"), asked.format(id=sql.Literal(0), name=literal, combine=combine)
        ),
    )
    found: dict[int, list[Point]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement)
        for sensor, t, value in cursor.fetchall():
            found.setdefault(sensor, []).append((t, value))
    return found
