"""The head of a report: where the station is, how much was read, and the figures under the summary."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext, ngettext, pgettext

from sensorfusion.documents.figures import Figures
from sensorfusion.documents.periods import Period
from sensorfusion.documents.shown import Shown
from sensorfusion.documents.streaks import DRY_BELOW, dated
from sensorfusion.domain.weather.climate import Extreme
from sensorfusion.reports.hero import coordinate
from sensorfusion.reports.queries import Station
from sensorfusion.web.values import dates
from sensorfusion.web.values.clock import clock
from sensorfusion.web.values.display import NBSP, Display
from sensorfusion.web.values.numbers import localised


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the figures under the summary."""

    label: str
    number: str
    unit: str
    when: str


@dataclass(frozen=True, slots=True)
class Lead:
    """The one big figure: the mean of a quantity, or its total; or what `said` names."""

    number: str
    unit: str
    is_total: bool = False
    said: str = ""

    def of(self, quantity: str) -> str:
        """Return what the figure is, of a quantity with this label."""
        told = gettext("Total {quantity}") if self.is_total else gettext("Mean {quantity}")
        return self.said or told.format(quantity=quantity)


def lead_of(figures: Figures, shown: Shown) -> Lead:
    """Return the mean of the main quantity, or the total of what is counted."""
    if figures.mean is None and figures.amount is not None:
        return Lead(shown.amount.number(figures.amount), shown.amount.symbol, is_total=True)
    return Lead(shown.main.number(figures.mean), shown.main.symbol)


def place_of(station: Station) -> str:
    """Return latitude, longitude and elevation, as far as they are known."""
    parts = []
    if station.place:
        latitude, longitude = station.place
        parts.append(f"{coordinate(latitude, 'NS')} {coordinate(longitude, 'EW')}")
    if station.elevation_m is not None:
        parts.append(f"{station.elevation_m:.0f}{NBSP}m")
    return " · ".join(parts)


def coverage_of(figures: Figures) -> str:
    """Say how many hours were read; a share is never rounded up to 100 %."""
    read, expected = figures.hours
    share = int(figures.coverage * 1000) / 10
    told = gettext("{read} of {expected} hours, {share}")
    return told.format(read=read, expected=expected, share=percent(share))


def facts_of(figures: Figures, shown: Shown) -> list[Fact]:
    """Return the figures under the summary, those that the sensor has."""
    facts = [
        _fact(label, each, figures, shown.main)
        for label, each in ((pgettext("report", "Highest"), figures.high), (pgettext("report", "Lowest"), figures.low))
        if each
    ]
    if figures.amount is not None and figures.mean is not None:
        facts.append(Fact(gettext("In all"), shown.amount.number(figures.amount), shown.amount.symbol, ""))
    if figures.rain is not None:
        wet = sum((day.rain or 0) >= DRY_BELOW for day in figures.days)
        days = ngettext("on {count} day", "on {count} days", wet).format(count=wet)
        text = "" if figures.period.sort == "day" else days
        facts.append(Fact(gettext("Rain"), shown.rain.number(figures.rain), shown.rain.symbol, text))
    if figures.top_wind:
        facts.append(_fact(gettext("Strongest wind"), figures.top_wind, figures, shown.wind, figures.gust))
    return facts


def _fact(label: str, extreme: Extreme, figures: Figures, shown: Display, name: str = "") -> Fact:
    at = figures.at(name or figures.main, extreme)
    day = with_weekday(extreme.day)
    return Fact(label, shown.number(extreme.value), shown.symbol, day if at is None else f"{day}, {clock(at)}")


def with_weekday(day: date) -> str:
    """Format a day of a report: Fri 27 Nov."""
    return gettext("{weekday} {day}").format(weekday=dates.short_weekday(day), day=dated(day))


def percent(share: float) -> str:
    """Format a share in per cent: 99.5 %."""
    return f"{localised(f'{share:g}')}{NBSP}%"


def through_of(station: Station, period: Period) -> str:
    """Say up to which day a report is, if its period is not over."""
    if station.today >= period.last:
        return ""
    return gettext("through {day}").format(day=dated(station.today))


def made_at(now: datetime) -> str:
    """Say when a report was made."""
    return gettext("{day} at {time}").format(day=dates.long_day_of_year(now), time=clock(now))
