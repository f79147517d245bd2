"""Finds rows of one file that name the same instant and have different values, of which only one could be stored.

What is stored of an instant is merged: a later row would take the place of an earlier one without a word. The checks
compare the rows of one batch; this compares those of the whole file, and the first rows of a file one by one. The rows
of two batches are at hand with their values, those before only as hashes of them.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sensorfusion.domain.normalise import Value
from sensorfusion.domain.repeated import is_other
from sensorfusion.ingest.files.conflicts.older_instants import Entry, OlderInstants
from sensorfusion.ingest.files.rows import Line
from sensorfusion.ingest.steps.batch import Draft
from sensorfusion.ingest.steps.checking import check

CODE: Final = "conflict"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_MANY: Final = 0.1  # of the rows: then the time is not read from the right columns


class _Seen(NamedTuple):
    line: int
    values: dict[str, Value]


class SharedInstants:
    """The instants of a file: of its last two batches with their values, of those before with hashes."""

    def __init__(self) -> None:
        self._last: dict[tuple[int, datetime], _Seen] = {}
        self._this: dict[tuple[int, datetime], _Seen] = {}
        self._older: dict[int, OlderInstants] = {}
        self.count = 0  # different instants

    def next_batch(self) -> None:
        by_sensor: dict[int, list[Entry]] = {}
        for (sensor, at), seen in self._last.items():
            by_sensor.setdefault(sensor, []).append(Entry(_microseconds(at), seen.line, seen.values))
        for sensor, entries in by_sensor.items():
            self._older.setdefault(sensor, OlderInstants()).add(entries)
        self._last, self._this = self._this, {}

    def problem(self, sensor: int, draft: Draft, line: int) -> str:
        """Return why a reading cannot be stored beside an earlier one, or "" and remember it."""
        key = (sensor, draft.observed_at)
        seen = self._this.get(key) or self._last.get(key)
        problem = (_clash(seen, draft) if seen else "") or self._clash_with_older(sensor, draft)
        if not problem:
            self.count += seen is None and not self._is_older(key)
            self._this[key] = _Seen(seen.line, {**seen.values, **draft.values}) if seen else _Seen(line, draft.values)
        return problem

    def _clash_with_older(self, sensor: int, draft: Draft) -> str:
        older = self._older.get(sensor)
        found = older.other_line(_microseconds(draft.observed_at), draft.values) if older else None
        if found is None:
            return ""
        name, line = found
        return f"{name} is {draft.values[name]} here and another at line {line}, {_same(draft)}"

    def _is_older(self, key: tuple[int, datetime]) -> bool:
        older = self._older.get(key[0])
        return older is not None and older.has(_microseconds(key[1]))


def _clash(seen: _Seen, draft: Draft) -> str:
    for name, value in draft.values.items():
        if name in seen.values and is_other(seen.values[name], value):
            return f"{name} is {value} here and {seen.values[name]} at line {seen.line}, {_same(draft)}"
    return ""


def _same(draft: Draft) -> str:
    return f"of the same instant {draft.observed_at:%Y-%m-%dT%H:%M:%SZ}"


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


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
