"""`…/explore/` with statistics against the readings, over spans that end inside buckets and days."""

import math
import random
from collections.abc import Iterator
from statistics import median
from typing import Any, Final

from tests.truth.checks.differences import first, instant
from tests.truth.checks.series import true_rows
from tests.truth.oracle.buckets import Resolution, Rows
from tests.truth.oracle.explored import explored
from tests.truth.oracle.quantities import COMBINES
from tests.truth.station import Station

NAMES: Final = ("low", "mean", "high", "deviation", "total", "count", "above_s", "below_s")
NOISE: Final = 1e-9  # of the greatest number: nothing here is rounded


def differences(station: Station) -> list[str]:
    """Return the differences of all statistics of single series."""
    return first(line for span in _spans(station) for name in _names(station) for line in _told(station, name, span))


def _names(station: Station) -> list[str]:
    return [name for name in station.names if COMBINES[name] != "vector"]


def _spans(station: Station) -> Iterator[tuple[float, float]]:
    """Yield all of the time, and a part that begins and ends inside buckets; of readings that are kept or not."""
    held = [each.at for each in station.buckets.readings]
    dice = random.Random(station.case.name)
    begin, end = sorted(dice.sample(range(len(held)), 2))
    yield math.floor(held[0]) - 7.0, math.floor(station.now.timestamp()) + 0.0
    if end > begin and not station.case.is_retained:
        yield math.floor(held[begin]) + 1.0, math.floor(held[end]) + 1.0


def _told(station: Station, name: str, span: tuple[float, float]) -> Iterator[str]:
    numbers = [each.numbers[name] for each in station.buckets.between(*span).readings if name in each.numbers]
    if not numbers:
        return
    level = median(numbers)
    said = _ask(station, name, span, level)
    joined = _joined(station, name, said["basis"], span)
    if joined is not None and said["basis"] != "raw" and span[0] > station.buckets.readings[0].at:
        return  # what a counter grew by in a part of a bucket is another check's
    true = explored(station.buckets, name, said["basis"], span, level, joined)
    size = max(map(abs, numbers))
    for each in NAMES:
        one, other = said[each], getattr(true, each)
        if each.endswith("_s") and said["basis"] != "raw" and _is_at_level(station, name, said["basis"], level):
            continue  # a mean that is the level but for noise may count on either side
        if (one is None) != (other is None) or (one is not None and abs(one - other) > _slack(each, size, other)):
            where = f"{instant(span[0])} to {instant(span[1])} by {said['basis']}"
            yield f"explore, {name}, {each} from {where}: the platform says {one}, the readings {other}"


def _joined(station: Station, name: str, basis: Resolution, span: tuple[float, float]) -> Rows | None:
    """Return the rows of rain that a counter told at first; None if amounts tell all of the span."""
    own, every = station.buckets.rows(name, basis), true_rows(station, name, basis)
    part = {at: cell for at, cell in every.items() if span[0] <= at < span[1] or basis != "raw"}
    return part if part.keys() - own.keys() else None


def _slack(figure: str, size: float, true: float) -> float:
    return 1e-3 if figure.endswith("_s") else NOISE * max(size, abs(true))


def _is_at_level(station: Station, name: str, basis: Any, level: float) -> bool:
    means = (cell.value for cell in station.buckets.rows(name, basis).values() if cell.value is not None)
    return any(math.isclose(mean, level, rel_tol=1e-9) for mean in means)


def _ask(station: Station, name: str, span: tuple[float, float], level: float) -> Any:
    query = {"series": f"{station.sensor.uuid}:{name}", "figures": 1, "level": repr(level)}
    answer = station.answer("/api/v1/explore/", **query, **{"from": f"{span[0]:.0f}", "to": f"{span[1]:.0f}"})
    return answer.json()["series"][0]["figures"]
