"""Who holds an advisory lock in this test's database: workers of pytest-xdist have databases of one server."""

import psycopg

from sensorfusion.events.postgres import conninfo

HELD = (
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
    " WHERE datname = current_database() AND locktype = 'advisory' AND granted AND objid::bigint = %s"
)


def holders(lock: int) -> int:
    """Return how many sessions hold a lock; of two numbers, `lock` is the second one."""
    with psycopg.connect(conninfo()) as connection:
        row = connection.execute(HELD, [lock & 0xFFFFFFFF]).fetchone()
    return int(row[0]) if row else 0
