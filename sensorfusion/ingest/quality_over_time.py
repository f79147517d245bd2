"""Background chore that checks changed readings against their neighbours in time and stores quality flags.

Every stored change of a sensor has a seq, so finding the changes since the last run is one index look-up. Verdicts are
stored like readings: through a writer connection of their own, in transactions that advance seq and mark hours dirty
for the rollups, so charts, records and viewers follow. A verdict applies to one value; if the value has changed
meanwhile, the verdict has no effect. Storing a verdict is a change too: the next run finds it, reaches the same verdict
and has nothing to store.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec
import psycopg

from sensorfusion.clock import Clock
from sensorfusion.domain import quality_checks
from sensorfusion.domain.normalise import Value, check_values, is_number
from sensorfusion.domain.quality_over_time import NEIGHBOUR_WITHIN_S, Checks, Observed, judge, longest_flat_s
from sensorfusion.events.messages import StoredReading
from sensorfusion.events.postgres import conninfo
from sensorfusion.events.work import REST_S
from sensorfusion.ingest.steps.batch import Draft, Source
from sensorfusion.ingest.steps.checking import CLOCK
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.readings.stored.selection import select

AT_ONCE: Final = 1000  # changes of one sensor per run: about 25 ms, then the next sensor gets its turn
EVERY_S: Final = 1.0  # after a run that found something; after others it rests
LOOK_EVERY_S: Final = 15.0  # minimum interval between two runs for a sensor that sends continuously
# Share of each second to spend here. The checks are Python code and compete with the doors for the interpreter, so
# years of imported readings are checked slowly instead of delaying the requests that arrive meanwhile.
SHARE_S: Final = 0.05
BUSY_SHARE_S: Final = 0.02  # while readings queue for their commit: storing takes precedence over checking
RECHECK_SPAN: Final = timedelta(days=31)  # how far back readings are checked again after a sensor's checks change
_STEP: Final = timedelta(seconds=NEIGHBOUR_WITHIN_S)
# A quantity that changed within this time is not stuck, so half a day of history need not be read for every reading.
_SHORT: Final = timedelta(hours=1)
# Limit on neighbours read, before and after. Enough for half a day at one reading every 10 s. For faster sensors the
# history is cut off, so no run of equal values is long enough to count as flat.
MOST_AROUND: Final = 5000

# The next sensor with unchecked changes, least recently checked first; a sensor whose checks changed starts again.
# Sensors that were checked a moment ago wait, unless many of their changes are unchecked.
_DUE = """
SELECT s.sensor_id, sensor.uuid::text, coalesce(p.judged_seq, 0), q.checks, q.changed_at,
       q.changed_at IS DISTINCT FROM p.checks_of AS are_new
FROM sensor_state s JOIN sensors_sensor sensor ON sensor.id = s.sensor_id
LEFT JOIN quality_progress p USING (sensor_id) LEFT JOIN sensors_qualitysettings q USING (sensor_id)
WHERE (s.seq > coalesce(p.judged_seq, 0) OR q.changed_at IS DISTINCT FROM p.checks_of)
AND (p.judged_at IS NULL OR p.judged_at <= %s OR s.seq >= p.judged_seq + %s)
ORDER BY p.judged_at NULLS FIRST LIMIT 1
"""
_FIRST_OF = select("min(r.seq) - 1", sensor="%s", since="%s")
_CHANGED = select("r.seq, r.observed_at", sensor="%s", after_seq="%s", then="ORDER BY r.seq LIMIT %s")
# Readings of a clock that was ahead stand beside those of another time, so they are no neighbours.
_COLUMNS = 'r.observed_at, r."values", r.flags'
_PAST = select(
    _COLUMNS, sensor="%s", since="%s", before="%s", is_timely=True, then="ORDER BY r.observed_at DESC LIMIT %s"
)
_NEXT = select(_COLUMNS, sensor="%s", since="%s", until="%s", is_timely=True, then="ORDER BY r.observed_at LIMIT %s")
_AROUND = f"SELECT * FROM ({_PAST}) AS past UNION ALL ({_NEXT}) ORDER BY observed_at"
_DONE = """
INSERT INTO quality_progress (sensor_id, judged_seq, checks_of, judged_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (sensor_id) DO UPDATE
SET judged_seq = excluded.judged_seq, checks_of = excluded.checks_of, judged_at = excluded.judged_at
"""

Publish = Callable[[Sequence[StoredReading]], None]


def never_busy() -> bool:
    """Report no load, for processes that do not receive readings."""
    return False


def not_shown(changes: Sequence[StoredReading]) -> None:
    """Publish nothing. Processes with viewers fetch the verdicts when the sensor's next reading arrives."""


class _Due(NamedTuple):
    sensor: int
    uuid: str
    judged_seq: int
    own: str | None
    changed_at: datetime | None
    are_new: bool


class _Stored(NamedTuple):
    observed_at: datetime
    values: dict[str, Value]
    flags: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Span:
    """Changed readings close enough to one another to be judged together; `first` and `last` are included."""

    first: datetime
    last: datetime


class QualityOverTime:
    """The chore that flags values that only their neighbours reveal as wrong."""

    name = "quality over time"

    def __init__(
        self,
        publish: Publish = not_shown,
        is_busy: Callable[[], bool] = never_busy,
        *,
        now: Clock,
        connect: Callable[[], str] = conninfo,
        look_every_s: float = LOOK_EVERY_S,
        at_once: int = AT_ONCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._publish = publish
        self._is_busy = is_busy
        self._now = now
        self._connect = connect
        self._look_every = timedelta(seconds=look_every_s)
        self._at_once = at_once
        self._clock = clock
        self._not_before = 0.0
        self.every_s = EVERY_S

    def run(self, connection: psycopg.Connection) -> bool:
        """Judge for this second's share of time; a run that overran it is followed by a proportionally longer pause."""
        began = self._clock()
        if began >= self._not_before:
            share = BUSY_SHARE_S if self._is_busy() else SHARE_S
            self.every_s = REST_S
            while self._clock() < began + share and self.look(connection):
                self.every_s = EVERY_S
            self._not_before = began + (self._clock() - began) / share
        return False

    def look(self, connection: psycopg.Connection) -> bool:
        """Judge some changes of the sensor that has waited longest; return False if no sensor is due."""
        row = connection.execute(_DUE, [self._now() - self._look_every, self._at_once]).fetchone()
        if row is None:
            return False
        self._judge(connection, _Due(*row))
        return True

    def _judge(self, connection: psycopg.Connection, due: _Due) -> None:
        seq = self._begin(connection, due)
        changed = connection.execute(_CHANGED, [due.sensor, seq, self._at_once]).fetchall()
        checks = quality_checks.effective(quality_checks.read(_json(due.own) or {}))
        reach = timedelta(seconds=longest_flat_s(checks)) + _STEP
        verdicts = [
            verdict
            for span in _spans([at for _, at in changed], reach)
            for verdict in _verdicts(connection, due.sensor, span, reach, checks)
        ]
        if verdicts:
            self._store(Source(due.sensor, due.uuid), verdicts)
        connection.execute(_DONE, [due.sensor, _looked_at(connection, due, changed, seq), due.changed_at, self._now()])

    def _begin(self, connection: psycopg.Connection, due: _Due) -> int:
        """Return the seq after which to judge: the last judged one, or an earlier one if the checks have changed."""
        if not due.are_new or due.judged_seq == 0:
            return due.judged_seq
        row = connection.execute(_FIRST_OF, [due.sensor, self._now() - RECHECK_SPAN]).fetchone()
        first = row[0] if row else None
        return due.judged_seq if first is None else min(int(first), due.judged_seq)

    def _store(self, source: Source, verdicts: list[Draft]) -> None:
        """Store verdicts and publish them.

        :raises psycopg.OperationalError: they could not be stored, and the progress must not be recorded.
        """
        with WriterConnection(self._connect()) as writer:
            stored = writer.store([WriteRequest(source, self._now(), verdicts)])
        if isinstance(answer := stored.answers[0], Exception):
            raise psycopg.OperationalError(f"verdicts could not be stored: {answer}")
        self._publish(stored.changes)


def _looked_at(connection: psycopg.Connection, due: _Due, changed: Sequence[tuple[Any, ...]], seq: int) -> int:
    """Return the seq up to which everything is judged."""
    if changed:
        return int(changed[-1][0])
    # The reading with the last seq no longer exists: it was deleted, or its month was dropped.
    row = connection.execute("SELECT seq FROM sensor_state WHERE sensor_id = %s", [due.sensor]).fetchone()
    return max(int(row[0]) if row else 0, seq)


def _spans(instants: Sequence[datetime], reach: timedelta) -> list[_Span]:
    spans: list[_Span] = []
    for at in sorted(instants):
        if spans and at - spans[-1].last <= reach:
            spans[-1] = _Span(spans[-1].first, at)
        else:
            spans.append(_Span(at, at))
    return spans


def _verdicts(
    connection: psycopg.Connection, sensor: int, span: _Span, reach: timedelta, checks: Mapping[str, Checks]
) -> Iterator[Draft]:
    """Yield the flag changes in a span and in the neighbours whose verdicts depend on it."""
    first: datetime | None = span.first
    while first is not None:
        begin, end = first - _STEP, span.last + reach
        stored = _read(connection, sensor, begin - _SHORT, first, end + _STEP)
        if not _is_moving([one for one in stored if one.observed_at <= begin], checks):
            stored = _read(connection, sensor, begin - reach, first, end + _STEP)
        yield from _changes(stored, begin, end, checks)
        first = _where_to_go_on(stored, first, span.last)


def _changes(stored: Sequence[_Stored], begin: datetime, end: datetime, checks: Mapping[str, Checks]) -> list[Draft]:
    inside = [place for place, one in enumerate(stored) if begin <= one.observed_at <= end]
    if not inside:
        return []
    readings = [Observed(one.observed_at.timestamp(), one.values) for one in stored]
    over_time = judge(readings, checks, first=inside[0], end=inside[-1] + 1)
    drafts = [_verdict(stored[inside[0] + place], flags) for place, flags in enumerate(over_time)]
    return [draft for draft in drafts if draft is not None]


def _where_to_go_on(stored: Sequence[_Stored], first: datetime, last: datetime) -> datetime | None:
    """Return the instant from which to continue if the span has more readings than one read returns, else None."""
    is_cut = sum(one.observed_at >= first for one in stored) == MOST_AROUND
    return stored[-1].observed_at if is_cut and first < stored[-1].observed_at < last else None


def _read(
    connection: psycopg.Connection, sensor: int, begin: datetime, first: datetime, end: datetime
) -> list[_Stored]:
    """Read the last readings of [begin, first) and the first ones of [first, end], in order of time."""
    asked = [sensor, begin, first, MOST_AROUND, sensor, first, end, MOST_AROUND]
    rows = connection.execute(_AROUND, asked).fetchall()
    return [_Stored(at, _json(values), _json(flags) or {}) for at, values, flags in rows]


def _is_moving(stored: Sequence[_Stored], checks: Mapping[str, Checks]) -> bool:
    """Return whether each quantity with a flat-line check changed enough here, so that no flat line extends further."""
    for name, check in checks.items():
        values = [value for one in stored if is_number(value := one.values.get(name))]
        if check.flat and (not values or max(values) - min(values) < check.flat.change):
            return False
    return True


def _verdict(one: _Stored, over_time: Mapping[str, int]) -> Draft | None:
    """Return the values whose flags must change, with the new flags, or None if all flags are right."""
    flags = dict(check_values(one.values)[1] or {})
    for name, flag in over_time.items():
        flags[name] = max(flags.get(name, 0), int(flag))
    known = {name: flag for name, flag in one.flags.items() if name != CLOCK}
    changed = {name for name in flags.keys() | known.keys() if flags.get(name) != known.get(name)} & one.values.keys()
    if not changed:
        return None
    values = {name: one.values[name] for name in changed}
    return Draft(one.observed_at, values, {name: flags[name] for name in changed if name in flags}, is_verdict=True)


def _json(raw: Any) -> Any:
    return msgspec.json.decode(raw) if isinstance(raw, str | bytes) else raw
