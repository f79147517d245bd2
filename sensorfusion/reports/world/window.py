"""The part of the world that a map shows: twice as wide as high, fitted to places.

The projection is equirectangular and true to scale at the window's middle latitude; of the whole world, at the equator.
The outline is drawn in tenths of a degree (`release/world_outline.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, floor, log10, radians
from typing import Final

from sensorfusion.web.values.numbers import localised

Place = tuple[float, float]  # latitude and longitude in degrees

KM_PER_DEGREE: Final = 111.195  # of a great circle of the mean Earth, 6371 km
MARGIN: Final = 0.18  # of the extent, on each side
LEAST_HEIGHT: Final = 0.5 / KM_PER_DEGREE  # degrees: half a kilometre
ALONE_HEIGHT: Final = 30.0  # degrees around a single place: shows where in the world it is
OUTLINE_KM: Final = 300.0  # the least width with an outline: of less, its corners are all that would be seen
SCALED_KM: Final = 6000.0  # the greatest width with a scale bar: of more, it would be true in one latitude only
SCALE_SHARE: Final = 0.25  # of the width, at most
ROUND: Final = 360.0
TENTHS: Final = 10


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale bar: its length as a share of the map's width, and what that is."""

    share: float
    label: str

    @property
    def percent(self) -> str:
        return f"{self.share:.2%}"


@dataclass(frozen=True, slots=True)
class Window:
    """Degrees; `west` is the left edge, and the right one may be beyond longitude 180."""

    west: float
    north: float
    width: float
    height: float

    def at(self, place: Place) -> tuple[float, float]:
        """Return where a place is, as shares of the width from the left and of the height from the top."""
        latitude, longitude = place
        return (longitude - self.west) % ROUND / self.width, (self.north - latitude) / self.height

    @property
    def width_km(self) -> float:
        return self.width * KM_PER_DEGREE * _shrinking(self.north - self.height / 2)

    @property
    def has_outline(self) -> bool:
        return self.width_km >= OUTLINE_KM

    @property
    def view_box(self) -> str:
        """The window in the outline's coordinates."""
        corner = ((self.west + 180) * TENTHS, (90 - self.north) * TENTHS)
        return " ".join(f"{each:.4f}" for each in (*corner, self.width * TENTHS, self.height * TENTHS))

    @property
    def turns(self) -> list[int]:
        """Where the outline is drawn in its own coordinates: again a turn further if the window crosses 180°."""
        return [
            int(turn * TENTHS)
            for turn in (-ROUND, 0, ROUND)
            if turn - 180 < self.west + self.width and turn + 180 > self.west
        ]

    @property
    def scale(self) -> Scale | None:
        if self.width_km > SCALED_KM:
            return None
        km = _round_below(self.width_km * SCALE_SHARE)
        return Scale(km / self.width_km, f"{localised(f'{km:g}')} km" if km >= 1 else f"{km * 1000:g} m")


WORLD: Final = Window(west=-180, north=90, width=ROUND, height=180)


def fitted(places: Sequence[Place]) -> Window:
    """Return the smallest window around places, with a margin."""
    south, north = min(latitude for latitude, _ in places), max(latitude for latitude, _ in places)
    west, breadth = _breadth([longitude for _, longitude in places])
    middle, shrinking = (south + north) / 2, _shrinking((south + north) / 2)
    if len(set(places)) == 1:
        height = ALONE_HEIGHT
    else:
        height = max(north - south, breadth * shrinking / 2, LEAST_HEIGHT) * (1 + 2 * MARGIN)
    width = 2 * height / shrinking
    if width > ROUND or height > WORLD.height / 2:
        return WORLD
    top = min(90.0, max(middle + height / 2, height - 90))
    return Window(west=west + breadth / 2 - width / 2, north=top, width=width, height=height)


def _breadth(longitudes: Sequence[float]) -> tuple[float, float]:
    """Return the western end and the length of the shortest arc with all longitudes: the rest is the widest gap."""
    ordered = sorted({each % ROUND for each in longitudes})
    gaps = [(b - a, b) for a, b in pairwise([*ordered, ordered[0] + ROUND])]
    gap, west = max(gaps)
    west = (west + 180) % ROUND - 180
    return west, ROUND - gap


def _shrinking(latitude: float) -> float:
    """Return how long a degree of longitude is, compared with one of latitude; near the poles as at 84°."""
    return max(cos(radians(latitude)), 0.1)


def _round_below(value: float) -> float:
    """Return the greatest 1, 2 or 5 times a power of ten up to a value."""
    power = 10.0 ** floor(log10(value))
    return max(step * power for step in (1, 2, 5) if step * power <= value * (1 + 1e-9))
