"""Whose key is this? Answered from memory for keys in use, and forgotten at once when a key or its sensor changes.

The memory is dropped by `KeyChanged`, which reaches every process when the change commits, so a revoked key stops
working everywhere within milliseconds. While the listener is deaf nothing is trusted from memory. Entries also end
after a minute, which keeps `last_used_at` true to the minute without a write per request.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from psycopg_pool import AsyncConnectionPool

from sensorfusion.events.control import Listener
from sensorfusion.events.messages import KeyChanged, Resumed
from sensorfusion.ingest.batch import Source
from sensorfusion.ingest.lookups import ANSWER_WITHIN_S, LookUps
from sensorfusion.ingest.naming import paths_of
from sensorfusion.ingest.refusal import Refused
from sensorfusion.sensors.secrets import digest, public_part

REMEMBER_S = 60.0
# Far above any installation's sensors; it only keeps a mistake from filling memory.
REMEMBER_AT_MOST = 200_000

_FIND = """
SELECT k.digest, k.revoked_at, s.id, s.uuid::text, s.status, s.paths
FROM sensors_key k JOIN sensors_sensor s ON s.id = k.sensor_id WHERE k.prefix = %s
"""
_USED = "UPDATE sensors_key SET last_used_at = now() WHERE prefix = %s AND last_used_at IS DISTINCT FROM now()"


@dataclass(frozen=True, slots=True)
class _Found:
    digest: bytes
    revoked_at: datetime | None
    sensor: int
    uuid: str
    status: str
    paths: object


class Keys:
    """Finds the sensor of a key, on the event loop."""

    def __init__(
        self, pool: AsyncConnectionPool, listener: Listener, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pool = pool
        self._listener = listener
        self._clock = clock
        self._remembered: dict[bytes, tuple[Source, float]] = {}
        self._lookups = LookUps(self._find, clock=clock)
        listener.on(KeyChanged, self._forget_sensor)
        listener.on(Resumed, lambda _: self._forget_all())

    async def identify(self, key: str) -> Source:
        """Return the sensor this key belongs to.

        :raises Refused: no_key, unknown_key, revoked_key, sensor_paused, overloaded or database_away.
        """
        if not key:
            raise Refused("no_key")
        proof = digest(key)
        known = self._remembered.get(proof)
        if known and known[1] > self._clock() and self._listener.is_hearing:
            return known[0]
        return await self._look_up(key, proof)

    async def _look_up(self, key: str, proof: bytes) -> Source:
        prefix = public_part(key)
        if prefix is None:
            raise Refused("unknown_key")
        generation = self._lookups.generation
        found = await self._lookups.of(prefix)
        if found is None:
            raise Refused("unknown_key")
        _check(found, proof)
        source = Source(found.sensor, found.uuid, paths_of(found.paths))
        if generation == self._lookups.generation:
            self._remember(proof, source)
        return source

    async def _find(self, prefix: str) -> _Found | None:
        async with self._pool.connection(timeout=ANSWER_WITHIN_S) as connection:
            row = await (await connection.execute(_FIND, [prefix], prepare=True)).fetchone()
            if row is None:
                return None
            await connection.execute(_USED, [prefix])
            return _Found(bytes(row[0]), *row[1:])

    def _remember(self, proof: bytes, source: Source) -> None:
        if len(self._remembered) >= REMEMBER_AT_MOST:
            self._remembered.clear()
        self._remembered[proof] = (source, self._clock() + REMEMBER_S)

    def _forget_sensor(self, changed: KeyChanged) -> None:
        self._lookups.forget()
        for proof in [proof for proof, (source, _) in self._remembered.items() if source.sensor == changed.sensor]:
            del self._remembered[proof]

    def _forget_all(self) -> None:
        self._lookups.forget()
        self._remembered.clear()


def _check(found: _Found, proof: bytes) -> None:
    if not compare_digest(found.digest, proof):
        raise Refused(
            "unknown_key", "The key's name is right but its secret is not. Copy the whole key.", sensor=found.sensor
        )
    if found.revoked_at is not None:
        raise Refused("revoked_key", sensor=found.sensor)
    if found.status == "paused":
        raise Refused("sensor_paused", sensor=found.sensor)
