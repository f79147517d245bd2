from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.device_clock import IN_TIME, Rule, fitting
from sensorfusion.domain.device_clock.local_time import OFFSETS

WARSAW = Rule(ZoneInfo("Europe/Warsaw"))
ZONES = ["Europe/Warsaw", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "UTC"]
# The end of summer time, 2026-10-25T01:00Z, and its begin, 2026-03-29T01:00Z.
ENDS = datetime(2026, 10, 25, 1, tzinfo=UTC)


def test_a_learned_offset_comes_before_the_sites_zone() -> None:
    assert Rule(WARSAW.zone, 0).instants(datetime(2026, 7, 1, 12)) == (datetime(2026, 7, 1, 12, tzinfo=UTC),)
    assert WARSAW.instants(datetime(2026, 7, 1, 12)) == (datetime(2026, 7, 1, 10, tzinfo=UTC),)


def test_a_repeated_hour_follows_the_order_of_the_device() -> None:
    local = datetime(2026, 10, 25, 2, 30)
    first, second = ENDS - timedelta(minutes=30), ENDS + timedelta(minutes=30)

    assert WARSAW.instants(local) == (first, second)
    assert WARSAW.in_order(local) == first
    assert WARSAW.in_order(local, after=first) == first  # the same message once more
    assert WARSAW.in_order(local, after=first + timedelta(seconds=1)) == second
    assert WARSAW.in_time(local, second + timedelta(seconds=5)) == second
    assert WARSAW.in_time(local, first + timedelta(seconds=5)) == first


def test_a_skipped_time_is_that_of_a_clock_not_yet_put_forward() -> None:
    assert WARSAW.instants(datetime(2026, 3, 29, 2, 10)) == (datetime(2026, 3, 29, 1, 10, tzinfo=UTC),)


@pytest.mark.parametrize("zone", ZONES)
def test_every_offset_that_a_zone_has_is_one_that_can_be_learned(zone: str) -> None:
    for day in range(365):
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
        offset = at.astimezone(ZoneInfo(zone)).utcoffset()
        assert offset is not None
        assert offset.total_seconds() in OFFSETS


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),
    st.sampled_from(sorted(OFFSETS)),
    st.floats(-59, 59),
)
def test_the_offset_of_a_message_in_time_is_found(at: datetime, offset_s: int, late_s: float) -> None:
    arrived_at = at.replace(tzinfo=UTC)

    assert fitting(at + timedelta(seconds=offset_s - late_s), arrived_at) == offset_s


@given(st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)), st.sampled_from(ZONES), st.floats(0, 59))
def test_a_message_in_time_is_at_its_time_in_the_sites_zone_all_year(at: datetime, zone: str, late_s: float) -> None:
    instant = at.replace(tzinfo=UTC)
    local = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    assert Rule(ZoneInfo(zone)).in_time(local, instant + timedelta(seconds=late_s)) == instant


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)), st.sampled_from(ZONES))
def test_every_local_time_has_an_instant(local: datetime, zone: str) -> None:
    assert all(at.tzinfo is UTC for at in Rule(ZoneInfo(zone)).instants(local))


def test_what_is_late_by_a_part_of_an_hour_fits_no_offset() -> None:
    assert fitting(datetime(2026, 7, 1, 11, 40), datetime(2026, 7, 1, 12, tzinfo=UTC)) is None
    assert timedelta(seconds=60) == IN_TIME
