"""The year, day by day, and the records."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Final

from tests.truth.oracle.calendar import DAY
from tests.truth.oracle.climate import End, Extreme
from tests.truth.page.hero import HERO
from tests.truth.page.known import Known
from tests.truth.page.said import MONTHS, Said, clock, joined, numbers, one, text, unit

FEWEST_DAYS: Final = 21
KINDS: Final[tuple[tuple[str, str, End], ...]] = (
    ("Warmest", HERO, "max"),
    ("Coldest", HERO, "min"),
    ("Windiest", "wind_gust", "max"),
)


def claims(known: Known) -> Iterator[tuple[str, Said]]:
    first = known.today - 364 * DAY
    days = known.days.quantities.get(HERO, {})
    means = {at: day.mean for at, day in days.items() if first <= at <= known.today and day.mean is not None}
    if len(means) < FEWEST_DAYS:
        return
    yield "year span", one(f"daily mean, temperature, to {clock(known.here)}")
    for place in range(365):
        day = first + place * DAY
        yield f"year day {_dated(day)}", _mean(means.get(day))
    low, high = min(means.values()), max(means.values())
    yield "year sentence", _sentence(means, low, high)
    yield "year drawing", one("Days and months")
    yield from _links(first, means)
    yield "year scale 0", _degrees(low)
    yield "year scale 1", _degrees(high)
    yield from _records(known)


def _links(first: date, means: dict[date, float]) -> Iterator[tuple[str, Said]]:
    """Yield where the calendar leads: its days to themselves, if they have data, and the names of months to months."""
    every = [first + place * DAY for place in range(365)]
    yield from ((f"year day {_dated(day)} link", one(f"?day={day}")) for day in every if day in means)
    for place, month in enumerate(day for day in every if day.day == 1):
        last = month.replace(day=monthrange(month.year, month.month)[1])
        yield f"year month {place:02}", one(f"{MONTHS[month.month - 1]} ?day={month}&through={last}")


def _mean(value: float | None) -> Said:
    return one("no readings") if value is None else frozenset(f"{each} °C" for each in numbers(HERO, value))


def _degrees(value: float) -> Said:
    return frozenset(f"{each}°" for each in numbers(HERO, value))


def _sentence(means: dict[date, float], low: float, high: float) -> Said:
    """Return the sentences; days whose means are equal but for rounding may each be the coldest or warmest."""
    coldest, warmest = ([at for at, mean in means.items() if abs(mean - edge) < 6e-4] for edge in (low, high))
    return frozenset(
        f"Daily means from {cold} on {_dated(first)} to {warm} on {_dated(last)}."
        for first in coldest
        for last in warmest
        for cold in _degrees(low)
        for warm in _degrees(high)
    )


def _records(known: Known) -> Iterator[tuple[str, Said]]:
    today = known.today
    begins = (today.replace(day=1), today.replace(month=1, day=1), date.min)
    rows = [
        (label, name, [known.days.extreme(name, end, begin, today) for begin in begins])
        for label, name, end in KINDS
        if name in known.names
    ]
    if known.days.rain:
        rows.append(("Wettest day", "rain", [known.days.wettest(begin, today) for begin in begins]))
    first = known.days.dates[0]
    ever = f"Since {first.year}" if first.year < today.year else "Ever"
    yield "records row 000", one(f"Records | {today:%B} | {today.year} | {ever}")
    for place, (label, name, found) in enumerate(row for row in rows if any(row[2])):
        cells = [_record(known, name, each, begin) for each, begin in zip(found, begins, strict=True)]
        yield f"records row {place + 1:03}", joined([one(label), *cells])
        yield f"records row {place + 1:03} links", one(" ".join(f"?day={each.day}" for each in found if each))


def _record(known: Known, name: str, found: Extreme | None, begin: date) -> Said:
    if found is None:
        return one("–")
    day = f"{found.day.day} {MONTHS[found.day.month - 1]}" if found.day.year == known.today.year else _dated(found.day)
    days = known.days.rain if name == "rain" else known.days.quantities[name]
    is_new = found.day == known.today and sum(begin <= at <= known.today for at in days) > 1
    values = numbers(name, found.value) if name == "rain" else one(text(name, found.value).removesuffix(unit(name)))
    return frozenset(f"{each}{unit(name)} {day}{' Record' if is_new else ''}" for each in values)


def _dated(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
