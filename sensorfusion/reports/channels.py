"""The list of all quantities of a sensor that has more of them than tiles: searchable, in the owner's order, live."""

from dataclasses import dataclass

from sensorfusion.domain.liveness import State
from sensorfusion.reports.queries import Station
from sensorfusion.reports.tiles import MOST, explore_address, shown


@dataclass(frozen=True, slots=True)
class Channel:
    """`search` is what the list is filtered by; `address` is empty for what Explore does not draw."""

    quantity: str
    label: str
    hue: str
    number: str
    symbol: str
    state: State
    address: str
    search: str


def channels(station: Station, hero: str | None, *, system: str) -> list[Channel]:
    """Return every quantity that is not hidden, empty if tiles hold them all."""
    names = shown(station, hero)
    return [_channel(station, name, system) for name in names] if len(names) > MOST else []


def _channel(station: Station, name: str, system: str) -> Channel:
    number, symbol = station.display(name, system).parts(station.standing(name))
    looking = station.looks(name)
    return Channel(
        quantity=name,
        label=looking.label,
        hue=looking.hue,
        number=number,
        symbol=symbol,
        state=station.state_of(name),
        address=explore_address(station, name),
        search=f"{looking.label} {name}",
    )
