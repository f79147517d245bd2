"""Rules about a change within a time: readings are read where lowest and highest values allow such a change.

No reading of an hour is higher than its highest, and none before it, within the time, lower than the lowest of the
hours that the time reaches into. If the difference is within the limit, nothing in the hour exceeds it.

Of the time before such a stretch, only the readings are read that leave the time while the stretch lasts; what is
within it all along counts by its lowest and highest value.
"""

import math
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, Protocol

from sensorfusion.alerts.evaluation.rules import StoredRow
from sensorfusion.alerts.trial.judge import Judge
from sensorfusion.alerts.trial.limits import Hours
from sensorfusion.alerts.trial.readings import History, Stretch, joined
from sensorfusion.domain.alert_rules.conditions import Condition, Rule, Signal
from sensorfusion.readings.rollups.runs import BUCKET_S, HOUR_S, narrow

REFINED_WITHIN_S: Final = 2 * HOUR_S  # a longer time is as well known by hours as by five minutes
READ_AT_ONCE: Final = 250  # stretches
Extent = tuple[float, float, float]  # a bucket's start, its lowest and its highest value


class Source(Protocol):
    """The values that a rule is judged by; `is_exact`: extents are values, not bounds of them."""

    start: float
    end: float
    is_exact: bool

    def hours(self) -> Sequence[Extent]: ...

    def narrow(self, hours: Sequence[float]) -> Sequence[Extent]: ...

    def rows(self, stretches: Sequence[Stretch]) -> Sequence[StoredRow]: ...


class Sent:
    """The history of a quantity that the sensor sends."""

    is_exact = True

    def __init__(self, history: History) -> None:
        self.start, self.end = history.start, history.end
        self._history, self._hours = history, Hours(history)

    @property
    def are_few(self) -> bool:
        return self._hours.are_few

    def hours(self) -> list[Extent]:
        column = self._hours.column
        found = zip(self._hours.table.t, column.low, column.high, strict=True)
        return [(t, low, high) for t, low, high in found if low is not None and high is not None]

    def narrow(self, hours: Sequence[float]) -> list[Extent]:
        return narrow(self._hours.question, hours, known=self._hours.known)

    def rows(self, stretches: Sequence[Stretch]) -> list[StoredRow]:
        return list(self._history.stretches(stretches))


class Suspected(NamedTuple):
    """A stretch in which there may be such a change; `within` are the extents of what is in the time all along.

    `before` is what leaves the time meanwhile.
    """

    start: float
    end: float
    before: Stretch
    within: Sequence[Extent]


def is_often(source: Sent, rule: Rule) -> bool:
    """Return whether such a change is possible in so many hours that all readings are read sooner."""
    hours = source.hours()
    return source.are_few and 2 * sum(1 for _ in _exceeding(hours, HOUR_S, rule)) > len(hours)


def judge_changes(judge: Judge, source: Source) -> None:
    """Judge a rule about a change."""
    suspected = _suspected(source, judge.rule.rule)
    ahead = _Ahead(source, suspected)
    for place, each in enumerate(suspected):
        following = suspected[place + 1].start if place + 1 < len(suspected) else source.end
        rows = ahead.of(place)
        if judge.is_settled:
            judge.remember(rows(each.before), each.within)
        judge.judge(rows((each.start, each.end)))
        if not judge.is_settled:
            _follow(judge, source, each.end, following)


def _follow(judge: Judge, source: Source, start: float, end: float) -> None:
    """Judge what follows a stretch until the rule is surely ok."""
    judge.refill(source.rows([(max(start - judge.rule.rule.within_s, source.start), start)]))
    while start < end and not judge.is_settled:
        until = min(start + HOUR_S, end)
        judge.judge(source.rows([(start, until)]))
        start = until


class _Ahead:
    """Reads what many stretches need at once."""

    def __init__(self, source: Source, suspected: Sequence[Suspected]) -> None:
        self._source, self._suspected = source, suspected
        self._rows: Sequence[StoredRow] = ()
        self._at: list[float] = []
        self._until = 0

    def of(self, place: int) -> "_Slices":
        if place >= self._until:
            self._until = place + READ_AT_ONCE
            wanted = self._suspected[place : self._until]
            stretches = (stretch for each in wanted for stretch in (each.before, (each.start, each.end)))
            self._rows = self._source.rows(joined(sorted(each for each in stretches if each[0] < each[1])))
            self._at = [row.at for row in self._rows]
        return self._slice

    def _slice(self, stretch: Stretch) -> Sequence[StoredRow]:
        return self._rows[bisect_left(self._at, stretch[0]) : bisect_left(self._at, stretch[1])]


class _Slices(Protocol):
    def __call__(self, stretch: Stretch, /) -> Sequence[StoredRow]: ...


def _suspected(source: Source, rule: Rule) -> list[Suspected]:
    width_s, starts, extents = _possible(source, rule)
    at = [t for t, _, _ in extents]
    found = []
    for start, end in joined((t, t + width_s) for t in starts):
        low, high = max(start, source.start), min(end, source.end)
        begins = max(low - rule.within_s, source.start)
        # From here on everything is in the time, from the first reading of the stretch to its last.
        inner = float(math.ceil((high - rule.within_s) / BUCKET_S) * BUCKET_S)
        has_inner = source.is_exact and width_s == BUCKET_S and begins <= inner < low and not low % BUCKET_S
        within = extents[bisect_left(at, inner) : bisect_left(at, low)] if has_inner else ()
        found.append(Suspected(low, high, (begins, inner if has_inner else low), within))
    return found


def _possible(source: Source, rule: Rule) -> tuple[float, list[float], Sequence[Extent]]:
    """Return the width of buckets, the starts of those with such a change, and the extents that are known."""
    hours = source.hours()
    starts = list(_exceeding(hours, HOUR_S, rule))
    if rule.within_s > REFINED_WITHIN_S:
        return HOUR_S, starts, hours
    wanted = {t - HOUR_S * back for t in starts for back in range(int(rule.within_s // HOUR_S) + 2)}
    fine = source.narrow(sorted(wanted))
    return BUCKET_S, list(_exceeding(fine, BUCKET_S, rule)), fine


def _exceeding(extents: Iterable[Extent], width_s: float, rule: Rule) -> Iterator[float]:
    """Yield the buckets whose values may differ by more than the limit from others within the time before."""
    lowest, highest = _Lowest(rule.within_s + width_s), _Lowest(rule.within_s + width_s)
    for t, low, high in extents:
        rise, fall = high - lowest.add(t, low), -highest.add(t, -high) - low
        by_condition = {Condition.RISES: rise, Condition.FALLS: fall}
        if rule.signal(by_condition.get(rule.condition, max(rise, fall))) is Signal.OVER:
            yield t


class _Lowest:
    """The lowest of the last values; only those are kept that can still become it."""

    def __init__(self, within_s: float) -> None:
        self._within_s = within_s
        self._kept: deque[tuple[float, float]] = deque()

    def add(self, t: float, value: float) -> float:
        while self._kept and self._kept[0][0] < t - self._within_s:
            self._kept.popleft()
        while self._kept and self._kept[-1][1] >= value:
            self._kept.pop()
        self._kept.append((t, value))
        return self._kept[0][1]
