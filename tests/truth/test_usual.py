"""The usual range of a week, 10 to 90 % of its hours in the years before, over random histories of several years."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from sensorfusion.readings.climate import usual as platform
from tests.truth.checks import usual
from tests.truth.made_data import Case, Made, Sent
from tests.truth.oracle.stored import Excluded
from tests.truth.station import standing

pytestmark = pytest.mark.django_db(transaction=True)

KINDS: Final = frozenset({"bad", "excluded", "late"})
# The week of 29 February, the end of a year, whose week has eight days, and changes of the clocks.
HISTORIES: Final = [
    ("UTC", 0, datetime(2026, 3, 3, 15, tzinfo=UTC)),
    ("Europe/Warsaw", 9, datetime(2026, 1, 2, 10, tzinfo=UTC)),
    ("Australia/Lord_Howe", 0, datetime(2026, 4, 6, 3, tzinfo=UTC)),
    ("Asia/Kathmandu", 6, datetime(2025, 12, 31, 20, tzinfo=UTC)),
]
YEARS: Final = 4  # before the one of now
AROUND: Final = timedelta(days=36)


def history(zone: str, starts_h: int, now: datetime) -> tuple[Case, Made]:
    """Make readings around the same date of some years, with silences, bad values, a correction and exclusions."""
    case = Case(zone, starts_h, "irregular", "rain", KINDS, is_retained=False)
    chance, readings = random.Random(f"{zone} {starts_h}"), []
    for back in range(YEARS, -1, -1):
        middle = now.replace(year=now.year - back)
        at, end = middle - AROUND, min(middle + timedelta(days=9), now)
        silent_from = middle - timedelta(days=chance.uniform(8, 14))  # a week lacks some of its days, or too many
        silent = timedelta(days=12 if back == 2 else 4.6)
        while at < end:
            if not silent_from <= at < silent_from + silent:
                readings.append(Sent(at, {"temperature": _temperature(chance, at, back), "humidity": 50}))
            at += timedelta(minutes=chance.uniform(40, 130))
    chosen = readings[len(readings) // 3]
    excluded = [Excluded(chosen.at.timestamp(), chosen.at.timestamp() + 200_000, "temperature")]
    corrected = [Sent(each.at, {"temperature": 40.5}) for each in readings[40:90]]
    return case, Made([(now, readings), (now + timedelta(minutes=1), corrected)], now + timedelta(minutes=2), excluded)


def _temperature(chance: random.Random, at: datetime, back: int) -> float:
    if chance.random() < 0.03:
        return 75.0  # physically impossible for a weather station: flagged as bad
    return round(chance.gauss(8 - 2 * back, 4) + 3 * (at.hour - 12) / 12, 1)


@pytest.mark.parametrize(("zone", "starts_h", "now"), HISTORIES, ids=[each[0] for each in HISTORIES])
def test_what_is_usual_follows_from_the_readings_of_earlier_years(zone: str, starts_h: int, now: datetime) -> None:
    with standing(*history(zone, starts_h, now)) as station:
        found = usual.expected(station, "30d")

        assert len(found) >= 4
        assert len({each.years for each in found}) > 1  # a year without enough days is left out
        assert usual.differences(station) == []


@dataclass(frozen=True)
class Fault:
    title: str
    name: str
    by: Any


def _by_day(ascending: list[float], share: float) -> float:
    return ascending[int(share * len(ascending))]


FAULTS: Final = [
    Fault("the range is of 20 to 80 %", "LOW", 0.2),
    Fault("a week of one day counts", "FEWEST_DAYS", 1),
    Fault("only two years count", "YEARS_MOST", 2),
    Fault("percentiles are not interpolated", "percentile", _by_day),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.title)
def test_the_oracle_of_what_is_usual_sees_it_when(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, fault.name, fault.by)

    with standing(*history(*HISTORIES[0])) as broken:
        found = usual.differences(broken)

    assert found
    assert any("the platform says" in line for line in found)
