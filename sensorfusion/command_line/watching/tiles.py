"""What a tile says of a sensor: names, values and units as the pages of the platform have them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from sensorfusion.clients.python.sensorfusion_reader import Latest
from sensorfusion.domain.liveness import State
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.quantities.device import is_of_the_device
from sensorfusion.domain.quantities.kinds import Kind, kind_of, primary_of
from sensorfusion.domain.quantities.settings import in_order, stored
from sensorfusion.web.values.freshness import why_at
from sensorfusion.web.values.presentation import Presentation

HOURS: Final = 24  # of the line
MOST_OTHERS: Final = 4


@dataclass
class Tile:
    """A sensor as it was last told, and the means of its main number in the last hours, the present one last."""

    id: str
    name: str
    zone: ZoneInfo
    kind: str = ""
    primary: str = ""
    presentation: Presentation = field(default_factory=Presentation)
    state: State = "pending"
    observed_at: datetime | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    flags: Mapping[str, int] = field(default_factory=dict)
    hours: Sequence[float | None] = ()

    @classmethod
    def of(cls, told: Mapping[str, Any], zone: str) -> "Tile":
        """Make the tile of a sensor from its row of the API."""
        presentation = Presentation(settings=stored(told["quantities"]))
        return cls(told["id"], told["name"], ZoneInfo(zone), told["kind"], told["primary_quantity"], presentation)

    def take(self, latest: Latest) -> None:
        """Take over the newest values of the sensor."""
        self.state, self.observed_at = cast(State, latest.state), latest.observed_at
        self.values, self.flags = latest.values, latest.flags

    @property
    def shown(self) -> list[str]:
        """The quantities in their order, the main one first, without hidden ones and those of the device."""
        settings = self.presentation.settings
        names = [
            name
            for name in in_order(sorted(self.values), settings)
            if not self.presentation.settings_of(name).hidden and not is_of_the_device(name)
        ]
        main = self.primary if self.primary in names else primary_of(Kind(self.kind or kind_of(names)), names)
        return [main, *(name for name in names if name != main)] if main else names

    @property
    def main(self) -> str:
        return next(iter(self.shown), "")

    def headline(self, system: str) -> tuple[str, str]:
        """Return the main value, with a question mark if it is doubtful, and its unit; a dash if there is none."""
        return self._written(self.main, system) if self.main else ("–", "")

    def others(self, system: str) -> list[str]:
        """Return the next values, as `Humidity 57 %`."""
        found = self.shown[1 : 1 + MOST_OTHERS]
        return [" ".join([self.label(name), *filter(None, self._written(name, system))]) for name in found]

    def label(self, name: str) -> str:
        return self.presentation.looks(name).label

    def why(self, now: datetime) -> str:
        """Return why the values are not fresh, empty if they are."""
        return why_at(self.state, self.observed_at, now=now, zone=self.zone)

    def _written(self, name: str, system: str) -> tuple[str, str]:
        number, unit = self.presentation.display(name, system).parts(self.values[name])
        is_doubtful = self.flags.get(name) in (Flag.SUSPECT, Flag.BAD)
        return (f"{number}?" if is_doubtful else number), unit


def by_hour(times: Sequence[datetime], means: Sequence[float | None], *, now: datetime) -> list[float | None]:
    """Put the hourly means of a chart into the last hours, the present one last; hours without a row are gaps."""
    found: list[float | None] = [None] * HOURS
    for at, mean in zip(times, means, strict=True):
        place = HOURS - 1 - int((now - at) / timedelta(hours=1))
        if 0 <= place < HOURS:
            found[place] = mean
    return found
