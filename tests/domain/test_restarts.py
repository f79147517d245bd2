from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sensorfusion.domain.quantities import Period
from sensorfusion.domain.restarts import Restarts, restarts_of

WARSAW = ZoneInfo("Europe/Warsaw")


def between(period: Period, before: str, after: str, *, is_unchanged: bool = False, day_starts_h: int = 0) -> bool:
    at = [datetime.fromisoformat(each).replace(tzinfo=WARSAW).timestamp() for each in (before, after)]
    return Restarts(period, WARSAW, day_starts_h).between(*at, is_unchanged=is_unchanged)


@pytest.mark.parametrize(
    ("period", "before", "after", "expected"),
    [
        ("day", "2026-11-20 20:00", "2026-11-21 08:00", True),
        ("day", "2026-11-20 08:00", "2026-11-20 20:00", False),
        ("day", "2026-11-20 23:50", "2026-11-21 00:14", False),  # the clock of the device may be late
        ("day", "2026-11-20 23:50", "2026-11-21 00:16", True),
        ("day", "2026-11-21 00:00", "2026-11-22 00:00", True),  # sent at midnight, each of the day before
        ("day", "2026-10-24 23:00", "2026-10-25 02:30", True),  # the clocks go back half an hour later
        ("week", "2026-11-20 20:00", "2026-11-23 08:00", True),  # over Sunday and Monday
        ("week", "2026-11-22 20:00", "2026-11-23 08:00", False),  # over Monday only
        ("week", "2026-11-21 20:00", "2026-11-22 08:00", False),  # over Sunday only
        ("month", "2026-11-29 20:00", "2026-11-30 08:00", False),
        ("month", "2026-11-30 20:00", "2026-12-01 08:00", True),
        ("year", "2026-11-30 20:00", "2026-12-01 08:00", False),
        ("year", "2026-12-31 20:00", "2027-01-01 08:00", True),
    ],
)
def test_a_counter_restarts_where_its_period_begins(period: Period, before: str, after: str, expected: bool) -> None:
    assert between(period, before, after) is expected


def test_a_value_that_has_not_changed_is_given_longer() -> None:
    assert not between("day", "2026-07-20 23:30", "2026-07-21 00:30", is_unchanged=True)
    assert between("day", "2026-07-20 23:30", "2026-07-21 00:30")
    assert between("day", "2026-07-20 23:30", "2026-07-21 02:30", is_unchanged=True)


def test_days_begin_when_those_of_the_site_do() -> None:
    assert not between("day", "2026-11-20 20:00", "2026-11-21 08:00", day_starts_h=9)
    assert between("day", "2026-11-21 08:00", "2026-11-21 10:00", day_starts_h=9)


def test_only_counters_of_the_calendar_restart_by_it() -> None:
    restarts = restarts_of("rain_month:a2", WARSAW, 9)

    assert restarts == Restarts("month", WARSAW, 9)
    assert restarts_of("rain_total", WARSAW, 0) is None
