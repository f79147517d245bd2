from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sensorfusion.explore.selection import Against
from sensorfusion.explore.shifts import earlier, later

WARSAW = ZoneInfo("Europe/Warsaw")
TIMES = (Against.YESTERDAY, Against.WEEK, Against.YEAR)


def at(year: int, month: int, day: int, hour: int = 0) -> float:
    return datetime(year, month, day, hour, tzinfo=WARSAW).timestamp()


@pytest.mark.parametrize(
    ("against", "before"),
    [
        (Against.YESTERDAY, (2026, 3, 29, 8)),
        (Against.WEEK, (2026, 3, 23, 8)),
        (Against.YEAR, (2025, 3, 30, 8)),
    ],
)
def test_the_same_time_is_that_of_the_wall_clock(against: Against, before: tuple[int, int, int, int]) -> None:
    assert earlier(at(2026, 3, 30, 8), against, WARSAW) == at(*before)  # the clocks changed on the 29th


def test_29_february_has_no_year_after_it() -> None:
    assert later(at(2024, 2, 29, 12), Against.YEAR, WARSAW) is None
    assert earlier(at(2024, 2, 29, 12), Against.YEAR, WARSAW) == at(2023, 3, 1)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)), st.sampled_from(TIMES))
def test_later_undoes_earlier(wall: datetime, against: Against) -> None:
    instant = wall.replace(tzinfo=WARSAW).timestamp()
    assume((wall.month, wall.day) != (2, 29))
    before = earlier(instant, against, WARSAW)

    # Of two equal wall times in autumn one comes back, and a skipped one is none.
    assert later(before, against, WARSAW) in {instant, instant + 3600, instant - 3600}
    if wall.month not in (3, 10, 11):
        assert later(before, against, WARSAW) == instant
    if against is Against.WEEK:
        assert abs(instant - before - timedelta(days=7).total_seconds()) <= 3600
