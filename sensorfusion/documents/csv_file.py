"""The days of a report as a CSV file, in the reader's units; an empty field is not known."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sensorfusion.documents.figures import Day, Figures
from sensorfusion.documents.shown import Shown
from sensorfusion.domain.rounding import EXTRA_DECIMALS, decimals_of
from sensorfusion.web.values.display import Display


def csv_of(figures: Figures, shown: Shown, beside: Sequence[Mapping[str, str]] = ()) -> str:
    """Write one line per day, without any for days that have not begun.

    :param beside: further columns of each day of the period, those of states.
    """
    out = io.StringIO()
    rows = [
        {**dict(_fields(day, figures, shown)), **(beside[place] if beside else {})}
        for place, day in enumerate(figures.days)
        if day.hours.expected
    ]
    names = list(rows[0]) if rows else ["day"]
    writer = csv.DictWriter(out, names, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _fields(day: Day, figures: Figures, shown: Shown) -> Iterator[tuple[str, str]]:
    main, degrees = shown.main, figures.has_degree_days
    yield "day", day.day.isoformat()
    yield "hours_with_readings", str(day.hours.read)
    yield "hours", str(day.hours.expected)
    if figures.mean is not None:
        yield _head(f"{figures.main}_mean", main), _number(day.mean, main)
        yield _head(f"{figures.main}_high", main), _number(day.high, main)
        yield "high_at", _instant(day.high_at)
        yield _head(f"{figures.main}_low", main), _number(day.low, main)
        yield "low_at", _instant(day.low_at)
    if degrees:
        yield "heating_degree_days", _degrees(day.heating, main)
        yield "cooling_degree_days", _degrees(day.cooling, main)
    if figures.amount is not None:
        yield _head("amount", shown.amount), _number(day.amount, shown.amount)
    if figures.rain is not None:
        yield _head("rain", shown.rain), _number(day.rain, shown.rain)
    if figures.wind is not None:
        yield _head("wind_mean", shown.wind), _number(day.wind, shown.wind)
    if figures.top_wind is not None:
        yield _head("wind_top", shown.wind), _number(day.gust, shown.wind)
        yield "wind_top_at", _instant(day.gust_at)
    if figures.summary.direction is not None:
        yield "wind_direction [°]", "" if day.direction is None else f"{day.direction:.0f}"


def _head(name: str, shown: Display) -> str:
    return f"{name} [{shown.symbol}]" if shown.symbol else name


def _number(value: float | None, shown: Display) -> str:
    if value is None:
        return ""
    number, decimals = value * shown.factor + shown.offset, shown.decimals + EXTRA_DECIMALS
    if shown.si or shown.digits:  # numbers of any size
        decimals = decimals_of(abs(number), decimals)
    return f"{number:.{decimals}f}"


def _degrees(value: float | None, shown: Display) -> str:
    return "" if value is None else f"{value * shown.factor:.2f}"


def _instant(at: datetime | None) -> str:
    return "" if at is None else at.isoformat(timespec="seconds")
