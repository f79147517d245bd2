"""What is asked of one sensor's stored numbers; made where a request comes in, and passed on whole."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from sensorfusion.readings.rollups.days import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Quantities of a sensor over [start, end); days are those of the calendar."""

    sensor: int
    quantities: tuple[str, ...]
    start: datetime
    end: datetime
    calendar: Calendar = field(default_factory=Calendar)

    def over(self, start: datetime, end: datetime) -> Self:
        """Ask the same of another stretch of time."""
        return replace(self, start=start, end=end)

    def of(self, quantities: Iterable[str]) -> Self:
        """Ask the same of other quantities."""
        return replace(self, quantities=tuple(quantities))
