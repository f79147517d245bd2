"""Database connections for code on the event loop; Django's own connections are synchronous."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import psycopg
from django.conf import settings
from psycopg_pool import AsyncConnectionPool

from sensorfusion.events.postgres import conninfo
from sensorfusion.postgres.cutting import answering

# Queries of the event loop take milliseconds. One that takes longer than this is not answered at all, or must not keep
# a connection from the others.
HELD_AT_MOST_S: Final = 5.0


class _Pool(AsyncConnectionPool[psycopg.AsyncConnection[Any]]):
    """A pool whose connections are cut when they are held for too long, and replaced together then."""

    @asynccontextmanager
    async def connection(  # the parameter is psycopg's
        self,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        async with super().connection(timeout) as link, answering(link, HELD_AT_MOST_S) as is_cut:
            try:
                yield link
            finally:
                if is_cut():
                    await self.drain()  # the others lead to the same silent host


def pool() -> AsyncConnectionPool:
    """Create the event loop's pool; its connections are in autocommit mode.

    Call `await pool.open()` before use and `await pool.close()` afterwards.
    """
    return _Pool(
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
