"""Database connections for code on the event loop; Django's own connections are synchronous."""

from django.conf import settings
from psycopg_pool import AsyncConnectionPool

from sensorfusion.events.postgres import conninfo


def pool() -> AsyncConnectionPool:
    """Create the event loop's pool; its connections are in autocommit mode.

    Call `await pool.open()` before use and `await pool.close()` afterwards.
    """
    return AsyncConnectionPool(
        conninfo(),
        min_size=0,
        max_size=settings.EVENT_LOOP_CONNECTIONS,
        open=False,
        timeout=5,
        # The pool's backoff grows with the outage: after a minute without a database it would wait another one before
        # it retries. With a short timeout it gives up, and the next request retries at once.
        reconnect_timeout=3,
        kwargs={"autocommit": True},
        name="event loop",
    )
