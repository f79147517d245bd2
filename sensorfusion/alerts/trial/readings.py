"""Readings of one quantity of a sensor: of many stretches at once, and the ends of what is the same for long."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import msgspec

from sensorfusion.alerts.evaluation.rules import StoredRow
from sensorfusion.alerts.trial.judge import SHORTEST_HOLD_S
from sensorfusion.domain.quality import Flag
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
_timely = partial(select, is_timely=True)
_STRETCHES: Final = f"""
SELECT found.* FROM unnest(%(starts)s::float8[], %(ends)s::float8[]) AS stretch (s, e) CROSS JOIN LATERAL (
    {_timely(_COLUMNS, since="to_timestamp(s)", before="to_timestamp(e)", where=COUNTS)} OFFSET 0
) AS found (at, value, flag) ORDER BY at
"""
_span = partial(_timely, since="to_timestamp(%(start)s)", before="to_timestamp(%(end)s)")
# A class is whatever makes no difference to a rule; a run of it ends where the next value may come too late. Only where
# runs begin is anything converted and sent: a year is half a million readings, and fewer steps for each are most of it.
_RUNS: Final = """
SELECT extract(epoch FROM at)::float8, value::text, flag::int, extract(epoch FROM before)::float8 FROM (
    SELECT at, value, flag, class, lag(at) OVER in_order AS before, lag(class) OVER in_order AS earlier
    FROM (SELECT at, value, flag, {is_class} AS class FROM ({readings}) AS r) AS classed
    WINDOW in_order AS (ORDER BY at)
) AS told
WHERE earlier IS DISTINCT FROM class OR before IS NULL OR at - before >= interval '{hold} s' ORDER BY at
"""
_VALUES: Final = _span(
    'r.observed_at AS at, r."values" -> %(name)s AS value, r.flags ->> %(name)s AS flag', where=COUNTS
)
_LAST: Final = _span(
    "extract(epoch FROM r.observed_at)::float8", where=COUNTS, then="ORDER BY r.observed_at DESC LIMIT 1"
)
_IS_BAD: Final = f"coalesce(flag = '{Flag.BAD:d}', false)"
OF_FLAGS: Final = f"coalesce(flag IN ('{Flag.SUSPECT:d}', '{Flag.BAD:d}'), false)"
OF_STATES: Final = f"CASE WHEN NOT {_IS_BAD} THEN value = %(expected)s::jsonb END"
OF_NUMBERS: Final = (
    f"CASE WHEN {_IS_BAD} THEN NULL WHEN jsonb_typeof(value) <> 'number' THEN -1"
    " ELSE width_bucket(value::float8, %(edges)s::float8[]) END"
)


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

    def runs(self, is_class: str, values: Mapping[str, Any]) -> Iterator[tuple[StoredRow, float]]:
        """Read the first of the readings in a row for which an expression of `value` and `flag` is one.

        With it comes the instant of the last one, which may be the same.
        """
        statement = _RUNS.format(hold=SHORTEST_HOLD_S, is_class=is_class, readings=_VALUES)
        found = {**self._values, "start": self.start, "end": self.end, **values}
        first: StoredRow | None = None
        for at, value, flag, before in fetch(statement, found):
            if first:
                yield first, before
            first = self._row(at, value, flag)
        if first:
            [(last_at,)] = fetch(_LAST, found)
            yield first, last_at

    def _row(self, at: float, value: str, flag: int | None) -> StoredRow:
        flags = {} if flag is None else {self.name: flag}
        return StoredRow(self.sensor, 0, at, at, {self.name: msgspec.json.decode(value)}, flags)
