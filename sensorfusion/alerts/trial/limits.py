"""Rules with limits, judged by rollups: hours first, then runs of five minutes, and readings only where these differ.

An hour is decided if its lowest and highest value say so. In an undecided one the five minutes of which all values are
on one side of the limits are judged by their first and last reading: no gap within them is long enough to matter.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from sensorfusion.alerts.evaluation.rules import StoredRow
from sensorfusion.alerts.trial.judge import Judge
from sensorfusion.alerts.trial.readings import History
from sensorfusion.domain.alert_rules.conditions import Rule, Signal
from sensorfusion.readings.rollups.buckets import Column, Table, buckets, instant
from sensorfusion.readings.rollups.known import known_of
from sensorfusion.readings.rollups.question import Question
from sensorfusion.readings.rollups.runs import BUCKET_S, HOUR_S, Run, runs

READ_AT_ONCE: Final = 500  # hours that are likely to be undecided, or mixed buckets
OFTEN: Final = 800  # undecided hours, of which all readings are read as soon
OFTEN_IN_HOURS: Final = 200
READ_MOST: Final = 1_500_000  # readings, of which each takes half a microsecond
HOURS_AT_ONCE: Final = 24  # of an undecided hour, those that follow are often undecided, too


def is_undecided(hours: "Hours", rule: Rule) -> bool:
    """Return whether so many hours are undecided, or so many edges of the rule's own, that all is read sooner."""
    likely = sum(1 for _ in _likely(hours, rule))
    return hours.are_few and (likely > OFTEN or (rule.hours is not None and likely > OFTEN_IN_HOURS))


def judge_limits(judge: Judge, history: History, hours: "Hours") -> None:
    """Judge a rule with limits."""
    table, column = hours.table, hours.column
    signal = judge.rule.rule.signal
    detail = _Detail(history, hours, judge.rule.rule)
    for place, (t, first, last) in enumerate(zip(table.t, table.first, table.last, strict=True)):
        low, high, newest = column.low[place], column.high[place], column.last[place]
        if low is None or high is None or newest is None:
            continue
        judge.reach(first)
        if judge.decides_nothing(low, high, last_at=last):
            judge.pass_over(last, signal(newest))
        else:
            _judge_hour(judge, detail, t)


def _judge_hour(judge: Judge, detail: "_Detail", hour: float) -> None:
    signal = judge.rule.rule.signal
    for run in detail.runs(hour):
        judge.reach(run.first_at)
        if not run.is_mixed:
            judge.judge_run(run.first_at, run.last_at, signal(run.low))
        elif judge.decides_nothing(run.low, run.high, last_at=run.last_at):
            judge.pass_over(run.last_at, signal(run.last))
        elif rows := detail.readings(run.start):
            judge.judge(rows)
        else:  # retention removed them
            judge.judge_run(run.first_at, run.first_at, signal(run.first))
            judge.judge_run(run.last_at, run.last_at, signal(run.last))


class Hours:
    """The hours of a quantity's history."""

    def __init__(self, history: History) -> None:
        start, end = instant(history.start), instant(history.end)
        self.question = Question(sensor=history.sensor, quantities=(history.name,), start=start, end=end)
        self.known = known_of(self.question)
        self.table: Table = buckets(self.question, "1h", extras=True, known=self.known)
        self.column: Column = self.table.columns[history.name]

    @property
    def are_few(self) -> bool:
        """Whether all readings of the quantity can be read at once."""
        return sum(each or 0.0 for each in self.column.count) <= READ_MOST


class _Detail:
    """What is inside the hours, read ahead for those that are likely to be undecided."""

    def __init__(self, history: History, hours: Hours, rule: Rule) -> None:
        self._history, self._hours = history, hours
        limits = (rule.high, rule.low, rule.clear_high, rule.clear_low)
        self._edges = [each for each in limits if each is not None]
        self._likely = list(_likely(hours, rule))
        self._runs: dict[float, list[Run]] = {}
        self._rows: dict[float, list[StoredRow]] = {}

    def runs(self, hour: float) -> list[Run]:
        if hour not in self._runs:
            near = [hour + HOUR_S * each for each in range(HOURS_AT_ONCE)]
            wanted = sorted({*near, *_next(self._likely, hour)} - self._runs.keys())
            found = runs(self._hours.question, wanted, edges=self._edges, known=self._hours.known)
            self._runs |= {each: [] for each in wanted} | found
        return self._runs[hour]

    def readings(self, bucket: float) -> list[StoredRow]:
        """Return the readings of five minutes with values on both sides of a limit."""
        if bucket not in self._rows:
            mixed = [run.start for each in self._runs.values() for run in each if run.is_mixed]
            wanted = [each for each in _next(mixed, bucket) if each not in self._rows]
            self._rows |= {each: [] for each in wanted}
            bounds = (self._history.start, self._history.end)
            for row in self._history.stretches(_stretches(wanted, *bounds)):
                self._rows[row.at // BUCKET_S * BUCKET_S].append(row)
        return self._rows[bucket]


def _next(ascending: Sequence[float], first: float) -> list[float]:
    return sorted(each for each in ascending if each >= first)[:READ_AT_ONCE]


def _stretches(starts: Sequence[float], low: float, high: float) -> list[tuple[float, float]]:
    return [(max(each, low), min(each + BUCKET_S, high)) for each in starts]


def _likely(hours: Hours, rule: Rule) -> Iterator[float]:
    """Find the hours in which a limit is crossed, and those that follow one unless the rule is surely ok, or fires."""
    before: set[Signal] = set()
    left = Signal.CLEAR
    column = hours.column
    for t, low, high, last in zip(hours.table.t, column.low, column.high, column.last, strict=True):
        if low is None or high is None or last is None:
            continue
        signals = {rule.signal(low), rule.signal(high)}
        is_ok = left is Signal.CLEAR and not rule.clear_for_s and Signal.OVER not in signals
        fires = left is Signal.OVER and not rule.for_s and Signal.CLEAR not in signals
        if len(signals) > 1 or (signals != before and not (is_ok or fires)):
            yield t
        before, left = signals, rule.signal(last)
