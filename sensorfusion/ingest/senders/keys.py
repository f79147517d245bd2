"""Identifies the sensor that a key belongs to, with a cache that is invalidated when a key or its sensor changes.

`KeyChanged` reaches every process when the change commits, so a revoked key stops working everywhere within
milliseconds. While the listener is disconnected the cache is not used. Entries also expire after a minute, which keeps
`last_used_at` accurate to the minute without a write per request.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from hmac import compare_digest

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from sensorfusion.clock import Clock
from sensorfusion.events.control import Listener
from sensorfusion.events.messages import KeyChanged, Resumed
from sensorfusion.ingest.senders.cache import Cache
from sensorfusion.ingest.senders.database_lookups import ANSWER_WITHIN_S, DatabaseLookups
from sensorfusion.ingest.senders.issued_keys import IssuedKeys
from sensorfusion.ingest.senders.sources import COLUMNS, Found
from sensorfusion.ingest.senders.tokens import is_token
from sensorfusion.ingest.steps.batch import Source
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.sensors.keys.secrets import digest, public_part

_FIND = f"""
SELECT {COLUMNS}, k.digest, k.revoked_at
FROM sensors_key k JOIN sensors_sensor s ON s.id = k.sensor_id WHERE k.prefix = %s
"""
_USED = "UPDATE sensors_key SET last_used_at = %s WHERE prefix = %s"


class Keys:
    """Finds the sensor of a key; runs on the event loop."""

    def __init__(
        self,
        pool: AsyncConnectionPool,
        listener: Listener,
        *,
        now: Clock,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool = pool
        self._now = now
        self._issued = IssuedKeys(pool, clock=clock)
        self._lookups = DatabaseLookups(self._find, clock=clock)
        self._remembered: Cache[bytes, Source] = Cache(self._lookups, listener, clock=clock)
        listener.on(KeyChanged, lambda changed: self._remembered.forget(lambda known: known.sensor == changed.sensor))
        listener.on(Resumed, lambda _: self._remembered.forget_all())

    def known(self, key: str) -> Source | None:
        """Return the sensor this key belongs to, if that is in the cache."""
        return self._remembered.known(digest(key)) if key else None

    async def identify(self, key: str) -> Source:
        """Return the sensor this key belongs to.

        :raises RequestRefused: no_key, unknown_key, revoked_key, sensor_paused, overloaded or database_away.
        """
        if not key:
            raise RequestRefused("no_key")
        proof = digest(key)
        return self._remembered.known(proof) or await self._look_up(key, proof)

    async def is_issued(self, name: str) -> bool:
        """Return whether there is a key with this public part, or this API token, without a query for each."""
        with suppress(psycopg.Error, PoolTimeout):
            return await (self._issued.has_token(name) if is_token(name) else self._issued.has(name))
        return False

    async def _look_up(self, key: str, proof: bytes) -> Source:
        prefix = public_part(key)
        if prefix is None:
            raise RequestRefused("unknown_key")
        generation = self._lookups.generation
        found = await self._lookups.of(prefix)
        if found is None:
            raise RequestRefused("unknown_key")
        _check(found, proof)
        source = found.source()
        self._remembered.remember(proof, source, since=generation)
        return source

    async def _find(self, prefix: str) -> Found | None:
        async with self._pool.connection(timeout=ANSWER_WITHIN_S) as connection:
            row = await (await connection.execute(_FIND, [prefix], prepare=True)).fetchone()
            if row is None:
                return None
            await connection.execute(_USED, [self._now(), prefix])
            return Found.of(row)


def _check(found: Found, proof: bytes) -> None:
    known, revoked_at = found.more
    if not compare_digest(bytes(known), proof):
        raise RequestRefused(
            "unknown_key", "The key's name is right but its secret is not. Copy the whole key.", sensor=found.sensor
        )
    if revoked_at is not None:
        raise RequestRefused("revoked_key", sensor=found.sensor)
    if found.status == "paused":
        raise RequestRefused("sensor_paused", sensor=found.sensor)
