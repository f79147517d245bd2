"""The ruler of a number: its allowed band or zones, what was today, and where it is now."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext, pgettext

from sensorfusion.readings.charts.states import ABOVE, BELOW, WITHIN
from sensorfusion.reports.charts.axes import value_scale
from sensorfusion.reports.kinds.zones import Zones
from sensorfusion.reports.queries import Station
from sensorfusion.reports.recent import Extreme
from sensorfusion.reports.words import range_words

WIDE: Final = 10.0  # per cent of the ruler that hold a word


@dataclass(frozen=True, slots=True)
class Zone:
    x: str
    width: str
    look: str
    word: str


@dataclass(frozen=True, slots=True)
class Ruler:
    """Places are per cent of the ruler's width; for the script `low`, `high` and `reached` are canonical."""

    low: str
    high: str
    reached: str
    zones: list[Zone]
    limits: list[str]
    today: tuple[str, str] | None
    now: str
    ticks: list[tuple[str, str]]
    allowed: str
    extent: str


def ruler(
    station: Station, name: str, *, today: tuple[Extreme, Extreme] | None, zones: Zones | None, system: str
) -> Ruler | None:
    """Return the ruler of a number, None if it has no value."""
    value, shown = station.value(name), station.display(name, system)
    if value is None:
        return None
    limits = [each for each in (zones.low, zones.high) if each is not None] if zones else []
    bounds = [each.value for each in today] if today else []
    scale = value_scale(min([value, *limits, *bounds]), max([value, *limits, *bounds]), shown, from_zero=False)
    place = _Place(scale.low, scale.high)
    return Ruler(
        low=f"{scale.low:.9g}",
        high=f"{scale.high:.9g}",
        reached=" ".join(f"{each:.9g}" for each in bounds),
        zones=_zones(zones, place) if zones else [],
        limits=[place.at(each) for each in limits],
        today=(place.at(bounds[0]), place.width(bounds[0], bounds[1])) if bounds else None,
        now=place.at(value),
        ticks=[(f"{100 - float(mark.place.rstrip('%')):.2f}%", mark.label) for mark in scale.marks],
        allowed=_allowed(station, name, zones, system) if zones and zones.is_band else "",
        extent=range_words(shown.number(bounds[0]), shown.short(bounds[1])) if bounds else "",
    )


@dataclass(frozen=True, slots=True)
class _Place:
    low: float
    high: float

    def share(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low) * 100

    def at(self, value: float) -> str:
        return f"{self.share(value):.2f}%"

    def width(self, low: float, high: float) -> str:
        return f"{self.share(high) - self.share(low):.2f}%"


def _zones(zones: Zones, place: _Place) -> list[Zone]:
    low = place.low if zones.low is None else zones.low
    high = place.high if zones.high is None else zones.high
    found = [(BELOW, place.low, low), (WITHIN, low, high), (ABOVE, high, place.high)]
    words = {WITHIN: pgettext("zone", "allowed")} if zones.is_band else zones.vocabulary.words
    looks = {WITHIN: "band"} if zones.is_band else zones.looks
    return [
        Zone(
            place.at(start),
            place.width(start, end),
            looks.get(state, ""),
            words.get(state, "") if place.share(end) - place.share(start) >= WIDE else "",
        )
        for state, start, end in found
        if end > start and state in looks
    ]


def _allowed(station: Station, name: str, zones: Zones, system: str) -> str:
    shown = station.display(name, system)
    if zones.low is None:
        return gettext("up to {high}").format(high=shown.short(zones.high or 0.0))
    if zones.high is None:
        return gettext("from {low}").format(low=shown.short(zones.low))
    return range_words(shown.number(zones.low), shown.short(zones.high))
