"""Columns of derived quantities: computed finer than shown, as docs/readings.md says, and combined.

An hour is made of 5-minute means and a day of hours. An amount or a rate is of the time since the reading before it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.truth.oracle import rain, weather
from tests.truth.oracle.buckets import Buckets, Cell, Resolution, Rows, start_of
from tests.truth.oracle.evaporation import Where, evaporated
from tests.truth.oracle.gaps import stands_for_s

FINER: Final[Mapping[Resolution, Resolution]] = {"raw": "raw", "5m": "5m", "1h": "5m", "1d": "hour of day"}
OF_WEATHER: Final = ("temperature", "humidity", "wind_speed", "solar_radiation")
OVER_TIME: Final = ("rain", "rain_rate", "reference_evapotranspiration")


@dataclass(frozen=True)
class Part:
    """A derived value of a finer bucket and the hours it stands for."""

    value: float
    hours: float = 1.0


def derived(buckets: Buckets, name: str, inputs: Sequence[str], resolution: Resolution, where: Where) -> Rows:
    """Return the rows of a derived quantity."""
    finer = FINER[resolution]
    parts = (_over_time if name in OVER_TIME else _at_once)(buckets, name, inputs, finer, where)
    held: dict[float, list[Part]] = {}
    for start, part in sorted(parts.items()):
        held.setdefault(start_of(start, resolution, buckets.calendar), []).append(part)
    adds_up = name in ("rain", "reference_evapotranspiration")
    return {start: _cell(those, adds_up=adds_up, has_extremes=resolution != "5m") for start, those in held.items()}


def _cell(parts: Sequence[Part], *, adds_up: bool, has_extremes: bool) -> Cell:
    total = math.fsum(part.value if adds_up else part.value * part.hours for part in parts)
    value = total if adds_up else total / math.fsum(part.hours for part in parts)
    if not has_extremes:
        return Cell(value, None, None, 0.0)
    return Cell(value, min(part.value for part in parts), max(part.value for part in parts), 0.0)


def _at_once(buckets: Buckets, name: str, inputs: Sequence[str], finer: Resolution, where: Where) -> dict[float, Part]:
    found: dict[float, Part] = {}
    for start, numbers in _together(buckets, inputs, finer).items():
        value = weather.at_once(name, numbers, where.elevation_m)
        if value is not None:
            found[start] = Part(value)
    return found


def _together(buckets: Buckets, names: Sequence[str], finer: Resolution) -> dict[float, dict[str, float]]:
    """Return the means of several quantities by bucket, in order."""
    found: dict[float, dict[str, float]] = {}
    for name in names:
        for start, cell in buckets.rows(name, finer).items():
            if cell.value is not None:
                found.setdefault(start, {})[name] = cell.value
    return dict(sorted(found.items()))


def _over_time(
    buckets: Buckets, name: str, inputs: Sequence[str], finer: Resolution, where: Where
) -> dict[float, Part]:
    if name == "reference_evapotranspiration":
        return _evaporation(buckets, finer, where)
    fell: dict[float, float] = {}
    last_at: dict[float, float] = {}
    for told_by in sorted(inputs, key=rain.TELL.index, reverse=True):  # each from its first value on, others before
        rows = buckets.rows(told_by, finer)
        amounts = rain.by_bucket(rain.amounts(buckets.readings, told_by, buckets.calendar), finer, buckets.calendar)
        fell = {start: amount for start, amount in fell.items() if start < min(rows)} | amounts
        last_at = {start: at for start, at in last_at.items() if start < min(rows)}
        last_at |= {start: cell.last_at for start, cell in rows.items()}
    if name == "rain":
        return {start: Part(amount) for start, amount in fell.items()}
    hours = _hours(last_at)
    return {start: Part(rate, hours[start] or 1.0) for start, rate in rain.rates(fell, hours).items()}


def _hours(last_at: Mapping[float, float]) -> dict[float, float | None]:
    """Return the hours that each bucket stands for: those since the last number of the bucket before."""
    starts = sorted(last_at)
    seconds = stands_for_s([last_at[start] for start in starts])
    return {start: None if each is None else each / 3600 for start, each in zip(starts, seconds, strict=True)}


def _evaporation(buckets: Buckets, finer: Resolution, where: Where) -> dict[float, Part]:
    last_at: dict[float, float] = {}
    for name in OF_WEATHER:
        for start, cell in buckets.rows(name, finer).items():
            last_at[start] = max(last_at.get(start, cell.last_at), cell.last_at)
    together = _together(buckets, OF_WEATHER, finer)
    whole = {start: each for start, each in together.items() if len(each) == len(OF_WEATHER)}
    hours = _hours({start: last_at[start] for start in whole})
    amounts = evaporated([(last_at[start], hours[start], numbers) for start, numbers in whole.items()], where)
    return {start: Part(amount) for start, amount in zip(whole, amounts, strict=True) if amount is not None}
