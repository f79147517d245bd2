"""What all queries of a range need to know before they are written: coverage, calendar, and the reach of readings.

A page that asks about many ranges asks for all of them at once (`known_ahead`); every query of one of these ranges, or
of some of its quantities, then finds the answer here.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sensorfusion.events.prepared import fetch, fetch_one
from sensorfusion.readings.rollups.coverage import WIDTH_S, Standing
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.readings.rollups.question import Question
from sensorfusion.readings.stored.selection import select

_NARROWEST_S: Final = WIDTH_S["5m"]
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Known:
    """How far a sensor is rolled up, by which calendar, the ids of quantities, and the reach of readings in a range."""

    standing: Standing
    calendar: Calendar | None
    ids: dict[str, int]
    first: datetime | None
    last: datetime | None

    @property
    def reach(self) -> tuple[datetime, datetime] | None:
        """The first and the last instant observed in the range, even if only rollups are left."""
        return None if self.first is None or self.last is None else (self.first, self.last)

    def clipped(self, question: Question) -> tuple[datetime, datetime]:
        """Shorten [start, end) to the span between the first and the last reading, and thereby its list of days.

        The span consists of whole 5 minutes: narrower parts could be read from readings only, which may be gone.
        """
        if self.reach is None:
            return question.end, question.end
        first, last = (observed.timestamp() // _NARROWEST_S for observed in self.reach)
        last += 1
        return max(question.start, _instant(first * _NARROWEST_S)), min(question.end, _instant(last * _NARROWEST_S))


def _instant(epoch_s: float) -> datetime:
    return datetime.fromtimestamp(epoch_s, UTC)


def _first(start: str, end: str) -> str:
    """Build the instant of the first reading of a range, even if only its bucket is left."""
    return f"""
least((
    {select("min(r.observed_at)", since=start, before=end, is_timely=True)}
), (
    SELECT first_at FROM rollup_5m WHERE sensor_id = %(sensor)s AND start < {end} AND first_at >= {start}
    AND start > {start} - interval '5 min' ORDER BY start LIMIT 1
))"""


def _last(start: str, end: str) -> str:
    return f"""
greatest((
    {select("max(r.observed_at)", since=start, before=end, is_timely=True)}
), (
    SELECT last_at FROM rollup_5m WHERE sensor_id = %(sensor)s AND start < {end} AND last_at < {end}
    AND start > {start} - interval '5 min' ORDER BY start DESC LIMIT 1
))"""


_OF_SENSOR: Final = """
state.rolled_up_until, state.raw_kept_from, rule.time_zone, rule.day_starts_h,
    (SELECT array_agg(DISTINCT hour ORDER BY hour) FROM dirty_hour
     WHERE sensor_id = %(sensor)s AND hour > %(start)s - interval '1 h' AND hour < %(end)s),
    (SELECT json_object_agg(name, id) FROM quantity_name WHERE name = ANY(%(names)s))
"""
_FROM: Final = """
LEFT JOIN sensor_state AS state ON state.sensor_id = %(sensor)s
LEFT JOIN day_rule AS rule ON rule.sensor_id = %(sensor)s
"""
_KNOWN: Final = f"""
SELECT {_first("%(start)s", "%(end)s")}, {_last("%(start)s", "%(end)s")}, {_OF_SENSOR} FROM (SELECT) AS one {_FROM}
"""
_KNOWN_OF_ALL: Final = f"""
SELECT {_first("asked.s", "asked.e")}, {_last("asked.s", "asked.e")}, {_OF_SENSOR}
FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) WITH ORDINALITY AS asked (s, e, place) {_FROM}
ORDER BY place
"""
_Range = tuple[int, datetime, datetime]


@dataclass(frozen=True, slots=True)
class _Ahead:
    names: AbstractSet[str]
    known: Mapping[_Range, Known]


_ahead: ContextVar[_Ahead | None] = ContextVar("known_ahead", default=None)


def known_of(question: Question) -> Known:
    """Return what all queries of a question need to know."""
    ahead = _ahead.get()
    if ahead and ahead.names >= set(question.quantities) and (found := ahead.known.get(_range(question))):
        return found
    row = fetch_one(_KNOWN, _values(question.sensor, question.quantities, question.start, question.end))
    assert row is not None
    return _known(question, row)


@contextmanager
def known_ahead(questions: Sequence[Question]) -> Iterator[None]:
    """Ask what is known of ranges of one sensor by one statement; it holds for the block, within one snapshot."""
    if not questions:
        yield
        return
    names = {name for each in questions for name in each.quantities}
    starts, ends = [each.start for each in questions], [each.end for each in questions]
    values = _values(questions[0].sensor, names, min(starts), max(ends))
    rows = fetch(_KNOWN_OF_ALL, {**values, "starts": starts, "ends": ends})
    known = {_range(each): _known(each, row) for each, row in zip(questions, rows, strict=True)}
    token = _ahead.set(_Ahead(names, known))
    try:
        yield
    finally:
        _ahead.reset(token)


def _range(question: Question) -> _Range:
    return question.sensor, question.start, question.end


def _values(sensor: int, names: Collection[str], start: datetime, end: datetime) -> dict[str, Any]:
    return {"sensor": sensor, "names": list(names), "start": start, "end": end}


def _known(question: Question, row: tuple[Any, ...]) -> Known:
    first, last, until, kept, zone, begins, dirty, ids = row
    calendar = None if zone is None else Calendar(zone, begins)
    within = [hour for hour in dirty or () if question.start - _HOUR < hour < question.end]
    return Known(Standing(until, within, kept), calendar, ids or {}, first, last)
