"""Statistics of a series over a span: exact from all its readings where possible, and named after their basis if not.

Lowest, mean, highest and the number of readings come from rollups, which hold them exactly; of series with derived rows
they are those of the rows. The standard deviation and
the time above and below a level need single values: readings if there are few enough, otherwise the narrowest buckets
that are. Each value stands until the next one, or for the usual time where a gap follows, or until the span ends.
Buckets stand for what of them is in the span. All is computed from all digits.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sensorfusion.domain.gaps import durations
from sensorfusion.domain.rounding import without_noise
from sensorfusion.explore.queries import Chosen, Line, calendar_of, lines
from sensorfusion.readings.charts.question import Resolution
from sensorfusion.readings.rollups.buckets import Column, buckets
from sensorfusion.readings.rollups.days import Calendar

VALUES_MOST: Final = 5_000  # values from which deviation and times are computed, for each series


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers are canonical; None is unknown. `basis` is the resolution of deviation and times."""

    low: float | None
    mean: float | None
    high: float | None
    deviation: float | None
    total: float | None
    count: int | None
    coverage: float | None
    above_s: float | None
    below_s: float | None
    basis: Resolution
    values: list[tuple[float, float]]  # each value with the seconds it stands for; for distributions

    def share(self, of_s: float | None) -> float | None:
        """Return a duration's share of the time that is known."""
        known = math.fsum(length for _, length in self.values)
        return of_s / known if of_s is not None and known else None


@dataclass(frozen=True, slots=True)
class Span:
    """A span, and the calendar of rows of days."""

    start: datetime
    end: datetime
    calendar: Calendar

    def part(self, since: float, until: float) -> float:
        """Return the seconds of [since, until) that are in the span."""
        return min(until, self.end.timestamp()) - max(since, self.start.timestamp())


def figures(chosen: Sequence[Chosen], *, start: datetime, end: datetime, level: float | None) -> list[Figures]:
    """Return the statistics of series; `level` is canonical, and is for series of the first one's unit."""
    bases = lines(chosen, start=start, end=end, points=VALUES_MOST, are_rounded=False)
    span, unit = Span(start, end, calendar_of(chosen)), chosen[0].entry.unit if chosen else ""
    return [
        _figures(each, basis, span, level if each.entry.unit == unit else None)
        for each, basis in zip(chosen, bases, strict=True)
    ]


def _figures(chosen: Chosen, basis: Line, span: Span, level: float | None) -> Figures:
    values = standing(basis, span)
    numbers = [value for value, _ in values]
    combine = chosen.entry.combine
    whole = None if combine == "vector" or basis.has_derived else _from_all(chosen, span.start, span.end)
    count = None if whole is None else round(math.fsum(_there(whole.count)))
    return Figures(
        low=min(_there(whole.low), default=None) if whole else min(numbers, default=None),
        mean=_mean(whole, numbers) if combine == "mean" else None,
        high=max(_there(whole.high), default=None) if whole else max(numbers, default=None),
        deviation=deviation(numbers) if combine == "mean" else None,
        total=_total(_there(whole.value) if whole else numbers) if combine == "sum" else None,
        count=count,
        coverage=coverage(chosen, count, span.start, span.end),
        above_s=None if level is None else math.fsum(length for value, length in values if value > level),
        below_s=None if level is None else math.fsum(length for value, length in values if value < level),
        basis=basis.resolution,
        values=values,
    )


def _from_all(chosen: Chosen, start: datetime, end: datetime) -> Column | None:
    """Return the days of a stored quantity, cut at the ends of the span; None without any."""
    station, name = chosen.station, chosen.name.quantity
    column = buckets(station.question([name], start, end), "1d", extras=True).columns[name]
    return column if any(column.count) else None


def _mean(whole: Column | None, numbers: Sequence[float]) -> float | None:
    pairs = [(number, 1.0) for number in numbers]
    if whole is not None:
        pairs = [(v, c) for v, c in zip(whole.value, whole.count, strict=True) if v is not None and c is not None]
    if not pairs:
        return None
    mean = math.fsum(value * count for value, count in pairs) / math.fsum(count for _, count in pairs)
    means = [value for value, _ in pairs]
    return without_noise([mean], low=[min(means)], high=[max(means)])[0]


def _total(amounts: Sequence[float]) -> float | None:
    return without_noise([math.fsum(amounts)])[0] if amounts else None


def _there(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def deviation(numbers: Sequence[float]) -> float | None:
    """Return the standard deviation of a population, None of fewer than two numbers."""
    if len(numbers) < 2:
        return None
    mean = math.fsum(numbers) / len(numbers)
    found = math.sqrt(math.fsum((number - mean) ** 2 for number in numbers) / len(numbers))
    return without_noise([found], high=[max(map(abs, numbers))])[0]


def standing(line: Line, span: Span) -> list[tuple[float, float]]:
    """Return the values of a line with the seconds that each stands for."""
    values = without_noise(line.column.value)  # of what a counter grew by
    rows = [(t, value) for t, value in zip(line.t, values, strict=True) if value is not None]
    if line.width_s:
        parts = [(value, span.part(t, _row_ends(line, t, span.calendar))) for t, value in rows]
        return [(value, length) for value, length in parts if length > 0]
    # A value stands until the next one: the durations of the same instants, counted backwards.
    backwards = durations([-t for t, _ in reversed(rows)])
    lengths = list(reversed(backwards))
    usual = sorted(_there(lengths))[len(_there(lengths)) // 2] if _there(lengths) else 0.0
    found = [usual if length is None else length for length in lengths]
    return [(value, span.part(t, t + length)) for (t, value), length in zip(rows, found, strict=True)]


def _row_ends(line: Line, t: float, calendar: Calendar) -> float:
    """Return the end of a row: of days it is their calendar's, with 23 or 25 hours where the clocks change."""
    if line.resolution != "1d":
        return t + line.width_s
    place = datetime.fromtimestamp(t, ZoneInfo(calendar.time_zone)).toordinal() // line.days
    return calendar.begin(date.fromordinal((place + 1) * line.days)).timestamp()


def coverage(chosen: Chosen, count: int | None, start: datetime, end: datetime) -> float | None:
    """Return the share of expected readings, at most 1; None if the interval is not known."""
    interval_s = chosen.station.interval_s
    expected_s = min(end, chosen.station.now).timestamp() - start.timestamp()
    if count is None or not interval_s or expected_s <= 0:
        return None
    return min(1.0, count * interval_s / max(expected_s, interval_s))
