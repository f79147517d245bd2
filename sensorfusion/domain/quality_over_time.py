"""Quality flags that need more than one reading: spikes, steps, stuck sensors.

The tests are those of QARTOD (IOOS manuals for real-time quality control): a spike differs from both its neighbours,
here by the smaller of the two differences; a step changes faster than the quantity can; a flat line does not change at
all. A step is measured from the last value that is not a spike, so that the value after a spike is not flagged for it.
A sensor that shows whole hPa shows no smaller step, so what its resolution can explain of a change is not held against
it. Nothing is dropped: a value that fails is flagged suspect, or bad if it fails by far.
"""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quality import Flag
from sensorfusion.domain.weather.wind import CALM

NEIGHBOUR_WITHIN_S: Final = 900.0  # neighbours further away than this are not compared for spikes
MINUTE_S: Final = 60.0
FLAT_LEAST: Final = 6  # least number of values of a flat line
FLAT_COVERED: Final = 0.8  # share of its span that they must cover
SATURATED: Final = 95.0  # % of humidity: fog keeps a sensor there for a day


@dataclass(frozen=True, slots=True)
class Limits:
    """Above the first a value is suspect, above the second bad; in the quantity's unit."""

    suspect: float
    bad: float

    def flag(self, deviation: float) -> Flag:
        if deviation > self.bad:
            return Flag.BAD
        return Flag.SUSPECT if deviation > self.suspect else Flag.GOOD


@dataclass(frozen=True, slots=True)
class Flat:
    """A quantity that moves by less than `change` within this many seconds is stuck."""

    change: float
    within_s: float = 43_200.0


@dataclass(frozen=True, slots=True)
class Checks:
    """The tests of one quantity; `step` is per minute."""

    step: Limits | None = None
    spike: Limits | None = None
    flat: Flat | None = None


class Observed(NamedTuple):
    """One reading: `at` in epoch seconds."""

    at: float
    values: Mapping[str, object]


# Steps: MADIS temporal consistency (35 °F in an hour for air temperature) and WMO-No. 8, part III, chapter 1, annex on
# the quality control of automatic stations. The flat lines are longer than the 60 minutes given there: at three
# airports that report each hour to 1 °F up to 1 % of correct values look flat for 6 hours, and 0.1 % for 12.
_AIR: Final = Checks(Limits(3.0, 5.0), Limits(3.0, 5.0), Flat(0.1))
_WIND: Final = Checks(Limits(10.0, 20.0), None, Flat(0.5))
_PRESSURE: Final = Checks(Limits(0.5, 2.0), Limits(1.0, 2.0), Flat(0.1))
DEFAULTS: Final[Mapping[str, Checks]] = MappingProxyType(
    {
        "temperature": _AIR,
        "dew_point": _AIR,
        "indoor_temperature": Checks(Limits(3.0, 5.0), Limits(3.0, 5.0)),
        "humidity": Checks(Limits(10.0, 15.0), Limits(15.0, 30.0), Flat(1.0)),
        "pressure": _PRESSURE,
        "sea_level_pressure": _PRESSURE,
        "wind_speed": _WIND,
        "wind_gust": Checks(Limits(20.0, 40.0), None, Flat(0.5)),
        "wind_direction": Checks(None, None, Flat(10.0)),
        "solar_radiation": Checks(Limits(800.0, 1000.0), None, None),
    }
)

# The coarsest steps in which sensors show a quantity, in its unit: whole °F, %, mmHg and knots.
COARSEST: Final[Mapping[str, float]] = MappingProxyType(
    {
        **dict.fromkeys(("temperature", "dew_point", "indoor_temperature"), 0.56),
        "humidity": 1.0,
        **dict.fromkeys(("pressure", "sea_level_pressure"), 1.34),
        **dict.fromkeys(("wind_speed", "wind_gust"), 0.52),
    }
)
SHOWS_STEPS: Final = 4  # least number of values that say something about the resolution
_NO_STEP: Final = 1e-6  # a smaller difference is noise of the conversion between units


def longest_flat_s(tests: Mapping[str, Checks]) -> float:
    """Return the longest time before a reading that the tests need."""
    return max((test.flat.within_s for test in tests.values() if test.flat), default=0.0)


def judge(
    readings: Sequence[Observed], tests: Mapping[str, Checks], *, first: int = 0, end: int | None = None
) -> list[dict[str, Flag]]:
    """Return the flags other than good of the readings [first, end), by quantity; the others serve as neighbours.

    Readings are in order of time. Values that are not numbers are not tested.
    """
    end = len(readings) if end is None else end
    flags: list[dict[str, Flag]] = [{} for _ in range(first, end)]
    for name, test in tests.items():
        line = _Line.of(name, readings, test)
        for place in range(line.place_of(first), line.place_of(end)):
            if (flag := line.flag(place)) != Flag.GOOD:
                flags[line.index[place] - first][name] = flag
    return flags


@dataclass(frozen=True, slots=True)
class _Line:
    """The numbers of one quantity.

    `index` maps each number to its reading; `still_since` maps each to the first number from which on there was no
    visible change; `coarsest` is the largest step that the resolution of a sensor may explain.
    """

    test: Checks
    coarsest: float
    index: list[int]
    at: list[float]
    value: list[float]
    still_since: list[int]

    @classmethod
    def of(cls, name: str, readings: Sequence[Observed], test: Checks) -> "_Line":
        places = [place for place, reading in enumerate(readings) if is_number(reading.values.get(name))]
        values = [float(readings[place].values[name]) for place in places]  # type: ignore[arg-type]  # numbers by now
        moves = [_would_move(name, value, readings[place].values) for place, value in zip(places, values, strict=True)]
        still_since = _still_since(values, moves, test.flat.change) if test.flat else []
        at = [readings[place].at for place in places]
        return cls(test, COARSEST.get(name, 0.0), places, at, values, still_since)

    def place_of(self, reading: int) -> int:
        """Return the index of the first number that belongs to this reading or a later one."""
        return bisect_left(self.index, reading)

    def flag(self, place: int) -> Flag:
        return max(self._spike(place), self._step(place), self._flat(place))

    def _spike(self, place: int) -> Flag:
        limits = self.test.spike
        if limits is None or not 0 < place < len(self.at) - 1:
            return Flag.GOOD
        before, here, after = self.at[place - 1 : place + 2]
        if here - before > NEIGHBOUR_WITHIN_S or after - here > NEIGHBOUR_WITHIN_S:
            return Flag.GOOD
        left, value, right = self.value[place - 1 : place + 2]
        if (value - left) * (value - right) <= 0:  # between its neighbours: on a slope
            return Flag.GOOD
        return self._judged(limits, min(abs(value - left), abs(value - right)), place)

    def _step(self, place: int) -> Flag:
        before = place - 1
        if self.test.step is None or before < 0:
            return Flag.GOOD
        if before > 0 and self._spike(before) != Flag.GOOD:
            before -= 1
        minutes = max((self.at[place] - self.at[before]) / MINUTE_S, 1.0)
        return self._judged(self.test.step, abs(self.value[place] - self.value[before]), place, minutes)

    def _judged(self, limits: Limits, change: float, place: int, minutes: float = 1.0) -> Flag:
        """Return the flag of a change; of one beyond the limits, after taking off what the resolution explains."""
        if limits.flag(change / minutes) == Flag.GOOD:
            return Flag.GOOD
        return limits.flag((change - self._resolution(place)) / minutes)

    def _resolution(self, place: int) -> float:
        """Return the smallest step that the sensor shows around a value: two equal readings may differ by it."""
        first = bisect_left(self.at, self.at[place] - NEIGHBOUR_WITHIN_S)
        end = bisect_right(self.at, self.at[place] + NEIGHBOUR_WITHIN_S)
        if end - first < SHOWS_STEPS:
            return 0.0
        steps = (abs(after - before) for before, after in pairwise(self.value[first:end]))
        return min(self.coarsest, min((step for step in steps if step > _NO_STEP), default=0.0))

    def _flat(self, place: int) -> Flag:
        flat = self.test.flat
        if flat is None:
            return Flag.GOOD
        first = bisect_left(self.at, self.at[place] - flat.within_s)
        if self.at[place] - self.at[first] < FLAT_COVERED * flat.within_s or place - first + 1 < FLAT_LEAST:
            return Flag.GOOD
        return Flag.SUSPECT if self.still_since[place] <= first else Flag.GOOD


def _still_since(values: Sequence[float], moves: Sequence[bool], change: float) -> list[int]:
    """Return for each value the first index from which all up to it differ by less than `change`; else the next one.

    Linear in the number of values: of those since then only the indices of increasing lows and decreasing highs are
    kept, with the lowest and the highest in front.
    """
    lows: deque[int] = deque()
    highs: deque[int] = deque()
    since, found = 0, []
    for place, value in enumerate(values):
        if not moves[place]:
            since = place + 1
            lows.clear()
            highs.clear()
            found.append(since)
            continue
        while lows and values[lows[-1]] >= value:
            lows.pop()
        while highs and values[highs[-1]] <= value:
            highs.pop()
        lows.append(place)
        highs.append(place)
        while values[highs[0]] - values[lows[0]] >= change:
            since = 1 + (highs if highs[0] < lows[0] else lows).popleft()
        found.append(since)
    return found


def _would_move(name: str, value: float, values: Mapping[str, object]) -> bool:
    """Return whether a working sensor would show some change: not in a calm, not in fog."""
    if name == "wind_direction":
        speed = values.get("wind_speed")
        return isinstance(speed, int | float) and speed > CALM
    if name in ("wind_speed", "wind_gust"):
        return value >= CALM
    return not (name == "humidity" and value >= SATURATED)
