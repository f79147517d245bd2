"""The strip of the whole record: its words, its line, and where its labels lead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from tests.truth.oracle.calendar import DAY
from tests.truth.page.drawn import POINT
from tests.truth.page.hero import HERO
from tests.truth.page.known import Known
from tests.truth.page.said import MONTHS, Said, one

FEWEST_DAYS: Final = 3
POINTS_MOST: Final = 400
LABELS_MOST: Final = 8
YEARS_FROM: Final = 24  # months
HIGH: Final = 880.0  # of the line, between the lowest and the highest value


@dataclass(frozen=True)
class Strip:
    """Contains the paths that go through shares of the record's length and of its range."""

    points: tuple[tuple[float, float], ...]

    def __contains__(self, path: object) -> bool:
        assert isinstance(path, str)
        found = [(float(x) / 1000, 1 - float(y) / HIGH) for x, y in POINT.findall(path)]
        pairs = zip(found, self.points, strict=False)
        return len(found) == len(self.points) and all(
            abs(x - at) <= 1e-3 and abs(y - share) <= 2e-3 for (x, y), (at, share) in pairs
        )

    def __iter__(self) -> Iterator[str]:
        return iter([f"{len(self.points)} points such as {self.points[-2:]}"])


def claims(known: Known) -> Iterator[tuple[str, Said | Strip]]:
    days = known.days.quantities.get(HERO, {})
    means = {at: day.mean for at, day in days.items() if at <= known.today and day.mean is not None}
    if not means or (known.today - min(means)).days + 1 < FEWEST_DAYS:
        return
    first = min(means)
    count = (known.today - first).days + 1
    every = -(-count // POINTS_MOST)
    real = sum(first <= day <= known.today for day in known.buckets.calendar.dates)  # a zone may have skipped one
    missing = real - len(means)
    what = "daily mean" if every == 1 else f"{every}-day mean"
    gaps = "" if not missing else f"; {missing:,} {'day has' if missing == 1 else 'days have'} no readings"
    said = one(f"The whole record since {first.day} {MONTHS[first.month - 1]} {first.year}: {what}{gaps}.")
    yield "record words", said
    yield "record drawing", said
    yield "record line", _line(known, means, first, every)
    yield "record links", one(" ".join(_links(first, known.today)))


def _line(known: Known, means: dict[date, float], first: date, every: int) -> Strip:
    calendar = known.buckets.calendar
    groups: dict[int, list[float]] = {}
    for day in sorted(means):
        groups.setdefault((day - first).days // every, []).append(means[day])
    values = {place: sum(each) / len(each) for place, each in groups.items()}
    low, high = min(values.values()), max(values.values())
    start, end = calendar.span(first)[0], calendar.span(known.today)[1]
    length_s = every * 86400.0
    return Strip(
        tuple(
            ((place + 0.5) * length_s / (end - start), (value - low) / ((high - low) or 1.0))
            for place, value in values.items()
        )
    )


def _links(first: date, last: date) -> Iterator[str]:
    """Yield the parts: years or months, so many that their labels have room, each up to the next one."""
    is_long = (last.year - first.year) * 12 + last.month - first.month >= YEARS_FROM
    months = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    begins = [each for each in months if each.replace(day=1) >= first.replace(day=1) and each <= last]
    if is_long:
        begins = [date(year, 1, 1) for year in range(first.year, last.year + 1)]
    picked = begins[:: -(-len(begins) // LABELS_MOST)]
    for begin, after in zip(picked, [*picked[1:], last + DAY], strict=True):
        label = str(begin.year) if is_long else MONTHS[begin.month - 1]
        yield f"{label} ?day={max(begin, first)}&through={after - DAY}"
