"""The parameters of a query of one sensor's stored numbers, created from a request and passed on as a whole."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from sensorfusion.readings.rollups.days import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Quantities of a sensor in [start, end); days follow the calendar."""

    sensor: int
    quantities: tuple[str, ...]
    start: datetime
    end: datetime
    calendar: Calendar = field(default_factory=Calendar)

    def over(self, start: datetime, end: datetime) -> Self:
        """Return this question for another range."""
        return replace(self, start=start, end=end)

    def of(self, quantities: Iterable[str]) -> Self:
        """Return this question for other quantities."""
        return replace(self, quantities=tuple(quantities))
