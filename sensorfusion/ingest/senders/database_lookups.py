"""Database look-ups for the doors: coalesced for concurrent callers, limited in number and bounded in time."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

import psycopg

from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.postgres.faults import is_of_request

# Concurrent look-ups: unknown keys arrive in floods and must not take all connections of the pool.
LOOKUPS = 2
# Callers that may wait: all sensors of a large installation reconnecting after a restart, for about a second.
WAITING = 5_000
# While the database is down, one request per interval tries it; the others are refused immediately.
ANSWER_WITHIN_S = 2.0
TRY_AGAIN_AFTER_S = 1.0

Asked = TypeVar("Asked", bound=Hashable)
Found = TypeVar("Found")


class DatabaseLookups(Generic[Asked, Found]):
    """Calls `find`; concurrent calls for the same thing share one look-up."""

    def __init__(
        self, find: Callable[[Asked], Awaitable[Found]], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._find = find
        self._clock = clock
        self._turns = asyncio.Semaphore(LOOKUPS)
        self._waiting = 0
        self._finding: dict[tuple[Asked, int], asyncio.Task[Found]] = {}
        self._not_before = 0.0
        # Incremented by every invalidation, so that a look-up under way cannot bring back an invalidated result.
        self.generation = 0

    async def of(self, asked: Asked) -> Found:
        """Look one thing up; waiting callers are served in the order of their calls.

        :raises RequestRefused: overloaded or database_away.
        """
        if self._waiting >= WAITING:
            raise RequestRefused("overloaded")
        self._waiting += 1
        try:
            return await asyncio.shield(self._finding.get((asked, self.generation)) or self._begin(asked))
        finally:
            self._waiting -= 1

    def forget(self) -> None:
        """Invalidate the look-ups under way, which may return stale data: later callers start a new look-up."""
        self.generation += 1

    def _begin(self, asked: Asked) -> "asyncio.Task[Found]":
        place = (asked, self.generation)
        finding = self._finding[place] = asyncio.create_task(self._find_or_refuse(asked), name="look up for a door")

        def end(found: "asyncio.Task[Found]") -> None:
            del self._finding[place]
            if not found.cancelled():
                found.exception()  # mark the exception as retrieved, even if no caller waits for it any more

        finding.add_done_callback(end)
        return finding

    async def _find_or_refuse(self, asked: Asked) -> Found:
        try:
            async with self._turns:
                if self._clock() < self._not_before:
                    raise RequestRefused("database_away")
                return await self._find(asked)
        except psycopg.Error as error:
            if is_of_request(error):  # such as a name with NUL
                raise RequestRefused("unreadable") from None
            self._not_before = self._clock() + TRY_AGAIN_AFTER_S
            raise RequestRefused("database_away") from None
