"""The climatological summaries as text, in the columns of NOAA's classic forms as weather programs write them.

The widths were measured on the files of WeeWX 5.5; tests hold them. Unlike those files, a sum without any value is
"N/A" instead of 0, and the mean of a period is that of its days, as everywhere here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from sensorfusion.documents.figures import Day, Figures, day_of, value_of
from sensorfusion.web.values.display import Display, display

WIDTH: Final = 87
NONE: Final = "N/A"
BASE_F: Final = 32.0


@dataclass(frozen=True, slots=True)
class Place:
    """The station of the header; latitude and longitude in degrees, elevation in metres."""

    name: str
    latitude: float | None
    longitude: float | None
    elevation_m: float | None


@dataclass(frozen=True, slots=True)
class Units:
    """Factors from canonical units, the names of the units, and the thresholds of a year, in these units."""

    temperature: tuple[float, float, str]
    rain: tuple[float, str, int]
    wind: tuple[float, str]
    elevation: tuple[float, str]
    hot: int
    freezing: int
    bitter: int
    wet: tuple[float, float, float]


def units_of(system: str) -> Units:
    """Return the reader's units; the form has none for kelvins."""
    is_fahrenheit = display("temperature", system).symbol == "°F"
    is_feet = display("cloud_base", system).symbol == "ft"
    return _units(display("wind_speed", system).linear, display("rain", system), is_fahrenheit, is_feet)


@lru_cache(maxsize=256)
def _units(wind: Display, rain: Display, is_fahrenheit: bool, is_feet: bool) -> Units:
    is_inches = rain.symbol == "in"
    return Units(
        (1.8, BASE_F, "F") if is_fahrenheit else (1, 0, "C"),
        (rain.factor, rain.symbol, 2 if is_inches else 1),
        (wind.factor, wind.symbol),
        (1 / 0.3048, "feet") if is_feet else (1, "meters"),
        *((90, 32, 0) if is_fahrenheit else (30, 0, -20)),
        wet=(0.01, 0.1, 1.0) if is_inches else (0.3, 3.0, 30.0),
    )


METRIC: Final = units_of("metric")
US: Final = units_of("us")
UK: Final = units_of("uk")


def month_text(figures: Figures, place: Place, units: Units) -> str:
    """Write a month, or any days, one line a day."""
    period = figures.period
    title = f"{period.first:%b %Y}" if period.sort == "month" else period.title
    heads = [
        "                                         HEAT   COOL         AVG",
        "      MEAN                               DEG    DEG          WIND                   DOM",
        "DAY   TEMP   HIGH   TIME    LOW   TIME   DAYS   DAYS   RAIN  SPEED   HIGH   TIME    DIR",
    ]
    lines = [
        f"                   MONTHLY CLIMATOLOGICAL SUMMARY for {title}",
        *header(place, units),
        f"{'':19}TEMPERATURE ({units.temperature[2]}), RAIN ({units.rain[1]}), WIND SPEED ({units.wind[1]})",
        "",
        *heads,
        "-" * WIDTH,
        *(_day(day, units) for day in figures.days),
        "-" * WIDTH,
        _total(figures, units),
    ]
    return "\n".join(lines) + "\n"


def header(place: Place, units: Units) -> list[str]:
    """Write the name and the place of the station, between two empty lines."""
    factor, unit = units.elevation
    elevation = NONE if place.elevation_m is None else f"{place.elevation_m * factor:.0f} {unit}"
    where = f"ELEV: {elevation}    LAT: {_angle(place.latitude, 'NS', 2)}    LONG: {_angle(place.longitude, 'EW', 3)}"
    return ["", "", f"NAME: {place.name:<31}", where, "", ""]


def _angle(degrees: float | None, letters: str, digits: int) -> str:
    if degrees is None:
        return NONE
    minutes = round(abs(degrees) * 60, 2)
    return f"{int(minutes // 60):0{digits}}-{minutes % 60:05.2f} {letters[degrees < 0]}"


def _day(day: Day, units: Units) -> str:
    if not day.has_readings:
        return f" {day.day.day:02}"
    cells = [
        *(_temperature(value, units) for value in (day.mean, day.high)),
        _clock(day.high_at),
        _temperature(day.low, units),
        _clock(day.low_at),
        *(_degree_days(value, units) for value in (day.heating, day.cooling)),
        rain(day.rain, units),
        *(wind(value, units) for value in (day.wind, day.gust)),
        _clock(day.gust_at),
        direction(day.direction),
    ]
    return f" {day.day.day:02}" + cells_of(cells)


def _total(figures: Figures, units: Units) -> str:
    degrees = figures.summary.degree_days if figures.has_degree_days else {}
    high, low, top = figures.high, figures.low, figures.top_wind
    cells = [
        _temperature(figures.mean, units),
        _temperature(value_of(high), units),
        _number(day_of(high)),
        _temperature(value_of(low), units),
        _number(day_of(low)),
        *(_degree_days(degrees.get(name), units) for name in ("heating", "cooling")),
        rain(figures.rain, units),
        wind(figures.wind, units),
        wind(value_of(top), units),
        _number(day_of(top)),
        direction(figures.summary.direction),
    ]
    return "   " + cells_of(cells)


def cells_of(cells: Iterable[str], widths: Sequence[int] | None = None) -> str:
    """Put cells flush right in columns, of 7 characters each unless widths are given."""
    each = list(cells)
    return "".join(f"{cell:>{width}}" for cell, width in zip(each, widths or [7] * len(each), strict=True))


def _temperature(value: float | None, units: Units) -> str:
    factor, offset, _ = units.temperature
    return NONE if value is None else _fixed(value * factor + offset, 1)


def _degree_days(value: float | None, units: Units) -> str:
    return NONE if value is None else _fixed(value * units.temperature[0], 1)


def rain(value: float | None, units: Units) -> str:
    """Write an amount of rain."""
    factor, _, decimals = units.rain
    return NONE if value is None else _fixed(value * factor, decimals)


def wind(value: float | None, units: Units) -> str:
    """Write a wind speed."""
    return NONE if value is None else _fixed(value * units.wind[0], 1)


def direction(degrees: float | None) -> str:
    """Write a direction in whole degrees; north is 0."""
    return NONE if degrees is None else f"{round(degrees) % 360}"


def _clock(at: datetime | None) -> str:
    return NONE if at is None else f"{at:%H:%M}"


def _number(day: date | None) -> str:
    return NONE if day is None else f"{day.day:02}"


def _fixed(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    return text.removeprefix("-") if float(text) == 0 else text
