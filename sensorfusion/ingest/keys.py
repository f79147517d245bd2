"""Whose key is this? Answered from memory for keys in use, and forgotten at once when a key or its sensor changes.

The memory is dropped by `KeyChanged`, which reaches every process when the change commits, so a revoked key stops
working everywhere within milliseconds. While the listener is deaf nothing is trusted from memory. Entries also end
after a minute, which keeps `last_used_at` true to the minute without a write per request.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

import psycopg
from psycopg_pool import AsyncConnectionPool

from sensorfusion.events.control import Listener
from sensorfusion.events.messages import KeyChanged, Resumed
from sensorfusion.ingest.batch import Source
from sensorfusion.ingest.refusal import Refused
from sensorfusion.sensors.secrets import digest, public_part

REMEMBER_S = 60.0
# Far above any installation's sensors; it only keeps a mistake from filling memory.
REMEMBER_AT_MOST = 200_000
# Look-ups at once: unknown keys come in floods, and must leave the pool's connections to others.
LOOKUPS = 2
# Requests that may wait for one: all sensors of a large installation coming back after a restart, for about a second.
WAITING = 5_000
# While the database is away, one request in so many seconds finds out whether it is back; the others are told at once.
ANSWER_WITHIN_S = 2.0
TRY_AGAIN_AFTER_S = 1.0

_FIND = """
SELECT k.digest, k.revoked_at, s.id, s.uuid::text, s.status
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


class Keys:
    """Finds the sensor of a key, on the event loop."""

    def __init__(
        self, pool: AsyncConnectionPool, listener: Listener, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pool = pool
        self._listener = listener
        self._clock = clock
        self._remembered: dict[bytes, tuple[Source, float]] = {}
        self._generation = 0  # counts forgettings, so that a look-up under way does not bring back what was forgotten
        self._lookups = asyncio.Semaphore(LOOKUPS)
        self._waiting = 0
        self._finding: dict[tuple[str, int], asyncio.Task[_Found | None]] = {}
        self._not_before = 0.0
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
        generation = self._generation
        found = await self._in_turn(prefix)
        if found is None:
            raise Refused("unknown_key")
        _check(found, proof)
        source = Source(found.sensor, found.uuid)
        if generation == self._generation:
            self._remember(proof, source)
        return source

    async def _in_turn(self, prefix: str) -> _Found | None:
        """Look a key up once for all who ask at the same time; they go on in the order in which they asked."""
        if self._waiting >= WAITING:
            raise Refused("overloaded")
        self._waiting += 1
        try:
            return await asyncio.shield(self._finding.get((prefix, self._generation)) or self._begin(prefix))
        finally:
            self._waiting -= 1

    def _begin(self, prefix: str) -> "asyncio.Task[_Found | None]":
        # Who asks after a forgetting must not be told what was read before it.
        place = (prefix, self._generation)
        finding = self._finding[place] = asyncio.create_task(self._find_or_refuse(prefix), name="look a key up")

        def end(found: "asyncio.Task[_Found | None]") -> None:
            del self._finding[place]
            if not found.cancelled():
                found.exception()  # heard of, also when nobody waits for it any more

        finding.add_done_callback(end)
        return finding

    async def _find_or_refuse(self, prefix: str) -> _Found | None:
        try:
            async with self._lookups:
                if self._clock() < self._not_before:
                    raise Refused("database_away")
                return await self._find(prefix)
        except psycopg.OperationalError:
            self._not_before = self._clock() + TRY_AGAIN_AFTER_S
            raise Refused("database_away") from None

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
        self._generation += 1
        for proof in [proof for proof, (source, _) in self._remembered.items() if source.sensor == changed.sensor]:
            del self._remembered[proof]

    def _forget_all(self) -> None:
        self._generation += 1
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
