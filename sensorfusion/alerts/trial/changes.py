"""Rules about a change within a time: readings are read where lowest and highest values allow such a change.

No reading of an hour is higher than its highest, and none before it, within the time, lower than the lowest of the
hours that the time reaches into. If the difference is within the limit, nothing in the hour exceeds it.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from sensorfusion.alerts.trial.judge import Judge
from sensorfusion.alerts.trial.limits import Hours
from sensorfusion.alerts.trial.readings import History, Stretch
from sensorfusion.domain.alert_rules.conditions import Condition, Rule, Signal
from sensorfusion.readings.rollups.runs import BUCKET_S, HOUR_S, narrow

REFINED_WITHIN_S: Final = 2 * HOUR_S  # a longer time is as well known by hours as by five minutes
Extent = tuple[float, float, float]  # a bucket's start, its lowest and its highest value


def judge_changes(judge: Judge, history: History) -> None:
    """Judge a rule about a change."""
    hours, rule = Hours(history), judge.rule.rule
    stretches = _stretches(hours, history, rule)
    ends = [*(start for start, _ in stretches[1:]), history.end]
    for (start, end), following in zip(stretches, ends, strict=False):
        if judge.is_settled:
            judge.remember(history.stretches([(max(start - rule.within_s, history.start), start)]))
        _judge_stretch(judge, history, (start, end), following)


def _judge_stretch(judge: Judge, history: History, stretch: Stretch, following: float) -> None:
    """Judge the readings of a stretch, and those that follow it until the rule is surely ok."""
    start, end = stretch
    while start < end:
        judge.judge(history.stretches([(start, end)]))
        start, end = end, end if judge.is_settled else min(end + HOUR_S, following)


def _stretches(hours: Hours, history: History, rule: Rule) -> list[Stretch]:
    """Return the stretches in which there may be such a change; less than the time apart, they are one."""
    found: list[Stretch] = []
    for start, end in _possible(hours, rule):
        low, high = max(start, history.start), min(end, history.end)
        if found and low - found[-1][1] <= rule.within_s:
            found[-1] = (found[-1][0], high)
        else:
            found.append((low, high))
    return found


def _possible(hours: Hours, rule: Rule) -> Iterator[Stretch]:
    column = hours.column
    extents = [
        (t, low, high)
        for t, low, high in zip(hours.table.t, column.low, column.high, strict=True)
        if low is not None and high is not None
    ]
    starts = list(_exceeding(extents, HOUR_S, rule))
    if rule.within_s > REFINED_WITHIN_S:
        yield from ((t, t + HOUR_S) for t in starts)
        return
    wanted = {t - HOUR_S * back for t in starts for back in range(int(rule.within_s // HOUR_S) + 2)}
    fine = narrow(hours.question, sorted(wanted), known=hours.known)
    yield from ((t, t + BUCKET_S) for t in _exceeding(fine, BUCKET_S, rule))


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
