"""The head of a report: where the station is, how much was read, and the figures under the summary."""

from dataclasses import dataclass

from sensorfusion.documents.figures import Figures
from sensorfusion.documents.shown import Shown
from sensorfusion.documents.streaks import DRY_BELOW, dated
from sensorfusion.domain.weather.climate import Extreme
from sensorfusion.reports.hero import coordinate
from sensorfusion.reports.queries import Station
from sensorfusion.web.values.clock import clock
from sensorfusion.web.values.display import NBSP, Display


@dataclass(frozen=True, slots=True)
class Fact:
    """One of the figures under the summary."""

    label: str
    number: str
    unit: str
    when: str


@dataclass(frozen=True, slots=True)
class Lead:
    """The one big figure, and the word before the label of its quantity; or `said`, which is all of its label."""

    number: str
    unit: str
    word: str
    said: str = ""


def lead_of(figures: Figures, shown: Shown) -> Lead:
    """Return the mean of the main quantity, or the total of what is counted."""
    if figures.mean is None and figures.amount is not None:
        return Lead(shown.amount.number(figures.amount), shown.amount.symbol, "Total")
    return Lead(shown.main.number(figures.mean), shown.main.symbol, "Mean")


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
    return f"{read} of {expected} hours, {share:g}{NBSP}%"


def facts_of(figures: Figures, shown: Shown) -> list[Fact]:
    """Return the figures under the summary, those that the sensor has."""
    facts = [
        _fact(label, each, figures, shown.main)
        for label, each in (("Highest", figures.high), ("Lowest", figures.low))
        if each
    ]
    if figures.amount is not None and figures.mean is not None:
        facts.append(Fact("In all", shown.amount.number(figures.amount), shown.amount.symbol, ""))
    if figures.rain is not None:
        wet = sum((day.rain or 0) >= DRY_BELOW for day in figures.days)
        text = "" if figures.period.sort == "day" else f"on {wet} {'day' if wet == 1 else 'days'}"
        facts.append(Fact("Rain", shown.rain.number(figures.rain), shown.rain.symbol, text))
    if figures.top_wind:
        facts.append(_fact("Strongest wind", figures.top_wind, figures, shown.wind, figures.gust))
    return facts


def _fact(label: str, extreme: Extreme, figures: Figures, shown: Display, name: str = "") -> Fact:
    at = figures.at(name or figures.main, extreme)
    day = f"{extreme.day:%a} {dated(extreme.day)}"
    return Fact(label, shown.number(extreme.value), shown.symbol, day if at is None else f"{day}, {clock(at)}")
