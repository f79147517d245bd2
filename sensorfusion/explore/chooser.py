"""The list from which series are chosen: every number of every sensor that the operator may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext

from sensorfusion.accounts.models import Operator
from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.weather.derivation import derivable
from sensorfusion.explore.selection import SeriesName
from sensorfusion.explore.series_looks import Dressed
from sensorfusion.readings.queries import derived_now, place_of
from sensorfusion.reports.queries import Station, stations
from sensorfusion.sensors.queries import visible_sensors
from sensorfusion.web.looks import inside
from sensorfusion.web.values.display import NOTHING


@dataclass(frozen=True, slots=True)
class Option:
    """A quantity that may be chosen; `search` is what the search field looks in."""

    name: SeriesName
    label: str
    value: str
    unit: str
    search: str
    hue: str  # empty: not chosen
    dash: int


@dataclass(frozen=True, slots=True)
class Group:
    """A sensor with its quantities."""

    station: Station
    options: list[Option]

    @property
    def chosen(self) -> int:
        return sum(bool(each.hue) for each in self.options)


def choosable(
    *, operator: Operator, chosen: Sequence[Dressed], now: datetime, system: str
) -> list[tuple[str, list[Group]]]:
    """Return the sensors of each site, by name."""
    found = visible_sensors(operator).select_related("site").order_by("site__name", "site_id", "name", "id")
    looks = {each.chosen.name: each for each in chosen}
    groups = [_group(station, looks, system) for station in stations(list(found), now=now)]
    by_site = groupby((each for each in groups if each.options), key=lambda group: group.station.sensor.site)
    return [(site.name, list(each)) for site, each in by_site]


def _group(station: Station, looks: Mapping[SeriesName, Dressed], system: str) -> Group:
    derived = derived_now(station.sensor, station.newest)
    values = {
        name: derived.get(name) if station.value(name) is None else station.value(name)
        for name in quantities_of(station)
    }
    return Group(station, [_option(station, name, value, looks, system) for name, value in values.items()])


def quantities_of(station: Station) -> list[str]:
    """Return the numbers that a sensor sends, and those that can be derived from them."""
    sent = station.numbers
    derived = derivable(set(station.newest.values), place_of(station.sensor), earlier=True)
    return [*sent, *(name for name in derived if quantity(name).kind == "number")]


def _option(
    station: Station, name: str, value: float | None, looks: Mapping[SeriesName, Dressed], system: str
) -> Option:
    shown = station.display(name, system)
    series = SeriesName(station.sensor.uuid, name)
    label, dress = station.looks(name).label, looks.get(series)
    return Option(
        name=series,
        label=label,
        value=NOTHING if value is None else shown.number(value),
        unit="" if value is None else shown.symbol,
        search=f"{label} {name} {station.sensor.name} {station.sensor.site.name}",
        hue=dress.hue if dress else "",
        dash=dress.dash if dress else 0,
    )


def suggestions(groups: Iterable[tuple[str, Sequence[Group]]]) -> list[tuple[str, list[SeriesName]]]:
    """Return first choices for an empty page: one quantity at several sensors, and two of one sensor."""
    every = [group for _, each in groups for group in each]
    by_name: dict[str, list[Option]] = {}
    for group in every:
        for option in group.options:
            by_name.setdefault(option.name.quantity, []).append(option)
    shared = sorted(by_name.values(), key=len, reverse=True)
    found = [
        (
            gettext("{quantity} at {count} sensors").format(quantity=each[0].label, count=len(each[:4])),
            [o.name for o in each[:4]],
        )
        for each in shared[:1]
        if len(each) > 1
    ]
    for group in [each for each in every if len(each.options) > 1][:2]:
        first, second = group.options[:2]
        label = gettext("{sensor}: {first} and {second}").format(
            sensor=group.station.sensor.name, first=inside(first.label), second=inside(second.label)
        )
        found.append((label, [first.name, second.name]))
    return found
