"""Adds to readings what rules of their sensor watch and it does not send: derived quantities, and differences of two.

A value is derived when one of its inputs comes, from the newest good values of the others, as on the sensor's page:
stations that send each value by itself have a dew point, too. None of them is older than half an hour. What the sensor
sends itself is not derived.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sensorfusion.alerts.evaluation.rules import StoredRow
from sensorfusion.domain.alert_rules.pairs import Pair
from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.weather.derivation import AT_ONCE, RECIPES, Place, derivable, derive_these
from sensorfusion.readings.queries import BELONGS_TOGETHER_S

Sources = dict[str, frozenset[str]]  # the inputs of each value


def inputs_of(name: str) -> list[str]:
    """Return all quantities on which a value may depend."""
    found = set(Pair.of(name) or (name,))
    for each in AT_ONCE & found:
        found |= {*(one for names in RECIPES[each].needs for one in names), *RECIPES[each].takes}
    return sorted(found)


class Deriver:
    """Derives values of one sensor from its readings, in the order of their observation."""

    def __init__(self, names: Collection[str], place: Place) -> None:
        self.names, self.place = frozenset(names), place
        self.pairs = {pair.name: pair for name in names if (pair := Pair.of(name))}
        self.last_at = float("-inf")
        self._inputs = frozenset(each for name in self.names for each in inputs_of(name))
        self._newest: dict[str, tuple[float, float]] = {}
        self._sources_of: dict[frozenset[str], Sources] = {}  # by what is there

    def again(self) -> "Deriver":
        """Return one that has seen nothing yet."""
        return Deriver(self.names, self.place)

    def forget(self) -> None:
        """Let it have seen nothing."""
        self.last_at = float("-inf")
        self._newest.clear()

    def completed(self, rows: Iterable[StoredRow]) -> list[StoredRow]:
        """Return the readings with what is derived by each."""
        return [self._completed(row) for row in rows]

    def of_state(
        self, values: Mapping[str, Any], flags: Mapping[str, int], older: Mapping[str, float], at: float
    ) -> dict[str, tuple[float, float]]:
        """Derive from the newest values of the sensor; return each value with the instant of its newest input.

        :param older: the instants of those values that are older than the newest reading, which is of `at`.
        """
        near = {
            name: float(value)
            for name, value in values.items()
            if name in self._inputs
            and is_number(value)
            and flags.get(name) != Flag.BAD
            and older.get(name, at) >= at - BELONGS_TOGETHER_S
        }
        sources = self._sources(near)
        found = self._derived(near, at, sources)
        return {name: (value, max(older.get(each, at) for each in sources[name])) for name, value in found.items()}

    def _completed(self, row: StoredRow) -> StoredRow:
        come = {
            name: float(value)
            for name, value in row.values.items()
            if name in self._inputs and is_number(value) and row.flags.get(name) != Flag.BAD
        }
        self.last_at = max(self.last_at, row.at)
        for name, value in come.items():
            if row.at >= self._newest.get(name, (row.at, 0.0))[0]:
                self._newest[name] = (row.at, value)
        first = row.at - BELONGS_TOGETHER_S
        near = {name: value for name, (at, value) in self._newest.items() if first <= at <= row.at} | come
        sources = self._sources(near)
        wanted = [
            name for name, each in sources.items() if name not in row.values and not each.isdisjoint(come)
        ]  # fmt: skip
        found = self._derived(near, row.at, wanted) if wanted else {}
        return row._replace(values={**row.values, **found}) if found else row

    def _sources(self, near: Mapping[str, float]) -> Sources:
        """Return what can be derived now, and of which values."""
        there = frozenset(near)
        if there not in self._sources_of:
            inputs = {name: each for name, each in derivable(there, self.place).items() if name in AT_ONCE}
            found = {name: frozenset(inputs[name]) for name in self.names if name in inputs}
            for name, pair in self.pairs.items():
                both = [frozenset([each]) if each in there else frozenset(inputs.get(each, ())) for each in pair]
                if all(both):
                    found[name] = both[0] | both[1]
            self._sources_of[there] = found
        return self._sources_of[there]

    def _derived(self, near: Mapping[str, float], at: float, wanted: Collection[str]) -> dict[str, float]:
        pairs = [self.pairs[name] for name in wanted if name in self.pairs]
        names = {each for pair in pairs for each in pair if each not in near}
        names.update(name for name in wanted if name not in self.pairs)
        found = derive_these(names, near, at, self.place) if names else {}
        known = {**near, **found}
        result = {name: found[name] for name in wanted if name in found}
        for pair in pairs:
            if pair.first in known and pair.second in known:
                result[pair.name] = pair.difference(known[pair.first], known[pair.second])
        return result


def deriver(wanted: Collection[str], sent: Mapping[str, object], place: Place) -> Deriver | None:
    """Return what derives the wanted values of a sensor that sends these; None if there are none."""
    numbers = {name for name, value in sent.items() if is_number(value)}
    derived = (AT_ONCE & derivable(numbers, place).keys()) - sent.keys()
    known = numbers | derived
    names = {name for name in wanted if name in derived or ((pair := Pair.of(name)) and known.issuperset(pair))}
    return Deriver(names, place) if names else None
