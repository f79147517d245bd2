"""The overview of the sites: a sentence, and a card for each sensor, those with problems first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext, ngettext, npgettext

from sensorfusion.domain.liveness import State
from sensorfusion.domain.quantities import quantity
from sensorfusion.reports import queries, words
from sensorfusion.reports.hero import kind, primary, sky
from sensorfusion.reports.kinds.instrument import main_state
from sensorfusion.reports.queries import Station
from sensorfusion.reports.sparkline import Spark, remembered_spark, step_s
from sensorfusion.reports.tiles import shown
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.web.looks import Looks

BESIDE: Final = 3  # values beside the large one
CARDS_MOST: Final = 12  # sensors: more are listed in a table
FEW: Final = 6  # sensors: with so few, their cards have room for twice as many values
GRAVITY: Final[dict[State, int]] = {"offline": 0, "late": 1, "live": 2, "pending": 3, "paused": 4}
_PROBLEMS: Final = ("offline", "late")
BATTERY_LOW: Final = 20.0  # %
HALF_HOUR_S: Final = 1800.0
NOTHING_HEARD: Final[Mapping[int, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Small:
    """A value beside the large one."""

    quantity: str
    label: str
    number: str
    symbol: str
    state: State


@dataclass(frozen=True, slots=True)
class SensorCard:
    sensor: Sensor
    state: State
    sky: str
    quantity: str | None
    is_word: bool
    looks: Looks | None
    number: str
    symbol: str
    beside: list[Small]
    spark: Spark | None
    at: datetime | None
    age: str
    words: str
    battery: str
    place: tuple[float, float] | None

    @property
    def said(self) -> str:
        """The large value with its unit, or why there is none."""
        return f"{self.number} {self.symbol}".strip() or self.words


@dataclass(frozen=True, slots=True)
class SiteCards:
    site: Site
    cards: list[SensorCard]
    search: str


@dataclass(frozen=True, slots=True)
class Overview:
    sentence: str
    has_problems: bool
    sites: list[SiteCards]
    shown: list[str]
    count: int

    @property
    def rows(self) -> list[SensorCard]:
        """All cards, those with problems first over all sites, as the table lists them."""
        cards = [card for group in self.sites for card in group.cards]
        return sorted(cards, key=lambda card: (GRAVITY[card.state], card.sensor.site.name, card.sensor.name))

    @property
    def is_long(self) -> bool:
        """Whether there are too many sensors to compare by their cards."""
        return self.count > CARDS_MOST

    @property
    def is_roomy(self) -> bool:
        """Whether there are few enough cards for large ones."""
        return self.count <= FEW


def overview_of(
    stations: list[Station], *, system: str, now: datetime, heard: Mapping[int, str] = NOTHING_HEARD
) -> Overview:
    """Build the page from stations.

    :param heard: what is said of sensors without readings of which something arrived.
    """
    by_quantity: dict[str, list[int]] = {}
    for station in stations:
        name = primary(station)
        if name and not main_state(station, kind(station)):
            by_quantity.setdefault(name, []).append(station.sensor.id)
    lines = queries.sparks(by_quantity, now=now)
    sites: dict[int, list[Station]] = {}
    for station in stations:
        sites.setdefault(station.sensor.site_id, []).append(station)
    beside = BESIDE * 2 if len(stations) <= FEW else BESIDE
    groups = [_site(each, lines, system, beside, heard) for each in sites.values()]
    return Overview(
        sentence=summary([station.state for station in stations], len(sites)),
        has_problems=any(station.state in _PROBLEMS for station in stations),
        sites=sorted(groups, key=lambda group: (GRAVITY[group.cards[0].state] >= GRAVITY["live"], group.site.name)),
        shown=sorted({"battery"} | {name for group in groups for card in group.cards for name in _names(card)}),
        count=len(stations),
    )


def _site(
    stations: list[Station],
    lines: dict[int, list[tuple[float, float]]],
    system: str,
    beside: int,
    heard: Mapping[int, str],
) -> SiteCards:
    cards = [
        _card(station, lines.get(station.sensor.id, []), system, beside, heard.get(station.sensor.id, ""))
        for station in stations
    ]
    site = stations[0].sensor.site
    cards.sort(key=lambda card: (GRAVITY[card.state], card.sensor.name))
    return SiteCards(site, cards, " ".join([site.name, *(card.sensor.name for card in cards)]))


def _card(station: Station, points: list[tuple[float, float]], system: str, beside: int, heard: str) -> SensorCard:
    state = main_state(station, kind(station))
    name = state or primary(station)
    number, symbol = station.display(name, system).parts(station.standing(name)) if name else ("", "")
    return SensorCard(
        sensor=station.sensor,
        state=station.state,
        sky=sky(station)[0],
        quantity=name,
        is_word=state is not None,
        looks=station.looks(name) if name else None,
        number=number,
        symbol=symbol,
        beside=[_small(station, each, system) for each in _beside(station, name)[:beside]],
        spark=_spark(station, name, points) if name and not state else None,
        at=station.observed_at,
        age=words.age(station.observed_at, now=station.now) if station.observed_at else "",
        words=heard or station.why,
        battery=_low_battery(station, system),
        place=station.place,
    )


def _low_battery(station: Station, system: str) -> str:
    battery = station.value("battery")
    return "" if battery is None or battery >= BATTERY_LOW else station.display("battery", system).text(battery)


def _spark(station: Station, name: str, points: list[tuple[float, float]]) -> Spark:
    length_s = step_s(station.interval_s, least_s=HALF_HOUR_S)
    return remembered_spark(name, points, now=station.now, step_s=length_s)


def _beside(station: Station, hero: str | None) -> list[str]:
    """Return the quantities beside the large value: the first tiles and the wind; no sums, which need their day."""
    wind = ["wind_speed"] if "wind_speed" in station.newest.values and hero != "wind_speed" else []
    rest = [name for name in shown(station, hero) if quantity(name).combine != "sum" and name not in wind]
    return [*rest[:2], *wind, *rest[2:]]


def _small(station: Station, name: str, system: str) -> Small:
    number, symbol = station.display(name, system).parts(station.standing(name))
    looking = station.looks(name)
    label = looking.label if quantity(name).kind == "boolean" else looking.short
    return Small(name, label, number, symbol, station.state_of(name))


def _names(card: SensorCard) -> list[str]:
    return [*([card.quantity] if card.quantity else []), *(small.quantity for small in card.beside)]


def summary(states: Sequence[State], sites: int) -> str:
    """Return the summary: "3 sensors at 1 site, all reporting"."""
    count = len(states)
    sensors = ngettext("{count} sensor", "{count} sensors", count).format(count=count)
    at = npgettext("at", "{count} site", "{count} sites", sites).format(count=sites)
    start = gettext("{sensors} at {sites}").format(sensors=sensors, sites=at)
    others = [f"{states.count(state)} {word}" for state, word in words.COUNTED.items() if state in states]
    if others:
        return f"{start}, {words.listed(others)}"
    said = gettext("{sensors}, reporting") if count == 1 else gettext("{sensors}, all reporting")
    return said.format(sensors=start)
