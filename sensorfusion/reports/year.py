"""The last twelve months, day by day: a calendar in colours, and the records."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from sensorfusion.domain.weather.climate import RAIN, Days
from sensorfusion.reports.queries import Station
from sensorfusion.reports.records import Records, records
from sensorfusion.web.values.clock import week_of
from sensorfusion.web.values.dates import day_of_year, short_month, short_weekday
from sensorfusion.web.values.display import Display

CELL, PITCH, COLOURS = 11, 13, 9
LEFT, ABOVE = 26, 16  # room for the weekdays and the months
LENGTH: Final = timedelta(days=364)  # with today a whole year
FEWEST_DAYS: Final = 21  # with fewer a calendar is mostly empty


@dataclass(frozen=True, slots=True)
class Month:
    x: int
    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Year:
    """`days` is the markup of the days: as a template's loop they were a third of what the page costs."""

    label: str
    days: SafeString
    months: list[Month]
    weekdays: list[tuple[int, str]]
    width: int
    height: int
    low: str
    high: str
    colours: list[int]
    sentence: str
    records: Records


def wanted(station: Station, hero: str) -> list[str]:
    """Return the quantities whose days are needed for the calendar and the records."""
    has = station.numbers
    wind = next((name for name in ("wind_gust", "wind_speed") if name in has), None)
    rain = [name for name in RAIN if name in has]  # what tells the rain is chosen day by day
    return [name for name in (hero, wind, *rain) if name]


def year(station: Station, whole: Days, names: list[str], *, system: str) -> Year | None:
    """Draw the calendar of the first quantity and find the records; None for a sensor that is too new.

    :param whole: all days of the sensor.
    """
    hero, shown, today = names[0], station.display(names[0], system), station.today
    first = today - LENGTH
    lately = whole.between(first, today)
    means = {
        day: value for day, value in zip(lately.dates, lately.columns[hero].value, strict=True) if value is not None
    }
    if len(means) < FEWEST_DAYS:
        return None
    low, high = min(means.values()), max(means.values())
    begin = week_of(first)
    days = [first + timedelta(days=place) for place in range(LENGTH.days + 1)]
    weeks = (today - begin).days // 7 + 1
    return Year(
        label=station.looks(hero).label,
        days=mark_safe(_all_drawn(days, begin, means, shown)),
        months=_months(days, begin),
        weekdays=[(ABOVE + row * PITCH + 9, short_weekday(begin + timedelta(days=row))) for row in (0, 2, 4)],
        width=LEFT + weeks * PITCH,
        height=ABOVE + 7 * PITCH,
        low=shown.short(low),
        high=shown.short(high),
        colours=list(range(COLOURS)),
        sentence=_sentence(means, shown),
        records=records(whole, names, today=today, system=system, presentation=station.presentation),
    )


def _all_drawn(days: list[date], begin: date, means: dict[date, float], shown: Display) -> str:
    """Return the markup of the days; that of the days before today is remembered, as they seldom change."""
    found = tuple(means.get(day) for day in days)
    low, high = min(means.values()), max(means.values())
    before = _days_drawn(get_language(), days[0], begin, found[:-1], low, high, shown)
    return before + _drawn(days[-1], begin, found[-1], low, high, shown)


@lru_cache(maxsize=128)  # of 40 KB
def _days_drawn(
    _language: str | None,
    first: date,
    begin: date,
    means: tuple[float | None, ...],
    low: float,
    high: float,
    shown: Display,
) -> str:
    days = (first + timedelta(days=place) for place in range(len(means)))
    return "".join(_drawn(day, begin, mean, low, high, shown) for day, mean in zip(days, means, strict=True))


def _drawn(day: date, begin: date, mean: float | None, low: float, high: float, shown: Display) -> str:
    """Return the markup of a day in its colour, 0 (lowest) to 8, as a link; without readings it has neither."""
    column, row = divmod((day - begin).days, 7)
    said = gettext("no readings") if mean is None else shown.text(mean)
    place = f'<rect x="{LEFT + column * PITCH}" y="{ABOVE + row * PITCH}"'
    title = f"<title>{escape(day_of_year(day))}: {escape(said)}</title></rect>"
    if mean is None:
        return f"{place}>{title}"
    colour = min(COLOURS - 1, int((mean - low) / ((high - low) or 1) * COLOURS))
    # Months are stops of the Tab key; 366 days would be too many.
    return f'<a href="?day={day.isoformat()}" tabindex="-1">{place} class="t{colour}">{title}</a>'


def _months(days: list[date], begin: date) -> list[Month]:
    firsts = [day for day in days if day.day == 1]
    return [Month(LEFT + ((day - begin).days + 6) // 7 * PITCH, short_month(day), day, _last(day)) for day in firsts]


def _last(first: date) -> date:
    """Return the last day of the month of its first."""
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _sentence(means: dict[date, float], shown: Display) -> str:
    coldest, warmest = min(means, key=means.__getitem__), max(means, key=means.__getitem__)
    return gettext("Daily means from {low} on {day} to {high} on {other_day}.").format(
        low=shown.short(means[coldest]),
        day=day_of_year(coldest),
        high=shown.short(means[warmest]),
        other_day=day_of_year(warmest),
    )
