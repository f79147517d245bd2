"""The instrument beside the main number where there is no sky: a ruler, a vessel, a meter's bars, strips of states."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.quantities.device import is_of_the_device
from sensorfusion.domain.quantities.kinds import Kind, primary_of
from sensorfusion.domain.quantities.settings import USUAL, in_order
from sensorfusion.domain.quantities.states import CLOSED_OPEN, states_of
from sensorfusion.reports.kinds.meter import Bullet, bullets
from sensorfusion.reports.kinds.ruler import Ruler, ruler
from sensorfusion.reports.kinds.strips import Strip, strip_of_state, strip_of_zones
from sensorfusion.reports.kinds.tank import Vessel, vessel
from sensorfusion.reports.kinds.zones import zones_of
from sensorfusion.reports.queries import Station
from sensorfusion.reports.recent import Extreme

MOST_STRIPS: Final = 2
_BESIDE: Final = frozenset((Kind.FREEZER, Kind.CONTACT, Kind.OTHER))  # kinds whose states belong to the main number


@dataclass(frozen=True, slots=True)
class Instrument:
    ruler: Ruler | None = None
    vessel: Vessel | None = None
    bullets: Sequence[Bullet] = ()
    strips: Sequence[Strip] = ()
    told: frozenset[str] = field(default_factory=frozenset)  # states that need no tile

    @property
    def main_strip(self) -> Strip | None:
        return self.strips[0] if self.strips else None

    @property
    def is_empty(self) -> bool:
        return not (self.ruler or self.vessel or self.bullets or self.strips)


def state_names(station: Station) -> list[str]:
    """Return the quantities with a text or a boolean, in order, except the device's own and hidden ones."""
    settings = station.presentation.settings
    found = [
        name
        for name, value in station.newest.values.items()
        if isinstance(value, bool | str) and not is_of_the_device(name) and not settings.get(name, USUAL).hidden
    ]
    return in_order(sorted(found), settings)


def main_state(station: Station, kind: Kind) -> str | None:
    """Return the state in the place of the main number: the owner's choice, a contact's, or the only thing sent."""
    names = state_names(station)
    if station.sensor.primary_quantity in names:
        return station.sensor.primary_quantity
    if station.sensor.primary_quantity in station.numbers:
        return None
    if kind == Kind.CONTACT:
        found = primary_of(kind, names)
        return found or next(iter(names), None)
    return None if station.numbers else next(iter(names), None)


def instrument(
    station: Station,
    name: str | None,
    *,
    kind: Kind,
    state: str | None,
    today: tuple[Extreme, Extreme] | None,
    system: str,
) -> Instrument:
    """Build the instrument of a sensor whose main number is `name`, or whose main state is `state`."""
    strips: list[Strip | None] = []
    drawn: Ruler | None = None
    if name is not None and state is None:
        zones = zones_of(station, name, kind)
        strips = [strip_of_zones(station, name, zones, system)] if zones else []
        drawn = ruler(station, name, today=today, zones=zones, system=system) if _is_on_a_scale(name) else None
    beside = [state] if state else doors_first(station)[: MOST_STRIPS - len(strips)] if kind in _BESIDE else []
    strips += [strip_of_state(station, each) for each in beside]
    tank = vessel(station, name, system=system) if name and kind == Kind.TANK and not state else None
    counted = bullets(station, system=system) if kind == Kind.METER and not state else []
    return Instrument(
        ruler=None if tank or counted else drawn,
        vessel=tank,
        bullets=counted,
        strips=[each for each in strips if each],
        told=frozenset(beside),
    )


def doors_first(station: Station) -> list[str]:
    """Return the states in order, doors before others: they are why a freezer warms."""
    return sorted(state_names(station), key=lambda name: states_of(name) != CLOSED_OPEN)


def _is_on_a_scale(name: str) -> bool:
    return quantity(name).combine == "mean"
