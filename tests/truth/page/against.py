"""The table "Now against": the newest values beside yesterday's, last year's and the month's."""

import calendar
import math
from collections.abc import Iterator
from datetime import date
from typing import Final

from tests.truth.oracle.quantities import COMBINES, digits
from tests.truth.page.hero import HERO, a_day_before
from tests.truth.page.known import Known
from tests.truth.page.said import NOTHING, SYMBOLS, Said, clock, difference, joined, numbers, one, since, text, unit

COMPARED: Final = (HERO, "humidity", "pressure", "wind_speed", "solar_radiation")


def claims(known: Known) -> Iterator[tuple[str, Said]]:
    names = [name for name in COMPARED if name in known.names]
    before = {name: a_day_before(known, name) for name in names}
    month = _between(known, names, known.today.replace(day=1), known.today)
    day = _a_year_before(known.today)
    year = _between(known, names, day, day) if _has_begun(known, day) else {}
    if not any(value is not None for value in [*before.values(), *year.values(), *month.values()]):
        return
    when = "Now" if known.is_reporting else since(known.local(known.observed_at), known.here)
    heads = [one(""), one(when), one("Yesterday, same time")]
    if year:
        heads.append(one(f"{day.day} {day:%b %Y}"))
    if month:
        heads.append(one(f"{known.today:%B} so far"))
    yield "against row 000", joined(heads)
    for place, name in enumerate(names):
        yield (
            f"against row {place + 1:03}",
            _row(known, name, [before[name], *(each[name] for each in (year, month) if each)]),
        )
    of_month = f" The month is as of {clock(known.here)}." if month else ""
    of_day = " Of a day it is the mean." if year else ""
    yield "against note", one(f"The small numbers: how much higher (+) or lower (−) it is now.{of_day}{of_month}")


def _row(known: Known, name: str, others: list[float | None]) -> Said:
    value = known.current(name)
    cells = [one(SYMBOLS[name][2]), one(text(name, value))]
    return joined([*cells, *(_against(name, value, other) for other in others)])


def _against(name: str, value: float | None, other: float | None) -> Said:
    if value is None or other is None:
        return one(NOTHING)
    off = 0.6 * 10.0 ** -digits(name)
    return frozenset(
        f"{each}{unit(name)} {difference(name, value - other + by)}"
        for each in numbers(name, other)
        for by in (-off, 0, off)
    )


def _a_year_before(today: date) -> date:
    last = calendar.monthrange(today.year - 1, today.month)[1]
    return date(today.year - 1, today.month, min(today.day, last))


def _has_begun(known: Known, day: date) -> bool:
    """Return whether the main quantity was measured on the day or before."""
    return any(each <= day for each in known.days.quantities.get(HERO, {}))


def _between(known: Known, names: list[str], first: date, last: date) -> dict[str, float | None]:
    """Return the mean of the means of the days from the first to the last, nothing if none of them has any."""
    found: dict[str, float | None] = {}
    for name in names:
        days = known.days.quantities.get(name, {}) if COMBINES[name] == "mean" else {}
        means = [day.mean for at, day in days.items() if first <= at <= last and day.mean is not None]
        found[name] = math.fsum(means) / len(means) if means else None
    has_any = any(first <= day <= last for name in names for day in known.days.quantities.get(name, {}))
    return found if has_any else {}
