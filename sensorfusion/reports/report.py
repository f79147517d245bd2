"""Builds the report page of one sensor from a dozen short queries."""

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext

from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.quantities.device import at_the_foot
from sensorfusion.domain.weather.climate import Days
from sensorfusion.readings.charts.series import Series
from sensorfusion.readings.storage.snapshots import snapshot
from sensorfusion.reports import queries, words
from sensorfusion.reports.channels import Channel, channels
from sensorfusion.reports.charts.bands import bands
from sensorfusion.reports.charts.cards import Card, cards, specs
from sensorfusion.reports.charts.record import Record, record
from sensorfusion.reports.charts.spans import Span
from sensorfusion.reports.comparison import Comparison, compared, comparison, same_time
from sensorfusion.reports.hero import Fact, Hero, coordinate, hero, hero_of_state, is_outdoors, kind, primary
from sensorfusion.reports.kinds.instrument import Instrument, instrument, main_state
from sensorfusion.reports.queries import Station
from sensorfusion.reports.questions.ahead import asked_ahead
from sensorfusion.reports.recent import Extreme, Recent, extremes, recent
from sensorfusion.reports.records import Ribbon, ribbons
from sensorfusion.reports.sparkline import Spark, spark, step_s, thinned
from sensorfusion.reports.sunarc import Almanac, almanac
from sensorfusion.reports.tiles import Tile, history, tiles
from sensorfusion.reports.wind import ROSE_DAYS, Compass, RoseDrawing, compass, rose_drawing
from sensorfusion.reports.year import Year, wanted, year
from sensorfusion.web.values.clock import zone_words
from sensorfusion.web.values.display import NBSP, Display

WIDEST: Final = 6
DERIVED: Final = ("dew_point", "feels_like", "wind_gust")  # mentioned if the sensor does not, or not yet, provide them


@dataclass(frozen=True, slots=True)
class Report:
    hero: Hero | None  # None for a sensor without values to show
    day: Spark | None
    compass: Compass | None
    instrument: Instrument | None
    tiles: list[Tile]
    channels: list[Channel]
    cards: list[Card]
    rose: RoseDrawing | None
    comparison: Comparison | None
    day_before: Series | None
    year: Year | None
    record: Record | None
    almanac: Almanac | None
    facts: list[Fact]
    banner: str
    shown: list[str]

    @property
    def needs_kinds(self) -> bool:
        """Whether the page has an instrument, a strip or a list of channels, which have a style sheet of their own."""
        return self.instrument is not None or bool(self.channels) or any(tile.strip for tile in self.tiles)

    @property
    def needs_axes(self) -> bool:
        """Whether a chart has labels that need more room than usual, by a style sheet of its own."""
        return any(card.is_wide for card in self.cards)

    @property
    def needs_record(self) -> bool:
        """Whether a chart has bands, or the page the strip of its record, which have a style sheet of their own."""
        return self.record is not None or any(card.bands for card in self.cards)

    @property
    def columns(self) -> int:
        """The number of tile columns on wide screens: the one that leaves the fewest places empty."""
        count = len(self.tiles)
        return count if count <= WIDEST else min((WIDEST, 5, 4), key=lambda columns: -count % columns)


def report(station: Station, span: Span, *, system: str) -> Report:
    """Read and draw the page of a sensor that has reported."""
    with snapshot(), asked_ahead(station, span, primary(station)):
        return _report(station, span, system)


def _report(station: Station, span: Span, system: str) -> Report:
    name, lately = primary(station), recent(station)
    state, today = main_state(station, kind(station)), extremes(station, name, lately) if name else None
    beside = _instrument(station, name, state, today, system)
    before = queries.day_before(station, compared(station, name)) if name else None
    yesterday = same_time(station, before) if before else {}
    whole = _whole(station, name) if name else None
    first_day = whole.dates[0] if whole and whole.dates else None
    of_year = _year(station, name, whole, system) if name and whole else None
    top = _hero(
        station, name, state, today, yesterday, system, _ribbons(station, name, whole, today) if of_year else {}
    )
    return Report(
        hero=_of_today(top, station, lately, system) if top and quantity(top.quantity).combine == "sum" else top,
        day=_day(station, lately.day, name) if beside is None or not beside.strips else None,
        compass=compass(station, queries.wind_spread(station), system=system) if _has_wind(station) else None,
        instrument=beside,
        tiles=tiles(station, lately, hero=state or name, system=system, told=beside.told if beside else frozenset()),
        channels=channels(station, state or name, system=system),
        cards=_cards(station, name, span, system, first_day) if name else [],
        rose=rose_drawing(
            queries.rose(station, length=timedelta(days=ROSE_DAYS)), system=system, presentation=station.presentation
        )
        if _has_wind(station)
        else None,
        comparison=_comparison(station, name, yesterday, first_day, system) if name else None,
        day_before=before,
        year=of_year,
        record=_record(station, name, whole, span) if name else None,
        almanac=almanac(station.now, *station.place) if station.place and is_outdoors(station) else None,
        facts=_facts(station, system),
        banner=_banner(station),
        shown=[*station.newest.values, *DERIVED],
    )


def _hero(
    station: Station,
    name: str | None,
    state: str | None,
    today: tuple[Extreme, Extreme] | None,
    yesterday: dict[str, float],
    system: str,
    broken: dict[str, list[Ribbon]],
) -> Hero | None:
    if state is not None:
        return hero_of_state(station, state, system=system)
    return hero(station, name, system=system, today=today, yesterday=yesterday, ribbons=broken) if name else None


def _of_today(made: Hero, station: Station, lately: Recent, system: str) -> Hero:
    """Return the top of a rain gauge: the amount of its newest reading says nothing of the day."""
    today = lately.today.get(made.quantity)
    value = today.value[0] if today else None
    number, symbol = station.display(made.quantity, system).parts(value)
    total = "" if value is None else f"{value:.9g}"
    return replace(made, number=number, unit=symbol, symbol=symbol, delta=None, total=total)


def _ribbons(
    station: Station, name: str | None, whole: Days | None, today: tuple[Extreme, Extreme] | None
) -> dict[str, list[Ribbon]]:
    """Return the records that today's extremes may break; `today` may have no readings yet."""
    if name is None or whole is None:
        return {}
    low, high = (each.value for each in today) if today else (math.inf, -math.inf)
    return ribbons(whole, name, high=high, low=low, today=station.today)


def _instrument(
    station: Station, name: str | None, state: str | None, today: tuple[Extreme, Extreme] | None, system: str
) -> Instrument | None:
    """Return the instrument of a sensor that is not outdoors, None if there is nothing to draw."""
    if is_outdoors(station) or _has_wind(station):
        return None
    made = instrument(station, name, kind=kind(station), state=state, today=today, system=system)
    return None if made.is_empty else made


def _has_wind(station: Station) -> bool:
    return {"wind_speed", "wind_direction"} <= set(station.numbers)


def _day(station: Station, series: Series, name: str | None) -> Spark | None:
    """Draw the last day large, where there is neither sun nor wind to show."""
    if name is None or _has_wind(station):
        return None
    length_s = step_s(station.interval_s)
    steps = thinned(name, history(series, name), now=station.now, step_s=length_s)
    return spark(name, steps, now=station.now, step_s=length_s)


def _comparison(
    station: Station, name: str, yesterday: dict[str, float], first_day: date | None, system: str
) -> Comparison | None:
    names = compared(station, name)
    is_old = first_day is not None and first_day <= queries.day_last_year(station.today)
    return comparison(
        station,
        names,
        yesterday=yesterday,
        month=queries.month(station, names),
        year_before=queries.same_day_last_year(station, names) if is_old else None,
        system=system,
    )


def _whole(station: Station, name: str) -> Days | None:
    """Return all days of the main quantity, and of what the records are of; None for a quantity without a mean."""
    return queries.all_days(station, wanted(station, name)) if quantity(name).combine == "mean" else None


def _year(station: Station, name: str, whole: Days, system: str) -> Year | None:
    return year(station, whole, wanted(station, name), system=system)


def _record(station: Station, name: str, whole: Days | None, span: Span) -> Record | None:
    if quantity(name).combine == "vector":
        return None
    return record(station, name, whole or queries.all_days(station, [name]), span)


def _cards(station: Station, name: str, span: Span, system: str, first_day: date | None) -> list[Card]:
    """Draw the charts: the main one with what is usual, and each with the band that is allowed."""
    chosen = specs(station, name)
    found = {
        each: bands(station, each, span, system=system, first_day=first_day if each == name else None)
        for each in (spec.quantities[0] for spec in chosen if spec.kind != "bars")
    }
    return cards(station, chosen, span, system=system, bands={each: band for each, band in found.items() if band})


def _banner(station: Station) -> str:
    """Return one sentence if the page is not live; the page's script shows and hides the same sentence."""
    at = station.observed_at
    return "" if at is None else words.silence(station.state, words.since(at, now=station.now), station.interval_s)


def _facts(station: Station, system: str) -> list[Fact]:
    sensor = station.sensor
    facts = [Fact(gettext("Site"), sensor.site.name)]
    if sensor.model:
        facts.append(Fact(gettext("Model"), sensor.model))
    if station.place:
        latitude, longitude = station.place
        facts.append(Fact(gettext("Location"), f"{coordinate(latitude, 'NS')}, {coordinate(longitude, 'EW')}"))
    if station.elevation_m is not None:
        facts.append(Fact(gettext("Elevation"), f"{station.elevation_m:.0f}{NBSP}m"))
    if station.interval_s:
        facts.append(Fact(gettext("Reports every"), words.interval(station.interval_s)))
    facts.append(Fact(gettext("Communicates by"), sensor.get_transport_display()))
    if station.observed_at:
        facts.append(
            Fact(gettext("Last reading"), words.age(station.observed_at, now=station.now), at=station.observed_at)
        )
    device = at_the_foot(name for name, value in station.newest.values.items() if value is not None)
    facts += [_device(station, name, station.display(name, system)) for name in device]
    return [*facts, Fact(gettext("Time zone"), zone_words(sensor.site.time_zone))]


def _device(station: Station, name: str, shown: Display) -> Fact:
    number, symbol = shown.parts(station.newest.values[name])
    return Fact(station.looks(name).label, number, quantity=name, symbol=symbol)
