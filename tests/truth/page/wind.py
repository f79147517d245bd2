"""The compass of the newest wind, and the rose of seven days."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from tests.truth.oracle import weather
from tests.truth.oracle.wind import CALM
from tests.truth.page.known import TOGETHER_S, Known
from tests.truth.page.said import POINTS, Said, clock, fixed, number, one, point, since, text

FORCES: Final = (
    "calm", "light air", "light breeze", "gentle breeze", "moderate breeze", "fresh breeze", "strong breeze",
    "near gale", "gale", "strong gale", "storm", "violent storm", "hurricane force",
)  # fmt: skip
EDGES: Final = (0.5, 2.0, 4.0, 6.0, 8.0, 11.0)
LABELS: Final = ("0.5–2.0", "2.0–4.0", "4.0–6.0", "6.0–8.0", "8.0–11.0", "11.0+ m/s")
WEEK_S: Final = 7 * 86400
Wind = tuple[float, float | None, float]  # when, from where, how fast


def claims(known: Known) -> Iterator[tuple[str, Said]]:
    if {"wind_speed", "wind_direction"} <= set(known.names):
        yield from _compass(known)
        yield from _rose(known)


def _compass(known: Known) -> Iterator[tuple[str, Said]]:
    speed, direction = known.newest.values["wind_speed"], known.newest.values["wind_direction"]
    force, when = int(weather.beaufort(speed)), _when(known)
    is_calm = speed < CALM
    yield "compass speed", one(number("wind_speed", speed))
    yield "compass unit", one("m/s")
    yield "compass bearing", one("calm" if is_calm else f"{point(direction)} {fixed(direction, 0)}°")
    yield "compass force", one(f"Beaufort {force} · {FORCES[force]}{when}")
    gust = _gust(known)
    if gust is not None:
        yield "compass gust", one(f"gust {number('wind_gust', gust)}m/s")
    words = f"Wind {text('wind_speed', speed)}{'' if is_calm else f' from {point(direction)}'}, {FORCES[force]}"
    gusting = "" if gust is None else f", gusting {text('wind_gust', gust)}"
    yield "compass words", one(words + gusting + when)


def _when(known: Known) -> str:
    """Return when the wind was, unless it is the present one."""
    times = known.newest.times
    is_old = min(times["wind_speed"], times["wind_direction"]) < known.observed_at - TOGETHER_S
    return f", {since(known.local(times['wind_speed']), known.here)}" if is_old or not known.is_reporting else ""


def _gust(known: Known) -> float | None:
    times = known.newest.times
    is_near = times.get("wind_gust", -math.inf) >= times["wind_speed"] - 3600
    return known.value("wind_gust") if is_near else None


def _rose(known: Known) -> Iterator[tuple[str, Said]]:
    """Claim the shares of means of five minutes, of which each hour has the same weight."""
    shares, calm = _shares(_winds(known))
    blowing = [sum(each) for each in shares]
    if not any(blowing):
        return
    yield "rose span", one(f"7 days to {clock(known.here)}")
    for name in ("sentence", "drawing"):
        yield f"rose {name}", _sentences(blowing, calm)
    yield from ((f"rose ring {place}", _percent(max(blowing) * part)) for place, part in enumerate((0.5, 1)))
    yield "rose middle", _percent(calm)
    yield from ((f"rose class {place}", one(label)) for place, label in enumerate(LABELS))
    yield "rose class 6", frozenset(f"calm {each}" for each in _percent(calm))
    yield "rose row 000", one("From | Share of the time")
    for place, share in enumerate(blowing):
        yield f"rose row {place + 1:03}", frozenset(f"{POINTS[place]} | {each}" for each in _percent(share, 1))
        for label, part in zip(LABELS, shares[place], strict=True):
            if part:
                petal = f"{POINTS[place]}, {label}"
                yield f"rose petal {petal}", frozenset(f"{petal}: {each}" for each in _percent(part, 1))


def _sentences(blowing: Sequence[float], calm: float) -> Said:
    """Return the sentences: of points with the same share, each may be the main one."""
    longest = max(blowing)
    return frozenset(
        f"Mostly from {POINTS[place]}, {most} of the time; calm {still}."
        for place, share in enumerate(blowing)
        if math.isclose(share, longest, rel_tol=1e-9)
        for most in _percent(longest)
        for still in _percent(calm)
    )


def _percent(share: float, decimals: int = 0) -> Said:
    """Return a share in per cent; halves may be rounded to either side."""
    return frozenset(f"{fixed(each * 100, decimals)} %" for each in (share - 1e-9, share, share + 1e-9))


def _winds(known: Known) -> list[Wind]:
    week = known.buckets.between(known.now - WEEK_S, math.inf)
    speeds, directions = week.rows("wind_speed", "5m"), week.rows("wind_direction", "5m")
    found = []
    for start, cell in speeds.items():
        if cell.value is None:
            continue
        direction = directions[start].value if start in directions else None
        if direction is not None or cell.value < CALM:
            found.append((start, direction, cell.value))
    return found


def _shares(winds: Sequence[Wind]) -> tuple[list[list[float]], float]:
    hourly = Counter(start // 3600 for start, *_ in winds)
    shares, calm = [[0.0] * len(EDGES) for _ in POINTS], 0.0
    for start, direction, speed in winds:
        weight = 1 / hourly[start // 3600] / len(hourly)
        if direction is None or speed < CALM:
            calm += weight
        else:
            shares[POINTS.index(point(direction))][sum(speed >= edge for edge in EDGES) - 1] += weight
    return shares, calm
