"""Looking things up in the database for a door: once for all who ask for the same, a few at a time, never for long."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

import psycopg

from sensorfusion.ingest.steps.refused import RequestRefused

# Look-ups at once: unknown keys come in floods, and must leave the pool's connections to others.
LOOKUPS = 2
# Requests that may wait for one: all sensors of a large installation coming back after a restart, for about a second.
WAITING = 5_000
# While the database is away, one request in so many seconds finds out whether it is back; the others are told at once.
ANSWER_WITHIN_S = 2.0
TRY_AGAIN_AFTER_S = 1.0

Asked = TypeVar("Asked", bound=Hashable)
Found = TypeVar("Found")


class DatabaseLookups(Generic[Asked, Found]):
    """Asks `find`; who asks for the same thing at the same time waits for one answer."""

    def __init__(
        self, find: Callable[[Asked], Awaitable[Found]], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._find = find
        self._clock = clock
        self._turns = asyncio.Semaphore(LOOKUPS)
        self._waiting = 0
        self._finding: dict[tuple[Asked, int], asyncio.Task[Found]] = {}
        self._not_before = 0.0
        # Counts forgettings, so that a look-up under way does not bring back what was forgotten.
        self.generation = 0

    async def of(self, asked: Asked) -> Found:
        """Look one thing up; all who ask go on in the order in which they asked.

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
        """Say that what is being read may be false already: who asks from now on must not be told it."""
        self.generation += 1

    def _begin(self, asked: Asked) -> "asyncio.Task[Found]":
        place = (asked, self.generation)
        finding = self._finding[place] = asyncio.create_task(self._find_or_refuse(asked), name="look up for a door")

        def end(found: "asyncio.Task[Found]") -> None:
            del self._finding[place]
            if not found.cancelled():
                found.exception()  # heard of, also when nobody waits for it any more

        finding.add_done_callback(end)
        return finding

    async def _find_or_refuse(self, asked: Asked) -> Found:
        try:
            async with self._turns:
                if self._clock() < self._not_before:
                    raise RequestRefused("database_away")
                return await self._find(asked)
        except psycopg.OperationalError:
            self._not_before = self._clock() + TRY_AGAIN_AFTER_S
            raise RequestRefused("database_away") from None
