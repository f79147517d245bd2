"""The parameters of a chart query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sensorfusion.domain.quantities import quantity
from sensorfusion.domain.weather.derivation import Place
from sensorfusion.readings.rollups.question import Question

Resolution = Literal["raw", "5m", "1h", "1d"]
Derived = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartQuestion(Question):
    """A question whose answer has at most `points` rows.

    `resolution`: the only one to use; None for the finest that fits. `derived`: the quantities to derive, with their
    inputs; `joined`: stored ones that are derived for the time before. `place`: the sensor's location, which some of
    them depend on. `is_rounded` is False where other figures are computed from the answer.
    """

    points: int
    resolution: Resolution | None = None
    derived: Derived = field(default_factory=dict)
    joined: Derived = field(default_factory=dict)
    place: Place = field(default_factory=Place)
    is_rounded: bool = True

    @property
    def own(self) -> list[str]:
        """The requested quantities that are stored."""
        return [name for name in self.quantities if name not in self.derived]

    @property
    def has_counters(self) -> bool:
        return any(quantity(name).combine == "counter" for name in self.own)

    @property
    def stored(self) -> "ChartQuestion":
        """The question for the quantities to read: the stored ones and the inputs of derived ones."""
        inputs = [name for names in (*self.derived.values(), *self.joined.values()) for name in names]
        return self.of(dict.fromkeys([*self.own, *inputs]))
