"""Why a value has its flag: the limits and checks that it fails, with their numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sensorfusion.clients.python.sensorfusion_reader import Reading
from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quality import Flag, consistency_flags, range_flag
from sensorfusion.domain.quality_over_time import Checks, Observed, judge
from sensorfusion.domain.quantities import quantity

CLOCK: Final = "observed_at"  # the name of the flag of a wrong clock
_CONTRADICTIONS: Final = {
    "wind_gust": "the gust is below the mean wind of the same reading",
    "dew_point": "the dew point is above the temperature of the same reading",
    "temperature_min": "the lowest temperature is above the highest of the same reading",
    "temperature_max": "the highest temperature is below the lowest of the same reading",
}
_CHECKS: Final = ("step", "spike", "flat")
AROUND: Final = 1_000  # readings on either side that show the resolution of a sensor: 15 minutes of one a second


@dataclass(frozen=True, slots=True)
class Reasons:
    """`readings` are in order of time, with neighbours; `checks` are those in force now."""

    readings: Sequence[Reading]
    checks: Mapping[str, Checks]
    _failing: dict[str, dict[str, set[int]]] = field(default_factory=dict)

    def of(self, place: int, name: str) -> list[str]:
        """Return the reasons of the flag of a value, or that none holds any more."""
        reading = self.readings[place]
        if name == CLOCK:
            return [_clock(reading)]
        found = [*_limits(name, reading.values[name]), *_contradiction(name, reading), *self._over_time(place, name)]
        return found or ["no check in force now explains it: its neighbours or the checks have changed since"]

    def _over_time(self, place: int, name: str) -> Iterator[str]:
        if (checks := self.checks.get(name)) is None:
            return
        if name not in self._failing:
            self._failing[name] = _failing(self.readings, name, checks)
        for kind in _CHECKS:
            if place in self._failing[name][kind]:
                yield _explained(kind, checks)


def _failing(readings: Sequence[Reading], name: str, checks: Checks) -> dict[str, set[int]]:
    """Return the places of the readings that fail each check of a quantity."""
    places = [place for place, each in enumerate(readings) if is_number(each.values.get(name))]
    line = [Observed(readings[place].observed_at.timestamp(), readings[place].values) for place in places]
    alone = {kind: replace(Checks(), **{kind: getattr(checks, kind)}) for kind in _CHECKS}
    found = {kind: {n for n, flags in enumerate(judge(line, {name: alone[kind]})) if flags} for kind in _CHECKS}
    # A step is measured from the last value that is no spike.
    found["step"] -= {n for n in found["step"] if n - 1 in found["spike"] and not _steps(line, n, name, alone["step"])}
    return {kind: {places[n] for n in those} for kind, those in found.items()}


def _steps(line: Sequence[Observed], n: int, name: str, step: Checks) -> bool:
    """Return whether a value fails the check of steps without the one before it."""
    before = line[max(0, n - AROUND) : n - 1]
    return bool(judge([*before, *line[n : n + AROUND]], {name: step}, first=len(before), end=len(before) + 1)[0])


def _explained(kind: str, checks: Checks) -> str:
    if kind == "flat" and checks.flat:
        return f"flat line: it moved by less than {checks.flat.change:.12g} in {checks.flat.within_s / 3600:g} h"
    limits: Any = getattr(checks, kind)
    what = "step: it changed by more than" if kind == "step" else "spike: it differs from both neighbours by more than"
    per = " a minute" if kind == "step" else ""
    return f"{what} {limits.suspect:.12g} (suspect) or {limits.bad:.12g} (bad){per}"


def _limits(name: str, value: object) -> Iterator[str]:
    entry = quantity(name)
    if is_number(value) and range_flag(entry, float(value)) == Flag.BAD:
        yield f"implausible: outside {_end(entry.plausible_low)} to {_end(entry.plausible_high)} of the catalogue"


def _contradiction(name: str, reading: Reading) -> Iterator[str]:
    if name in consistency_flags(reading.values):
        yield f"contradiction: {_CONTRADICTIONS.get(name, 'it does not fit another value of the same reading')}"


def _clock(reading: Reading) -> str:
    if reading.observed_at > reading.received_at:
        return "dated after its arrival: the clock of the device is ahead, and the reading counts nowhere"
    return "the clock of the device was not set: the reading is stored at its arrival"


def _end(limit: float | None) -> str:
    return "any" if limit is None else f"{limit:.12g}"
