"""Finds rows of one file that name the same instant and have different values, of which only one could be stored.

What is stored of an instant is merged: a later row would take the place of an earlier one without a word. The checks
compare the rows of one batch; this compares those of the batch before too, and the first rows of a file one by one.
Rows that share an instant stand near one another, so rows further apart are not compared.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from sensorfusion.domain.normalise import Value
from sensorfusion.domain.repeated import is_other
from sensorfusion.ingest.files.rows import Line
from sensorfusion.ingest.steps.batch import Draft
from sensorfusion.ingest.steps.checking import check

CODE: Final = "conflict"
_MANY: Final = 0.1  # of the rows: then the time is not read from the right columns


class _Seen(NamedTuple):
    line: int
    values: dict[str, Value]


class SharedInstants:
    """The instants of the last two batches, with their values."""

    def __init__(self) -> None:
        self._last: dict[tuple[int, datetime], _Seen] = {}
        self._this: dict[tuple[int, datetime], _Seen] = {}
        self.count = 0  # different instants

    def next_batch(self) -> None:
        self._last, self._this = self._this, {}

    def problem(self, sensor: int, draft: Draft, line: int) -> str:
        """Return why a reading cannot be stored beside an earlier one, or "" and remember it."""
        key = (sensor, draft.observed_at)
        seen = self._this.get(key) or self._last.get(key)
        if seen is None:
            self._this[key] = _Seen(line, draft.values)
            self.count += 1
            return ""
        for name, value in draft.values.items():
            if name in seen.values and is_other(seen.values[name], value):
                at = f"{draft.observed_at:%Y-%m-%dT%H:%M:%SZ}"
                return f"{name} is {value} here and {seen.values[name]} at line {seen.line}, of the same instant {at}"
        self._this[key] = _Seen(seen.line, {**seen.values, **draft.values})
        return ""


def clash_in(lines: Iterable[Line], *, now: datetime) -> str:
    """Return what is wrong if many of a file's first rows share an instant, or ""."""
    seen = SharedInstants()
    sensors: dict[str, int] = {}
    shared, first, rows = 0, "", 0
    for line in lines:
        rows += 1
        for draft in check([line.sent], received_at=now, is_import=True).drafts:
            sensor = sensors.setdefault(line.sensor, len(sensors))
            if problem := seen.problem(sensor, draft, line.number):
                shared += 1
                first = first or f"line {line.number}: {problem}"
    if shared <= _MANY * rows:
        return ""
    instants = "1 instant" if seen.count == 1 else f"{seen.count:,} instants"
    return f"The first {rows:,} rows have {instants}, and {shared:,} have other values than a row before ({first})."
