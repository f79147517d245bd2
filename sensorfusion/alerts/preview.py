"""When a rule would have fired on a sensor's history, by the code that judges live.

Most hours decide nothing: while the rule is ok, no reading of the hour exceeds the limit; while it fires, none clears
it. Those are passed over by their rollups; the readings of all others are read. So the result is the same as judging
every reading, and a test holds that.

A value holds as long as the sensor's interval *at that time* has it: an hourly archive of a sensor that sends each
second today is not one gap after another.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from typing import Final

import msgspec

from sensorfusion.alerts.evaluation.rules import LoadedRule, StoredRow
from sensorfusion.domain.alert_rules.conditions import Condition, Signal, Window
from sensorfusion.domain.alert_rules.machine import Decision, Outcome, Phase, advance, observe, watched
from sensorfusion.domain.gaps import FEWEST, usual
from sensorfusion.domain.liveness import Rhythm
from sensorfusion.domain.quantities import quantity
from sensorfusion.events.prepared import fetch
from sensorfusion.readings.rollups.buckets import Column, Table, buckets
from sensorfusion.readings.rollups.question import Question
from sensorfusion.readings.storage.snapshots import snapshot
from sensorfusion.readings.stored.excluded import EXCLUDED
from sensorfusion.readings.stored.selection import select

HOUR_S: Final = 3600.0
READ_AT_ONCE: Final = 24  # hours: of an undecided one, those that follow are often undecided, too
BY_ROLLUPS: Final = frozenset({Condition.ABOVE, Condition.BELOW, Condition.OUTSIDE})

_timely = partial(select, since="to_timestamp(%(start)s)", before="to_timestamp(%(end)s)", is_timely=True)
_READINGS: Final = _timely(
    'extract(epoch FROM r.observed_at)::float8, (r."values" -> %(name)s)::text, (r.flags ->> %(name)s)::int',
    where=f"""r."values" ? %(name)s AND NOT EXISTS (SELECT {EXCLUDED} AND exclusion.quantity IN ('', %(name)s))""",
    then="ORDER BY r.observed_at",
)
_FOLLOWED: Final = _timely(
    "extract(epoch FROM r.observed_at)::float8 AS at,"
    " extract(epoch FROM lead(r.observed_at) OVER (ORDER BY r.observed_at))::float8 AS following,"
    " row_number() OVER (ORDER BY r.observed_at) AS place",
    where="""(%(name)s = '' OR r."values" ? %(name)s)""",
)
# Only the readings around a gap can decide anything about silence.
_GAPS: Final = f"""
SELECT at, following FROM (
    {_FOLLOWED}
) AS pairs WHERE place = 1 OR following IS NULL OR following - at >= %(hold)s ORDER BY at
"""


@dataclass(frozen=True, slots=True)
class Fired:
    """One time that the rule would have fired; `ended_at` is None if it still does. Instants are epoch seconds."""

    began_at: float
    fired_at: float
    ended_at: float | None
    outcome: Outcome | None


def preview(rule: LoadedRule, *, sensor: int, start: datetime, end: datetime, interval_s: float | None) -> list[Fired]:
    """Return the times in [start, end) at which a rule would have fired on a sensor.

    :param interval_s: the sensor's usual interval today, if known; its history may have had a longer one.
    """
    history = _History(rule, sensor, start.timestamp(), end.timestamp(), interval_s)
    with snapshot():
        if rule.rule.condition is Condition.SILENT:
            history.judge_by_gaps()
        elif rule.rule.condition in BY_ROLLUPS and quantity(rule.quantity).combine != "vector":
            history.judge_by_hours()
        else:
            history.judge_by_readings()
    return _spans(history.finished())


class _History:
    """The machine on its way through a span."""

    def __init__(self, rule: LoadedRule, sensor: int, start: float, end: float, interval_s: float | None) -> None:
        self._rule, self._sensor, self._interval_s = rule, sensor, interval_s
        self._hold_s = rule.hold_s(interval_s)
        self._start, self._end = start, end
        self._state = watched(rule.rule, since=start)
        self._window: Window | None = rule.window()
        self._decisions: list[Decision] = []

    def judge(self, rows: Iterable[StoredRow]) -> None:
        for row in rows:
            if seen := self._rule.observation(row, self._window):
                self._state, decided = observe(self._rule.rule, self._state, seen, hold_s=self._hold_s)
                self._decisions += decided

    def judge_by_readings(self) -> None:
        rhythm, before = Rhythm(), math.inf
        for row in self.read(self._start, self._end):
            self.judge([row])
            if rhythm.add(row.at - before):
                self._hold(rhythm.usual_s)
            before = row.at

    def _hold(self, usual_s: float | None) -> None:
        """Let values hold as long as at this time of the history, and no less than today."""
        known = [each for each in (usual_s, self._interval_s) if each]
        self._hold_s = self._rule.hold_s(max(known, default=None))

    def judge_by_hours(self) -> None:
        table = self._hours()
        column = table.columns[self._rule.quantity]
        intervals = _intervals(table, column)
        read_until = 0.0
        rows: list[StoredRow] = []
        for place, (t, first, last) in enumerate(zip(table.t, table.first, table.last, strict=True)):
            self._hold(usual(intervals, place) if len(intervals) >= FEWEST else None)
            self._advance(before=first)
            low, high, newest = column.low[place], column.high[place], column.last[place]
            if low is None or high is None or newest is None:
                continue
            if self._is_decided({self._rule.rule.signal(low), self._rule.rule.signal(high)}):
                signal = self._rule.rule.signal(newest)
                self._state = replace(self._state, last_at=last, signal=signal, decided_until=last)
                continue
            if t + HOUR_S > read_until:
                read_until = min(t + READ_AT_ONCE * HOUR_S, self._end)
                rows = list(self.read(max(t, self._start), read_until))
            self.judge(row for row in rows if t <= row.at < t + HOUR_S)

    def _is_decided(self, signals: set[Signal]) -> bool:
        if self._state.phase is Phase.OK:
            return Signal.OVER not in signals
        # Between a value below a band and one above it there may be others inside.
        is_of_one_side = self._rule.rule.condition is not Condition.OUTSIDE and self._rule.rule.hours is None
        return self._state.phase is Phase.FIRING and Signal.CLEAR not in signals and is_of_one_side

    def _hours(self) -> Table:
        start, end = (datetime.fromtimestamp(each, tz=UTC) for each in (self._start, self._end))
        question = Question(sensor=self._sensor, quantities=(self._rule.quantity,), start=start, end=end)
        return buckets(question, "1h", extras=True)

    def read(self, start: float, end: float) -> Iterator[StoredRow]:
        """Read the quantity's readings of a span."""
        name = self._rule.quantity
        values = {"sensor": self._sensor, "name": name, "start": start, "end": end}
        for at, value, flag in fetch(_READINGS, values):
            flags = {} if flag is None else {name: flag}
            yield StoredRow(self._sensor, 0, at, at, {name: msgspec.json.decode(value)}, flags)

    def judge_by_gaps(self) -> None:
        """Pass over readings that follow each other soon: with each, a rule about silence is ok."""
        values = {"sensor": self._sensor, "name": self._rule.quantity}
        span = {"start": self._start, "end": self._end, "hold": self._hold_s}
        for place, (at, following) in enumerate(fetch(_GAPS, {**values, **span})):
            if place == 0:
                self.judge([self._at(at)])
            self._state = replace(self._state, last_at=at, decided_until=at)
            if following is not None:
                self.judge([self._at(following)])

    def _at(self, at: float) -> StoredRow:
        return StoredRow(self._sensor, 0, at, at, {self._rule.quantity: 0.0}, {})

    def _advance(self, *, before: float) -> None:
        self._state, decided = advance(self._rule.rule, self._state, before=before, hold_s=self._hold_s)
        self._decisions += decided

    def finished(self) -> list[Decision]:
        self._advance(before=self._end)
        return self._decisions


def _intervals(table: Table, column: Column) -> list[float]:
    """Return the mean time between the readings of each hour but the last."""
    return [
        (after - first) / (count or 1)
        for (first, after), count in zip(pairwise(table.first), column.count, strict=False)
    ]


def _spans(decisions: Iterable[Decision]) -> list[Fired]:
    found: list[Fired] = []
    for each in decisions:
        if each.outcome is Outcome.FIRED:
            found.append(Fired(each.since, each.at, None, None))
        else:
            found[-1] = replace(found[-1], ended_at=each.at, outcome=each.outcome)
    return found
