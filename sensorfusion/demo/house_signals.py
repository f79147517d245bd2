"""Simulated sensors of a house: what each measures at an instant, the same in its history and live.

Everything follows from the instant, so the history can be made in any order and the present continues it. Events, such
as a door that opens, are drawn from a seed of their day.
"""

import json
import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sensorfusion.demo.synthetic_weather import DAY_S, Sample

ZONE: Final = ZoneInfo("America/New_York")
EVERY_S: Final = 600
Values = dict[str, float | bool]
THAW_EVERY_DAYS: Final = 97  # the freezer's plug was out
THAW_H: Final = (2.0, 11.0)
FIRST_DAY: Final = date(2024, 1, 1)  # the meter's counter began
FILLED_EVERY_DAYS: Final = 27
SLOTS: Final = 144  # of ten minutes


class Opening(NamedTuple):
    start: float
    end: float


def freezer(at: float) -> Values:
    """A freezer that cycles around −20 °C, warms while its door is open, and thawed once in three months."""
    thaw = _thaw(at)
    door = any(each.start <= at < each.end for each in _openings("freezer", _day(at), 5))
    warmed = sum(
        _warmth(at, each) for each in (*_openings("freezer", _day(at), 5), *_openings("freezer", _before(at), 5))
    )
    cycle = (at % 2400) / 2400
    wave = 1.2 - 3.4 * cycle / 0.4 if cycle < 0.4 else -2.2 + 3.4 * (cycle - 0.4) / 0.6
    temperature = -20.3 + wave * (0.0 if thaw else 1.0) + warmed + thaw + 0.05 * _noise("freezer", at)
    return {"temperature": round(temperature, 1), "door_open": door, "compressor": cycle < 0.4 and not thaw}


def room(at: float) -> Values:
    """A class room: its CO₂ rises in lessons and falls when a window is opened at noon, and after school."""
    local, is_school = _local(at), _is_school(at)
    hour = local.hour + local.minute / 60 + local.second / 3600
    co2 = 425.0
    if is_school:
        co2 += _lesson(hour, 8.4, 12.0, 760) + _lesson(hour, 12.7, 15.5, 640)
    used = 1.0 if is_school and 8 <= hour < 16 else 0.0
    season = _season(at)
    temperature = 19.4 + 1.2 * season + 2.0 * math.exp(-(((hour - 14) / 5) ** 2)) * (0.5 + used / 2)
    humidity = 41 - 5 * season + 4 * used + 1.5 * _noise("humid", at)
    return {
        "co2": round(co2 + 6 * _noise("co2", at)),
        "temperature": round(temperature + 0.05 * _noise("warm", at), 1),
        "humidity": round(humidity),
    }


def meter(at: float) -> Values:
    """A household's electricity: a base load, cooking, washing, and evenings."""
    day, slot = _slot(at)
    before = _counted(day)
    slots = _use(day)
    inside = (at % EVERY_S) / EVERY_S
    kwh = before + sum(slots[:slot]) / 6000 + slots[slot] * inside / 6000
    return {"power": round(slots[slot] * (1 + 0.01 * _noise("power", at)), 1), "energy": round(kwh, 3)}


def tank(at: float) -> Values:
    """A tank of rain water that is used for the garden and filled every four weeks."""
    days = at / DAY_S
    cycle = days % FILLED_EVERY_DAYS
    level = 92 - 2.6 * cycle + 0.4 * math.sin(2 * math.pi * days) if cycle < 26.5 else 23 + (cycle - 26.5) * 138
    pump = any(each.start <= at < each.end for each in _openings("pump", _day(at), 3))
    return {"fill_level": round(level, 1), "water_temperature": round(11 + 6 * _season(at), 1), "pump": pump}


def door(at: float) -> Values:
    """The door of a shop, which reports when it moves."""
    is_open = any(each.start <= at < each.end for each in _openings("door", _day(at), 12))
    return {"door_open": is_open, "battery_voltage": round(3.06 - 0.12 * ((at / DAY_S) % 400) / 400, 2)}


SIGNALS: Final[dict[str, Callable[[float], Values]]] = {
    "freezer": freezer,
    "room": room,
    "meter": meter,
    "tank": tank,
    "door": door,
}
_EVENTS: Final = {"freezer": ("freezer", 5), "tank": ("pump", 3), "door": ("door", 12)}


class Signal:
    """The history of one sensor: a reading every ten minutes, and one whenever something opens or closes."""

    def __init__(self, code: str, *, every_s: int = EVERY_S) -> None:
        self._code = code
        self._every_s = every_s

    def day(self, start: datetime) -> list[Sample]:
        """Return the readings of the day that begins at `start` (UTC)."""
        signal, first = SIGNALS[self._code], int(start.timestamp())
        return [
            Sample(at, at + 1, json.dumps(signal(at), separators=(",", ":"))) for at in sorted(self._instants(first))
        ]

    def _instants(self, first: int) -> set[int]:
        found = set(range(first, first + DAY_S, self._every_s))
        if self._code in _EVENTS:
            name, most = _EVENTS[self._code]
            days = {_day(first), _day(first + DAY_S - 1)}
            edges = {int(at) for day in days for each in _openings(name, day, most) for at in each}
            found |= {at for at in edges if first <= at < first + DAY_S}
        return {at for at in found if not self._is_silent(at)}

    def _is_silent(self, at: int) -> bool:
        """Return whether the radio was off: an hour or so on some days, so that pages show what is unknown."""
        day = _day(at)
        chance = Random(f"silent/{self._code}/{day}")
        begin = chance.uniform(0, 20) * 3600
        return chance.random() < 0.06 and begin <= at - _start(day) < begin + 4200


@lru_cache(maxsize=64)
def _openings(name: str, day: date, most: int) -> tuple[Opening, ...]:
    """Return when a thing is open on a day, within seven and nineteen o'clock; whole seconds."""
    chance = Random(f"{name}/{day}")
    starts = sorted(chance.uniform(7, 18.7) * 3600 for _ in range(chance.randrange(most // 2, most + 3)))
    lasting = [min(20.0 + chance.expovariate(1 / 90), 1500) * (4 if name == "pump" else 1) for _ in starts]
    return tuple(
        Opening(round(_start(day) + start), round(_start(day) + start + length))
        for start, length in zip(starts, lasting, strict=True)
    )


def _warmth(at: float, opening: Opening) -> float:
    """Return by how much an opening still warms a freezer."""
    if at < opening.start:
        return 0.0
    gained = min(at, opening.end) - opening.start
    return min(6.0, gained / 60 * 0.9) * math.exp(-max(0.0, at - opening.end) / 1500)


def _thaw(at: float) -> float:
    """Return by how much a freezer without power is warmer."""
    day = _day(at)
    if day.toordinal() % THAW_EVERY_DAYS != 11:
        return 0.0
    begin, end = (_start(day) + hours * 3600 for hours in THAW_H)
    if at < begin:
        return 0.0
    return 16 * (1 - math.exp(-(min(at, end) - begin) / 12000)) * math.exp(-max(0.0, at - end) / 4000)


def _lesson(hour: float, begin: float, end: float, most: float) -> float:
    if hour < begin:
        return 0.0
    risen = most * (1 - math.exp(-(min(hour, end) - begin) / 1.6))
    return risen * math.exp(-max(0.0, hour - end) / 0.45)


def _is_school(at: float) -> bool:
    local = _local(at)
    return local.weekday() < 5 and local.month not in (7, 8)


@lru_cache(maxsize=16)
def _use(day: date) -> tuple[float, ...]:
    """Return the watts of each ten minutes of a UTC day."""
    chance = Random(f"use/{day}")
    found = []
    for slot in range(SLOTS):
        local = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=10 * slot)
        hour = local.astimezone(ZONE).hour
        likely = {7: 0.3, 8: 0.25, 12: 0.3, 17: 0.35, 18: 0.5, 19: 0.5, 20: 0.35, 21: 0.2}.get(hour, 0.04)
        found.append(138 + chance.uniform(0, 60) + (chance.uniform(700, 2800) if chance.random() < likely else 0.0))
    return tuple(found)


@lru_cache(maxsize=2048)
def _counted(day: date) -> float:
    """Return the meter's counter at the beginning of a day, which is the sum of the days before it."""
    total, at = 11_000.0, FIRST_DAY
    while at < day:
        total += _total(at)
        at += timedelta(days=1)
    return total


@lru_cache(maxsize=4096)
def _total(day: date) -> float:
    return sum(_use(day)) / 6000


def _slot(at: float) -> tuple[date, int]:
    moment = datetime.fromtimestamp(at, UTC)
    return moment.date(), int(at % DAY_S) // EVERY_S


def _season(at: float) -> float:
    """Return 1 in the middle of July, and −1 in that of January."""
    return -math.cos(2 * math.pi * (_local(at).timetuple().tm_yday - 15) / 365.25)


def _noise(name: str, at: float) -> float:
    """Return a smooth number between −1 and 1."""
    phase = sum(map(ord, name))
    return (math.sin(at / 311 + phase) + math.sin(at / 1187 + 2 * phase) + math.sin(at / 47 + phase)) / 3


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at, ZONE)


def _day(at: float) -> date:
    return _local(at).date()


def _before(at: float) -> date:
    return _day(at) - timedelta(days=1)


@lru_cache(maxsize=1024)
def _start(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp()
