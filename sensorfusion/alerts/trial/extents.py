"""Between what values something that no reading holds was: in each hour, and in five minutes of some of them.

Rollups have the extremes of the inputs. Where all inputs come together, a value is derived from those of its own hour;
elsewhere also from those of the half an hour before.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from sensorfusion.alerts.evaluation.derived import Deriver, inputs_of
from sensorfusion.alerts.trial.readings import History
from sensorfusion.domain.alert_rules.pairs import Pair
from sensorfusion.domain.weather.bounds import Bounds, Column, bounds
from sensorfusion.domain.weather.derivation import AT_ONCE
from sensorfusion.events.prepared import fetch
from sensorfusion.readings.queries import BELONGS_TOGETHER_S
from sensorfusion.readings.rollups.buckets import buckets, instant
from sensorfusion.readings.rollups.known import known_of
from sensorfusion.readings.rollups.question import Question
from sensorfusion.readings.rollups.runs import BUCKET_S, HOUR_S, narrow

NOISE: Final = 1e-8  # of a difference, which is rounded
Extreme = tuple[float, float]
# Rows of a rollup whose quantities all began and ended with the same reading.
_WHOLE: Final = """
SELECT extract(epoch FROM found.start)::float8
FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS stretch (s, e) CROSS JOIN LATERAL (
    SELECT start FROM {table}
    WHERE sensor_id = %(sensor)s AND start >= s AND start < e AND instants IS NULL OFFSET 0
) AS found
"""
_WHOLE_HOURS: Final = _WHOLE.format(table="rollup_1h")
_WHOLE_BUCKETS: Final = _WHOLE.format(table="rollup_5m")


class Cell(NamedTuple):
    """`low` and `high` bound what is derived in [start, end).

    In a whole one the inputs come with the same first reading, so nothing before it matters.
    """

    start: float
    end: float
    low: float
    high: float
    is_whole: bool


class Extents:
    """Those of one value of a sensor."""

    def __init__(self, history: History, derive: Deriver, sent: Iterable[str]) -> None:
        self._history, self._derive = history, derive
        start, end = instant(history.start - HOUR_S), instant(history.end)
        asked = Question(sensor=history.sensor, quantities=tuple(inputs_of(history.name)), start=start, end=end)
        self._known = known_of(asked)
        there = {*sent, *self._known.ids}
        self._question = asked.of(name for name in asked.quantities if name in there)
        self._dirty = {hour.timestamp() for hour in self._known.standing.dirty}
        table = buckets(self._question, "1h", known=self._known)
        self._hours: dict[str, dict[float, Extreme]] = {
            name: {
                t: (low, high)
                for t, low, high in zip(table.t, column.low, column.high, strict=True)
                if low is not None and high is not None
            }
            for name, column in table.columns.items()
        }
        whole = self._whole(_WHOLE_HOURS, [(history.start - HOUR_S, history.end)])
        self.hours = self._cells(table.t, HOUR_S, self._hours, whole)

    def narrow(self, hours: Sequence[float]) -> list[Cell]:
        """Return the five minutes of some hours."""
        found = {
            name: {t: (low, high) for t, low, high in narrow(self._question.of([name]), hours, known=self._known)}
            for name in self._question.quantities
        }
        starts = sorted({t for column in found.values() for t in column})
        whole = self._whole(_WHOLE_BUCKETS, [(hour, hour + HOUR_S) for hour in hours])
        return self._cells(starts, BUCKET_S, found, whole)

    def _whole(self, statement: str, stretches: Sequence[tuple[float, float]]) -> set[float]:
        starts, ends = ([instant(each[edge]) for each in stretches] for edge in (0, 1))
        rows = fetch(statement, {"sensor": self._history.sensor, "starts": starts, "ends": ends})
        return {t for (t,) in rows if t // HOUR_S * HOUR_S not in self._dirty}

    def _cells(
        self, starts: Sequence[float], width_s: float, own: Mapping[str, Mapping[float, Extreme]], whole: set[float]
    ) -> list[Cell]:
        columns: dict[str, tuple[list[float | None], list[float | None]]] = {name: ([], []) for name in own}
        are_whole = []
        for t in starts:
            is_whole = t in whole
            for name, extremes in own.items():
                mine = extremes.get(t)
                found = mine if mine and t in whole else self._carried(name, t, width_s, extremes)
                is_whole = is_whole and (mine is not None or found is None)
                low, high = found or (None, None)
                columns[name][0].append(low)
                columns[name][1].append(high)
            are_whole.append(is_whole)
        known = {name: Bounds(*both) for name, both in columns.items() if own[name]}
        value = self._value(known)
        if value is None:
            return []
        low_at, high_at = self._history.start, self._history.end
        return [
            Cell(max(t, low_at), min(t + width_s, high_at), lowest, highest, each)
            for t, lowest, highest, each in zip(starts, value.low, value.high, are_whole, strict=True)
            if lowest is not None and highest is not None and t + width_s > low_at
        ]

    def _carried(self, name: str, t: float, width_s: float, own: Mapping[float, Extreme]) -> Extreme | None:
        """Return the extremes of what came in a cell or half an hour before."""
        found = [own[t]] if t in own else []
        first = t - BELONGS_TOGETHER_S
        if width_s == HOUR_S:
            found += [each for each in (own.get(t - HOUR_S),) if each]
        else:
            before = (t - back * width_s for back in range(1, int(BELONGS_TOGETHER_S // width_s) + 1))
            found += [own[each] for each in before if each in own]
            hour = first // HOUR_S * HOUR_S
            if hour != t // HOUR_S * HOUR_S and hour in self._hours[name]:  # its five minutes may not be known
                found.append(self._hours[name][hour])
        return (min(low for low, _ in found), max(high for _, high in found)) if found else None

    def _value(self, inputs: Mapping[str, Bounds]) -> Bounds | None:
        pair = Pair.of(self._history.name)
        if pair is None:
            return self._of_quantity(self._history.name, inputs)
        first, second = (self._of_quantity(each, inputs) for each in pair)
        if first is None or second is None:
            return None
        low, high = _less(first.low, second.high, -NOISE), _less(first.high, second.low, NOISE)
        return Bounds(low, high)

    def _of_quantity(self, name: str, inputs: Mapping[str, Bounds]) -> Bounds | None:
        """Return the bounds of what is sent, and of what is derived where it is not sent."""
        sent = inputs.get(name)
        others = {each: found for each, found in inputs.items() if each != name}
        derived = bounds(name, others, self._derive.place) if name in AT_ONCE else None
        if sent is None or derived is None:
            return sent or derived
        return Bounds(_either(min, sent.low, derived.low), _either(max, sent.high, derived.high))


def _less(one: Column, other: Column, by: float) -> Column:
    return [None if a is None or b is None else a - b + by for a, b in zip(one, other, strict=True)]


def _either(pick: Callable[[float, float], float], one: Column, other: Column) -> Column:
    return [b if a is None else a if b is None else pick(a, b) for a, b in zip(one, other, strict=True)]
