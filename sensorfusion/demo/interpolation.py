"""Interpolates a station's hourly observations: values in canonical units at any instant.

Values are interpolated linearly, directions along the shorter arc, and an hour's rain is spread evenly over the hour.
A gust is reported only if the nearest observation has one.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sensorfusion.domain.normalise import Value
from sensorfusion.domain.weather.wind import CALM

HOUR = timedelta(hours=1)
DIRECTION, GUST, RAIN, RAIN_RATE, SPEED = "wind_direction", "wind_gust", "rain", "rain_rate", "wind_speed"
_APART = frozenset({DIRECTION, GUST, RAIN})  # interpolated by rules of their own
# Half the resolution of the instruments (ASOS user's guide: 0.1 °F, 1 knot, 1 degree, 0.005 inHg), in canonical units.
NOISE: Mapping[str, float] = {
    "temperature": 0.05,
    "dew_point": 0.05,
    "humidity": 0.25,
    SPEED: 0.25,
    GUST: 0.25,
    DIRECTION: 3.0,
    "sea_level_pressure": 0.05,
}
_DECIMALS = {"visibility": 0, DIRECTION: 0}


@dataclass(frozen=True, slots=True)
class Observation:
    """One hourly observation; its rain fell in the hour before."""

    at: datetime
    values: Mapping[str, Value]


class Track:
    """The observations of one station around the requested instants."""

    def __init__(self, observations: Iterable[Observation]) -> None:
        self._observations = sorted(observations, key=lambda each: each.at)
        self._knots: dict[str, tuple[list[datetime], list[float]]] = {}
        for each in self._observations:
            for name, value in each.values.items():
                if isinstance(value, float | int) and not (name == DIRECTION and _is_calm(each)):
                    instants, values = self._knots.setdefault(name, ([], []))
                    instants.append(each.at)
                    values.append(float(value))

    def values(self, *, since: datetime, until: datetime, random: Random) -> dict[str, float]:
        """Return the values as of `until`, and the rain since `since`."""
        said: dict[str, float] = {}
        for name in sorted(self._knots.keys() - _APART):
            value = self._between(name, until)
            if value is not None:
                said[name] = _noisy(name, value, random)
        said |= self._wind(until, random)
        said |= self._rain(since, until)
        return _consistent(said)

    def _between(self, name: str, at: datetime) -> float | None:
        found = self._around(name, at)
        if found is None:
            return None
        earlier, later, share = found
        return earlier + (later - earlier) * share

    def _around(self, name: str, at: datetime) -> tuple[float, float, float] | None:
        """Return the values before and after, and the position of `at` between them; None if either is missing."""
        instants, values = self._knots.get(name, ([], []))
        index = bisect_right(instants, at)
        if index == 0:
            return None
        if instants[index - 1] == at:
            return values[index - 1], values[index - 1], 0.0
        if index == len(instants):
            return None
        earlier, later = instants[index - 1], instants[index]
        return values[index - 1], values[index], (at - earlier) / (later - earlier)

    def _wind(self, at: datetime, random: Random) -> dict[str, float]:
        said = {}
        around = self._around(DIRECTION, at)
        if around is not None:
            said[DIRECTION] = _compass(turn(*around) + random.uniform(-1, 1) * NOISE[DIRECTION])
        gust = self._gust(at)
        if gust is not None:
            said[GUST] = _noisy(GUST, gust, random)
        return said

    def _gust(self, at: datetime) -> float | None:
        nearest = (at + HOUR / 2).replace(minute=0, second=0, microsecond=0)
        instants, values = self._knots.get(GUST, ([], []))
        index = bisect_right(instants, nearest)
        return values[index - 1] if index and instants[index - 1] == nearest else None

    def _rain(self, since: datetime, until: datetime) -> dict[str, float]:
        rain = rate = None
        instants, amounts = self._knots.get(RAIN, ([], []))
        for index in range(bisect_right(instants, since), len(instants)):
            begins, ends = instants[index] - HOUR, instants[index]
            if begins >= until:
                break
            rain = (rain or 0.0) + amounts[index] * ((min(until, ends) - max(since, begins)) / HOUR)
            rate = amounts[index] if until <= ends else rate
        return {name: round(value, 6) for name, value in ((RAIN, rain), (RAIN_RATE, rate)) if value is not None}


def turn(earlier: float, later: float, share: float) -> float:
    """Return the direction at the fraction `share` of the shorter arc from one to the other, in degrees."""
    return (earlier + ((later - earlier + 180) % 360 - 180) * share) % 360


def _is_calm(observation: Observation) -> bool:
    """Return whether the direction is meaningless: stations report 0 in a calm."""
    speed = observation.values.get(SPEED)
    return isinstance(speed, float | int) and speed < CALM


def _compass(direction: float) -> float:
    """Round to whole degrees like wind vanes, with 360 for north, because 0 stands for a calm."""
    return float(round(direction) % 360 or 360)


def _noisy(name: str, value: float, random: Random) -> float:
    return round(value + random.uniform(-1, 1) * NOISE.get(name, 0.0), _DECIMALS.get(name, 2))


def _consistent(said: dict[str, float]) -> dict[str, float]:
    """Clamp values that noise made impossible: negative wind, 101 % humidity, a dew point above the temperature."""
    limits: Sequence[tuple[str, float, float]] = (
        (SPEED, 0.0, float("inf")),
        ("humidity", 0.0, 100.0),
        ("dew_point", float("-inf"), said.get("temperature", float("inf"))),
        (GUST, max(said.get(SPEED, 0.0), 0.0), float("inf")),
    )
    for name, low, high in limits:
        if name in said:
            said[name] = min(max(said[name], low), high)
    return said
