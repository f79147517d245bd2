"""What a chart draws: its marks are on one scale, and by that scale its path goes through the numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SIDE: Final = 1000.0  # of the box that a path is in
WRITTEN: Final = 1e-3  # share of a side by which a coordinate, without decimals, and a mark may be off
MARK: Final = re.compile(r"(−?)([\d.]+)\D* at ([\d.]+)%")
POINT: Final = re.compile(r"[ML](-?[\d.]+) (-?[\d.]+)")
BAR: Final = re.compile(r"M(-?[\d.]+) [\d.]+V(-?[\d.]+)H")


@dataclass(frozen=True)
class Drawn:
    """Contains the texts of drawings that show these points (epoch seconds and values) between two instants."""

    points: tuple[tuple[float, float], ...]
    start: float
    end: float
    is_bars: bool = False  # of which one of nothing is not drawn

    def __contains__(self, drawing: object) -> bool:
        assert isinstance(drawing, str)
        marks, _, path = drawing.partition("; ")
        return self._is_drawn(_marks(marks), path)

    def __iter__(self) -> "Sequence[str]":
        return iter([f"{len(self.points)} points such as {self.points[-2:]}"])  # type: ignore[return-value]

    def _is_drawn(self, marks: Sequence[tuple[float, float]], path: str) -> bool:
        inside = [point for point in self.points if self.start <= point[0] <= self.end]
        if len(marks) < 2:
            return not inside
        (one, low), (other, high) = marks[0], marks[-1]
        per_place = (other - one) / (high - low)
        slack = abs(per_place) * WRITTEN * 100
        if any(abs(one + (place - low) * per_place - value) > slack for value, place in marks):
            return False
        found = (BAR if self.is_bars else POINT).findall(path)
        wanted = [point for point in inside if point[1] or not self.is_bars]
        if len(found) != len(wanted):
            return False
        return all(
            abs(self._at(float(x)) - at) <= (self.end - self.start) * WRITTEN
            and abs(one + (float(y) / SIDE * 100 - low) * per_place - value) <= slack
            for (x, y), (at, value) in zip(found, wanted, strict=True)
        )

    def _at(self, x: float) -> float:
        return self.start + x / SIDE * (self.end - self.start)


def _marks(text: str) -> list[tuple[float, float]]:
    return [(float(value) * (-1 if sign else 1), float(place)) for sign, value, place in MARK.findall(text)]
