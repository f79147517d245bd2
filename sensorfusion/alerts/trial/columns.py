"""A rule judged by columns of readings: what they say is found for all at once, then the ends of runs are judged."""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import sub
from typing import Any, Final

from sensorfusion.alerts.trial.codes import CODES, SIGNALS, codes_of
from sensorfusion.alerts.trial.judge import SHORTEST_HOLD_S, Judge
from sensorfusion.alerts.trial.readings import History
from sensorfusion.alerts.trial.sizes import Sizes
from sensorfusion.domain.alert_rules.conditions import CHANGING, Condition, Signal
from sensorfusion.domain.quality import Flag
from sensorfusion.readings.rollups.buckets import instant
from sensorfusion.readings.stored.columns import Columns, columns, epoch_s

_BAD: Final = ord(str(Flag.BAD.value))
_OF_FLAGS: Final = bytes(
    CODES[Signal.OVER if code in (_BAD, ord(str(Flag.SUSPECT.value))) else Signal.CLEAR] for code in range(256)
)
_HOLD_US: Final = int(SHORTEST_HOLD_S * 1e6)
TOGETHER: Final = 8
_SAME: Final = re.compile(rb"(.)\1*", re.DOTALL)


def judge_columns(judge: Judge, history: History) -> None:
    """Judge a rule about one value by all readings that have it."""
    rule = judge.rule.rule
    sizes = Sizes(rule) if rule.condition in CHANGING else None
    for each in columns(history.sensor, history.name, instant(history.start), instant(history.end)):
        if rule.condition is Condition.SUSPECT:
            found, codes = each, each.flags.translate(_OF_FLAGS)
        else:
            found = _without_bad(each)
            codes = sizes.codes(found) if sizes else codes_of(rule, found.values)
        for first, last in runs(found.at, codes):
            judge.judge_run(epoch_s(found.at[first]), epoch_s(found.at[last]), SIGNALS[codes[first]])


def runs(at: Sequence[int], codes: bytes) -> Iterator[tuple[int, int]]:
    """Yield the first and the last place of readings in a row that say the same and follow each other soon."""
    changes = (found.start() for found in _SAME.finditer(codes))
    gaps = list(_gaps(at))
    starts = sorted({*changes, *gaps}) if gaps else list(changes)
    ends = (each - 1 for each in chain(starts[1:], [len(codes)]))
    return zip(starts, ends, strict=False)


def _gaps(at: Sequence[int]) -> Iterator[int]:
    """Yield the places of readings that follow the one before late; several steps are looked at together first."""
    ends = at[::TOGETHER]
    for place, step in enumerate(map(sub, [*ends[1:], at[-1]] if at else [], ends)):
        if step >= _HOLD_US:
            first = place * TOGETHER
            part = at[first : first + TOGETHER + 1]
            yield from (
                first + each for each, each_step in enumerate(map(sub, part[1:], part), 1) if each_step >= _HOLD_US
            )


def _without_bad(found: Columns) -> Columns:
    if _BAD not in found.flags and (isinstance(found.values, array) or None not in found.values):
        return found
    kept = [
        place
        for place, (value, flag) in enumerate(zip(found.values, found.flags, strict=True))
        if flag != _BAD and value is not None
    ]
    return Columns(_of(found.at, kept), _of(found.values, kept), bytes(_of(found.flags, kept)))


def _of(column: Iterable[Any], places: Sequence[int]) -> list[Any]:
    known = column if isinstance(column, Sequence) else list(column)
    return [known[place] for place in places]
