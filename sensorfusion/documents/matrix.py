"""The index of reports: a matrix of years by months, each with its mean and its coverage."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from sensorfusion.documents import queries
from sensorfusion.documents.periods import Period, month_of
from sensorfusion.documents.table import colour_of
from sensorfusion.domain.weather import climate
from sensorfusion.domain.weather.climate import Days
from sensorfusion.reports.queries import Station
from sensorfusion.web.values.display import Display


@dataclass(frozen=True, slots=True)
class Month:
    """A month with readings: its main figure, the rain, and how many of its days have readings."""

    period: Period
    mean: str
    rain: str
    days: int
    expected: int
    colour: int | None

    @property
    def is_partial(self) -> bool:
        return self.days < self.expected


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    months: list[Month | None]


@dataclass(frozen=True, slots=True)
class Matrix:
    """`words` say what the two lines of a month are; without years nothing was sent that reports tell."""

    years: list[Year]
    words: str
    is_partial: bool
    is_of_states: bool = False


def matrix(station: Station, *, system: str) -> Matrix:
    """Summarise every month from the sensor's first day to today, the newest year first."""
    names = queries.names_of(station)
    if not names:
        return Matrix([], "", is_partial=False)
    whole = queries.all_days(station, last=station.today)
    main, rain = station.display(names[0], system), station.display("rain", system)
    rained = climate.rain_of(whole)
    days = Days(whole.dates, whole.columns, whole.growth, whole.vectors, rained)
    years = [
        Year(year, [_month(days, year, number, station, main, rain) for number in range(1, 13)])
        for year in sorted({day.year for day in whole.dates}, reverse=True)
    ]
    months = [month for year in years for month in year.months if month]
    words = _words(has_unit=bool(main.symbol), has_rain=bool(rained))
    told = words.format(quantity=station.looks(names[0]).label, unit=main.symbol, rain_unit=rain.symbol)
    return Matrix(years, told, any(month.is_partial for month in months))


def _words(*, has_unit: bool, has_rain: bool) -> str:
    if has_rain:
        with_unit = gettext("{quantity}, mean in {unit}; below it rain in {rain_unit}")
        return with_unit if has_unit else gettext("{quantity}, mean; below it rain in {rain_unit}")
    return gettext("{quantity}, mean in {unit}") if has_unit else gettext("{quantity}, mean")


def _month(days: Days, year: int, number: int, station: Station, main: Display, rain: Display) -> Month | None:
    period = month_of(year, number)
    assert period is not None
    part = days.between(period.first, period.last)
    if not part.dates:
        return None
    found, name = climate.summarise(part), queries.names_of(station)[0]
    mean = found.means.get(name)
    return Month(
        period,
        "" if mean is None else main.number(mean),
        rain.number(found.sums["rain"]) if "rain" in found.sums else "",
        len(part.dates),
        _expected(period, station.today),
        colour_of(mean) if mean is not None and station.looks(name).hue == "temp" else None,
    )


def _expected(period: Period, today: date) -> int:
    return len(period.up_to(today).days)
