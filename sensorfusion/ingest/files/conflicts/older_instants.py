"""Remembers the instants of a whole file and what their values were, in 16 bytes a row and 4 for each value.

Sorted runs of numbers are kept instead of objects: the instant, the line, and a hash of the value of each quantity. A
file in order of time has one run, which grows at an end, and none of its rows is sought. Rows out of order are sought
in a few runs, since runs of similar length are merged.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sensorfusion.domain.normalise import Value

_NOTHING: Final = -1  # of a quantity without a value; no hash is negative
_BITS: Final = 2**31 - 1  # of a hash: two of a thousand million different values are taken for one


class Entry(NamedTuple):
    at: int  # in microseconds
    line: int
    values: Mapping[str, Value]


@dataclass(slots=True)
class _Run:
    at: "array[int]" = field(default_factory=lambda: array("q"))
    line: "array[int]" = field(default_factory=lambda: array("q"))
    hashes: "dict[str, array[int]]" = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "_Run":
        run = cls()
        for at, line, values in sorted(entries, key=lambda entry: entry.at):
            for name, value in values.items():
                if name not in run.hashes:
                    run.hashes[name] = _nothing(len(run.at))
                run.hashes[name].append(_hash(value))
            run.at.append(at)
            run.line.append(line)
            for column in run.hashes.values():
                if len(column) < len(run.at):
                    column.append(_NOTHING)
        return run

    def found(self, at: int) -> Iterator[int]:
        place = bisect_left(self.at, at)
        while place < len(self.at) and self.at[place] == at:
            yield place
            place += 1

    def then(self, other: "_Run") -> "_Run":
        """Return this run, extended by another, in order of time."""
        is_in_order = self.at[-1] <= other.at[0]
        for name in self.hashes | other.hashes:
            column = self.hashes.setdefault(name, _nothing(len(self.at)))
            column.extend(other.hashes.get(name) or _nothing(len(other.at)))
        self.at.extend(other.at)
        self.line.extend(other.line)
        return self if is_in_order else self._sorted()

    def _sorted(self) -> "_Run":
        order = sorted(range(len(self.at)), key=self.at.__getitem__)
        columns = {name: _ordered(column, order) for name, column in self.hashes.items()}
        return _Run(_ordered(self.at, order), _ordered(self.line, order), columns)


class OlderInstants:
    """The instants of one sensor's rows."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []

    def add(self, entries: Iterable[Entry]) -> None:
        run = _Run.of(entries)
        if not run.at:
            return
        self._runs.append(run)
        while len(self._runs) > 1 and self._are_to_merge(*self._runs[-2:]):
            other, last = self._runs.pop(-2), self._runs.pop()
            self._runs.append(last.then(other) if last.at[-1] < other.at[0] else other.then(last))

    def other_line(self, at: int, values: Mapping[str, Value]) -> tuple[str, int] | None:
        """Return a quantity that has another value at this instant, and its line; None if there is none."""
        for run in self._runs:
            if run.at[0] <= at <= run.at[-1]:
                for place in run.found(at):
                    for name, value in values.items():
                        known = run.hashes[name][place] if name in run.hashes else _NOTHING
                        if known not in (_NOTHING, _hash(value)):
                            return name, run.line[place]
        return None

    def has(self, at: int) -> bool:
        return any(run.at[0] <= at <= run.at[-1] and any(True for _ in run.found(at)) for run in self._runs)

    @staticmethod
    def _are_to_merge(before: _Run, after: _Run) -> bool:
        is_apart = before.at[-1] < after.at[0] or after.at[-1] < before.at[0]
        return is_apart or len(before.at) <= 2 * len(after.at)


def _hash(value: Value) -> int:
    """Hash a value so that true and 1 differ, and 60 and 60.0 do not."""
    return hash((isinstance(value, bool), value)) & _BITS  # hashes of numbers by themselves differ in high bits only


def _nothing(length: int) -> "array[int]":
    return array("i", [_NOTHING]) * length


def _ordered(column: "array[int]", order: Iterable[int]) -> "array[int]":
    return array(column.typecode, [column[place] for place in order])
