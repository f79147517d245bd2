"""Readings of one quantity of a sensor: of many stretches at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from sensorfusion.alerts.evaluation.rules import StoredRow
from sensorfusion.events.prepared import fetch
from sensorfusion.readings.stored.excluded import COUNTS
from sensorfusion.readings.stored.selection import select

Stretch = tuple[float, float]


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Join stretches, in order of their starts, that touch or overlap."""
    found: list[Stretch] = []
    for start, end in stretches:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


_COLUMNS: Final = (
    'extract(epoch FROM r.observed_at)::float8, (r."values" -> %(name)s)::text, (r.flags ->> %(name)s)::int'
)
_READ: Final = select(_COLUMNS, since="to_timestamp(s)", before="to_timestamp(e)", is_timely=True, where=COUNTS)
_STRETCHES: Final = f"""
SELECT found.* FROM unnest(%(starts)s::float8[], %(ends)s::float8[]) AS stretch (s, e) CROSS JOIN LATERAL (
    {_READ} OFFSET 0
) AS found (at, value, flag) ORDER BY at
"""


@dataclass(frozen=True, slots=True)
class History:
    """The readings of a sensor in [start, end) that have a quantity; excluded values are left out."""

    sensor: int
    name: str
    start: float
    end: float

    @property
    def _values(self) -> dict[str, Any]:
        return {"sensor": self.sensor, "name": self.name}

    def stretches(self, stretches: Sequence[Stretch]) -> Iterator[StoredRow]:
        """Read what was observed in stretches, which do not overlap."""
        starts, ends = ([each[edge] for each in stretches] for edge in (0, 1))
        for at, value, flag in fetch(_STRETCHES, {**self._values, "starts": starts, "ends": ends}):
            yield self._row(at, value, flag)

    def _row(self, at: float, value: str, flag: int | None) -> StoredRow:
        flags = {} if flag is None else {self.name: flag}
        return StoredRow(self.sensor, 0, at, at, {self.name: msgspec.json.decode(value)}, flags)
