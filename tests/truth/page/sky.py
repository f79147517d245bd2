"""Sun and moon: when they rise and set, and how much of the moon is lit."""

import math
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final

from tests.truth.oracle.evaporation import sun_altitude
from tests.truth.page.known import Known
from tests.truth.page.said import Said, clock, day, one, zone

TWILIGHTS: Final = (("Civil", -6.0), ("Nautical", -12.0), ("Astronomical", -18.0))
RISEN: Final = -0.833  # refraction and the sun's radius
PHASES: Final = (
    "New moon", "Waxing crescent", "First quarter", "Waxing gibbous", "Full moon", "Waning gibbous", "Last quarter",
    "Waning crescent",
)  # fmt: skip


def claims(known: Known) -> Iterator[tuple[str, Said]]:
    noon = _noon(known, known.here)
    rise, fall = _crossing(known, noon, RISEN, -1), _crossing(known, noon, RISEN, 1)
    rises, falls = _clocks(known, rise), _clocks(known, fall)
    is_up = math.degrees(sun_altitude(known.now, known.where)) > RISEN
    words = [f"The sun rises at {up} and sets at {down}." for up in rises for down in falls]
    yield "sky words", frozenset(words if is_up else [f"{each} {moon}." for each in words for moon in _moons(known)])
    if not is_up:
        yield "sky moon", _moons(known)
    yield "sky edge 0", rises
    yield "sky edge 1", falls
    yield "almanac day", one(f"{day(known.here)}, {zone(known.zone)}")
    yield "almanac Sunrise", rises
    yield "almanac Solar noon", _clocks(known, noon)
    yield "almanac Sunset", falls
    yield from _lengths(known, (fall or 0) - (rise or 0))
    for name, altitude in TWILIGHTS:
        dawn, dusk = (_clocks(known, _crossing(known, noon, altitude, side)) for side in (-1, 1))
        yield f"almanac {name} twilight", frozenset(f"{one} – {other}" for one in dawn for other in dusk)
    yield "almanac Phase", frozenset(PHASES)
    yield "almanac Lit", frozenset(f"{each} %" for each in _lit(known))


def _lengths(known: Known, length_s: float) -> Iterator[tuple[str, Said]]:
    before = _noon(known, known.here.replace(tzinfo=None) - timedelta(days=1))
    edges = [_crossing(known, before, RISEN, side) or 0 for side in (-1, 1)]
    minutes = {round((length_s + off) / 60) for off in (-60, 0, 60)}
    yield "almanac Day length", frozenset(f"{each // 60} h {each % 60:02} min" for each in minutes)
    longer_s = round(length_s - (edges[1] - edges[0]))
    yield "almanac Change since yesterday", frozenset(_signed(longer_s + off) for off in range(-4, 5))


def _signed(seconds: int) -> str:
    sign = "+" if seconds > 0 else "−" if seconds < 0 else ""
    return f"{sign}{abs(seconds) // 60} min {abs(seconds) % 60:02} s"


def _noon(known: Known, at: datetime) -> float:
    """Return the highest sun that is nearest to 12:00 of a date."""
    middle = datetime.combine(at.date(), time(12), known.zone).timestamp()
    return _best(lambda t: sun_altitude(t, known.where), middle - 43200, middle + 43200)


def _best(height: object, left: float, right: float) -> float:
    """Return where a function that rises once and falls once is highest: coarsely, then by thirds."""
    assert callable(height)
    best = max((left + (right - left) * place / 96 for place in range(97)), key=height)
    left, right = best - 900, best + 900
    while right - left > 0.5:
        third = (right - left) / 3
        if height(left + third) < height(right - third):
            left += third
        else:
            right -= third
    return (left + right) / 2


def _crossing(known: Known, noon: float, altitude: float, side: int) -> float | None:
    """Return when the sun passes an altitude before (-1) or after (1) its noon, within half a day."""
    near, far = noon, noon + side * 43200
    if math.degrees(sun_altitude(far, known.where)) > altitude:
        return None
    while abs(far - near) > 0.5:
        middle = (near + far) / 2
        if math.degrees(sun_altitude(middle, known.where)) > altitude:
            near = middle
        else:
            far = middle
    return near


def _clocks(known: Known, at: float | None) -> Said:
    """Return the minutes that an instant of the sun may be written as; two formulas differ by some seconds."""
    return one("none") if at is None else frozenset(clock(known.local(at + off)) for off in (-45, 0, 45))


def _moons(known: Known) -> Said:
    return frozenset(f"{phase}, {each} % lit" for phase in PHASES for each in _lit(known))


def _lit(known: Known) -> list[int]:
    """Return the lit per cent by the moon's mean elongation and its largest terms, good to two per cent."""
    days = known.now / 86400 - 10957.5  # since J2000
    elongation, sun, moon = (
        math.radians(start + rate * days)
        for start, rate in ((297.850, 12.19074912), (357.529, 0.98560028), (134.963, 13.06499295))
    )
    elongation += math.radians(
        6.289 * math.sin(moon)
        - 2.1 * math.sin(sun)
        + 1.274 * math.sin(2 * elongation - moon)
        + 0.658 * math.sin(2 * elongation)
    )
    lit = (1 - math.cos(elongation)) * 50
    return [each for each in range(101) if abs(each - lit) <= 1.5]
