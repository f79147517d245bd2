"""The table "Now against": the newest values beside yesterday's and the month's."""

import math
from collections.abc import Iterator
from typing import Final

from tests.truth.oracle.quantities import COMBINES, digits
from tests.truth.page.hero import HERO, a_day_before
from tests.truth.page.known import Known
from tests.truth.page.said import NOTHING, SYMBOLS, Said, clock, difference, joined, numbers, one, since, text, unit

COMPARED: Final = (HERO, "humidity", "pressure", "wind_speed", "solar_radiation")


def claims(known: Known) -> Iterator[tuple[str, Said]]:
    names = [name for name in COMPARED if name in known.names]
    before = {name: a_day_before(known, name) for name in names}
    month = _month(known, names)
    if not any(value is not None for value in [*before.values(), *month.values()]):
        return
    when = "Now" if known.is_reporting else since(known.local(known.observed_at), known.here)
    heads = [one(""), one(when), one("Yesterday, same time")]
    yield "against row 000", joined([*heads, *([one(f"{known.today:%B} so far")] if month else [])])
    for place, name in enumerate(names):
        yield f"against row {place + 1:03}", _row(known, name, before[name], month)
    of_month = f" The month is as of {clock(known.here)}." if month else ""
    yield "against note", one(f"The small numbers: how much higher (+) or lower (−) it is now.{of_month}")


def _row(known: Known, name: str, before: float | None, month: dict[str, float | None]) -> Said:
    value = known.current(name)
    cells = [one(SYMBOLS[name][2]), one(text(name, value)), _against(name, value, before)]
    return joined([*cells, *([_against(name, value, month[name])] if month else [])])


def _against(name: str, value: float | None, other: float | None) -> Said:
    if value is None or other is None:
        return one(NOTHING)
    off = 0.6 * 10.0 ** -digits(name)
    return frozenset(
        f"{each}{unit(name)} {difference(name, value - other + by)}"
        for each in numbers(name, other)
        for by in (-off, 0, off)
    )


def _month(known: Known, names: list[str]) -> dict[str, float | None]:
    """Return the mean of the means of the month's days, nothing if the month has none."""
    first = known.today.replace(day=1)
    found: dict[str, float | None] = {}
    for name in names:
        days = known.days.quantities.get(name, {}) if COMBINES[name] == "mean" else {}
        means = [day.mean for at, day in days.items() if first <= at <= known.today and day.mean is not None]
        found[name] = math.fsum(means) / len(means) if means else None
    has_any = any(first <= day <= known.today for name in names for day in known.days.quantities.get(name, {}))
    return found if has_any else {}
