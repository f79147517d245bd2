"""Records what arrived and was not understood, so that the owner of the sensor or the site can read it later.

Notes are counted in memory by their owner, code and subject, and written in the background: the first of a kind at
once, the next ones once a minute. So a device that repeats itself every second costs one small transaction a minute,
and a request without notes costs nothing. Memory and tables are bounded per owner; the kinds that were seen longest ago
are dropped first, and `sensors.notices.chores` deletes those that did not come again for a month.
"""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg
from psycopg_pool import AsyncConnectionPool

from sensorfusion.clock import Clock
from sensorfusion.domain.redaction import told
from sensorfusion.domain.texts.folding import fold
from sensorfusion.events import metrics
from sensorfusion.events.control import CHANNEL, payload
from sensorfusion.events.messages import Noticed
from sensorfusion.ingest.steps.batch import Note
from sensorfusion.postgres.faults import is_of_request
from sensorfusion.readings.storage.wire import instant

WRITTEN_EVERY_S: Final = 60.0
MOST_OF_SENSOR: Final = 50  # kinds; more would not be read
MOST_OF_SITE: Final = 200
MOST_WAITING: Final = 10_000  # kinds of all owners in memory, about 5 MB
PAUSE_S: Final = 1.0  # between two transactions
AGAIN_AFTER_S: Final = 10.0  # after a failure
LONGEST_SUBJECT: Final = 200
LONGEST_DETAIL: Final = 500

NOTES = metrics.Counter("sensorfusion_notices", "Things that arrived and were not understood.", ["code"])

# Processes wait for each other, for each counts the rows of those before it; see readings/storage/chores.py for the
# other keys. The rows of sensors and sites are no lock for this: requests that store readings hold them.
_LOCK = b"SELECT pg_advisory_xact_lock(x'5E500014'::int)"
# Sensors and sites that were deleted meanwhile are left out. Rows in the order of their owner, as deletions lock them.
_NOTE = """
INSERT INTO sensors_notice AS known ({owner}_id, code, subject, subject_folded, detail, count, first_at, last_at)
SELECT owner.id, code, subject, folded, detail, count, first_at, last_at
FROM unnest(%(owners)s::{type}[], %(codes)s::text[], %(subjects)s::text[], %(folded)s::text[], %(details)s::text[],
    %(counts)s::bigint[], %(firsts)s::timestamptz[], %(lasts)s::timestamptz[])
    AS given (owner, code, subject, folded, detail, count, first_at, last_at)
JOIN sensors_{owner} owner ON owner.{name} = given.owner
ORDER BY owner.id, code, subject
ON CONFLICT ({owner}_id, code, subject) WHERE {condition} DO UPDATE
SET detail = excluded.detail, count = known.count + excluded.count, last_at = excluded.last_at
RETURNING {owner}_id, last_at, code, subject, detail, count
"""
_DROP_OLDEST = """
DELETE FROM sensors_notice WHERE id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY {owner}_id ORDER BY last_at DESC, id DESC) AS place
        FROM sensors_notice WHERE {owner}_id = ANY(%(ids)s) AND {condition}
    ) ranked WHERE place > %(most)s
)
"""
_OF_SENSORS: Final = {"owner": "sensor", "type": "int", "name": "id", "condition": "sensor_id IS NOT NULL"}
_OF_SITES: Final = {"owner": "site", "type": "uuid", "name": "uuid", "condition": "sensor_id IS NULL"}
TOLD_AT_ONCE: Final = 100  # of one transaction; who has a page open sees the rest when it is loaded

_log = logging.getLogger(__name__)


class Owner(NamedTuple):
    """Whose page shows a note: a sensor, by its id, or a site, by its public id."""

    sensor: int = 0
    site: str = ""

    @property
    def most(self) -> int:
        return MOST_OF_SENSOR if self.sensor else MOST_OF_SITE


class _Kind(NamedTuple):
    code: str
    subject: str


@dataclass(slots=True)
class _Waiting:
    """What happened since the last write."""

    detail: str
    first_at: datetime
    last_at: datetime
    count: int = 1


_Due = dict[Owner, dict[_Kind, _Waiting]]


@dataclass(slots=True)
class _Book:
    """The kinds of one owner: those to be written, and when others were (by the monotonic clock)."""

    waiting: dict[_Kind, _Waiting] = field(default_factory=dict)
    written: dict[_Kind, float] = field(default_factory=dict)

    def is_due(self, kind: _Kind, now: float) -> bool:
        return self.written.get(kind, -WRITTEN_EVERY_S) <= now - WRITTEN_EVERY_S

    def take(self, now: float) -> dict[_Kind, _Waiting]:
        """Remove the kinds that may be written now, and return them."""
        due = {kind: each for kind, each in self.waiting.items() if self.is_due(kind, now)}
        self.waiting = {kind: each for kind, each in self.waiting.items() if kind not in due}
        self.written = {kind: at for kind, at in self.written.items() if not self.is_due(kind, now)}
        self.written |= dict.fromkeys(due, now)
        return due

    def give_back(self, kinds: Mapping[_Kind, _Waiting]) -> None:
        """Wait again with kinds that could not be written."""
        for kind, lost in kinds.items():
            newer = self.waiting.get(kind)
            if newer is None:
                self.waiting[kind] = lost
            else:
                newer.first_at, newer.count = lost.first_at, newer.count + lost.count
            self.written.pop(kind, None)


class Notices:
    """Records notes in the background, so that requests do not wait for it."""

    def __init__(self, pool: AsyncConnectionPool, *, now: Clock, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._now = now
        self._clock = clock
        self._books: dict[Owner, _Book] = {}
        self._held = 0
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._stopping = asyncio.Event()

    def note(self, sensor: int, notes: Iterable[Note]) -> None:
        """Record notes about a sensor."""
        self._note(Owner(sensor=sensor), notes)

    def note_site(self, site: str, notes: Iterable[Note]) -> None:
        """Record notes about devices of a site that no sensor has; `site` is its public id, as a device gave it."""
        with contextlib.suppress(ValueError):
            self._note(Owner(site=str(UUID(site))), notes)

    def _note(self, owner: Owner, notes: Iterable[Note]) -> None:
        counts: Counter[tuple[str, str]] = Counter()
        details: dict[tuple[str, str], str] = {}
        for code, subject, detail in notes:  # a batch may be refused for one reason ten thousand times
            counts[code, subject] += 1
            details[code, subject] = detail
        book = self._books.setdefault(owner, _Book()) if counts else _Book()
        for (code, subject), count in counts.items():
            NOTES.add(count, code)
            kind = _Kind(code, told(subject, LONGEST_SUBJECT))
            self._wait(owner, book, kind, details[code, subject], count)
            if book.is_due(kind, self._clock()):
                self._begin()

    def _wait(self, owner: Owner, book: _Book, kind: _Kind, detail: str, count: int) -> None:
        now = self._now()
        known = book.waiting.get(kind)
        if known is None:
            if len(book.waiting) >= owner.most or self._held >= MOST_WAITING:
                return
            self._held += 1
            known = book.waiting[kind] = _Waiting("", now, now, 0)
        known.count += count
        known.last_at = now
        known.detail = told(detail, LONGEST_DETAIL)

    def _begin(self) -> None:
        if self._task is None and not self._stopping.is_set():
            self._task = asyncio.get_running_loop().create_task(self._run(), name="write notices")

    async def _run(self) -> None:
        """Write what is due, and come back when more is."""
        while not self._stopping.is_set() and (due := self._due(self._clock())):
            await self._pause(PAUSE_S if await self._write(due) else AGAIN_AFTER_S)
        self._task = None
        self._come_back()

    def _due(self, now: float) -> _Due:
        due = {owner: kinds for owner, book in self._books.items() if (kinds := book.take(now))}
        self._books = {owner: book for owner, book in self._books.items() if book.waiting or book.written}
        self._held -= sum(map(len, due.values()))
        return due

    def _come_back(self) -> None:
        if self._timer:
            self._timer.cancel()
        last = [book.written.get(kind, 0.0) for book in self._books.values() for kind in book.waiting]
        if last and not self._stopping.is_set():
            after_s = max(0.0, min(last) + WRITTEN_EVERY_S - self._clock())
            self._timer = asyncio.get_running_loop().call_later(after_s, self._begin)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _write(self, due: _Due) -> bool:
        """Write in one transaction; return False if that failed, and keep the notes then."""
        try:
            async with self._pool.connection() as connection, connection.transaction():
                await connection.execute(_LOCK)
                await _store(connection, _OF_SENSORS, MOST_OF_SENSOR, _rows(due, is_site=False))
                await _store(connection, _OF_SITES, MOST_OF_SITE, _rows(due, is_site=True))
        except psycopg.Error as error:
            if is_of_request(error):  # a mistake of ours: the same again would hold up all others
                _log.exception("Notices were not recorded")
                return True
            _log.warning("Notices were not recorded, trying again: %s", error)
            for owner, kinds in due.items():
                self._books.setdefault(owner, _Book()).give_back(kinds)
                self._held += len(kinds)
            return False
        return True

    async def stop(self) -> None:
        """Write everything that is waiting."""
        self._stopping.set()
        if self._timer:
            self._timer.cancel()
        if self._task:
            await self._task
        rest = {owner: book.waiting for owner, book in self._books.items() if book.waiting}
        if rest:
            await self._write(rest)


def _rows(due: _Due, *, is_site: bool) -> list[tuple[Owner, _Kind, _Waiting]]:
    return [
        (owner, kind, each)
        for owner, kinds in due.items()
        if bool(owner.site) == is_site
        for kind, each in kinds.items()
    ]


async def _store(
    connection: psycopg.AsyncConnection[Any],
    names: Mapping[str, str],
    most: int,
    rows: list[tuple[Owner, _Kind, _Waiting]],
) -> None:
    if not rows:
        return
    given = {
        "owners": [owner.site or owner.sensor for owner, _, _ in rows],
        "codes": [kind.code for _, kind, _ in rows],
        "subjects": [kind.subject for _, kind, _ in rows],
        "folded": [fold(kind.subject) for _, kind, _ in rows],
        "details": [each.detail for _, _, each in rows],
        "counts": [each.count for _, _, each in rows],
        "firsts": [each.first_at for _, _, each in rows],
        "lasts": [each.last_at for _, _, each in rows],
    }
    stored = await (await connection.execute(_NOTE.format(**names).encode(), given)).fetchall()
    dropping = {"ids": list({row[0] for row in stored}), "most": most}
    await connection.execute(_DROP_OLDEST.format(**names).encode(), dropping)
    if names is _OF_SENSORS:
        events = [payload(Noticed(sensor, instant(at), *told)) for sensor, at, *told in stored[-TOLD_AT_ONCE:]]
        await connection.execute(
            "SELECT pg_notify(%s, event) FROM unnest(%s::text[]) AS told (event)", [CHANNEL, events]
        )
