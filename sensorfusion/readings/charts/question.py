"""What is asked of the columns of a chart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sensorfusion.domain.derivation import Place
from sensorfusion.readings.rollups.question import Question

Resolution = Literal["raw", "5m", "1h", "1d"]
Derived = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartQuestion(Question):
    """A question with an answer of at most `points` rows.

    `resolution`: this one and no other; the finest that fits when left out. `derived`: those of the quantities that are
    worked out, with what from; `place` is where the sensor stands, which some of them depend on.
    """

    points: int
    resolution: Resolution | None = None
    derived: Derived = field(default_factory=dict)
    place: Place = field(default_factory=Place)

    @property
    def own(self) -> list[str]:
        """The quantities asked for that are stored."""
        return [name for name in self.quantities if name not in self.derived]

    @property
    def stored(self) -> "ChartQuestion":
        """Ask for what has to be read: the stored quantities, and those that others are worked out from."""
        inputs = [name for names in self.derived.values() for name in names]
        return self.of(dict.fromkeys([*self.own, *inputs]))
