"""The sentence of a tile: how its number moved, or what it means."""

import math
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Final

from tests.truth.oracle import weather
from tests.truth.oracle.evaporation import sun_altitude
from tests.truth.oracle.quantities import COMBINES
from tests.truth.page.known import Known
from tests.truth.page.said import Said, around, difference, fixed, last_digit, one, short, since, text

HOUR_S: Final = 3600.0
SLOT_S: Final = 300.0  # of each five minutes, the last reading is remembered
BETWEEN, NEAR = 2 / 3, 1 / 6  # shares of the time back: between two readings, and near to one
LAST_HOURS_S: Final = 5 * HOUR_S  # before the newest reading, which is as far back as a sentence looks
NONE: Final = one("")
TENDENCIES: Final = ((0.7, "steady"), (2.0, "{} slowly"), (5.0, "{}"), (math.inf, "{} rapidly"))


def sentence(known: Known, name: str) -> Said:
    """Return the sentence, an empty text if there is none: its own, else how the number moved."""
    own = OWN.get(name)
    said = own(known, name) if own else NONE
    return _moved(known, name) if said == NONE else said


def change(known: Known, name: str, back_s: float) -> float | None:
    """Return how far the newest number is from the one of so long before it."""
    at, value = known.newest.times[name], known.good(name)
    if value is None:
        return None
    since = max(at - back_s * (1 + BETWEEN), known.observed_at - LAST_HOURS_S + 1e-6)
    points = _remembered(known, name, since, at)
    wanted = at - back_s
    before = [each for each in points if each[0] <= wanted][-1:]
    around = before + [each for each in points if each[0] > wanted][:1]
    if len(around) == 2 and around[1][0] - around[0][0] <= back_s * BETWEEN:
        (t, one), (until, other) = around
        return value - (one + (other - one) * (wanted - t) / (until - t))
    near = min(around, key=lambda each: abs(each[0] - wanted), default=None)
    if near is None or abs(near[0] - wanted) > back_s * NEAR:
        return None
    return (value - near[1]) * back_s / (at - near[0])


def _remembered(known: Known, name: str, start: float, at: float) -> list[tuple[float, float]]:
    points = known.between(name, start, at + 1e-6)
    return list({t // SLOT_S: (t, value) for t, value in points if known.is_kept(t)}.values())


def _moved(known: Known, name: str) -> Said:
    by = change(known, name, HOUR_S)
    if by is None or COMBINES[name] != "mean":
        return NONE
    digit = last_digit(name, known.newest.values[name])
    return frozenset(
        f"{'▲' if each > 0 else '▼'} {text(name, abs(each))} in 1 h" if abs(each) >= digit / 2 else "steady"
        for each in (by - digit / 200, by, by + digit / 200)
    )


def _pressure(known: Known, name: str) -> Said:
    by = change(known, name, 3 * HOUR_S)
    if by is None:
        return NONE
    way, arrow = ("rising", "▲ ") if by > 0 else ("falling", "▼ ")
    word = next(word for below, word in TENDENCIES if abs(by) < below).format(way)
    lead = word if word == "steady" else arrow + word
    return frozenset(f"{lead}, {difference(name, each)} per 3 h" for each in around(by, 1))


def _rain(known: Known, name: str) -> Said:
    """Return when rain last fell: an amount above 0, or a counter that is above the reading before."""
    points = known.between(name, min(known.day_begin, known.now - 86400))
    if name == "rain":
        wet = [at for at, amount in points if amount > 0]
    else:
        wet = [later[0] for earlier, later in pairwise(points) if later[1] > earlier[1] or 0 < later[1] < earlier[1]]
    if wet and known.now - wet[-1] < 86400:
        last = known.local(wet[-1])
        return one(f"last rain {'at ' if last.date() == known.here.date() else ''}{since(last, known.here)}")
    lately = [at for at, _ in known.between(name, known.now - 86400)]
    return one("dry for 24 h") if lately else NONE


def _solar(known: Known, name: str) -> Said:
    altitude = math.degrees(sun_altitude(known.now, known.where))
    if altitude <= 0:
        return one("the sun is down")
    value = _beside(known, name)
    if not value or altitude <= 10:
        return NONE
    height = math.sin(math.radians(altitude))
    clear = 1098 * height * math.exp(-0.057 / height)  # Haurwitz 1945
    return frozenset(f"{fixed(each, 0)} % of a clear sky" for each in around(min(100 * value / clear, 100), 0))


def _humidity(known: Known, name: str) -> Said:
    numbers = {each: value for each in ("temperature", name) if (value := _beside(known, each)) is not None}
    dew = weather.at_once("dew_point", numbers, known.where.elevation_m)
    return NONE if dew is None else frozenset(f"dew point {short('temperature', each)}" for each in around(dew, 1))


def _beside(known: Known, name: str) -> float | None:
    """Return what another number may be combined with: of the present, and not bad."""
    return known.current(name) if known.is_reporting else None


OWN: Final[Mapping[str, Callable[[Known, str], Said]]] = {
    "humidity": _humidity,
    "pressure": _pressure,
    "rain": _rain,
    "rain_day": _rain,
    "solar_radiation": _solar,
}
