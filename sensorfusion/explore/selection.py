"""What a page of Explore shows, as its address says it: series, span, comparison, view. Addresses are shareable.

An address of a moving span (`r=24h`) ends now; one of a fixed span has `from` and `to` in epoch seconds.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from sensorfusion.readings.rollups.buckets import instant
from sensorfusion.reports.charts.spans import RANGES, RangeName
from sensorfusion.web.values.numbers import plain

SERIES_MOST: Final = 8  # as many as there are colours that everybody can tell apart
ROLLING_H: Final = (0, 1, 6, 24, 168)  # lengths of the rolling mean; 0 is none
SHORTEST_S: Final = 60
LONGEST_S: Final = 50 * 366 * 86_400
LATEST_S: Final = 253_402_300_799  # the end of the year 9999

Choice = TypeVar("Choice", bound=StrEnum)


class Mode(StrEnum):
    TIME = "time"
    MULTIPLES = "multiples"
    SCATTER = "scatter"
    DISTRIBUTION = "distribution"
    TABLE = "table"


class Against(StrEnum):
    """What the first series is compared with: itself at another time, or the second series."""

    NOTHING = ""
    YESTERDAY = "yesterday"
    WEEK = "week"
    YEAR = "year"
    SECOND = "second"


class Operation(StrEnum):
    DIFFERENCE = "difference"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class SeriesName:
    """A quantity of a sensor; as text `<sensor>:<quantity>`."""

    sensor: UUID
    quantity: str

    def __str__(self) -> str:
        return f"{self.sensor}:{self.quantity}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """`fixed` is a span that does not move, in epoch seconds; `level` a number in the unit `level_in`."""

    series: tuple[SeriesName, ...] = ()
    range: RangeName = "24h"
    fixed: tuple[int, int] | None = None
    mode: Mode = Mode.TIME
    against: Against = Against.NOTHING
    operation: Operation = Operation.DIFFERENCE
    rolling_h: int = 0
    level: float | None = None
    level_in: str = ""

    @property
    def is_live(self) -> bool:
        return self.fixed is None

    @property
    def length_s(self) -> int:
        return int(RANGES[self.range].total_seconds()) if self.fixed is None else self.fixed[1] - self.fixed[0]

    def span(self, *, now: datetime) -> tuple[datetime, datetime]:
        """Return [start, end) at an instant."""
        if self.fixed is None:
            return now - RANGES[self.range], now
        return instant(self.fixed[0]), instant(self.fixed[1])

    def stepped(self, by: int, *, now: datetime) -> Self:
        """Return the span before or after this one; one that reaches the present is live again."""
        start, end = self.span(now=now)
        step = timedelta(seconds=self.length_s) * by
        if end + step >= now:
            return replace(self, fixed=None)
        return replace(self, fixed=(int((start + step).timestamp()), int((end + step).timestamp())))

    def with_(self, **changes: object) -> Self:
        return replace(self, **changes)  # type: ignore[arg-type]  # templates' links: the fields above

    @property
    def query(self) -> str:
        """The address's query, without what is as by default."""
        parts: list[tuple[str, str]] = [("s", str(name)) for name in self.series]
        if self.fixed is None:
            parts.append(("r", self.range))
        else:
            parts += zip(("from", "to"), map(str, self.fixed), strict=True)
        for key, value, default in (
            ("m", self.mode, Mode.TIME),
            ("c", self.against, Against.NOTHING),
            ("op", self.operation, Operation.DIFFERENCE),
            ("roll", str(self.rolling_h), "0"),
        ):
            parts += [(key, str(value))] if value != default else []
        if self.level is not None:
            parts += [("level", plain(self.level)), *([("unit", self.level_in)] if self.level_in else [])]
        return urlencode(parts)


def selection_of(query: QueryDict) -> Selection:
    """Read an address; parts that cannot be read are as by default."""
    return Selection(
        series=names_of(query.getlist("s")),
        range=next((name for name in RANGES if name == query.get("r")), "24h"),
        fixed=_fixed(query),
        mode=_one(Mode, query.get("m", ""), Mode.TIME),
        against=_one(Against, query.get("c", ""), Against.NOTHING),
        operation=_one(Operation, query.get("op", ""), Operation.DIFFERENCE),
        rolling_h=next((each for each in ROLLING_H if str(each) == query.get("roll")), 0),
        level=_number(query.get("level", "")),
        level_in=query.get("unit", "")[:16],
    )


def names_of(texts: Iterable[str]) -> tuple[SeriesName, ...]:
    """Read names of series, each once and at most `SERIES_MOST`; what is none is left out."""
    found = dict.fromkeys(name for text in texts if (name := name_of(text)))
    return tuple(found)[:SERIES_MOST]


def name_of(text: str) -> SeriesName | None:
    """Read `<sensor>:<quantity>`, None if it is not."""
    sensor, _, quantity = text.partition(":")
    try:
        return SeriesName(UUID(sensor), quantity) if 0 < len(quantity) <= 64 and "\0" not in quantity else None
    except ValueError:
        return None


def _one(kind: type[Choice], text: str, default: Choice) -> Choice:
    return next((each for each in kind if each == text), default)


def _fixed(query: QueryDict) -> tuple[int, int] | None:
    start, end = (_number(query.get(key, "")) for key in ("from", "to"))
    if start is None or end is None or not -LATEST_S < start < end < LATEST_S:
        return None
    return (int(start), int(end)) if SHORTEST_S <= end - start <= LONGEST_S and start > -62_000_000_000 else None


def _number(text: str) -> float | None:
    try:
        found = float(text.replace(",", ".").replace("\u2212", "-"))
    except ValueError:
        return None
    return found if math.isfinite(found) and abs(found) < 1e15 else None


def without(names: Sequence[SeriesName], name: SeriesName) -> tuple[SeriesName, ...]:
    """Return the names except one."""
    return tuple(each for each in names if each != name)
