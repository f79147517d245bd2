"""Changes of stored readings. The caller holds the lock on the sensor's state row, and has marked the hours dirty."""

from datetime import datetime
from typing import Any, Final

COLUMNS: Final = 'observed_at, received_at, seq, sensor_id, "values", flags'
TYPES: Final = "timestamptz timestamptz bigint int jsonb jsonb"  # of these columns
COPY: Final = f"COPY reading ({COLUMNS}) FROM STDIN"
UPDATE: Final = """
UPDATE reading SET "values" = %s, flags = %s, seq = %s, received_at = %s WHERE sensor_id = %s AND observed_at = %s
"""
# Takes the locks of a write, and is refused where writes are, although no row is written.
INSERT_NOTHING: Final = "INSERT INTO reading SELECT * FROM reading WHERE false"

# Clients that follow the sensor then receive the reading as a change.
_SAY_AGAIN = "UPDATE reading SET seq = %s WHERE sensor_id = %s AND observed_at = %s"
_DELETE = "DELETE FROM reading WHERE sensor_id = %s AND observed_at >= %s AND observed_at < %s"


def insert(rows: str) -> str:
    """Build the statement that inserts rows of these columns, given the arguments of `unnest`."""
    return f"INSERT INTO reading ({COLUMNS}) SELECT * FROM unnest({rows})"


def say_again(cursor: Any, *, sensor: int, instant: datetime | None, seq: int) -> None:
    """Give a reading a new seq."""
    cursor.execute(_SAY_AGAIN, [seq, sensor, instant])


def delete(cursor: Any, *, sensor: int, start: datetime, end: datetime) -> int:
    """Delete the readings observed in [start, end); return their number."""
    cursor.execute(_DELETE, [sensor, start, end])
    return int(cursor.rowcount)
