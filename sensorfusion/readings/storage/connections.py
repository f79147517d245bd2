"""Database connections for code that runs on the event loop, beside Django's own."""

from psycopg_pool import AsyncConnectionPool

from sensorfusion.events.postgres import conninfo

# Reads of the event loop are short (a key, a state, a page of readings); more would only queue inside PostgreSQL.
POOL_SIZE = 4


def pool() -> AsyncConnectionPool:
    """Make the event loop's pool; `await pool.open()` before use and `await pool.close()` after. Connections are in
    autocommit.
    """
    return AsyncConnectionPool(
        conninfo(),
        min_size=0,
        max_size=POOL_SIZE,
        open=False,
        timeout=5,
        # The pool's own patience grows with the outage: after a minute without a database it would not look again
        # for another. Giving up soon lets the next who asks try at once.
        reconnect_timeout=3,
        kwargs={"autocommit": True},
        name="event loop",
    )
