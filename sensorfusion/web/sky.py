"""The sky behind a page: the light, and the position of the sun's glow."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sensorfusion.domain.weather import sun

_GREENWICH: Final = (51.5, 0.0)  # where no location is known


@dataclass(frozen=True, slots=True)
class SkyView:
    """`x` and `y` are fractions of the width and the height, from the left and the top, with two decimals.

    The view faces the equator with east at the left end, including the sun's positions north of east.
    """

    light: sun.Sky
    x: str
    y: str
    facing: Literal["S", "N"]


def sky_over(*, now: datetime, latitude: float | None, longitude: float | None) -> SkyView:
    """Return the sky over a place, from the eastern to the western horizon."""
    if latitude is None or longitude is None:
        latitude, longitude = _GREENWICH
    at = sun.position(now, latitude=latitude, longitude=longitude)
    from_left = at.azimuth - 90 if latitude >= 0 else 90 - at.azimuth
    across = (from_left % 360) / 180
    if across > 1:  # outside of the view: at the nearer horizon
        across = 0.0 if across > 1.5 else 1.0
    down = min(1.0, max(0.0, 1 - at.altitude / 75))
    return SkyView(sun.sky(at.altitude), f"{across:.2f}", f"{down:.2f}", "S" if latitude >= 0 else "N")
