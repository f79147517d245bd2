"""The chart of rain: amounts in bars of the site's clock, their sum, and the table of the bars."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from tests.truth.oracle import rain
from tests.truth.page.drawn import Drawn
from tests.truth.page.known import Known
from tests.truth.page.said import MONTHS, Said, joined, numbers, one, since

LENGTHS_S: Final = {"1h": 300, "6h": 900, "24h": 3600, "7d": 21600, "30d": 86400, "1y": 604800}
HEADS: Final = {"7d": "From", "30d": "Day", "1y": "Week from"}
PER: Final = {
    "1h": "5 minutes", "6h": "15 minutes", "24h": "hour", "7d": "6 hours", "30d": "day", "1y": "week",
}  # fmt: skip
ROWS_MOST: Final = 100


def claims(known: Known, name: str, in_words: str, length_s: float) -> Iterator[tuple[str, Said | Drawn]]:
    start = known.now - length_s
    sums = _bars(known, name, start)
    for part in ("sentence", "drawing"):
        yield f"chart-rain {part}", _sentence(list(sums.values()), in_words)
    yield "chart-rain values", Drawn(tuple(sorted(sums.items())), start, known.now, is_bars=True)
    if sums:
        yield "chart-rain total", frozenset(f"{each} mm" for each in numbers("rain", sum(sums.values())))
    yield "chart-rain resolution", one(f"mm per {PER[known.range]}")
    yield "chart-rain row 000", one(f"{HEADS.get(known.range, 'Time')} | Rain, mm")
    for place, (at, amount) in enumerate(sorted(sums.items(), reverse=True)[:ROWS_MOST]):
        yield f"chart-rain row {place + 1:03}", joined([one(_head(known, at)), numbers("rain", amount)])


def _sentence(amounts: list[float], in_words: str) -> Said:
    if not amounts:
        return one(f"No readings in {in_words}.")
    if not any(amounts):
        return one(f"No rain in {in_words}.")
    return frozenset(f"{each} mm in {in_words}." for each in numbers("rain", sum(amounts)))


def _bars(known: Known, name: str, start: float) -> dict[float, float]:
    """Add up what fell from an instant on by bars; what a counter grew by is known from the reading before."""
    found: dict[float, float] = {}
    fell = rain.amounts(known.buckets.readings, name, known.buckets.calendar)
    for at, amount in fell if name == "rain" else fell[1:]:
        if at >= start:
            begin = _begin(known, at)
            found[begin] = found.get(begin, 0.0) + amount
    return found


def _begin(known: Known, at: float) -> float:
    """Return the beginning of the bar that an instant is in: a week, a day, or some hours of the local clock."""
    length_s, calendar = LENGTHS_S[known.range], known.buckets.calendar
    if length_s >= 86400:
        day = calendar.day(at)
        first = day - timedelta(days=day.weekday()) if length_s > 86400 else day
        return next(begin for begin, each in zip(calendar.begins, calendar.dates, strict=False) if each >= first)
    local = known.local(at)
    wall = local.replace(tzinfo=None)
    begins = datetime(wall.year, wall.month, wall.day, calendar.starts_h) - timedelta(days=1)
    floor = begins + (wall - begins) // timedelta(seconds=length_s) * timedelta(seconds=length_s)
    early, late = (floor.replace(tzinfo=known.zone, fold=fold).timestamp() for fold in (0, 1))
    if early > at:  # the date of its beginning was skipped
        return (floor - timedelta(days=1)).replace(tzinfo=known.zone).timestamp()
    return late if late - early >= length_s and late <= at else early  # of an hour shown twice, the second has its own


def _head(known: Known, at: float) -> str:
    local = known.local(at)
    if LENGTHS_S[known.range] >= 86400:
        return f"{local.day} {MONTHS[local.month - 1]} {local.year}"
    return since(local, known.here)
