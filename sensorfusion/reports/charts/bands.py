"""The bands behind a chart's line: the range that its owner allows, and what is usual for the week of the year.

The page's script draws the same ones (`js/later/bands.js`), and asks the API for the usual range of other spans.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext

from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.quantities.settings import QuantitySettings
from sensorfusion.domain.weather.weeks import Week
from sensorfusion.readings.climate.usual import Usual, has_usual, range_of, touched, usual
from sensorfusion.reports import words
from sensorfusion.reports.charts import band_words
from sensorfusion.reports.charts.drawings import Drawing
from sensorfusion.reports.charts.spans import Span
from sensorfusion.reports.geometry import Box
from sensorfusion.reports.queries import Station
from sensorfusion.web.values.display import NOTHING, Display


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend; `look` is the style of its mark."""

    look: str
    words: str


@dataclass(frozen=True, slots=True)
class Bands:
    """The bands of one quantity in a span; `can_ask` is whether other spans may have a usual range."""

    quantity: str
    hue: str
    span: Span
    shown: Display
    allowed: QuantitySettings
    weeks: Sequence[Usual]
    covered: tuple[float, float] | None
    can_ask: bool

    @property
    def levels(self) -> list[float]:
        """The values at which bands end, as far as they are in the span."""
        usual_ends = [end for *_, low, high in self._areas for end in (low, high)]
        return [*(each for each in (self.allowed.low, self.allowed.high) if each is not None), *usual_ends]

    def widened(self, low: float, high: float) -> tuple[float, float]:
        """Widen the extremes of a chart's values to the bands that are near."""
        return band_words.reach(low, high, self.levels)

    def drawings(self, hue: str, box: Box) -> list[Drawing]:
        """Draw the bands; what is first is in front."""
        found = [Drawing("", hue, "usual", "".join(_rectangle(each, box) for each in self._areas))]
        if self.allowed.has_band:
            low, high = _or(self.allowed.low, box.low), _or(self.allowed.high, box.high)
            zone = _rectangle((box.left, box.right, low, high), box)
            found += [Drawing("", hue, "limit", self._limits(box)), Drawing("", hue, "allowed", zone)]
        return [each for each in found if each.path]

    def _limits(self, box: Box) -> str:
        ends = [end for end in (self.allowed.low, self.allowed.high) if end is not None]
        return "".join(f"M{box.at(box.left, end)}H{box.width:.0f}" for end in ends if box.low <= end <= box.high)

    @property
    def keys(self) -> list[Key]:
        """The legend: each band in words."""
        found = []
        if self.allowed.has_band:
            found.append(Key("allowed", band_words.allowed_words(*self._allowed_ends)))
        if self.weeks:
            years = band_words.years_words([year for week in self.weeks for year in week.years])
            found.append(Key("usual", band_words.usual_key(self._newest, self._which, self._is_one, years)))
        return found

    @property
    def sentence(self) -> str:
        """What is usual at the end of the span, empty if that is unknown."""
        return band_words.usual_sentence(self._newest, self._which) if self._newest else ""

    def cell(self, at: float) -> str:
        """Return the usual range at an instant for the chart's table."""
        found = [each for each in self.weeks if each.start.timestamp() <= at < each.end.timestamp()]
        return words.range_words(*map(self.shown.number, (found[0].low, found[0].high))) if found else NOTHING

    @property
    def head(self) -> str:
        symbol = self.shown.symbol
        return gettext("Usual, {unit}").format(unit=symbol) if symbol else gettext("Usual")

    @property
    def data(self) -> str:
        """The bands for the script: canonical values, instants in epoch seconds."""
        weeks = [[each.start.timestamp(), each.end.timestamp(), each.low, each.high, each.years] for each in self.weeks]
        return json.dumps(
            {
                "quantity": self.quantity,
                "hue": self.hue if self.hue[1:].isdigit() else f"q-{self.hue}",
                "low": self.allowed.low,
                "high": self.allowed.high,
                "covered": self.covered,
                "weeks": weeks,
                "asks": self.can_ask,
            },
            separators=(",", ":"),
        )

    @property
    def _areas(self) -> list[band_words.Week]:
        weeks = [(each.start.timestamp(), each.end.timestamp(), each.low, each.high) for each in self.weeks]
        return band_words.areas(weeks, self.span.start.timestamp(), self.span.end.timestamp())

    @property
    def _newest(self) -> str:
        """The usual range of the week in which the span ends."""
        last = self.weeks[-1] if self.weeks else None
        if last is None or last.end < self.span.end:
            return ""
        return words.range_words(*self.shown.bounds(last.low, last.high))

    @property
    def _is_one(self) -> bool:
        return self.weeks[-1].start <= self.span.start and bool(self._newest)

    @property
    def _which(self) -> str:
        return band_words.week_words(self.span.is_live, self._is_one)

    @property
    def _allowed_ends(self) -> tuple[str, str]:
        low, high = self.allowed.low, self.allowed.high
        if low is not None and high is not None:
            return self.shown.bounds(low, high)
        low_words, high_words = ("" if end is None else self.shown.text(end) for end in (low, high))
        return low_words, high_words


def bands(station: Station, name: str, span: Span, *, system: str, first_day: date | None) -> Bands | None:
    """Return the bands of a quantity, None if it never has any.

    :param first_day: the sensor's first day; without one no usual range is looked up.
    """
    allowed = station.presentation.settings_of(name)
    can_ask = first_day is not None and _has_years(station, name, first_day)
    if not allowed.has_band and not can_ask:
        return None
    start, end = span.start, span.end
    is_told = can_ask and has_usual(name, start=start, end=end)
    found = usual(station.sensor, name, start=start, end=end, first_day=first_day) if is_told else []
    asked = touched(station.sensor, start=start, end=end) if is_told else []
    covered = range_of(station.sensor, asked[0], asked[-1]) if asked else None
    return Bands(
        quantity=name,
        hue=station.looks(name).hue,
        span=span,
        shown=station.display(name, system),
        allowed=allowed if allowed.has_band else replace(allowed, low=None, high=None),
        weeks=found,
        covered=covered and (covered[0].timestamp(), covered[1].timestamp()),
        can_ask=can_ask,
    )


def _has_years(station: Station, name: str, first_day: date) -> bool:
    """Return whether this week may have an earlier year."""
    is_averaged = quantity(name).combine == "mean"
    return is_averaged and first_day <= Week.of(station.today).earlier(1).last


def _rectangle(area: band_words.Week, box: Box) -> str:
    """Draw a band, cut at the edges of the drawing; nothing of one that is beyond them."""
    start, end, low, high = area
    low, high = max(low, box.low), min(high, box.high)
    if low >= high:
        return ""
    (left, top), (right, bottom) = (box.at(x, y).split() for x, y in ((start, high), (end, low)))
    return f"M{left} {top}H{right}V{bottom}H{left}Z"


def _or(end: float | None, other: float) -> float:
    return other if end is None else end
