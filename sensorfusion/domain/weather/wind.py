"""Directions on a circle: their mean and spread, compass points, the wind rose.

Directions are degrees the wind comes from, 0 and 360 both north. Below `CALM` a vane's direction is meaningless: such
samples count as calm and are excluded from means.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from sensorfusion.domain.texts.translation import gettext, gettext_noop

CALM = 0.5  # m/s: starting speed of common vanes (WMO-No. 8, part I, chapter 5 asks for at most 0.5 m/s)
NO_DIRECTION = 1e-9  # length of the mean vector below which opposite winds have cancelled out
ROSE_CLASSES = (CALM, 2.0, 4.0, 6.0, 8.0, 11.0)  # m/s: lower edges; the last class is open
POINTS = (
    *(gettext_noop("N"), gettext_noop("NNE"), gettext_noop("NE"), gettext_noop("ENE")),
    *(gettext_noop("E"), gettext_noop("ESE"), gettext_noop("SE"), gettext_noop("SSE")),
    *(gettext_noop("S"), gettext_noop("SSW"), gettext_noop("SW"), gettext_noop("WSW")),
    *(gettext_noop("W"), gettext_noop("WNW"), gettext_noop("NW"), gettext_noop("NNW")),
)
_WORDS: Final = {"NORTH": "N", "EAST": "E", "SOUTH": "S", "WEST": "W"}
_NO_POINT: Final = frozenset(("CALM", "VRB", "VAR", "VARIABLE"))  # the vane has no direction to report


class WindSample(NamedTuple):
    """`speed` is None when a station reports only the direction."""

    direction: float | None
    speed: float | None


@dataclass(frozen=True, slots=True)
class Rose:
    """`shares[sector][speed class]` and `calm_share` add up to 1, or all are 0 as `count` is. Sector 0 is north."""

    count: int
    calm_share: float
    shares: tuple[tuple[float, ...], ...]


def direction_of(text: str) -> float | None:
    """Return the degrees of a compass point, such as 22.5 for NNE or north-northeast; None if the wind has none.

    The letter O stands for east in German and for west in French, so it is no point.

    :raises ValueError: it is no compass point.
    """
    letters = text.strip().upper()
    if letters in _NO_POINT:
        return None
    for word, letter in _WORDS.items():
        letters = letters.replace(word, letter)
    return 22.5 * POINTS.index("".join(each for each in letters if each not in " -_."))


def vector(*, direction: float, weight: float) -> tuple[float, float]:
    """Return the east and north components of a direction."""
    angle = math.radians(direction)
    return weight * math.sin(angle), weight * math.cos(angle)


def heading(*, east: float, north: float) -> float | None:
    """Return the direction of a vector in [0, 360), None if its length is practically zero."""
    if math.hypot(east, north) < NO_DIRECTION:
        return None
    degrees = math.degrees(math.atan2(east, north)) % 360
    return 0.0 if degrees == 360 else degrees  # -1e-16 % 360 is 360.0 in floats


def weight(speed: float | None) -> float:
    """Return how much a direction counts in means: as its speed, not at all in a calm, as 1 m/s without a speed."""
    if speed is None:
        return 1.0
    return 0.0 if speed < CALM else speed


def mean_direction(samples: Iterable[WindSample]) -> float | None:
    """Average directions as vectors, weighted by speed (by 1 without a speed), excluding calms.

    None without any wind, or when the winds cancel out.
    """
    east = north = 0.0
    for direction, length in _blowing(samples):
        along_east, along_north = vector(direction=direction, weight=length)
        east, north = east + along_east, north + along_north
    return heading(east=east, north=north)


def direction_spread(samples: Iterable[WindSample]) -> float | None:
    """Estimate the standard deviation of the direction in degrees (Yamartino 1984) without calms; None without wind."""
    parts = [vector(direction=direction, weight=1.0) for direction, _ in _blowing(samples)]
    if not parts:
        return None
    east = sum(part[0] for part in parts) / len(parts)
    north = sum(part[1] for part in parts) / len(parts)
    epsilon = math.sqrt(max(0.0, 1 - east * east - north * north))
    return math.degrees(math.asin(epsilon) * (1 + (2 / math.sqrt(3) - 1) * epsilon**3))


def compass_point(direction: float) -> str:
    """Return the nearest of the 16 points, in the language of the page: 349 is N, 200 is SSW."""
    return gettext(POINTS[sector(direction, count=16)])


def sector(direction: float, *, count: int) -> int:
    """Return which of `count` equal sectors contains a direction; sector 0 is centred on north."""
    return math.floor(direction * count / 360 + 0.5) % count


def rose(samples: Iterable[WindSample], *, sectors: int = 16, classes: tuple[float, ...] = ROSE_CLASSES) -> Rose:
    """Count winds by sector and speed class, as shares of all samples that have a speed, and a direction unless calm.

    `classes` are lower edges, ascending; below the first one is calm, the last class has no upper limit.
    """
    counts = [[0] * len(classes) for _ in range(sectors)]
    total = calm = 0
    for direction, speed in samples:
        if speed is None or (direction is None and speed >= classes[0]):
            continue
        total += 1
        if direction is None or speed < classes[0]:
            calm += 1
        else:
            counts[sector(direction, count=sectors)][bisect_right(classes, speed) - 1] += 1
    whole = total or 1
    return Rose(total, calm / whole, tuple(tuple(number / whole for number in row) for row in counts))


def _blowing(samples: Iterable[WindSample]) -> Iterator[tuple[float, float]]:
    for direction, speed in samples:
        if direction is not None and weight(speed):
            yield direction, weight(speed)
