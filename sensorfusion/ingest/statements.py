"""The SQL of the storing transaction, and how its parameters are written.

Rows travel as text made by us: psycopg's own list adaptation costs about 70 µs per row, this costs a few. Many rows
go by COPY; few go as one JSON parameter together with the states, in one round trip. Everything in them is a number,
an instant or JSON from our encoder.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

import msgspec
import psycopg

from sensorfusion.ingest.tally import Tally

if TYPE_CHECKING:
    from sensorfusion.ingest.transaction import Row

# From this many rows on COPY is faster than the JSON parameter (benchmarks/README.md).
COPY_FROM_ROWS = 200
# Rows sent at once: PostgreSQL works on them while the next ones are written.
COPY_AT_ONCE = 100

READ_STATES = """
SELECT sensor_id, seq, observed_at, stored_until, "values", flags, older, deltas, rolled_up_until, raw_kept_from
FROM sensor_state WHERE sensor_id = ANY(%s)
"""
LOCK_STATES = f"{READ_STATES} ORDER BY sensor_id FOR UPDATE"

# A sensor that was deleted meanwhile gets no state, and so nothing of it is stored.
MAKE_STATES = """
INSERT INTO sensor_state (sensor_id, seq, "values", older, deltas)
SELECT id, 0, '{}', '{}', '[]' FROM sensors_sensor WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE
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

# Advances every state from the seq it was counted on, while no hour was rolled up that the writer did not know of;
# `stale_unless` fails the statement when one of them has moved since.
_ADVANCE = """
advanced AS (
    UPDATE sensor_state
    SET seq = q, observed_at = o, received_at = coalesce(r, received_at), stored_until = u, "values" = v, flags = f,
        older = a, deltas = d
    FROM json_to_recordset(%s::json) AS new
        (s int, b bigint, w timestamptz, k timestamptz, q bigint, o timestamptz, r timestamptz, u timestamptz,
         v jsonb, f jsonb, a jsonb, d jsonb)
    WHERE sensor_id = s AND seq = b AND rolled_up_until IS NOT DISTINCT FROM w
        AND raw_kept_from IS NOT DISTINCT FROM k
    RETURNING 1
)
"""
_CHECK = "SELECT stale_unless((SELECT count(*) FROM advanced) = %s)"
_COLUMNS = 'observed_at, received_at, seq, sensor_id, "values", flags'
_INSERT = f"""
INSERT INTO reading ({_COLUMNS}) SELECT o, r, q, s, v, f
FROM json_to_recordset(%s::json) AS new (o timestamptz, r timestamptz, q bigint, s int, v jsonb, f jsonb)
"""
_ADVANCE_ONLY = f"WITH {_ADVANCE} {_CHECK}"
_ADVANCE_AND_INSERT = f"WITH {_ADVANCE}, inserted AS ({_INSERT}) {_CHECK}"
_COPY = f"COPY reading ({_COLUMNS}) FROM STDIN"

_UPDATE = """
UPDATE reading SET "values" = %s, flags = %s, seq = %s, received_at = %s WHERE sensor_id = %s AND observed_at = %s
"""

# The first reading makes a pending sensor active, and pages learn of it.
_ACTIVATE = """
WITH active AS (
    UPDATE sensors_sensor SET status = 'active' WHERE id = ANY(%s) AND status = 'pending' RETURNING id, site_id
)
SELECT pg_notify('sensorfusion', json_build_object('kind', 'SensorChanged', 'sensor', id, 'site', site_id)::text)
FROM active
"""

_MARK_DIRTY = """
INSERT INTO dirty_hour (sensor_id, hour) SELECT * FROM unnest(%s::int[], %s::timestamptz[])
"""

_json = msgspec.json.Encoder().encode


def timestamps(instants: Iterable[datetime]) -> str:
    """Write a timestamptz[] literal."""
    return "{" + ",".join(instant.isoformat() for instant in instants) + "}"


def advance_and_insert(connection: psycopg.Connection, tallies: Sequence[Tally], rows: Iterable["Row"]) -> None:
    """Write states and new rows in one statement, which is a transaction by itself.

    :raises psycopg.errors.SerializationFailure: a state was moved by somebody else; nothing is written.
    """
    parameters = [_array(map(_state_as_json, tallies)), _array(map(_row_as_json, rows)), len(tallies)]
    connection.execute(_ADVANCE_AND_INSERT, parameters, prepare=True)


def advance(connection: psycopg.Connection, tallies: Sequence[Tally]) -> None:
    """Write states only; raises as `advance_and_insert` does."""
    connection.execute(_ADVANCE_ONLY, [_array(map(_state_as_json, tallies)), len(tallies)], prepare=True)


def insert(connection: psycopg.Connection, rows: Iterator["Row"], *, count: int) -> None:
    """Add rows that are known not to be stored."""
    if count >= COPY_FROM_ROWS:
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            while lines := b"".join(map(_row_as_copy_line, islice(rows, COPY_AT_ONCE))):
                copy.write(lines)
    elif count:
        connection.execute(_INSERT, [_array(map(_row_as_json, rows))], prepare=True)


def update(connection: psycopg.Connection, rows: Iterable["Row"]) -> None:
    """Change rows that are stored; few, so each by itself, all in one round trip."""
    changes = [
        (
            row.values_json.decode(),
            row.flags_json and row.flags_json.decode(),
            row.seq,
            row.received_at,
            row.sensor,
            row.observed_at,
        )
        for row in rows
    ]
    if changes:
        with connection.cursor() as cursor:
            cursor.executemany(_UPDATE, changes)


def activate(connection: psycopg.Connection, sensors: list[int]) -> None:
    """Note that these sensors have sent their first reading."""
    if sensors:
        connection.execute(_ACTIVATE, [sensors])


def mark_dirty(connection: psycopg.Connection, tallies: Sequence[Tally]) -> None:
    """Leave a mark for every rolled-up hour that no longer follows from its readings."""
    marks = [(tally.sensor, hour) for tally in tallies for hour in sorted(tally.dirty_hours)]
    if marks:
        sensors, hours = zip(*marks, strict=True)
        connection.execute(_MARK_DIRTY, [list(sensors), timestamps(hours)])


def _array(objects: Iterable[bytes]) -> str:
    return (b"[" + b",".join(objects) + b"]").decode()


def _row_as_json(row: "Row") -> bytes:
    return b'{"o":"%b","r":"%b","q":%d,"s":%d,"v":%b,"f":%b}' % (
        row.observed_text,
        row.received_text,
        row.seq,
        row.sensor,
        row.values_json,
        row.flags_json or b"null",
    )


def _row_as_copy_line(row: "Row") -> bytes:
    return b"%b\t%b\t%d\t%d\t%b\t%b\n" % (
        row.observed_text,
        row.received_text,
        row.seq,
        row.sensor,
        row.values_json.replace(b"\\", b"\\\\"),  # the one character of JSON that COPY reads as its own
        row.flags_json or b"\\N",
    )


def _state_as_json(tally: Tally) -> bytes:
    return _json(
        {
            "s": tally.sensor,
            "b": tally.stored_seq,
            "w": tally.rolled_up_until,
            "k": tally.kept_from,
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
