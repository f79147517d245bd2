"""Figures of a month made up by hand, for what needs no database."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sensorfusion.documents.figures import Day, Figures, Hours, figures
from sensorfusion.documents.periods import Period, month_of
from sensorfusion.domain.weather.climate import Cut, Days

Numbers = Sequence[float | None]


def november() -> Period:
    period = month_of(2026, 11)
    assert period
    return period


def made(
    temperature: Numbers, *, rain: Numbers = (), gust: Numbers = (), period: Period | None = None, spread: float = 3
) -> Figures:
    """Build the figures of a month from its daily means; lows and highs lie `spread` below and above them."""
    about = period or november()
    dates = [about.first + timedelta(days=place) for place, value in enumerate(temperature) if value is not None]
    there = [value for value in temperature if value is not None]
    columns = {"temperature": Cut(there, [value - spread for value in there], [value + spread for value in there])}
    for name, numbers in (("rain", rain), ("wind_gust", gust)):
        if numbers:
            kept = [each for each, value in zip(numbers, temperature, strict=True) if value is not None]
            columns[name] = Cut(kept, kept, kept)
    hours = {day: Hours(24 if day in dates else 0, 24) for day in about.days}
    return figures(Days(dates, columns), about, main="temperature", hours=hours, at={})


def day(number: int, **values: Any) -> Day:
    return Day(date(2026, 11, number), Hours(24, 24), **values)


def at(number: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, number, hour, minute, tzinfo=UTC)
