from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.alert_rules.hours import Hours
from tests.domain.hard_zones import ZONES

WARSAW = ZoneInfo("Europe/Warsaw")
NIGHTS = Hours(WARSAW, starts_min=22 * 60, ends_min=6 * 60)
OFFICE = Hours(WARSAW, frozenset(range(5)), 8 * 60, 18 * 60)


def local(*parts: int, fold: int = 0) -> float:
    return datetime(*parts, tzinfo=WARSAW, fold=fold).timestamp()  # type: ignore[misc, arg-type]  # parts of a date


def test_office_hours_end_on_friday_evening_and_begin_on_monday() -> None:
    friday = local(2026, 11, 27, 17, 59)

    assert OFFICE.is_active(friday)
    assert not OFFICE.is_active(friday + 60)
    assert OFFICE.next_change(friday + 60) == local(2026, 11, 30, 8)


def test_night_belongs_to_the_weekday_on_which_it_begins() -> None:
    friday_nights = Hours(WARSAW, frozenset({4}), 22 * 60, 6 * 60)

    assert friday_nights.is_active(local(2026, 11, 28, 5))
    assert not friday_nights.is_active(local(2026, 11, 27, 5))


@pytest.mark.parametrize(
    ("evening", "hours"), [((2026, 3, 28, 22), 7), ((2026, 10, 24, 22), 9), ((2026, 11, 24, 22), 8)]
)
def test_night_is_as_long_as_the_clocks_make_it(evening: tuple[int, ...], hours: int) -> None:
    start = local(*evening)

    assert NIGHTS.next_change(start) == start + hours * 3600


def test_hour_that_the_clocks_show_twice_is_active_from_its_first_time_on() -> None:
    early = Hours(WARSAW, starts_min=150, ends_min=240)

    assert early.is_active(local(2026, 10, 25, 2, 30))
    assert early.is_active(local(2026, 10, 25, 2, 30, fold=1))
    assert not early.is_active(local(2026, 10, 25, 4))


def test_every_hour_of_every_day_never_changes() -> None:
    assert Hours(WARSAW).next_change(local(2026, 10, 25, 2)) is None
    assert Hours(WARSAW, frozenset()).next_change(local(2026, 10, 25, 2)) is None


@given(
    zone=st.sampled_from(sorted(ZONES)),
    weekdays=st.frozensets(st.integers(0, 6)),
    starts=st.integers(0, 1439),
    ends=st.integers(0, 1440),
    at=st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1)).map(lambda each: each.replace(tzinfo=UTC).timestamp()),
)
def test_nothing_changes_before_the_next_change(
    zone: str, weekdays: frozenset[int], starts: int, ends: int, at: float
) -> None:
    hours = Hours(ZoneInfo(zone), weekdays, starts, ends)
    change, before = hours.next_change(at), hours.is_active(at)
    until = at + 8 * 86400 if change is None else change

    assert all(hours.is_active(at + share * (until - at) / 97) == before for share in range(97))
    if change is not None:
        assert hours.is_active(change) != before
