"""The table of a report, day by day: cells as they are shown, extremes marked, gaps told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from django.utils.translation import gettext, pgettext

from sensorfusion.documents.figures import Day, Figures, day_of, value_of
from sensorfusion.documents.shown import Shown
from sensorfusion.domain.weather.wind import compass_point
from sensorfusion.web.values.clock import clock
from sensorfusion.web.values.display import NOTHING, Display
from sensorfusion.web.values.numbers import localised

COLOURS: Final = 9
COLDEST, WARMEST = -15.0, 35.0  # °C, of the ramp of colours
MARKED_MOST: Final = 3  # days that share an extreme: a mark on more would say nothing
Mark = Literal["", "high", "low"]
Number = float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers; `at` is the heading of the column of times beside it, if there is one."""

    head: str
    unit: str
    title: str = ""
    at: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    mark: Mark = ""
    colour: int | None = None
    is_faint: bool = False
    at: str | None = None
    is_point: bool = False

    @property
    def classes(self) -> str:
        names = ["point" if self.is_point else "number"]
        names += ["extreme"] * bool(self.mark) + ["faint"] * self.is_faint
        return " ".join(names if self.colour is None else [*names, "tinted", f"t{self.colour}"])


@dataclass(frozen=True, slots=True)
class Row:
    """A day; without cells there are no readings. `is_future` has not come yet."""

    day: date
    cells: list[Cell]
    is_partial: bool
    hours: str
    is_future: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    columns: list[Column]
    rows: list[Row]
    totals: list[Cell]
    has_direction: bool
    words: str = ""  # below the table, in place of what is said of numbers

    @property
    def is_partial(self) -> bool:
        return any(row.is_partial or not row.cells for row in self.rows)

    @property
    def width(self) -> int:
        return sum(1 + column.at for column in self.columns) + self.has_direction


@dataclass(frozen=True, slots=True)
class Beside:
    """A column of a state in the table of a number, with a cell for each day: None where nothing is known."""

    column: Column
    cells: Sequence[Cell | None]
    total: Cell


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a column's numbers come from, and how they are marked."""

    column: Column
    value: Callable[[Day], Number]
    text: Callable[[float], str]
    total: Cell
    at: Callable[[Day], datetime | None] | None = None
    is_coloured: bool = False
    marks: tuple[Mark, ...] = ()


def table(figures: Figures, *, shown: Shown, is_warmth: bool, beside: Sequence[Beside] = ()) -> Table:
    """Build the table; a column stands only for what the sensor has. `beside` are the columns of its states."""
    sources = [
        *_main(figures, shown.main, is_warmth),
        *_degrees(figures, shown.main),
        *_weather(figures, shown.rain, shown.wind),
        *_amount(figures, shown.amount),
    ]
    has_direction = figures.summary.direction is not None
    best = [best_of([source.value(day) for day in figures.days], source.marks) for source in sources]
    rows = [
        _row(day, sources, best, has_direction, [each.cells[place] for each in beside])
        for place, day in enumerate(figures.days)
    ]
    totals = [source.total for source in sources]
    if has_direction:
        totals.append(_point(figures.summary.direction))
    totals += [each.total for each in beside]
    columns = [*(source.column for source in sources), *(each.column for each in beside)]
    return Table(columns, rows, totals, has_direction)


def _main(figures: Figures, shown: Display, is_warmth: bool) -> list[_Source]:
    if figures.mean is None:
        return []
    high, low = figures.high, figures.low
    return [
        _Source(
            Column(pgettext("column", "Mean"), shown.symbol), lambda day: day.mean, shown.number,
            Cell(shown.number(figures.mean)), is_coloured=is_warmth, marks=("high", "low"),
        ),
        _Source(
            Column(pgettext("column", "High"), shown.symbol, at=True), lambda day: day.high, shown.number,
            Cell(shown.number(value_of(high)), at=_day(day_of(high))), lambda day: day.high_at,
            is_coloured=is_warmth, marks=("high", "low"),
        ),
        _Source(
            Column(pgettext("column", "Low"), shown.symbol, at=True), lambda day: day.low, shown.number,
            Cell(shown.number(value_of(low)), at=_day(day_of(low))), lambda day: day.low_at,
            is_coloured=is_warmth, marks=("high", "low"),
        ),
    ]  # fmt: skip


def _degrees(figures: Figures, shown: Display) -> list[_Source]:
    if not figures.has_degree_days:
        return []

    def text(value: float) -> str:
        return localised(f"{value * shown.factor:.1f}")

    totals = figures.summary.degree_days
    columns = (
        (pgettext("column", "HDD"), "heating", gettext("heating degree days"), lambda day: day.heating),
        (pgettext("column", "CDD"), "cooling", gettext("cooling degree days"), lambda day: day.cooling),
    )
    unit = "°F·d" if shown.symbol == "°F" else "K·d"
    return [
        _Source(Column(head, unit, title), value, text, Cell(text(totals[name])))
        for head, name, title, value in columns
        if totals[name] or name == "heating"
    ]


def _weather(figures: Figures, rain: Display, wind: Display) -> list[_Source]:
    found = []
    if figures.rain is not None:
        found.append(
            _Source(
                Column(pgettext("column", "Rain"), rain.symbol), lambda day: day.rain, rain.number,
                Cell(rain.number(figures.rain)), marks=("high",),
            )
        )  # fmt: skip
    if figures.wind is not None:
        found.append(
            _Source(
                Column(pgettext("column", "Wind"), wind.symbol), lambda day: day.wind, wind.number,
                Cell(wind.number(figures.wind)), marks=("high",),
            )
        )  # fmt: skip
    if top := figures.top_wind:
        found.append(
            _Source(
                Column(pgettext("column", "Top"), wind.symbol, gettext("strongest wind"), at=True),
                lambda day: day.gust, wind.number, Cell(wind.number(top.value), at=_day(top.day)),
                lambda day: day.gust_at, marks=("high",),
            )
        )  # fmt: skip
    return found


def _amount(figures: Figures, shown: Display) -> list[_Source]:
    if figures.amount is None:
        return []
    total = Cell(shown.number(figures.amount))
    column = Column(pgettext("column", "Amount"), shown.symbol)
    return [_Source(column, lambda day: day.amount, shown.number, total, marks=("high", "low"))]


def best_of(values: Sequence[Number], marks: Sequence[Mark]) -> dict[Mark, Number]:
    """Return the highest and the lowest of a column, as far as they are marked."""
    there = [value for value in values if value is not None]
    if len(set(there)) < 2:
        return {}
    ends: dict[Mark, float] = {"high": max(there), "low": min(there)}
    return {mark: ends[mark] for mark in marks if there.count(ends[mark]) <= MARKED_MOST}


def _row(
    day: Day,
    sources: Sequence[_Source],
    best: Sequence[dict[Mark, Number]],
    has_direction: bool,
    beside: Sequence[Cell | None],
) -> Row:
    told = gettext("{read} of {expected} hours")
    hours = told.format(read=day.hours.read, expected=day.hours.expected)
    if not day.has_readings and not any(beside):
        return Row(day.day, [], bool(day.hours.expected), hours, is_future=not day.hours.expected)
    cells = [_cell(day, source, ends) for source, ends in zip(sources, best, strict=True)]
    if has_direction:
        cells.append(_point(day.direction))
    cells += [each or Cell(NOTHING, is_faint=True) for each in beside]
    return Row(day.day, cells, day.is_partial, hours)


def _cell(day: Day, source: _Source, best: dict[Mark, Number]) -> Cell:
    value = source.value(day)
    at = source.at(day) if source.at else None
    time = None if source.at is None else "" if at is None else clock(at)
    if value is None:
        return Cell(NOTHING, is_faint=True, at=time)
    if value == 0 and source.marks == ("high",):
        return Cell("\N{MIDDLE DOT}", is_faint=True, at=time)
    mark: Mark = next((mark for mark, end in best.items() if value == end), "")
    return Cell(source.text(value), mark, colour_of(value) if source.is_coloured else None, at=time)


def colour_of(value: float) -> int:
    """Return the place of a temperature on the ramp of nine colours."""
    place = int((value - COLDEST) / (WARMEST - COLDEST) * COLOURS)
    return min(max(place, 0), COLOURS - 1)


def _point(direction: Number) -> Cell:
    text = NOTHING if direction is None else gettext(compass_point(direction))
    return Cell(text, is_faint=direction is None, is_point=True)


def _day(day: date | None) -> str:
    return "" if day is None else str(day.day)
