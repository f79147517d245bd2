"""Tries on the database what the platform relies on, without leaving a trace.

A server's words about itself say too little: one whose disk is full, whose tables are locked, or whose synchronous
standby is gone answers `SELECT 1`. So we take the writer's locks, let it write a file and its log, and commit.
"""

from typing import Any, Final

import psycopg

from sensorfusion.readings.stored.writes import INSERT_NOTHING

# Any number unused as an advisory lock; see readings/stored/partitions.py.
_LOCK: Final = 0x5E50_0012
_LIMITS: Final = """
SELECT set_config('lock_timeout', '1s', true), set_config('statement_timeout', '4s', true),
    set_config('work_mem', '64kB', true)
"""
# Take the locks of a write, and are refused where writes are, although no row is written.
_AS_WRITER: Final = (
    "INSERT INTO sensor_state (sensor_id, seq, \"values\", older, deltas) SELECT 0, 0, '{}', '{}', '[]' WHERE false",
    INSERT_NOTHING,
)
# Sorting more than `work_mem` holds writes a temporary file of some hundred kB, for which there must be room.
_FILE: Final = (
    "SELECT count(*) FROM (SELECT number FROM generate_series(1, 20000) AS number ORDER BY -number) AS sorted"
)
# An entry of the log that only we would read. COMMIT then waits for the disk, and for a synchronous standby.
_LOG: Final = "SELECT pg_logical_emit_message(true, 'sensorfusion', 'check')"
_SESSION: Final = "SELECT pg_try_advisory_lock_shared(%(lock)s), pg_advisory_unlock_shared(%(lock)s)"


async def attempt(link: psycopg.AsyncConnection[Any]) -> None:
    """Try to write, to keep a lock of the session, and to execute a prepared statement.

    :raises psycopg.Error: what does not work, in the server's words.
    """
    async with link.transaction():
        await link.execute(_LIMITS)
        for statement in (*_AS_WRITER, _FILE, _LOG):
            await link.execute(statement)
    for _ in range(2):  # prepared by the first, executed by the second
        row = await (await link.execute(_SESSION, {"lock": _LOCK}, prepare=True)).fetchone()
        if row != (True, True):
            raise psycopg.OperationalError("advisory locks are not kept: DATABASE_URL must lead to sessions")
