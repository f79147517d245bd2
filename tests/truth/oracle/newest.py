"""The newest values of a sensor: of each quantity the last one that was observed, with its flag and its time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.truth.oracle import weather
from tests.truth.oracle.stored import BAD, Excluded, Reading

TOGETHER_S: Final = 1800.0  # docs/readings.md: values older than this are not combined with newer ones


@dataclass
class Newest:
    """`at`: when the newest reading that shows anything was observed; `times`: when each value was."""

    at: float | None = None
    values: dict[str, Any] = field(default_factory=dict)
    times: dict[str, float] = field(default_factory=dict)
    flags: dict[str, int] = field(default_factory=dict)

    @property
    def older(self) -> dict[str, float]:
        return {name: at for name, at in self.times.items() if at != self.at}


def newest(readings: Sequence[Reading], excluded: Sequence[Excluded] = ()) -> Newest:
    """Return the newest values; a reading whose clock was ahead shows none of its own."""
    found = Newest()
    for reading in readings:
        shown = {} if reading.is_ahead else _shown(reading, excluded)
        for name, value in shown.items():
            found.at = reading.at
            found.values[name], found.times[name] = value, reading.at
            found.flags.pop(name, None)
            if name in reading.flags:
                found.flags[name] = reading.flags[name]
    return found


def _shown(reading: Reading, excluded: Sequence[Excluded]) -> dict[str, Any]:
    return {
        name: value
        for name, value in reading.values.items()
        if not any(each.covers(reading.at, name) for each in excluded)
    }


def derived_now(found: Newest, elevation_m: float) -> dict[str, float]:
    """Return what the newest values are enough for: good ones, and none much older than the newest reading."""
    fresh = {
        name: float(value)
        for name, value in found.values.items()
        if found.at is not None and found.times[name] >= found.at - TOGETHER_S and found.flags.get(name) != BAD
    }
    names = [*weather.FORMULAS, "sea_level_pressure"]
    told = {name: weather.at_once(name, fresh, elevation_m) for name in names if name not in found.values}
    return {name: value for name, value in told.items() if value is not None}
