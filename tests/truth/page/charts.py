"""The charts of numbers: the sentence, the axes, the line, and the table of the same rows."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from tests.truth.oracle.buckets import Buckets, Cell, Resolution
from tests.truth.oracle.gaps import silences
from tests.truth.page import bars
from tests.truth.page.drawn import Drawn
from tests.truth.page.known import Known
from tests.truth.page.said import (
    MONTHS,
    NOTHING,
    SYMBOLS,
    Said,
    clock,
    fixed,
    joined,
    number,
    numbers,
    one,
    since,
    text,
)

LENGTHS_S: Final = {"1h": 3600, "6h": 21600, "24h": 86400, "7d": 604800, "30d": 2592000, "1y": 31536000}
POINTS: Final = {"1h": 400, "6h": 400, "24h": 300, "7d": 400, "30d": 800, "1y": 800}
CROWD: Final = 5  # readings for each point, with more of which single ones are not looked for
STEPS_MIN: Final = {"1h": 10, "6h": 60, "24h": 180, "7d": 1440, "30d": 10080}
IN_WORDS: Final = {
    "1h": "the last hour", "6h": "the last 6 hours", "24h": "the last 24 hours", "7d": "the last 7 days",
    "30d": "the last 30 days", "1y": "the last year",
}  # fmt: skip
WIDTHS_S: Final[Mapping[Resolution, float]] = {"raw": 0.0, "5m": 300.0, "1h": 3600.0, "1d": 86400.0}
STAND_FOR: Final[Mapping[Resolution, str]] = {
    "raw": "every reading",
    "5m": "5-minute mean, band = lowest to highest",
    "1h": "hourly mean, band = lowest to highest",
    "1d": "daily mean, band = lowest to highest",
}
ROWS_MOST: Final = 100
WIND: Final = ("wind_speed", "wind_gust", "wind_direction")


def claims(known: Known) -> Iterator[tuple[str, Said | Drawn]]:
    shown = _shown(known)
    lines = [name for names in shown.values() for name in names if not name.startswith("rain")]
    resolution, buckets = _finest(known, lines)
    for card, names in shown.items():
        yield f"{card} times", one(", ".join(_times(known)))
        if card == "chart-rain":
            yield from bars.claims(known, names[0], IN_WORDS[known.range], LENGTHS_S[known.range])
        else:
            yield from _line(known, card, names, buckets, resolution)


def _shown(known: Known) -> dict[str, tuple[str, ...]]:
    """Return the charts by their names, with what they draw: the main one, and the first four of the others."""
    has = known.names
    rain = "rain" if "rain" in has else "rain_day"
    others = {
        "chart-wind": tuple(name for name in WIND if name in has),
        "chart-pressure": ("pressure",),
        "chart-rain": (rain,),
        "chart-solar-radiation": ("solar_radiation",),
        "chart-humidity": ("humidity",),
    }
    found = [(card, names) for card, names in others.items() if names[0] in has][:4]
    return {"chart-temperature": ("temperature",), **dict(found)}


def _finest(known: Known, names: Sequence[str]) -> tuple[Resolution, Buckets]:
    """Return the finest resolution whose rows fit, silences included."""
    start, most = known.now - LENGTHS_S[known.range], POINTS[known.range]
    there = known.buckets.between(start, math.inf)
    if not there.readings:
        return "raw", there
    every = [each for each in known.readings if start <= each.at <= known.now]
    crowd = sum(not each.values.keys().isdisjoint(names) for each in every)
    t = [each.at for each in every if not each.is_ahead]
    span_s = max(t, default=0.0) - min(t, default=0.0)
    for resolution, width_s in WIDTHS_S.items():
        if not width_s and not (known.is_whole and len(every) <= CROWD * most and crowd <= most):
            continue
        if width_s and resolution != "1d" and span_s / width_s + 1 > most:
            continue
        t = sorted({at for name in names for at in there.rows(name, resolution)})
        if resolution == "1d" or len(t) + len(silences(t, width_s=width_s)) <= most:
            return resolution, there
    raise AssertionError(known.range)


def _line(
    known: Known, card: str, names: Sequence[str], buckets: Buckets, resolution: Resolution
) -> Iterator[tuple[str, Said | Drawn]]:
    rows = {name: buckets.rows(name, resolution) for name in names}
    main = rows[names[0]]
    for part in ("sentence", "drawing"):
        yield f"{card} {part}", one(_sentence(known, names[0], main))
    yield f"{card} resolution", one(f"{SYMBOLS[names[0]][0]} · {STAND_FOR[resolution]}")
    half_s = WIDTHS_S[resolution] / 2
    points = [(at + half_s, cell.value) for at, cell in main.items() if cell.value is not None]
    yield f"{card} values", Drawn(tuple(points), known.now - LENGTHS_S[known.range], known.now)
    yield from _table(known, card, rows, resolution)


def _sentence(known: Known, name: str, rows: Mapping[float, Cell]) -> str:
    lows = [cell.low for cell in rows.values() if cell.low is not None]
    highs = [cell.high for cell in rows.values() if cell.high is not None]
    if not lows or not highs:
        return f"No readings in {IN_WORDS[known.range]}."
    low, high = number(name, min(lows)), text(name, max(highs))
    extremes = f"Always {high}" if low == number(name, max(highs)) else f"Between {low} and {high}"
    between = f"{extremes} in {IN_WORDS[known.range]}"
    now = known.current(name) if known.state == "live" else None
    return f"{between}." if now is None else f"{between}; now {text(name, now)}."


def _table(
    known: Known, card: str, rows: Mapping[str, Mapping[float, Cell]], resolution: Resolution
) -> Iterator[tuple[str, Said]]:
    t = sorted({at for of_one in rows.values() for at, cell in of_one.items() if cell.value is not None}, reverse=True)
    heads = [f"{SYMBOLS[name][3]}, {SYMBOLS[name][0]}" for name in rows]
    yield f"{card} row 000", one(" | ".join(["Day" if resolution == "1d" else "Time", *heads]))
    for place, at in enumerate(t[:: max(1, math.ceil(len(t) / ROWS_MOST))]):
        begins = known.local(at)
        head = f"{begins.day} {MONTHS[begins.month - 1]} {begins.year}"
        cells = [_cell(name, of_one.get(at), resolution) for name, of_one in rows.items()]
        yield (
            f"{card} row {place + 1:03}",
            joined([one(head if resolution == "1d" else since(begins, known.here)), *cells]),
        )


def _cell(name: str, cell: Cell | None, resolution: Resolution) -> Said:
    value = cell.value if cell else None
    if value is None:
        return one(NOTHING)
    if name == "wind_direction" and resolution != "raw":  # means of directions have a decimal
        return one(*(fixed(value + off, 0) for off in (-0.06, 0, 0.06)))
    return one(number(name, value)) if resolution == "raw" else numbers(name, value)


def _times(known: Known) -> Iterator[str]:
    """Yield the marks at round local times, each with its place."""
    start, length = known.now - LENGTHS_S[known.range], LENGTHS_S[known.range]
    for wall in _months(known, start) if known.range == "1y" else _steps(known, start):
        at = wall.timestamp()
        if start <= at <= known.now and known.local(at).replace(tzinfo=None) == wall.replace(tzinfo=None):
            yield f"{_label(known, wall)} at {(at - start) / length * 100:.2f}%"


def _steps(known: Known, start: float) -> Iterator[datetime]:
    day, step = known.local(start).date(), timedelta(minutes=STEPS_MIN[known.range])
    if step > timedelta(days=1):  # weeks begin on Mondays
        day -= timedelta(days=day.weekday())
    wall = datetime.combine(day, time())
    while wall <= known.here.replace(tzinfo=None) + timedelta(hours=3):
        yield wall.replace(tzinfo=known.zone)
        wall += step


def _months(known: Known, start: float) -> Iterator[datetime]:
    first = known.local(start)
    for month in range(first.month, first.month + 12):
        yield datetime(first.year + month // 12, month % 12 + 1, 1, tzinfo=known.zone)


def _label(known: Known, wall: datetime) -> str:
    if known.range == "1y":
        return str(wall.year) if wall.month == 1 else MONTHS[wall.month - 1]
    return clock(wall) if wall.time() != time() else f"{wall.day} {MONTHS[wall.month - 1]}"
