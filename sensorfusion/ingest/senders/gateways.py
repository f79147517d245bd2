"""Resolves the names that gateways use for sensors.

A name is matched with the public id, then the external id (ignoring case, as devices write their numbers in either),
then the name at a site. Only sensors of sites where the operator is owner or editor can be sent for; sensors that the
operator may not see are reported as unknown. Results are cached until a change could make them wrong.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from sensorfusion.events.control import Listener
from sensorfusion.events.messages import AccessChanged, KeyChanged, Resumed, SensorChanged
from sensorfusion.ingest.senders.cache import Cache
from sensorfusion.ingest.senders.database_lookups import ANSWER_WITHIN_S, DatabaseLookups
from sensorfusion.ingest.senders.sources import COLUMNS, Found
from sensorfusion.ingest.steps.batch import Gateway, Source

LONGEST_NAME = 200  # characters; the maximum length of a sensor's name

_FIND = f"""
SELECT {COLUMNS}, s.external_id, s.name, r.may_edit
FROM sensor_right r CROSS JOIN LATERAL (SELECT (r.sensor).*) s
WHERE r.operator_id = %(operator)s
AND (s.uuid = ANY(%(uuids)s) OR s.name = ANY(%(names)s)
    OR (s.external_id <> '' AND lower(s.external_id) = ANY(%(folded)s)))
ORDER BY s.id
"""


class Unresolved(NamedTuple):
    """The reason why readings cannot be stored under a name."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    found: Found
    external_id: str
    name: str
    may_edit: bool


Resolved = Source | Unresolved
_Asked = tuple[int, tuple[str, ...]]
_NAMELESS = Unresolved(
    "unknown_sensor",
    "An API token can send for many sensors, and this reading names none. Name one, or use the sensor's own key.",
)


class Gateways:
    """Finds the sensors that gateways name; runs on the event loop."""

    def __init__(
        self, pool: AsyncConnectionPool, listener: Listener, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pool = pool
        self._lookups = DatabaseLookups(self._find, clock=clock)
        self._remembered: Cache[tuple[int, str], Resolved] = Cache(self._lookups, listener, clock=clock)
        for kind in (AccessChanged, KeyChanged, SensorChanged, Resumed):
            listener.on(kind, lambda _: self._remembered.forget_all())

    async def sensors(self, gateway: Gateway, names: Iterable[str]) -> Mapping[str, Resolved]:
        """Return for each name its sensor, or the reason why it has none.

        :raises RequestRefused: overloaded or database_away.
        """
        resolved: dict[str, Resolved] = {}
        asked: list[str] = []
        for name in set(names):
            known = self._known(gateway.operator, name)
            if known:
                resolved[name] = known
            else:
                asked.append(name)
        if asked:
            resolved |= await self._look_up(gateway.operator, tuple(sorted(asked)))
        return resolved

    def _known(self, operator: int, name: str) -> Resolved | None:
        if not name:
            return _NAMELESS
        if not is_storable(name):
            return _unknown(name)
        return self._remembered.known((operator, name))

    async def _look_up(self, operator: int, names: tuple[str, ...]) -> dict[str, Resolved]:
        generation = self._lookups.generation
        found = await self._lookups.of((operator, names))
        resolved = {name: _resolve(name, found) for name in names}
        for name, each in resolved.items():
            self._remembered.remember((operator, name), each, since=generation)
        return resolved

    async def _find(self, asked: _Asked) -> list[_Candidate]:
        operator, names = asked
        folded = [name.lower() for name in names]
        uuids = [uuid for name in names if (uuid := _uuid(name))]
        async with self._pool.connection(timeout=ANSWER_WITHIN_S) as connection:
            rows = await connection.execute(
                _FIND, {"operator": operator, "uuids": uuids, "names": list(names), "folded": folded}
            )
            return [_candidate(Found.of(row)) async for row in rows]


def _candidate(found: Found) -> _Candidate:
    external_id, name, may_edit = found.more
    return _Candidate(found, external_id, name, may_edit)


def _resolve(name: str, found: list[_Candidate]) -> Resolved:
    uuid = str(_uuid(name))
    by_id = [each for each in found if each.found.uuid == uuid]
    by_external_id = [each for each in found if each.external_id.lower() == name.lower()]
    meant = by_id or by_external_id or [each for each in found if each.name == name]
    editable = [each for each in meant if each.may_edit]
    if len(editable) > 1:
        return Unresolved(
            "unknown_sensor", f"{name!r} names {len(editable)} of your sensors: give the id of the one that you mean"
        )
    if not editable:
        return Unresolved("not_allowed", _MAY_NOT.format(name)) if meant else _unknown(name)
    sensor = editable[0].found
    if sensor.status == "paused":
        return Unresolved("sensor_paused", f"{name!r} is paused and takes no readings: resume it on its page")
    return sensor.source()


_MAY_NOT = "you may look at {!r} but not send for it: ask an owner of its site to make you an editor"


def _unknown(name: str) -> Unresolved:
    shown = name[:64].encode(errors="backslashreplace").decode()
    return Unresolved(
        "unknown_sensor",
        f"none of your sensors is known as {shown!r}: register it, or write this name into a sensor's settings",
    )


def _uuid(name: str) -> UUID | None:
    try:
        return UUID(name) if len(name) == 36 else None
    except ValueError:
        return None


def is_storable(name: str) -> bool:
    """Return whether the database could store this name as a sensor's."""
    try:
        return 0 < len(name) <= LONGEST_NAME and b"\0" not in name.encode()
    except UnicodeEncodeError:
        return False
