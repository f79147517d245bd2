"""Rules about what no reading holds: derived quantities, and what one quantity has more than another.

Hours and five minutes are passed over where the extremes of the inputs decide (`extents`). The rest is judged by every
reading that has an input.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

import msgspec

from sensorfusion.alerts.evaluation.derived import Deriver, deriver, inputs_of
from sensorfusion.alerts.evaluation.rows import counting
from sensorfusion.alerts.evaluation.rules import StoredRow
from sensorfusion.alerts.trial.changes import judge_changes
from sensorfusion.alerts.trial.extents import Cell, Extents
from sensorfusion.alerts.trial.judge import Judge
from sensorfusion.alerts.trial.readings import History, Stretch, joined
from sensorfusion.domain.alert_rules.conditions import CHANGING, WITH_LIMITS, Condition, Rule, Signal
from sensorfusion.domain.alert_rules.pairs import Pair
from sensorfusion.domain.weather.derivation import AT_ONCE
from sensorfusion.events.prepared import fetch
from sensorfusion.readings.queries import BELONGS_TOGETHER_S, newest, place_of
from sensorfusion.readings.rollups.runs import BUCKET_S, HOUR_S
from sensorfusion.readings.stored.excluded import EXCLUDED, EXCLUDES
from sensorfusion.readings.stored.selection import select
from sensorfusion.sensors.models import Sensor

WEEK_S: Final = timedelta(days=7).total_seconds()
HOURS_AT_ONCE: Final = 500
CELLS_AT_ONCE: Final = 1_000
FOLLOWING: Final = 12  # five minutes after an undecided one that are read with it, at most
_READ: Final = select(
    f"""extract(epoch FROM r.observed_at)::float8, r."values"::text, r.flags::text,
        CASE WHEN {EXCLUDES.format("%(sensor)s")}
            THEN (SELECT array_agg(exclusion.quantity::text) {EXCLUDED}) END""",
    since="to_timestamp(s)",
    before="to_timestamp(e)",
    is_timely=True,
    where='r."values" ?| %(inputs)s',
)
_STRETCHES: Final = f"""
SELECT found.* FROM unnest(%(starts)s::float8[], %(ends)s::float8[]) AS stretch (s, e) CROSS JOIN LATERAL (
    {_READ} OFFSET 0
) AS found (at, value, flag, excluded) ORDER BY at
"""


def deriver_of(sensor: int, name: str) -> Deriver | None:
    """Return what derives a value of a sensor, or None if that sends it, or it cannot be derived."""
    if name not in AT_ONCE and not Pair.of(name):
        return None
    found = Sensor.objects.select_related("site").get(pk=sensor)
    return deriver([name], newest([sensor])[sensor].values, place_of(found))


def judge_derived(judge: Judge, history: History, derive: Deriver) -> None:
    """Judge a rule by what the readings derive."""
    source = Derived(history, derive)
    if judge.rule.rule.condition in WITH_LIMITS:
        _Limits(judge, source).judge()
    elif judge.rule.rule.condition in CHANGING:
        judge_changes(judge, source)
    else:
        start = history.start
        while start < history.end:
            judge.judge(source.rows([(start, min(start + WEEK_S, history.end))]))
            start += WEEK_S


class Derived:
    """The history of a value that is derived."""

    is_exact = False  # its extremes are bounds

    def __init__(self, history: History, derive: Deriver) -> None:
        self.start, self.end, self._name = history.start, history.end, history.name
        self._sensor, self._derive = history.sensor, derive
        self._extents: Extents | None = None
        self._history = history

    @property
    def extents(self) -> Extents:
        if self._extents is None:
            sent = newest([self._sensor])[self._sensor].values
            self._extents = Extents(self._history, self._derive, sent)
        return self._extents

    def hours(self) -> list[tuple[float, float, float]]:
        return [(each.start // HOUR_S * HOUR_S, each.low, each.high) for each in self.extents.hours]

    def narrow(self, hours: Sequence[float]) -> list[tuple[float, float, float]]:
        found = self.extents.narrow(hours)
        return [(each.start // BUCKET_S * BUCKET_S, each.low, each.high) for each in found]

    def rows(self, stretches: Sequence[Stretch], *, whole: Sequence[bool] = ()) -> list[StoredRow]:
        """Read what was observed in stretches, in order and apart, with what is derived by it.

        :param whole: of which stretches the first readings have all inputs, so that none before them are needed.
        """
        known = whole or [False] * len(stretches)
        read = [
            (start if is_whole else start - BELONGS_TOGETHER_S, end)
            for (start, end), is_whole in zip(stretches, known, strict=True)
        ]
        inside = _Inside(stretches)
        completed = self._derive.again().completed(self._read(joined(sorted(read))))
        return [row for row in completed if inside.has(row.at)]

    def _read(self, stretches: Sequence[Stretch]) -> Iterator[StoredRow]:
        starts, ends = ([each[edge] for each in stretches] for edge in (0, 1))
        values = {"sensor": self._sensor, "starts": starts, "ends": ends, "inputs": inputs_of(self._name)}
        for at, sent, flags, excluded in fetch(_STRETCHES, values):
            known = msgspec.json.decode(flags) if flags else {}
            yield StoredRow(self._sensor, 0, at, at, counting(sent, excluded), known)


class _Inside:
    def __init__(self, stretches: Sequence[Stretch]) -> None:
        self._starts, self._ends = [each[0] for each in stretches], [each[1] for each in stretches]

    def has(self, at: float) -> bool:
        place = bisect_right(self._ends, at)
        return place < len(self._starts) and self._starts[place] <= at


class _Limits:
    """A rule with limits on its way through the hours."""

    def __init__(self, judge: Judge, source: Derived) -> None:
        self._judge, self._source, self._rule = judge, source, judge.rule.rule
        self._hours = source.extents.hours
        self._likely = [place for place, each in enumerate(self._hours) if self._is_likely(place, each)]
        self._cells: dict[float, list[Cell]] = {}
        self._mixed: list[Cell] = []
        self._rows: dict[float, list[StoredRow]] = {}
        # How long after a value an edge of the rule's hours may still find it.
        self._reach_s = judge.hold_s + 2 * HOUR_S
        self._waits = min(FOLLOWING, int(max(self._rule.for_s, self._rule.clear_for_s) // BUCKET_S) + 2)

    def judge(self) -> None:
        for place, hour in enumerate(self._hours):
            if self._decides_nothing(hour):
                self._judge.pass_over(hour.end, Signal.BETWEEN)
                continue
            cells = self._narrow(place)
            for at, cell in enumerate(cells):
                following = cells[at + 1] if at + 1 < len(cells) else None
                self._judge_cell(cell, following)

    def _judge_cell(self, cell: Cell, following: Cell | None) -> None:
        held = self._held(cell, following)
        if self._decides_nothing(cell):
            self._judge.pass_over(cell.end, Signal.BETWEEN)
        elif held is not None:
            self._judge.hold(cell.end, held)
        else:
            self._judge.judge(self._read(cell))

    def _decides_nothing(self, cell: Cell) -> bool:
        hours = self._rule.hours
        if hours and Signal.OVER in self._signals(cell):
            edge = hours.next_change(self._judge.decided_until)
            if edge is not None and edge <= cell.end + self._reach_s:
                return False
        return self._judge.decides_nothing(cell.low, cell.high, last_at=cell.end)

    def _held(self, cell: Cell, following: Cell | None) -> Signal | None:
        """Return what all values of a cell say, if a duration goes on and the next one comes in time."""
        if following is None or following.start > cell.end or not (cell.is_whole and following.is_whole):
            return None
        if (self._judge.last_at or 0.0) < cell.start - BUCKET_S:
            return None
        wanted = self._judge.awaited
        is_same = wanted is not None and all(self._say(each, wanted) for each in (cell, following))
        return wanted if is_same else None

    def _say(self, cell: Cell, signal: Signal) -> bool:
        """Return whether all values between the bounds of a cell say this."""
        rule = self._rule
        is_across = rule.low is not None and rule.high is not None and cell.low < rule.low and cell.high > rule.high
        is_outside = rule.condition is Condition.OUTSIDE and signal is Signal.OVER
        return self._signals(cell) == {signal} and not (is_outside and is_across)

    def _signals(self, cell: Cell) -> set[Signal]:
        return signals(self._rule, cell)

    def _is_likely(self, place: int, cell: Cell) -> bool:
        found = self._signals(cell)
        return len(found) > 1 or (place > 0 and found != self._signals(self._hours[place - 1]))

    def _narrow(self, place: int) -> list[Cell]:
        hour = _hour(self._hours[place])
        if hour not in self._cells:
            near = range(place, min(place + 6, len(self._hours)))
            ahead = self._likely[bisect_left(self._likely, place) :][:HOURS_AT_ONCE]
            wanted = sorted({_hour(self._hours[each]) for each in (*near, *ahead)} - self._cells.keys())
            self._cells |= {each: [] for each in wanted}
            for cell in self._source.extents.narrow(wanted):
                self._cells[_hour(cell)].append(cell)
            mixed = {cell for each in wanted for cell in self._cells[each] if len(self._signals(cell)) > 1}
            self._mixed = sorted({*self._mixed, *mixed})
        return self._cells[hour]

    def _read(self, cell: Cell) -> list[StoredRow]:
        """Return the readings of five minutes; with them, those that will probably be asked for are read."""
        if cell.start not in self._rows:
            self._read_ahead(cell)
        return self._rows.pop(cell.start)

    def _read_ahead(self, cell: Cell) -> None:
        wanted = {cell}
        for each in (cell, *self._mixed[bisect_left(self._mixed, cell) :][:CELLS_AT_ONCE]):
            inside = self._cells[_hour(each)]
            at = inside.index(each)
            wanted.update(inside[at : at + self._waits])
        cells = sorted(each for each in wanted if each.start not in self._rows and each.start >= cell.start)
        self._rows |= {each.start: [] for each in cells}
        starts = [each.start for each in cells]
        rows = self._source.rows([(each.start, each.end) for each in cells], whole=[each.is_whole for each in cells])
        for row in rows:
            self._rows[starts[bisect_right(starts, row.at) - 1]].append(row)


def signals(rule: Rule, cell: Cell) -> set[Signal]:
    return {rule.signal(cell.low), rule.signal(cell.high)}


def _hour(cell: Cell) -> float:
    return cell.start // HOUR_S * HOUR_S
