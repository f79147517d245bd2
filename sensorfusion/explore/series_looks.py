"""How the chosen series look: names, colours and dashes that tell them apart, and the scales they share."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sensorfusion.explore.queries import Chosen
from sensorfusion.web.values.display import Display

DASHES: Final = 4  # kinds of strokes: solid, and three kinds of dashes
SCALES_MOST: Final = 2


@dataclass(frozen=True, slots=True)
class Dressed:
    """A series with its label, the name of its colour in `tokens.css`, its dash (0 is solid), and its unit."""

    chosen: Chosen
    label: str
    hue: str
    dash: int
    shown: Display

    @property
    def unit(self) -> str:
        return self.shown.symbol


def dressed(chosen: Sequence[Chosen], *, system: str) -> list[Dressed]:
    """Give series their looks: the quantity's own colour, unless two share it; then each has that of its place.

    From the second series of a unit on the dash differs too, so that colour is never the only difference.
    """
    hues = Counter(each.station.looks(each.name.quantity).hue for each in chosen)
    seen: Counter[str] = Counter()
    found = []
    for place, each in enumerate(chosen, 1):
        own, shown = each.station.looks(each.name.quantity).hue, each.station.display(each.name.quantity, system).linear
        hue = own if hues[own] == 1 else f"s{place}"
        found.append(Dressed(each, label(each, chosen), hue, seen[shown.symbol] % DASHES, shown))
        seen[shown.symbol] += 1
    return found


def label(one: Chosen, among: Sequence[Chosen]) -> str:
    """Name a series by what tells it apart: sensor, quantity, or both."""
    quantity, sensor = one.station.looks(one.name.quantity).label, one.station.sensor.name
    if len({each.name.sensor for each in among}) == 1:
        return quantity
    return sensor if len({each.name.quantity for each in among}) == 1 else f"{sensor}: {quantity}"


def scales(series: Sequence[Dressed]) -> list[str]:
    """Return the units in the order in which they were chosen."""
    return list(dict.fromkeys(each.unit for each in series))


def drawn_together(series: Sequence[Dressed]) -> list[Dressed]:
    """Return the series of the first two units: two scales are the most that can be read in one chart."""
    units = scales(series)[:SCALES_MOST]
    return [each for each in series if each.unit in units]
