"""Joins the derived past of a quantity with what its sensor sends itself, from the first value that it sent on.

A console that is updated, or replaced, may begin to send its dew point. What was derived before is not lost then: rows
before the first stored value are derived, and the answer says where the stored ones begin.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from django.db import connection

from sensorfusion.readings.charts.question import ChartQuestion
from sensorfusion.readings.rollups.buckets import Column, Table

# Rollups know which quantities they hold; only what is not rolled up yet is sought in readings. No day has over 25 h.
_BEGAN: Final = """
SELECT asked.name FROM unnest(%(names)s::text[]) AS asked (name) LEFT JOIN quantity_name AS known USING (name)
WHERE EXISTS (
    SELECT FROM rollup_1d WHERE sensor_id = %(sensor)s AND start <= %(start)s - interval '25 h'
    AND known.id = ANY (quantities)
) OR EXISTS (
    SELECT FROM rollup_5m WHERE sensor_id = %(sensor)s AND start > %(start)s - interval '26 h' AND last_at < %(start)s
    AND known.id = ANY (quantities)
) OR EXISTS (
    SELECT FROM reading WHERE sensor_id = %(sensor)s AND observed_at < %(start)s AND observed_at >= coalesce(
        (SELECT rolled_up_until FROM sensor_state WHERE sensor_id = %(sensor)s), '-infinity')
    AND "values" ? asked.name
)
"""


def without_joined(question: ChartQuestion) -> ChartQuestion:
    """Leave out the joins of quantities that the sensor sent before the range already."""
    if not question.joined:
        return question
    with connection.cursor() as cursor:
        cursor.execute(_BEGAN, {"names": list(question.joined), "sensor": question.sensor, "start": question.start})
        began = {name for (name,) in cursor.fetchall()}
    return replace(question, joined={name: of for name, of in question.joined.items() if name not in began})


def join(
    question: ChartQuestion, table: Table, derived: Mapping[str, Column]
) -> tuple[dict[str, Column], dict[str, float]]:
    """Return the columns that have derived rows, and the instants at which their stored rows begin, if they do."""
    columns, stored_from = {}, {}
    for name in question.joined:
        stored = table.columns[name]
        begin = next((place for place, value in enumerate(stored.value) if value is not None), len(table.t))
        if all(value is None for value in derived[name].value[:begin]):
            continue
        columns[name] = _joined(derived[name], stored, begin)
        if begin < len(table.t):
            stored_from[name] = table.t[begin]
    return columns, stored_from


def _joined(before: Column, after: Column, begin: int) -> Column:
    return Column(
        before.value[:begin] + after.value[begin:],
        before.low[:begin] + after.low[begin:],
        before.high[:begin] + after.high[begin:],
    )
