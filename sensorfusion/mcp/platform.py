"""The platform as a token sees it: looks up sensors and quantities by the words of a question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from sensorfusion.clients.python.sensorfusion_reader import Latest, Reader
from sensorfusion.clock import Clock
from sensorfusion.domain.quantities import known_quantity, quantity
from sensorfusion.domain.units import display_symbol
from sensorfusion.mcp.answers import Answer, CannotAnswer, clean, quoted
from sensorfusion.mcp.spans import Days, Span, span_of

NAMED_MOST: Final = 12  # names in a sentence


@dataclass(frozen=True, slots=True)
class Station:
    """A sensor, with the calendar of its site and its newest values."""

    said: Mapping[str, Any]
    site: Mapping[str, Any]
    latest: Latest

    @property
    def id(self) -> str:
        return str(self.said["id"])

    @property
    def days(self) -> Days:
        return Days(ZoneInfo(self.site["time_zone"]), self.site["day_starts_h"])

    @property
    def zone(self) -> ZoneInfo:
        return self.days.zone

    @property
    def about(self) -> Answer:
        """The members that each answer about a sensor has."""
        return {"sensor": {"name": clean(self.said["name"]), "id": self.id}, "zone": str(self.zone)}

    def quantity(self, text: str) -> str:
        """Return the name of a quantity that the sensor sends, or that is derived from what it sends.

        :raises CannotAnswer: it has none.
        """
        has = [*self.latest.values, *self.latest.derived]
        entry = known_quantity("_".join(text.split()))
        name = text if text in has else entry.name if entry else ""
        if name not in has:
            raise CannotAnswer(f"{quoted(self.said['name'])} has no {quoted(text)}. It has: {_some(has)}.")
        return name

    def unit(self, name: str) -> str:
        """Return the unit of a quantity's numbers, as the catalogue or, for others, the sensor's settings have it."""
        own = self.said["quantities"].get(name, {}).get("unit", "")
        return display_symbol(quantity(name).unit) if known_quantity(name) else clean(own)


@dataclass(frozen=True, slots=True)
class Platform:
    """`now` is the clock of words such as "today"."""

    reader: Reader
    now: Clock

    def get(self, station: Station, what: str, **query: Any) -> Any:
        """Ask an address of a sensor; `start` and `end` of a span go by their names in the API."""
        names = {"start": "from", "end": "to"}
        asked = {names.get(name, name): value for name, value in query.items() if value not in (None, "")}
        return self.reader.get(f"/sensors/{quote(station.id)}/{what}/", asked)

    def station(self, text: str) -> Station:
        """Find a sensor by its id, its name, or a part of its name that only one has.

        :raises CannotAnswer: none or several are meant.
        """
        said = self._sensor(text)
        site = self.reader.get(f"/sites/{quote(said['site'])}/")
        return Station(said, site, self.reader.latest(said["id"], derived=True))

    def span(self, text: str, station: Station) -> Span:
        return span_of(text, days=station.days, now=self.now())

    def _sensor(self, text: str) -> Mapping[str, Any]:
        name = " ".join(text.split())
        try:
            found = [each for each in self.reader.sensors() if each["id"] == str(UUID(name))]
        except ValueError:
            alike = list(self.reader.sensors(search=name)) if name else []
            found = [each for each in alike if each["name"].casefold() == name.casefold()] or alike
        if len(found) == 1:
            return found[0]
        if found:
            several = _some([f"{each['name']} = {each['id']}" for each in found])
            raise CannotAnswer(f"{len(found)} sensors are called {quoted(text)}: name one by its id. {several}")
        raise CannotAnswer(f"There is no sensor {quoted(text)}, or the token may not see it: call `sensors`.")


def _some(names: list[str]) -> str:
    shown = ", ".join(quoted(name) for name in names[:NAMED_MOST])
    return f"{shown} and {len(names) - NAMED_MOST} more" if len(names) > NAMED_MOST else shown or "nothing yet"
