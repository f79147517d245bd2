"""The public parts of the issued keys, and the digests of API tokens, which have none."""

import time
from collections.abc import Callable, Iterable

from psycopg_pool import AsyncConnectionPool

from sensorfusion.accounts.secrets import digest
from sensorfusion.accounts.tries.issued import MOST, Issued
from sensorfusion.ingest.senders.database_lookups import ANSWER_WITHIN_S

_READ = """
(SELECT prefix FROM sensors_key WHERE revoked_at IS NULL LIMIT %(most)s)
UNION ALL (SELECT encode(digest, 'hex') FROM accounts_apitoken LIMIT %(most)s)
"""


class IssuedKeys(Issued[str]):
    """Knows whether a public part is that of a key, or a text an API token; runs on the event loop."""

    def __init__(self, pool: AsyncConnectionPool, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(self._names, clock=clock)
        self._pool = pool

    async def has_token(self, token: str) -> bool:
        """Return whether this API token was issued half a minute ago or earlier; it may have ended since."""
        return await self.has(digest(token).hex())

    async def _names(self) -> Iterable[str]:
        async with self._pool.connection(timeout=ANSWER_WITHIN_S) as connection:
            found = await connection.execute(_READ, {"most": MOST})
            return [row[0] async for row in found]
