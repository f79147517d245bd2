"""Database reads of the live stream, on the event loop: snapshots, changes and newest seqs of sensors.

Every statement sees one snapshot of the database, so a page of changes is consistent with its `upto`.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec
import psycopg

from sensorfusion.domain import liveness
from sensorfusion.events.messages import StoredReading
from sensorfusion.live.hub import DatabaseAway, Page
from sensorfusion.readings.storage import wire
from sensorfusion.readings.stored.excluded import EXCLUDED_VALUES, EXCLUDES
from sensorfusion.readings.stored.selection import select

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from psycopg_pool import AsyncConnectionPool

# Approximate limit of rows in a page of changes, for any number of sensors: 5 MB transferred, 50 ms of the loop.
PAGE_READINGS: Final = 10_000
PAGE_READINGS_OF_ONE: Final = 1_000
PAGE_READINGS_AT_LEAST: Final = 20
# A read takes milliseconds; one that takes this long, including the wait for its turn, raises `DatabaseAway`.
ANSWER_WITHIN_S: Final = 30.0

Sites = Collection[int] | None  # None for all


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The inputs of a sensor's state."""

    last_at: datetime | None
    interval_s: float | None
    status: str

    def state(self, now: datetime) -> liveness.State:
        return liveness.state(last_at=self.last_at, interval_s=self.interval_s, now=now, status=self.status)

    def next_change_at(self, now: datetime) -> datetime | None:
        return liveness.next_change_at(last_at=self.last_at, interval_s=self.interval_s, now=now, status=self.status)


@dataclass(frozen=True, slots=True)
class Present:
    """A sensor's current values, and whether the requesting operator may edit it."""

    uuid: str
    name: str
    may_edit: bool
    seq: int
    received_at: datetime | None
    values: bytes
    flags: bytes | None
    older: bytes | None
    rhythm: Rhythm

    def encode(self, *, seq: int, now: datetime) -> bytes:
        """Encode it for a snapshot whose stream continues after `seq`."""
        return wire.snapshot(
            uuid=self.uuid,
            name=self.name,
            state=self.rhythm.state(now),
            seq=seq,
            observed_at=self.rhythm.last_at,
            received_at=self.received_at,
            values_json=self.values,
            flags_json=self.flags,
            older_json=self.older,
        )


RHYTHM = "state.observed_at, sensor.interval_s, sensor.status, state.deltas::text"

# Access is checked in the statement that reads the data: a right that ended before it is respected, one that ends later
# is announced.
_PRESENT = f"""
SELECT sensor.id, sensor.uuid::text, sensor.name, seen.may_edit, coalesce(state.seq, 0), state.received_at,
       state."values"::text, state.flags::text, nullif(state.older, '{{}}')::text, {RHYTHM}
FROM sensor_right AS seen CROSS JOIN LATERAL (SELECT (seen.sensor).*) AS sensor
LEFT JOIN sensor_state AS state ON state.sensor_id = sensor.id
WHERE seen.operator_id = %s AND sensor.id = ANY(%s) AND (%s::bigint[] IS NULL OR sensor.site_id = ANY(%s::bigint[]))
"""

_AFTER = select("*", sensor="asked.sensor", after_seq="asked.after", then="ORDER BY r.seq LIMIT %s")
_CHANGES = f"""
SELECT asked.sensor, sensor.uuid::text, coalesce(state.seq, 0),
       r.seq, r.observed_at, r.received_at, r."values"::text, r.flags::text,
       CASE WHEN has.exclusions THEN {EXCLUDED_VALUES} END
FROM unnest(%s::int[], %s::bigint[]) AS asked (sensor, after)
JOIN sensors_sensor AS sensor ON sensor.id = asked.sensor
LEFT JOIN sensor_state AS state ON state.sensor_id = asked.sensor
CROSS JOIN LATERAL (SELECT {EXCLUDES.format("asked.sensor")} AS exclusions OFFSET 0) AS has
LEFT JOIN LATERAL ({_AFTER}) AS r ON true
ORDER BY asked.sensor, r.seq
"""

_SEQS = "SELECT sensor_id, seq FROM sensor_state WHERE sensor_id = ANY(%s)"

_RHYTHMS = f"""
SELECT sensor.id, {RHYTHM}
FROM sensors_sensor AS sensor LEFT JOIN sensor_state AS state ON state.sensor_id = sensor.id
WHERE sensor.id = ANY(%s)
"""

_IDS = """
SELECT sensor_uuid::text, sensor_id FROM sensor_right WHERE operator_id = %s AND sensor_uuid = ANY(%s::uuid[])
    AND (%s::bigint[] IS NULL OR (sensor).site_id = ANY(%s::bigint[]))
"""


class Database:
    """Queries the event loop's pool; every failure to get an answer becomes `DatabaseAway`."""

    def __init__(self, pool: "AsyncConnectionPool") -> None:
        self._pool = pool
        # When thousands of clients reconnect at once they wait in line, which is better than being disconnected to
        # retry. One of the pool's connections stays free for looking up the keys of incoming readings.
        self._turns = asyncio.Semaphore(pool.max_size - 1)

    async def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement.

        :raises DatabaseAway: if there is no answer.
        """
        async with self._answers(), self._turns, self._pool.connection() as connection:
            cursor = await connection.execute(statement.encode(), values, prepare=True)
            return await cursor.fetchall() if cursor.description else []

    @asynccontextmanager
    async def _answers(self) -> "AsyncIterator[None]":
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                yield
        except (psycopg.Error, OSError) as error:  # a timeout is an OSError
            raise DatabaseAway(f"{type(error).__name__}: {error}") from error


class Readings:
    """The hub's `History`, and the reads for sockets that begin to follow sensors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ids(self, uuids: Iterable[str], *, operator: int, sites: Sites = None) -> dict[str, int]:
        """Look up sensors by their public names, without those that are unknown or that the operator may not see.

        With `sites` only theirs are found.
        """
        within = None if sites is None else list(sites)
        return dict(await self._database.rows(_IDS, operator, list(uuids), within, within))

    async def present(self, sensors: Iterable[int], *, operator: int, sites: Sites = None) -> dict[int, Present]:
        """Read the current values of sensors, without those that the operator may not see, or of other `sites`."""
        within = None if sites is None else list(sites)
        rows = await self._database.rows(_PRESENT, operator, list(sensors), within, within)
        return {row[0]: _present(*row[1:]) for row in rows}

    async def changes(self, after: Mapping[int, int]) -> dict[int, Page]:
        """Read a page of changes after a seq for each of these sensors, without deleted ones."""
        limit = min(PAGE_READINGS_OF_ONE, max(PAGE_READINGS_AT_LEAST, PAGE_READINGS // max(1, len(after))))
        rows = await self._database.rows(_CHANGES, list(after), list(after.values()), limit)
        found: dict[int, list[StoredReading]] = {}
        come_to: dict[int, int] = {}
        for sensor, uuid, come, *change in rows:
            come_to[sensor] = come
            readings = found.setdefault(sensor, [])
            if change[0] is not None:
                readings.append(_change(sensor, uuid, *change))
        return {sensor: _page(readings, come_to[sensor], limit) for sensor, readings in found.items()}

    async def seqs(self, sensors: Iterable[int]) -> dict[int, int]:
        return dict(await self._database.rows(_SEQS, list(sensors)))

    async def rhythms(self, sensors: Iterable[int]) -> dict[int, Rhythm]:
        """Read the inputs of these sensors' states."""
        return {row[0]: rhythm(*row[1:]) for row in await self._database.rows(_RHYTHMS, list(sensors))}


def _present(
    uuid: str,
    name: str,
    may_edit: bool,
    seq: int,
    received_at: datetime | None,
    values: str | None,
    flags: str | None,
    older: str | None,
    *columns: Any,
) -> Present:
    present = _compact(values) or b"{}"
    return Present(uuid, name, may_edit, seq, received_at, present, _compact(flags), _compact(older), rhythm(*columns))


def rhythm(observed_at: datetime | None, interval_s: float | None, status: str, deltas: str | None) -> Rhythm:
    """Build a `Rhythm` from the columns of `RHYTHM`; the learned interval is used where none is set."""
    learned = liveness.usual_interval_s(msgspec.json.decode(deltas or "[]", type=list[float]))
    return Rhythm(observed_at, interval_s or learned, status)


def _change(
    sensor: int,
    uuid: str,
    seq: int,
    observed_at: datetime,
    received_at: datetime,
    values: str,
    flags: str | None,
    excluded: list[str] | None,
) -> StoredReading:
    encoded = wire.encode(
        uuid=uuid,
        seq=seq,
        observed_at=observed_at,
        received_at=received_at,
        values_json=_compact(values) or b"{}",
        flags_json=_compact(flags),
        excluded=excluded,
    )
    return StoredReading(sensor, seq, encoded, observed_at, received_at)


def _compact(text: str | None) -> bytes | None:
    # PostgreSQL puts a blank after every colon and comma.
    return None if text is None else msgspec.json.format(text.encode(), indent=-1)


def _page(readings: list[StoredReading], come_to: int, limit: int) -> Page:
    if len(readings) == limit:
        return Page(readings, readings[-1].seq, is_last=False)
    return Page(readings, come_to, is_last=True)
