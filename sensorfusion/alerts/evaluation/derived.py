"""Adds to readings the derived quantities, such as the dew point, that rules of their sensor watch.

A quantity is derived when one of its inputs comes, from the newest good values of the others, as on the sensor's page:
stations that send each value by itself have a dew point, too. What the sensor sends itself is not derived.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sensorfusion.alerts.evaluation.rules import StoredRow
from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.weather.derivation import AT_ONCE, Place, derivable, derive_now
from sensorfusion.readings.queries import BELONGS_TOGETHER_S


class Deriver:
    """Derives quantities of one sensor from its readings, in the order of their observation."""

    def __init__(self, names: Collection[str], place: Place) -> None:
        self.names, self.place = frozenset(names), place
        self._newest: dict[str, tuple[float, float]] = {}

    def again(self) -> "Deriver":
        """Return one that has seen nothing yet."""
        return Deriver(self.names, self.place)

    def completed(self, rows: Iterable[StoredRow]) -> list[StoredRow]:
        """Return the readings with what is derived by each."""
        return [self._completed(row) for row in rows]

    def of_state(
        self, values: Mapping[str, Any], flags: Mapping[str, int], older: Mapping[str, float], at: float
    ) -> dict[str, tuple[float, float]]:
        """Derive from the newest values of the sensor; return each quantity with the instant of its newest input.

        :param older: the instants of those values that are older than the newest reading, which is of `at`.
        """
        near = {
            name: float(value)
            for name, value in values.items()
            if is_number(value) and flags.get(name) != Flag.BAD and older.get(name, at) >= at - BELONGS_TOGETHER_S
        }
        inputs = derivable(near, self.place)
        found = derive_now(near, datetime.fromtimestamp(at, UTC), self.place, names=self.names)
        return {name: (value, max(older.get(each, at) for each in inputs[name])) for name, value in found.items()}

    def _completed(self, row: StoredRow) -> StoredRow:
        come = {name: float(value) for name, value in row.values.items() if self._counts(row, name, value)}
        for name, value in come.items():
            if row.at >= self._newest.get(name, (row.at, 0.0))[0]:
                self._newest[name] = (row.at, value)
        first = row.at - BELONGS_TOGETHER_S
        near = {name: value for name, (at, value) in self._newest.items() if first <= at <= row.at} | come
        inputs = derivable(near, self.place)
        names = [name for name in self.names - row.values.keys() if come.keys() & set(inputs.get(name, ()))]
        if not names:
            return row
        found = derive_now(near, datetime.fromtimestamp(row.at, UTC), self.place, names=names)
        return row._replace(values={**row.values, **found})

    @staticmethod
    def _counts(row: StoredRow, name: str, value: object) -> bool:
        return is_number(value) and row.flags.get(name) != Flag.BAD


def deriver(wanted: Collection[str], sent: Mapping[str, object], place: Place) -> Deriver | None:
    """Return what derives the wanted quantities of a sensor that sends these; None if there are none."""
    numbers = [name for name, value in sent.items() if is_number(value)]
    names = (AT_ONCE & set(wanted) & derivable(numbers, place).keys()) - sent.keys()
    return Deriver(names, place) if names else None
