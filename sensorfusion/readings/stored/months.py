"""The tables of whole months: what they hold, how large they are, and how they are emptied and removed."""

import re
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import sql

from sensorfusion.readings.stored.partitions import Month, name_of

Connection = psycopg.Connection[Any]

LEFT: Final = "removed_"  # prefix of a detached month's table until it is dropped

_COUNTS = "SELECT sensor_id, count(*) FROM {month} GROUP BY sensor_id"
_HELD = "SELECT FROM {month} AS r WHERE r.sensor_id = {sensor}"
_DELETE = """
WITH batch AS MATERIALIZED (
    SELECT observed_at FROM {month} WHERE sensor_id = %(sensor)s AND observed_at < %(until)s
    ORDER BY observed_at LIMIT %(batch)s
)
DELETE FROM {month} AS old USING batch WHERE old.sensor_id = %(sensor)s AND old.observed_at = batch.observed_at
"""
_IS_LEFT: Final = re.compile(rf"{LEFT}reading_[0-9]{{4}}_[0-9]{{2}}")
_LEFT = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ %s AND NOT relispartition ORDER BY 1"
_SIZES: Final = """
SELECT relname, pg_total_relation_size(pg_class.oid),
    pg_relation_size(pg_class.oid) / current_setting('block_size')::int
FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'reading'::regclass
"""


def held_by(month: Month, sensor: str) -> sql.Composed:
    """Build the query of a sensor's readings in a month, without columns; `sensor` is SQL."""
    return sql.SQL(_HELD).format(month=sql.Identifier(name_of(month)), sensor=sql.SQL(sensor))


def counts(connection: Connection, month: Month) -> list[tuple[int, int]]:
    """Return the sensors that have readings in a month, with the number of these."""
    return connection.execute(_in_month(_COUNTS, month)).fetchall()


def hold_all(connection: Connection) -> None:
    """Block all readers and writers of readings until the transaction ends."""
    connection.execute("LOCK TABLE ONLY reading IN ACCESS EXCLUSIVE MODE")


def set_aside(connection: Connection, month: Month) -> None:
    """Detach the table of a month; `drop_left` drops it."""
    table, left = sql.Identifier(name_of(month)), sql.Identifier(LEFT + name_of(month))
    connection.execute(sql.SQL("ALTER TABLE reading DETACH PARTITION {}").format(table))
    # A detached table with the month's name would be mistaken for the month.
    connection.execute(sql.SQL("ALTER TABLE {} RENAME TO {}").format(table, left))


def is_left(table: str) -> bool:
    """Return whether a table is a detached month that was not dropped yet: a process was killed in between."""
    return bool(_IS_LEFT.fullmatch(table))


def drop_left(connection: Connection) -> None:
    """Drop detached months."""
    for (name,) in connection.execute(_LEFT, [f"^{_IS_LEFT.pattern}$"]).fetchall():
        connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name)))


def delete_oldest(connection: Connection, month: Month, *, sensor: int, until: datetime, many: int) -> int:
    """Delete at most `many` of a sensor's oldest readings of a month before `until`; return their number."""
    return connection.execute(_in_month(_DELETE, month), {"sensor": sensor, "until": until, "batch": many}).rowcount


def sizes(connection: Connection) -> list[tuple[str, int, int]]:
    """Return the name of each month's table, its bytes with those of its indexes, and its pages."""
    return connection.execute(_SIZES).fetchall()


def _in_month(query: str, month: Month) -> sql.Composed:
    return sql.SQL(query).format(month=sql.Identifier(name_of(month)))
