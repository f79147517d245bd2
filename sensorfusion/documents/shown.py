"""How the numbers of a report are written, and where which threshold is."""

from collections.abc import Mapping
from dataclasses import dataclass

from sensorfusion.documents.counted import Part
from sensorfusion.documents.queries import amount_of
from sensorfusion.reports.queries import Station
from sensorfusion.web.values.display import Display


@dataclass(frozen=True, slots=True)
class Shown:
    """The displays of the main quantity, of rain, of wind speeds, and of amounts."""

    main: Display
    rain: Display
    wind: Display
    amount: Display

    @property
    def parts(self) -> Mapping[Part, Display]:
        return {"low": self.main, "high": self.main, "rain": self.rain, "gust": self.wind}


def shown_of(station: Station, main: str, system: str) -> Shown:
    """Return how a sensor's numbers are written in a unit system."""
    amount = amount_of(station) or main
    return Shown(*(station.display(name, system).linear for name in (main, "rain", "wind_speed", amount)))
