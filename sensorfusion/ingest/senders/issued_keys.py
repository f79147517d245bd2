"""The public parts of the issued keys: read only while unknown credentials flood in, and at most twice a minute.

With them a good key is told from a guess without a query for each, whatever else its network sends.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from psycopg_pool import AsyncConnectionPool

from sensorfusion.ingest.senders.database_lookups import ANSWER_WITHIN_S

READ_EVERY_S: Final = 30.0
MOST: Final = 500_000  # about 50 MB; further ones have to wait with the unknown ones


class IssuedKeys:
    """Knows whether a public part is that of a key; runs on the event loop."""

    def __init__(self, pool: AsyncConnectionPool, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._clock = clock
        self._names: frozenset[str] = frozenset()
        self._read_at = -READ_EVERY_S
        self._reading = asyncio.Lock()

    async def has(self, name: str) -> bool:
        """Return whether a key of this public part was issued half a minute ago or earlier."""
        if name not in self._names and self._is_old():
            async with self._reading:
                if self._is_old():
                    await self._read()
        return name in self._names

    def _is_old(self) -> bool:
        return self._clock() - self._read_at >= READ_EVERY_S

    async def _read(self) -> None:
        self._read_at = self._clock()
        async with self._pool.connection(timeout=ANSWER_WITHIN_S) as connection:
            found = await connection.execute("SELECT prefix FROM sensors_key WHERE revoked_at IS NULL LIMIT %s", [MOST])
            self._names = frozenset([row[0] async for row in found])
