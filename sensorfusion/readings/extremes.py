"""When extremes were observed: the readings behind the highest and lowest values of days, looked up all at once."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection
from psycopg import sql

from sensorfusion.readings.buckets import numbers
from sensorfusion.readings.days import Calendar

DAY = timedelta(days=1)


class Sought(NamedTuple):
    """A value that a quantity had on a day."""

    name: str
    value: float
    day: date


def observed(sensor: int, sought: Collection[Sought], *, calendar: Calendar) -> dict[Sought, datetime]:
    """Return the instant of the first reading that counts and had each value; those not kept any more are left out."""
    each = list(dict.fromkeys(sought))
    if not each:
        return {}
    statement = sql.SQL(" UNION ALL ").join(_one(sensor, place, one, calendar) for place, one in enumerate(each))
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {each[place]: at for place, at in cursor.fetchall() if at is not None}


def _one(sensor: int, place: int, sought: Sought, calendar: Calendar) -> sql.Composed:
    start, end = calendar.begin(sought.day), calendar.begin(sought.day + DAY)
    # The second condition is in the first, and spares looking up for every reading of the day whether it is left out.
    return sql.SQL(
        "SELECT {place}, (SELECT observed_at FROM ({numbers}"
        ' AND CASE WHEN jsonb_typeof("values" -> {name}) = \'number\' THEN ("values" -> {name})::float8 END = {value}'
        " OFFSET 0) AS numbers"
        " WHERE v0 = {value} ORDER BY observed_at LIMIT 1)"
    ).format(
        place=sql.Literal(place),
        numbers=numbers(sensor, [sought.name], start, end),
        name=sql.Literal(sought.name),
        value=sql.Literal(sought.value),
    )
