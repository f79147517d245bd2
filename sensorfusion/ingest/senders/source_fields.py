"""Decides which quantity a new field of a device feeds, and keeps the decision before any reading is stored by it.

Fields are new once in a sensor's life, so the decision has a transaction of its own. It locks the sensor's row: two
processes that see different new fields at the same moment decide one after the other.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import psycopg
from psycopg_pool import AsyncConnectionPool

from sensorfusion.clock import Clock
from sensorfusion.domain.quantities.names import fold_apart
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
        fields = {source_key(field.source): field for each in undecided for field in each.fields}
        present = {quantity for each in undecided for quantity in each.quantities}
        try:
            async with self._pool.connection(timeout=ANSWER_WITHIN_S) as connection, connection.transaction():
                known = await _known(connection, source.sensor)
                new = decide(fields.values(), known.decided, taken=known.taken | present, before=known.before)
                kept = dict(list(new.items())[: max(MOST_FIELDS - len(known.decided), 0)])
                if kept:
                    await self._keep(connection, source.sensor, kept, fields)
        except psycopg.Error as error:
            raise RequestRefused("unreadable" if is_of_request(error) else "database_away") from None
        return deciding(source, known.decided | {each: kept.get(each) or fold_apart(each) for each in new})

    async def _keep(
        self, connection: psycopg.AsyncConnection[Any], sensor: int, kept: dict[str, str], fields: dict[str, Field]
    ) -> None:
        labels = [_label(fields[each], quantity) for each, quantity in kept.items()]
        await connection.execute(_TAKE_OVER, [sensor, list(kept.values())])
        await connection.execute(_KEEP, [sensor, self._now(), list(kept), list(kept.values()), labels])
        await connection.execute(_ANNOUNCE, [CHANNEL, payload(KeyChanged(sensor))])


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
