"""Made data: what a sensor sends in one case of the matrix, when it arrives, and what people do with it afterwards.

Everything follows from the case alone; `random.Random` is seeded with its name. Values are those of a weather station:
a temperature that follows the sun, rain in showers, a wind that falls calm.
"""

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from tests.truth.oracle.stored import Excluded

KINDS: Final = ("missing", "zero", "bad", "calm", "old", "future", "excluded", "late", "removed")
RAINS: Final = ("rain", "rain_day", "rain_total", "replaced")  # what tells it; replaced: a counter, then amounts

# The clocks change in the middle of the data; in Samoa a whole day is skipped, Kathmandu is off the full hour for ever.
MIDDLES: Final[Mapping[str, datetime]] = {
    "Europe/Warsaw": datetime(2026, 3, 29, 1, tzinfo=UTC),
    "America/St_Johns": datetime(2025, 11, 2, 4, 30, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 4, 4, 15, tzinfo=UTC),
    "Pacific/Apia": datetime(2011, 12, 30, 10, tzinfo=UTC),
    "Asia/Kathmandu": datetime(2026, 6, 14, 18, 15, tzinfo=UTC),
    "America/Havana": datetime(2026, 3, 8, 5, tzinfo=UTC),  # at midnight
    "Atlantic/Azores": datetime(2026, 10, 25, 1, tzinfo=UTC),  # back to the evening before
}
# Seconds between readings, and how many there are.
INTERVALS: Final[Mapping[str, tuple[float, int]]] = {
    "1 s": (1, 400),
    "1 min": (60, 400),
    "5 min": (300, 360),
    "10 min": (600, 320),
    "1 h": (3600, 400),
    "1 d": (86400, 240),
    "irregular": (2400, 250),
    "1 d, 13 months": (86400, 400),
}
WHOLE_YEARS: Final = ("1 d, 13 months",)  # long enough to be compared with the year before


@dataclass(frozen=True)
class Case:
    """One combination of the matrix."""

    zone: str
    starts_h: int
    interval: str
    rain: str
    kinds: frozenset[str]
    is_retained: bool  # everything is asked after retention removed the older readings

    @property
    def name(self) -> str:
        kinds = "+".join(kind for kind in KINDS if kind in self.kinds) or "plain"
        after = ", after retention" if self.is_retained else ""
        return f"{self.zone} from {self.starts_h} h, each {self.interval}, {self.rain}, {kinds}{after}"


@dataclass(frozen=True)
class Sent:
    """A reading as its sensor sends it."""

    at: datetime
    values: Mapping[str, Any]


@dataclass
class Made:
    """`batches` arrive one after another, each at its instant; then follow deletions, exclusions, and `now`."""

    batches: list[tuple[datetime, list[Sent]]]
    now: datetime
    excluded: list[Excluded] = field(default_factory=list)
    restored: list[Excluded] = field(default_factory=list)
    deleted: list[tuple[datetime, datetime]] = field(default_factory=list)


def made(case: Case) -> Made:
    """Make the data of a case."""
    dice = random.Random(case.name)
    instants = list(_instants(case, dice))
    readings = [Sent(at, values) for at, values in zip(instants, _weather(case, instants, dice), strict=True) if values]
    arrived = instants[-1] + timedelta(seconds=20)
    held = {each.at for each in readings if "late" in case.kinds and dice.random() < 0.06}
    batches = [(arrived, [each for each in readings if each.at not in held])]
    if "future" in case.kinds:
        batches.append((arrived, _future(arrived)))
    if held:
        batches.append((arrived + timedelta(minutes=20), _late(readings, held, dice)))
    found = Made(batches, now=arrived + timedelta(hours=1))
    _edit(case, instants, found)
    if case.is_retained:
        found.now += timedelta(days=70)
    return found


def _instants(case: Case, dice: random.Random) -> Iterator[datetime]:
    step_s, count = INTERVALS[case.interval]
    at = MIDDLES[case.zone] - timedelta(seconds=round(step_s * count * 0.55) - 7)
    for _ in range(count):
        yield at
        step = step_s if case.interval != "irregular" else step_s * dice.choice((0.1, 0.3, 0.7, 1, 1, 1.4, 2))
        at += timedelta(seconds=step)


def _weather(case: Case, instants: list[datetime], dice: random.Random) -> Iterator[dict[str, Any]]:
    fell = _Rain(case, instants, dice)
    silent = range(len(instants) // 3, len(instants) // 3 + 40) if "missing" in case.kinds else range(0)
    for place, at in enumerate(instants):
        values = _values(case, at, dice) | fell.values(place)
        _spoil(case, values, place, len(instants), dice)
        yield {} if place in silent else values


def _values(case: Case, at: datetime, dice: random.Random) -> dict[str, Any]:
    hour = (at.timestamp() % 86400) / 3600
    season = math.sin(2 * math.pi * (at.timestamp() / 86400 % 365.25) / 365.25)
    height = math.sin(math.pi * (hour - 6) / 12)
    temperature = round(9 + 9 * season + 7 * height + dice.gauss(0, 1.5), 1)
    speed = round(max(0.0, dice.gauss(3.5, 2.5)), 1)
    return {
        "temperature": temperature,
        "humidity": min(100, max(5, round(70 - 2 * (temperature - 9) + dice.gauss(0, 4)))),
        "pressure": round(990 + 12 * math.sin(at.timestamp() / 200_000) + dice.gauss(0, 0.3), 1),
        "wind_speed": speed,
        "wind_gust": round(speed * 1.6, 1),
        "wind_direction": round((200 + 120 * math.sin(at.timestamp() / 90_000) + dice.gauss(0, 20)) % 360),
        "solar_radiation": round(max(0.0, 800 * height * dice.uniform(0.3, 1))),
        "current": round(dice.uniform(1e-7, 4e-7), 9),
    }


def _spoil(case: Case, values: dict[str, Any], place: int, count: int, dice: random.Random) -> None:
    """Turn some values into those of the case's kinds."""
    if "zero" in case.kinds:
        _make_zero(values, place, dice)
    if "calm" in case.kinds and dice.random() < 0.5:
        values |= {"wind_speed": dice.choice((0, 0.2, 0.4)), "wind_direction": 0, "wind_gust": 0.4}
    if "bad" in case.kinds and (place % 31 == 3 or place == count - 1):
        values |= {"temperature": 75, "humidity": 106, "pressure": 400}
    if "old" in case.kinds and place > 0.7 * count:
        for name in ("humidity", "solar_radiation", "wind_direction"):
            values.pop(name, None)
    if "missing" in case.kinds:
        for name in [each for each in values if dice.random() < 0.15]:
            del values[name]


def _make_zero(values: dict[str, Any], place: int, dice: random.Random) -> None:
    if place % 9 == 0:
        values |= {"temperature": 0, "wind_speed": 0, "wind_gust": 0}
    if not values["solar_radiation"]:
        values["solar_radiation"] = dice.choice((0, -1, -3.5, -6))  # the noise of a pyranometer at night


class _Rain:
    """Showers, told by amounts or by a counter of the day or of all time."""

    def __init__(self, case: Case, instants: list[datetime], dice: random.Random) -> None:
        self._rain = case.rain
        wet = [dice.random() < 0.5 for _ in range(0, len(instants), 40)]
        falls = [
            round(dice.choice((0.2, 0.2, 0.4, 1.6)), 1) if wet[place // 40] and dice.random() < 0.4 else 0
            for place in range(len(instants))
        ]
        days = [_day(case, at) for at in instants]
        self._falls = falls
        self._of_day = list(_summed(falls, days))
        self._total = list(_summed(falls, [date.min] * len(falls)))
        self._replaced_at = len(instants) // 2

    def values(self, place: int) -> dict[str, Any]:
        if self._rain == "rain" or (self._rain == "replaced" and place >= self._replaced_at):
            return {"rain": self._falls[place]}
        if self._rain == "rain_day":
            return {"rain_day": self._of_day[place]}
        return {"rain_total": round(12431.8 + self._total[place], 1)}


def _day(case: Case, at: datetime) -> date:
    local = at.astimezone(ZoneInfo(case.zone))
    return local.date() if local.hour >= case.starts_h else local.date() - timedelta(days=1)


def _summed(falls: list[float], days: list[date]) -> Iterator[float]:
    total, before = 0.0, None
    for amount, day in zip(falls, days, strict=True):
        total = amount if day != before else round(total + amount, 1)
        before = day
        yield total


def _future(arrived: datetime) -> list[Sent]:
    """Return what a clock that is ahead sends; the instant of one is past when it is asked for, the other's is not."""
    return [
        Sent(arrived + ahead, {"temperature": 55.5, "wind_gust": 60, "humidity": 1})
        for ahead in (timedelta(minutes=25), timedelta(days=20))
    ]


def _late(readings: list[Sent], held: set[datetime], dice: random.Random) -> list[Sent]:
    """Return the readings that were held back, and corrections: the highest value was wrong."""
    hot = max((each for each in readings if "temperature" in each.values), key=lambda each: _plausible(each.values))
    corrected = [] if hot.at in held else [Sent(hot.at, {"temperature": round(dice.uniform(5, 9), 1)})]
    return [*(each for each in readings if each.at in held), *corrected]


def _plausible(values: Mapping[str, Any]) -> float:
    return float(values["temperature"]) if values["temperature"] < 60 else -99.0


def _edit(case: Case, instants: list[datetime], found: Made) -> None:
    many = len(instants)
    if "removed" in case.kinds:
        found.deleted = [(instants[many // 2], instants[many // 2 + 30]), (instants[-4], found.now)]
    if "excluded" in case.kinds:
        ahead = (found.now + timedelta(days=400)).timestamp()
        stamps = [at.timestamp() for at in instants]
        found.excluded = [
            Excluded(stamps[many // 5], stamps[many // 5 + 25]),
            Excluded(stamps[many // 4], stamps[many // 4 + 60], "temperature"),
            Excluded(stamps[-20], ahead, "humidity"),
        ]
        found.restored = [Excluded(stamps[many // 6], stamps[many // 6 + 9])]
