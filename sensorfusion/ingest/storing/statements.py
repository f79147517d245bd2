"""SQL of the storing transaction, and the encoding of its parameters.

Rows are encoded by our own code: psycopg's list adaptation costs about 70 µs per row, this a few. Many rows are sent
by COPY; few are sent as binary arrays, one per column, together with the states in one round trip. All values are
numbers, instants or JSON from our encoder.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

import msgspec
import psycopg

from sensorfusion.ingest.storing.arrays import bigints, documents, instants, integers
from sensorfusion.ingest.storing.prepared import Prepared
from sensorfusion.ingest.storing.rows import Row
from sensorfusion.ingest.storing.state import State
from sensorfusion.readings.storage.wire import written
from sensorfusion.readings.stored import writes
from sensorfusion.readings.stored.selection import select

# From this many rows on, COPY is faster than arrays (benchmarks/README.md).
COPY_FROM_ROWS = 500
# Rows sent at a time: PostgreSQL works on them while the next ones are encoded.
COPY_AT_ONCE = 100

# Exclusions may reach into the future, so the newest values depend on them. Changing one advances the state's seq,
# which makes writers read it again.
READ_STATES = """
SELECT sensor_id, seq, observed_at, stored_until, "values", flags, older, deltas, rolled_up_until, raw_kept_from, (
    SELECT jsonb_agg(jsonb_build_array(quantity, starts_at, ends_at)) FROM exclusion
    WHERE exclusion.sensor_id = sensor_state.sensor_id AND restored_at IS NULL
)
FROM sensor_state WHERE sensor_id = ANY(%s)
"""
LOCK_STATES = f"{READ_STATES} ORDER BY sensor_id FOR UPDATE"

# A sensor that was deleted meanwhile gets no state, so none of its readings are stored.
MAKE_STATES = """
INSERT INTO sensor_state (sensor_id, seq, "values", older, deltas)
SELECT id, 0, '{}', '{}', '[]' FROM sensors_sensor WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE
ON CONFLICT DO NOTHING
"""

_STORED_COLUMNS = 'r.sensor_id, r.observed_at, r."values", r.flags, r.received_at, r.seq'
# OFFSET 0 keeps the planner from turning the look-ups into a join that reads whole months.
FIND_STORED = f"""
SELECT stored.* FROM unnest(%s::int[], %s::timestamptz[]) AS asked (sensor, instant),
LATERAL (
    {select(_STORED_COLUMNS, sensor="asked.sensor", at="asked.instant", then="OFFSET 0")}
) AS stored
"""


def _columns(types: str, *, first: int = 1) -> str:
    """Return the array parameters of these types, numbered from $first."""
    return ", ".join(f"${number}::{each}[]" for number, each in enumerate(types.split(), first))


# Advances every state from the seq that the writer started from, unless an hour was rolled up that the writer did not
# know of. `stale_unless` fails the statement if any of the states has changed since.
_STATES = "int bigint timestamptz timestamptz bigint timestamptz timestamptz timestamptz jsonb jsonb jsonb jsonb"
_ADVANCE = f"""
advanced AS (
    UPDATE sensor_state
    SET seq = q, observed_at = o, received_at = coalesce(r, received_at), stored_until = u, "values" = v, flags = f,
        older = a, deltas = d
    FROM unnest({_columns(_STATES)}) AS new (s, b, w, k, q, o, r, u, v, f, a, d)
    WHERE sensor_id = s AND seq = b AND rolled_up_until IS NOT DISTINCT FROM w
        AND raw_kept_from IS NOT DISTINCT FROM k
    RETURNING 1
)
"""
_STATE_COLUMNS = len(_STATES.split())
_CHECK = "SELECT stale_unless((SELECT count(*) FROM advanced) = cardinality($1))"
_ROW_COLUMNS = len(writes.TYPES.split())
_ADVANCE_ONLY = Prepared("advance_states", f"WITH {_ADVANCE} {_CHECK}", parameters=_STATE_COLUMNS)
_INSERT_ONLY = Prepared("insert_readings", writes.insert(_columns(writes.TYPES)), parameters=_ROW_COLUMNS)
_ADVANCE_AND_INSERT = Prepared(
    "advance_and_insert",
    f"WITH {_ADVANCE}, inserted AS ({writes.insert(_columns(writes.TYPES, first=_STATE_COLUMNS + 1))}) {_CHECK}",
    parameters=_STATE_COLUMNS + _ROW_COLUMNS,
)
PREPARED = (_ADVANCE_ONLY, _INSERT_ONLY, _ADVANCE_AND_INSERT)

# The first reading makes a pending sensor active; the notification updates open pages.
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
_NOTHING = b"{}"


def timestamps(instants: Iterable[datetime]) -> str:
    """Encode a timestamptz[] literal."""
    return "{" + ",".join(instant.isoformat() for instant in instants) + "}"


def advance_and_insert(connection: psycopg.Connection, states: Sequence[State], rows: Sequence["Row"]) -> None:
    """Write states and new rows in one statement, which is a transaction by itself.

    :raises psycopg.errors.SerializationFailure: another writer changed a state; nothing is written.
    :raises psycopg.errors.InvalidSqlStatementName: the `PREPARED` statements are not prepared on this connection.
    """
    _ADVANCE_AND_INSERT.run(connection, [*_state_columns(states), *_row_columns(rows)])


def advance(connection: psycopg.Connection, states: Sequence[State]) -> None:
    """Write states only; raise like `advance_and_insert`."""
    _ADVANCE_ONLY.run(connection, _state_columns(states))


def insert(connection: psycopg.Connection, rows: Iterable["Row"], *, count: int) -> None:
    """Insert rows that are known to be new; raise like `advance_and_insert`."""
    if count >= COPY_FROM_ROWS:
        lines = _copy_lines(rows)
        with connection.cursor() as cursor, cursor.copy(writes.COPY) as copy:
            while some := b"".join(islice(lines, COPY_AT_ONCE)):
                copy.write(some)
    elif count:
        _INSERT_ONLY.run(connection, _row_columns(list(rows)))


def update(connection: psycopg.Connection, rows: Iterable["Row"]) -> None:
    """Update stored rows; they are few, so one statement each, pipelined in one round trip."""
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
            cursor.executemany(writes.UPDATE, changes)


def activate(connection: psycopg.Connection, sensors: list[int]) -> None:
    """Set pending sensors to active after their first reading."""
    if sensors:
        connection.execute(_ACTIVATE, [sensors])


def mark_dirty(connection: psycopg.Connection, states: Sequence[State]) -> None:
    """Mark every rolled-up hour that must be recomputed from its readings."""
    marks = [(state.sensor, hour) for state in states for hour in sorted(state.dirty_hours)]
    if marks:
        sensors, hours = zip(*marks, strict=True)
        connection.execute(_MARK_DIRTY, [list(sensors), timestamps(hours)])


def _row_columns(rows: Sequence["Row"]) -> list[bytes]:
    return [
        instants([row.observed_at for row in rows]),
        instants([row.received_at for row in rows]),
        bigints([row.seq for row in rows]),
        integers([row.sensor for row in rows]),
        documents([row.values_json for row in rows]),
        documents([row.flags_json for row in rows]),
    ]


def _copy_lines(rows: Iterable["Row"]) -> Iterator[bytes]:
    """Encode rows lazily, so that PostgreSQL stores the first ones while the last are being encoded."""
    arrivals: dict[datetime, bytes] = {}  # all readings of a request share one
    for row in rows:
        arrived = arrivals.get(row.received_at)
        if arrived is None:
            arrived = arrivals[row.received_at] = written(row.received_at)
        yield b"%b\t%b\t%d\t%d\t%b\t%b\n" % (
            written(row.observed_at),
            arrived,
            row.seq,
            row.sensor,
            row.values_json.replace(b"\\", b"\\\\"),  # the only character in JSON that COPY would interpret
            row.flags_json or b"\\N",
        )


def _state_columns(states: Sequence[State]) -> list[bytes]:
    return [
        integers([state.sensor for state in states]),
        bigints([state.stored_seq for state in states]),
        instants([state.rolled_up_until for state in states]),
        instants([state.kept_from for state in states]),
        bigints([state.seq for state in states]),
        instants([state.observed_at for state in states]),
        instants([state.received_at for state in states]),
        instants([state.stored_until for state in states]),
        documents([_json(state.values) for state in states]),
        documents([_json(state.flags) if state.flags else None for state in states]),
        documents([_json(state.older) if state.older else _NOTHING for state in states]),
        documents([_json(state.deltas) for state in states]),
    ]
