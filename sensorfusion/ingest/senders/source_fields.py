"""Decides which quantity a new field of a device feeds, and keeps the decision before any reading is stored by it.

Fields are new once in a sensor's life, so the decision has a transaction of its own. It locks the sensor's row: two
processes that see different new fields at the same moment decide one after the other.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import islice
from typing import Any, NamedTuple

import psycopg
from psycopg_pool import AsyncConnectionPool

from sensorfusion.clock import Clock
from sensorfusion.events.control import CHANNEL, payload
from sensorfusion.events.messages import KeyChanged
from sensorfusion.ingest.senders.database_lookups import ANSWER_WITHIN_S
from sensorfusion.ingest.steps.batch import Field, Source, Undecided
from sensorfusion.ingest.steps.naming import MOST_FIELDS, decide, deciding, source_key
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.postgres.faults import is_of_request

_LOCK = "SELECT FROM sensors_sensor WHERE id = %s FOR NO KEY UPDATE"
_KNOWN = "SELECT source, quantity FROM sensors_sourcefield WHERE sensor_id = %s"
_FED = 'SELECT jsonb_object_keys("values") FROM sensor_state WHERE sensor_id = %s'
_TAKE_OVER = "DELETE FROM sensors_sourcefield WHERE sensor_id = %s AND source = '' AND quantity = ANY(%s)"
_KEEP = """
INSERT INTO sensors_sourcefield (sensor_id, source, quantity, label, first_at)
SELECT %s, source, quantity, label, %s
FROM unnest(%s::text[], %s::text[], %s::text[]) AS kept (source, quantity, label)
"""
_ANNOUNCE = "SELECT pg_notify(%s, %s)"


class _Known(NamedTuple):
    """What is decided for a sensor, the quantities that have a source, and those whose source is not recorded."""

    decided: dict[str, str]
    taken: set[str]
    before: set[str]


class SourceFields:
    """The decisions of all sensors."""

    def __init__(self, pool: AsyncConnectionPool, *, now: Clock) -> None:
        self._pool = pool
        self._now = now

    async def decided(self, source: Source, undecided: Sequence[Undecided]) -> Source:
        """Return the source with a decision for every field; what is new is committed, and told to all processes.

        :raises RequestRefused: database_away.
        """
        fields, present = await asyncio.to_thread(_named, undecided)
        try:
            async with self._pool.connection(timeout=ANSWER_WITHIN_S) as connection, connection.transaction():
                known = await _known(connection, source.sensor)
                kept = await asyncio.to_thread(_new, fields, known, present)
                if kept:
                    await self._keep(connection, source.sensor, kept, fields)
        except psycopg.Error as error:
            raise RequestRefused("unreadable" if is_of_request(error) else "database_away") from None
        return deciding(source, known.decided | kept)

    async def _keep(
        self, connection: psycopg.AsyncConnection[Any], sensor: int, kept: dict[str, str], fields: dict[str, Field]
    ) -> None:
        labels = [_label(fields[each], quantity) for each, quantity in kept.items()]
        await connection.execute(_TAKE_OVER, [sensor, list(kept.values())])
        await connection.execute(_KEEP, [sensor, self._now(), list(kept), list(kept.values()), labels])
        await connection.execute(_ANNOUNCE, [CHANNEL, payload(KeyChanged(sensor))])


def _named(undecided: Sequence[Undecided]) -> tuple[dict[str, Field], set[str]]:
    """Return the fields by their sources, and the quantities that the readings have anyway."""
    fields = {source_key(field.source): field for each in undecided for field in each.fields}
    return fields, {quantity for each in undecided for quantity in each.quantities}


def _new(fields: Mapping[str, Field], known: _Known, present: Set[str]) -> dict[str, str]:
    """Choose the quantities of new fields, as many as are remembered; `naming` folds the names of the others."""
    new = decide(fields.values(), known.decided, taken=known.taken | present, before=known.before)
    return dict(islice(new.items(), max(MOST_FIELDS - len(known.decided), 0)))


async def _known(connection: psycopg.AsyncConnection[Any], sensor: int) -> _Known:
    await connection.execute(_LOCK, [sensor])
    rows = await (await connection.execute(_KNOWN, [sensor])).fetchall()
    before = {quantity for source, quantity in rows if not source}
    decided = {source: quantity for source, quantity in rows if source}
    return _Known(decided, _names(await (await connection.execute(_FED, [sensor])).fetchall()) - before, before)


def _names(rows: Iterable[Any]) -> set[str]:
    return {str(row[0]) for row in rows}


def _label(field: Field, quantity: str) -> str:
    """Return the name as people wrote it, unless the quantity's name says it."""
    text = source_key(field.label or ("" if field.quantity else field.source))
    return "" if text == quantity else text
