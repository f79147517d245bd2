from datetime import datetime, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest

from sensorfusion.domain import local_time
from tests.domain.hard_zones import STARTS_H, ZONES, changes, instants

each_zone = pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ZONES], ids=str)


@each_zone
@pytest.mark.parametrize("starts_h", STARTS_H)
def test_each_instant_is_in_one_day_and_days_follow_each_other(zone: ZoneInfo, starts_h: int) -> None:
    for at in instants(zone):
        day = local_time.day_number(at, zone=zone, starts_h=starts_h)

        assert local_time.day_begin_s(day, zone=zone, starts_h=starts_h) <= at
        assert at < local_time.day_begin_s(day + 1, zone=zone, starts_h=starts_h)


@each_zone
@pytest.mark.parametrize("starts_h", STARTS_H)
def test_bars_divide_days_and_stand_at_round_times(zone: ZoneInfo, starts_h: int) -> None:
    for at, width_s in product(instants(zone), (900, 3600, 21600)):
        begin = local_time.bar_start_s(at, width_s=width_s, zone=zone, starts_h=starts_h)

        assert local_time.day_start_s(at, zone=zone, starts_h=starts_h) <= begin <= at
        # A round time that is skipped is the change; a bar is never longer than its width and a change.
        is_round = (local_time.wall_s(begin, zone) - starts_h * 3600) % width_s == 0
        assert is_round or begin in changes(zone)


@each_zone
def test_the_same_time_of_another_day_is_the_same_time(zone: ZoneInfo) -> None:
    moved = set(changes(zone))
    for at in instants(zone):
        local = datetime.fromtimestamp(at, zone)
        for other in (local_time.day_before_s(at, zone), local_time.day_after_s(at, zone)):
            shown = datetime.fromtimestamp(other, zone)
            is_skipped = any(abs(other - change) <= 2 * 3600 for change in moved)
            assert (shown.hour, shown.minute) == (local.hour, local.minute) or is_skipped
            assert shown.date() != local.date()


def test_hours_that_the_clocks_show_twice_have_a_bar_each() -> None:
    zone = ZoneInfo("Europe/Warsaw")
    first = datetime(2026, 10, 25, 0, 30, tzinfo=ZoneInfo("UTC")).timestamp()  # 02:30 for the first time

    begins = [local_time.bar_start_s(first + hour * 3600, width_s=3600, zone=zone) for hour in range(3)]

    assert [later - earlier for earlier, later in pairwise(begins)] == [3600, 3600]


def test_weeks_begin_on_a_monday_also_after_a_change() -> None:
    zone = ZoneInfo("Europe/Warsaw")
    friday = datetime(2026, 10, 30, 0, 10, tzinfo=zone)

    begin = local_time.bar_start_s(friday.timestamp(), width_s=7 * 86400, zone=zone)

    assert datetime.fromtimestamp(begin, zone) == datetime(2026, 10, 26, tzinfo=zone)


@pytest.mark.parametrize(("weekday", "first"), [(0, 26), (5, 24), (6, 25)])
def test_weeks_begin_on_the_reader_s_day(weekday: int, first: int) -> None:
    zone = ZoneInfo("Europe/Warsaw")
    for day in range(first, first + 7):
        at = datetime(2026, 10, day, 23, 50, tzinfo=zone) if day < 32 else datetime(2026, 11, day - 31, tzinfo=zone)

        begin = local_time.bar_start_s(at.timestamp(), width_s=7 * 86400, zone=zone, weekday=weekday)

        assert datetime.fromtimestamp(begin, zone) == datetime(2026, 10, first, tzinfo=zone)


def test_a_day_that_was_skipped_is_no_yesterday() -> None:
    zone = ZoneInfo("Pacific/Apia")
    new = datetime(2011, 12, 31, 12, tzinfo=zone)

    before = local_time.day_before_s(new.timestamp(), zone)

    assert new.timestamp() - before == timedelta(days=1).total_seconds()
    assert datetime.fromtimestamp(before, zone).day == 29
