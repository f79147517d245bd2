"""Rain added up since 1 January, this year against earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sensorfusion.documents.drawing import ABOVE, WIDTH, Label, left_labels
from sensorfusion.domain.weather.climate import Days
from sensorfusion.reports.geometry import Box, number, ticks
from sensorfusion.web.values import dates
from sensorfusion.web.values.display import Display

HEIGHT: Final = 190
YEARS_MOST: Final = 8  # earlier years that are drawn, the newest


@dataclass(frozen=True, slots=True)
class Line:
    year: int
    path: str
    is_current: bool
    total: str
    y: str


@dataclass(frozen=True, slots=True)
class Accumulation:
    lines: list[Line]
    grid: list[tuple[str, bool]]
    left: list[Label]
    days: list[Label]
    height: int = HEIGHT
    total_height: int = HEIGHT + 18
    foot: int = HEIGHT + 13

    @property
    def words(self) -> str:
        """The sum of each year, for those who cannot see the lines."""
        return ", ".join(f"{line.year} {line.total}" for line in self.lines)


def accumulation(whole: Days, year: int, shown: Display) -> Accumulation | None:
    """Draw the sums; None if there was no rain. A day without readings leaves a sum as it was."""
    sums = {each: _sums(whole, each) for each in range(year - YEARS_MOST, year + 1)}
    drawn = {each: points for each, points in sums.items() if points}
    top = max((points[-1][1] for points in drawn.values()), default=0.0)
    if year not in drawn or not top:
        return None
    marks = ticks(0, top * shown.factor, count=4)
    box = Box(0, 366, 0, marks[-1] * HEIGHT / (HEIGHT - ABOVE), WIDTH, HEIGHT)
    lines = [_line(each, points, box, shown, is_current=each == year) for each, points in drawn.items()]
    months = [date(2024, number_, 1) for number_ in range(1, 13)]
    return Accumulation(
        lines,
        [(number(box.y(mark)), mark == 0) for mark in marks],
        left_labels(marks, shown, [box.y(mark) + 4 for mark in marks]),
        [Label(f"{((month - months[0]).days + 15) / 3.66:.2f}%", "", dates.short_month(month)) for month in months],
    )


def _sums(whole: Days, year: int) -> list[tuple[int, float]]:
    part = whole.between(date(year, 1, 1), date(year, 12, 31))
    total, points = 0.0, []
    for day, value in zip(part.dates, part.rain or (), strict=False):
        if value is not None:
            total += value
            points.append(((day - date(year, 1, 1)).days + 1, total))
    return points


def _line(year: int, points: Sequence[tuple[int, float]], box: Box, shown: Display, *, is_current: bool) -> Line:
    path = f"M{number(box.x(points[0][0] - 1))} {number(box.y(0))}" + "".join(
        f"H{number(box.x(day))}V{number(box.y(total * shown.factor))}" for day, total in points
    )
    total = points[-1][1]
    return Line(year, path, is_current, shown.number(total), number(box.y(total * shown.factor) + 4))
