"""The zones of a number: below, in and above the band that its owner allows, or the words for the air of a room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import pgettext

from sensorfusion.domain.quantities.kinds import Kind, base_of
from sensorfusion.readings.charts.states import ABOVE, BELOW, WITHIN
from sensorfusion.reports.kinds.span_words import Vocabulary
from sensorfusion.reports.queries import Station
from sensorfusion.web.values.display import NOTHING

# EN 16798-1, categories II and III above 400 ppm outdoors, rounded to numbers that people know.
CO2_GOOD_BELOW: Final = 800.0
CO2_POOR_ABOVE: Final = 1400.0


@dataclass(frozen=True, slots=True)
class Zones:
    """Two limits, of which one may be missing; what is at a limit is within."""

    quantity: str
    low: float | None
    high: float | None
    vocabulary: Vocabulary
    order: Sequence[str]
    looks: Mapping[str, str]
    is_band: bool

    def shown(self, station: Station, value: float | None, system: str) -> str:
        return NOTHING if value is None else station.display(self.quantity, system).number(value)


def zones_of(station: Station, name: str, kind: Kind) -> Zones | None:
    """Return the zones of a number: its owner's band, else those of a room's CO₂, else None."""
    chosen = station.presentation.settings_of(name)
    if chosen.has_band:
        return _band(name, chosen.low, chosen.high)
    if kind == Kind.ROOM and base_of(name) == "co2":
        words = {BELOW: pgettext("air", "good"), WITHIN: pgettext("air", "stuffy"), ABOVE: pgettext("air", "poor")}
        looks = {BELOW: "off", WITHIN: "mid", ABOVE: "out"}
        order = (BELOW, WITHIN, ABOVE)
        return Zones(name, CO2_GOOD_BELOW, CO2_POOR_ABOVE, Vocabulary(words), order, looks, is_band=False)
    return None


def _band(name: str, low: float | None, high: float | None) -> Zones:
    order = [WITHIN, *([] if high is None else [ABOVE]), *([] if low is None else [BELOW])]
    words = {
        WITHIN: pgettext("zone", "in the band"),
        ABOVE: pgettext("zone", "above"),
        BELOW: pgettext("zone", "below"),
    }
    looks = {WITHIN: "off", ABOVE: "out", BELOW: "out"}
    return Zones(name, low, high, Vocabulary(words, counted=(ABOVE, BELOW), share=WITHIN), order, looks, is_band=True)
