"""Resolves the names that gateways use for sensors.

A name is matched with the public id, then the external id, then the name at a site; both as written first, then folded
(`domain.texts`), as devices write their numbers in either case. A public id names one sensor, so it works at every
site where the operator is owner or editor. Other names are those of the operator's own sites, or of the sites that the
token is bound to: other people could give a sensor the same name. Sensors that the operator may not see are reported
as unknown. Results are cached until a change could make them wrong.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from sensorfusion.domain.texts.folding import fold
from sensorfusion.events.control import Listener
from sensorfusion.events.messages import AccessChanged, KeyChanged, Resumed, SensorChanged
from sensorfusion.ingest.senders.cache import Cache
from sensorfusion.ingest.senders.database_lookups import ANSWER_WITHIN_S, DatabaseLookups
from sensorfusion.ingest.senders.sources import COLUMNS, Found
from sensorfusion.ingest.steps.batch import Gateway, Source

LONGEST_NAME = 200  # characters; the maximum length of a sensor's name

_FIND = f"""
SELECT {COLUMNS}, s.external_id, s.name, s.external_id_folded, s.name_folded, s.site_id, r.may_edit, r.may_own
FROM sensor_right r CROSS JOIN LATERAL (SELECT (r.sensor).*) s
WHERE r.operator_id = %(operator)s
AND (s.uuid = ANY(%(uuids)s) OR s.name = ANY(%(names)s) OR s.name_folded = ANY(%(folded)s)
    OR s.external_id = ANY(%(names)s) OR s.external_id_folded = ANY(%(folded)s))
ORDER BY s.id
"""


class Unresolved(NamedTuple):
    """The reason why readings cannot be stored under a name."""

    code: str
    detail: str


# A name as the public id, the external id, its folding, the sensor's name and its folding would be written.
_Given = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    found: Found
    external_id: str
    name: str
    external_id_folded: str
    name_folded: str
    site: int
    may_edit: bool
    may_own: bool

    @property
    def names(self) -> _Given:
        """The names of the sensor, the surest first."""
        return (self.found.uuid, self.external_id, self.external_id_folded, self.name, self.name_folded)

    def rank(self, given: _Given) -> int | None:
        """Return which of the sensor's names was given, written as each of them would be; None for none."""
        same = (mine == theirs for mine, theirs in zip(self.names, given, strict=True))
        return next((rank for rank, is_same in enumerate(same) if is_same), None)

    def may_be_sent_for(self, sites: Set[int] | None) -> bool:
        return self.may_edit and (sites is None or self.site in sites)

    def is_at_home(self, sites: Set[int] | None) -> bool:
        """Whether names other than the public id may mean this sensor."""
        return self.may_own if sites is None else self.site in sites


_BY_UUID = 0  # the first of the ways in which a sensor has a name
Resolved = Source | Unresolved
_Asked = tuple[Gateway, tuple[str, ...]]
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
        self._remembered: Cache[tuple[Gateway, str], Resolved] = Cache(self._lookups, listener, clock=clock)
        for kind in (AccessChanged, KeyChanged, SensorChanged, Resumed):
            listener.on(kind, lambda _: self._remembered.forget_all())

    async def sensors(self, gateway: Gateway, names: Iterable[str]) -> Mapping[str, Resolved]:
        """Return for each name its sensor, or the reason why it has none.

        :raises RequestRefused: overloaded or database_away.
        """
        resolved: dict[str, Resolved] = {}
        asked: list[str] = []
        for name in set(names):
            known = self._known(gateway, name)
            if known:
                resolved[name] = known
            else:
                asked.append(name)
        if asked:
            resolved |= await self._look_up(gateway, tuple(sorted(asked)))
        return resolved

    def _known(self, gateway: Gateway, name: str) -> Resolved | None:
        if not name:
            return _NAMELESS
        if not is_storable(name):
            return _unknown(name)
        return self._remembered.known((gateway, name))

    async def _look_up(self, gateway: Gateway, names: tuple[str, ...]) -> dict[str, Resolved]:
        generation = self._lookups.generation
        found = await self._lookups.of((gateway, names))
        called = _by_name(found)
        resolved = {name: _resolve(name, called, gateway.sites) for name in names}
        for name, each in resolved.items():
            self._remembered.remember((gateway, name), each, since=generation)
        return resolved

    async def _find(self, asked: _Asked) -> list[_Candidate]:
        gateway, names = asked
        folded = [fold(name) for name in names]
        uuids = [uuid for name in names if (uuid := _uuid(name))]
        async with self._pool.connection(timeout=ANSWER_WITHIN_S) as connection:
            rows = await connection.execute(
                _FIND, {"operator": gateway.operator, "uuids": uuids, "names": list(names), "folded": folded}
            )
            return [_candidate(Found.of(row)) async for row in rows]


def _candidate(found: Found) -> _Candidate:
    return _Candidate(found, *found.more)


def _by_name(found: list[_Candidate]) -> dict[str, list[_Candidate]]:
    called: dict[str, list[_Candidate]] = defaultdict(list)
    for each in found:
        for name in {*each.names}:
            called[name].append(each)
    return called


def _resolve(name: str, by_name: Mapping[str, list[_Candidate]], sites: Set[int] | None) -> Resolved:
    given = (str(_uuid(name)), name, fold(name), name, fold(name))
    called = list(
        dict.fromkeys(each for text in given for each in by_name.get(text, ()) if each.rank(given) is not None)
    )
    meant = [each for each in _meant(given, called, sites) if each.may_be_sent_for(sites)]
    if len(meant) > 1:
        return Unresolved(
            "unknown_sensor", f"{name!r} names {len(meant)} of your sensors: give the id of the one that you mean"
        )
    if not meant:
        return _why_not(name, called, sites)
    sensor = meant[0].found
    if sensor.status == "paused":
        return Unresolved("sensor_paused", f"{name!r} is paused and takes no readings: resume it on its page")
    return sensor.source()


def _meant(given: _Given, called: list[_Candidate], sites: Set[int] | None) -> list[_Candidate]:
    """Return the sensors of the best rank; a stranger's site counts only for a public id."""
    ranked = {each: each.rank(given) for each in called}
    possible = [each for each, rank in ranked.items() if rank == _BY_UUID or each.is_at_home(sites)]
    best = min((ranked[each] or 0 for each in possible), default=0)
    return [each for each in possible if ranked[each] == best]


def _why_not(name: str, found: list[_Candidate], sites: Set[int] | None) -> Unresolved:
    if not found:
        return _unknown(name)
    if any(each.may_be_sent_for(sites) for each in found):
        return Unresolved("not_allowed", _NOT_AT_HOME.format(name))
    if sites is not None and any(each.may_edit for each in found):
        return Unresolved("not_allowed", _NOT_BOUND.format(name))
    return Unresolved("not_allowed", _MAY_NOT.format(name))


_MAY_NOT = "you may look at {!r} but not send for it: ask an owner of its site to make you an editor"
_NOT_BOUND = "{!r} is at a site that this token is not bound to: make a token for that site"
_NOT_AT_HOME = "{!r} is at a site that you edit but do not own: give the sensor's id, or use a token bound to that site"


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
