"""Compares the first series with itself at another time, or with the second series, in rows of the same instants.

Means of the same buckets are compared, in the narrowest buckets in which both report: instants of two sensors hardly
ever coincide. Each mean is exact, and so is their difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.utils.translation import gettext

from sensorfusion.domain.rounding import without_noise
from sensorfusion.explore.queries import ORDER, POINTS_MOST, Chosen, Line, lines, width_s
from sensorfusion.explore.selection import Against, Operation
from sensorfusion.explore.shifts import WORDS, earlier, later
from sensorfusion.explore.statistics.pairs import Pair, Part, computed, paired, rolling_means
from sensorfusion.readings.charts.question import Resolution
from sensorfusion.readings.rollups.buckets import WIDTHS, Column, Width, buckets, instant, raw

ROWS_MOST: Final = 2_400  # of a comparison, so that with all its gaps it has at most twice as many
READINGS_MOST: Final = 20_000  # of a rolling mean over single readings
_TEMPERATURE: Final = "Cel"  # its zero is not nothing: there is no ratio of temperatures


@dataclass(frozen=True, slots=True)
class Comparison:
    """`other` is what the first series is compared with, moved to the first one's times; `rows` are (t, result).

    All digits are kept: they are rounded where they are written.
    """

    against: Against
    operation: Operation
    first: Chosen
    second: Chosen
    other: Line
    pairs: list[Pair]
    rows: list[tuple[float, float]]
    resolution: Resolution

    @property
    def words(self) -> str:
        """What the first series is compared with, where that is another time."""
        return str(WORDS.get(self.against, ""))


def refused(chosen: Sequence[Chosen], against: Against, operation: Operation) -> str:
    """Return why a comparison is not possible; empty if it is."""
    if against is Against.SECOND and len(chosen) < 2:
        return gettext("Choose a second series to compare the first one with.")
    first, second = chosen[0], chosen[1 if against is Against.SECOND else 0]
    vectors = [each.entry.combine == "vector" for each in (first, second)]
    if operation is Operation.RATIO:
        if any(vectors):
            return gettext("There is no ratio of directions.")
        is_relative = _TEMPERATURE in (first.entry.unit, second.entry.unit)
        if not is_relative:
            return ""
        return gettext("There is no ratio of temperatures: their zero is not nothing. Choose the difference.")
    if first.entry.unit != second.entry.unit or vectors[0] != vectors[1]:
        return gettext(
            "There is no difference of quantities with different units. Choose the ratio, or another series."
        )
    return ""


def comparison(
    chosen: Sequence[Chosen],
    *,
    start: datetime,
    end: datetime,
    against: Against,
    operation: Operation,
    drawn: Resolution,
) -> Comparison:
    """Compare the first series; `refused` must have found nothing.

    :param drawn: the resolution of `other`, which is drawn beside the first series.
    """
    first, second = chosen[0], chosen[1 if against is Against.SECOND else 0]
    width = width_of([first, second], drawn, (end - start).total_seconds())
    mine = _row_values(_read(first, first, start, end, width))
    moved = _moved(first, second, start, end, against, width)
    pairs = paired(mine, _row_values(moved))
    other = moved if width == drawn else _moved(first, second, start, end, against, drawn)
    directions = first.entry.combine == "vector"
    rows = _without_noise(computed(pairs, operation, are_directions=directions))
    return Comparison(against, operation, first, second, other, pairs, rows, width)


def _without_noise(rows: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    values = without_noise([value for _, value in rows])
    return [(t, value) for (t, _), value in zip(rows, values, strict=True) if value is not None]


def width_of(chosen: Sequence[Chosen], drawn: Resolution, span_s: float) -> Width:
    """Return the narrowest buckets that are as wide as what is drawn, and in which every sensor reports."""
    least_s = max(width_s(drawn), *(each.station.interval_s or 0 for each in chosen), span_s / ROWS_MOST)
    return next((width for width, length_s in WIDTHS.items() if length_s >= least_s), "1d")


def _read(first: Chosen, each: Chosen, start: datetime, end: datetime, resolution: Resolution) -> Line:
    """Read a series by the days of the first one."""
    found = lines([first, each], start=start, end=end, points=POINTS_MOST, resolution=resolution, are_rounded=False)
    return found[1]


def _moved(
    first: Chosen, second: Chosen, start: datetime, end: datetime, against: Against, resolution: Resolution
) -> Line:
    if against is Against.SECOND:
        return _read(first, second, start, end, resolution)
    zone = first.station.zone
    begin, until = (instant(earlier(at.timestamp(), against, zone)) for at in (start, end))
    line = _read(first, first, begin, until, resolution)
    moved = [(later(t, against, zone), place) for place, t in enumerate(line.t)]
    kept = [(t, place) for t, place in moved if t is not None]
    column = Column(
        *([values[place] for _, place in kept] for values in (line.column.value, line.column.low, line.column.high))
    )
    return replace(line, t=[t for t, _ in kept], column=column)


def _row_values(line: Line) -> list[tuple[float, float | None]]:
    return list(zip(line.t, line.column.value, strict=True))


def rolling(
    chosen: Chosen, *, start: datetime, end: datetime, hours: int, drawn: Resolution
) -> list[tuple[float, float]]:
    """Return the means of the last `hours` before each row of a stored mean quantity: of all readings of that time."""
    station, name = chosen.station, chosen.name.quantity
    begin = instant(start.timestamp() - hours * 3600)
    question = station.question([name], begin, end)
    if drawn == "raw":
        table = raw(question, limit=READINGS_MOST)
        parts = [Part(t, v) for t, v in zip(table.t, table.columns[name].value, strict=True) if v is not None]
    else:
        found = buckets(question, drawn, extras=True)
        column = found.columns[name]
        parts = [
            Part(t, v, c or 0) for t, v, c in zip(found.t, column.value, column.count, strict=True) if v is not None
        ]
    return rolling_means(parts, length_s=hours * 3600, start=start.timestamp())


def is_rolled(chosen: Chosen) -> bool:
    """Return whether a series has rolling means: those of amounts, counters and directions mean something else."""
    return chosen.entry.combine == "mean" and chosen.name.quantity in chosen.station.newest.values


def coarsest(found: Sequence[Line]) -> Resolution:
    """Return the resolution that all lines have."""
    return max((line.resolution for line in found), key=ORDER.index, default="raw")
