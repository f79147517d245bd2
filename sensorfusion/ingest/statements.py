"""The SQL of the storing transaction, and how its parameters are written.

Rows travel as text made by us: psycopg's own list adaptation costs about 70 µs per row, this costs a few. Many rows go by COPY; few go as
one JSON parameter, which saves COPY's extra round trips. Everything in them is a number, an instant or JSON from our encoder.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import psycopg

from sensorfusion.ingest.tally import Tally

if TYPE_CHECKING:
    from sensorfusion.ingest.transaction import Row

# Below this many rows the JSON parameter is faster than COPY (benchmarks/README.md, "COPY or JSON").
COPY_FROM_ROWS = 48

LOCK_STATES = """
SELECT sensor_id, seq, observed_at, stored_until, "values", flags, older, deltas, rolled_up_until
FROM sensor_state WHERE sensor_id = ANY(%s) ORDER BY sensor_id FOR UPDATE
"""

# A sensor that was deleted meanwhile gets no state, and so nothing of it is stored.
MAKE_STATES = """
INSERT INTO sensor_state (sensor_id, seq, "values", older, deltas)
SELECT id, 0, '{}', '{}', '[]' FROM sensors_sensor WHERE id = ANY(%s) ORDER BY id
ON CONFLICT DO NOTHING
"""

# OFFSET 0 keeps the planner from turning the look-ups into a join that reads whole months.
FIND_STORED = """
SELECT stored.* FROM unnest(%s::int[], %s::timestamptz[]) AS asked (sensor, instant),
LATERAL (
    SELECT sensor_id, observed_at, "values", flags, received_at, seq FROM reading
    WHERE sensor_id = asked.sensor AND observed_at = asked.instant OFFSET 0
) AS stored
"""

_COLUMNS = 'observed_at, received_at, seq, sensor_id, "values", flags'
_COPY = f"COPY reading ({_COLUMNS}) FROM STDIN"
_INSERT = f"""
INSERT INTO reading ({_COLUMNS}) SELECT o, r, q, s, v, f
FROM json_to_recordset(%s::json) AS new (o timestamptz, r timestamptz, q bigint, s int, v jsonb, f jsonb)
"""

_UPDATE = """
UPDATE reading SET "values" = %s, flags = %s, seq = %s, received_at = %s WHERE sensor_id = %s AND observed_at = %s
"""

_WRITE_STATES = """
UPDATE sensor_state SET seq = q, observed_at = o, received_at = r, stored_until = u, "values" = v, flags = f, older = a, deltas = d
FROM json_to_recordset(%s::json) AS new
    (s int, q bigint, o timestamptz, r timestamptz, u timestamptz, v jsonb, f jsonb, a jsonb, d jsonb)
WHERE sensor_id = s
"""

# The first reading makes a pending sensor active, and pages learn of it.
_ACTIVATE = """
WITH active AS (
    UPDATE sensors_sensor SET status = 'active' WHERE id = ANY(%s) AND status = 'pending' RETURNING id, site_id
)
SELECT pg_notify('sensorfusion', json_build_object('kind', 'SensorChanged', 'sensor', id, 'site', site_id)::text) FROM active
"""

_MARK_DIRTY = """
INSERT INTO dirty_hour (sensor_id, hour) SELECT * FROM unnest(%s::int[], %s::timestamptz[]) ON CONFLICT DO NOTHING
"""

_json = msgspec.json.Encoder().encode


def timestamps(instants: Iterable[datetime]) -> str:
    """Write a timestamptz[] literal."""
    return "{" + ",".join(instant.isoformat() for instant in instants) + "}"


def _array(objects: Iterable[bytes]) -> str:
    return (b"[" + b",".join(objects) + b"]").decode()


def insert(connection: psycopg.Connection, rows: Sequence["Row"]) -> None:
    """Add rows that are known not to be stored."""
    if len(rows) < COPY_FROM_ROWS:
        if rows:
            connection.execute(_INSERT, [_array(map(_as_json, rows))], prepare=True)
        return
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.write(b"".join(map(_as_copy_line, rows)))


def _as_json(row: "Row") -> bytes:
    return b'{"o":"%b","r":"%b","q":%d,"s":%d,"v":%b,"f":%b}' % (
        row.observed_at.isoformat().encode(),
        row.received_at.isoformat().encode(),
        row.seq,
        row.sensor,
        row.values_json,
        row.flags_json or b"null",
    )


def _as_copy_line(row: "Row") -> bytes:
    return b"%b\t%b\t%d\t%d\t%b\t%b\n" % (
        row.observed_at.isoformat().encode(),
        row.received_at.isoformat().encode(),
        row.seq,
        row.sensor,
        row.values_json.replace(b"\\", b"\\\\"),  # the one character of JSON that COPY reads as its own
        row.flags_json or b"\\N",
    )


def update(connection: psycopg.Connection, rows: Sequence["Row"]) -> None:
    """Change rows that are stored; few, so each by itself in one round trip together."""
    if rows:
        changes = [
            (row.values_json.decode(), row.flags_json and row.flags_json.decode(), row.seq, row.received_at, row.sensor, row.observed_at)
            for row in rows
        ]
        with connection.cursor() as cursor:
            cursor.executemany(_UPDATE, changes)


def write_states(connection: psycopg.Connection, tallies: Sequence[Tally]) -> None:
    """Write back the states this transaction counted on."""
    connection.execute(_WRITE_STATES, [_array(map(_state_as_json, tallies))], prepare=True)
    first = [tally.sensor for tally in tallies if tally.is_first]
    if first:
        connection.execute(_ACTIVATE, [first])


def _state_as_json(tally: Tally) -> bytes:
    return _json(
        {
            "s": tally.sensor,
            "q": tally.seq,
            "o": tally.observed_at,
            "r": tally.received_at,
            "u": tally.stored_until,
            "v": tally.values,
            "f": tally.flags,
            "a": tally.older,
            "d": tally.deltas,
        }
    )


def mark_dirty(connection: psycopg.Connection, tallies: Sequence[Tally]) -> None:
    """Leave a mark for every rolled-up hour that no longer follows from its readings."""
    marks = [(tally.sensor, hour) for tally in tallies for hour in sorted(tally.dirty_hours)]
    if marks:
        sensors, hours = zip(*marks, strict=True)
        connection.execute(_MARK_DIRTY, [list(sensors), timestamps(hours)])
