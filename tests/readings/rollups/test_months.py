"""Months are merged from days, and records need no other data of the past."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command

from sensorfusion.domain.weather.climate import Extreme
from sensorfusion.readings.climate import queries as climate
from sensorfusion.readings.models import Day, DayRule, DirtyHour, Month
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.sensors.models import Site
from tests.conftest import Cast
from tests.readings.rolled import Work, chores_at
from tests.storing import come_late, every, store

pytestmark = pytest.mark.django_db(transaction=True)

WARSAW = Calendar("Europe/Warsaw", 0)
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
TODAY = date(2026, 11, 22)


chores = chores_at(NOW)


@pytest.fixture
def autumn(cast: Cast, chores: Work) -> Cast:
    """Six-hourly readings since the middle of July, warmest on 2 August and coldest on 10 October."""
    instants = every(21600, 520, until=NOW - timedelta(hours=3))
    peaks = {datetime(2026, 8, 2, 12, tzinfo=UTC): 35.0, datetime(2026, 10, 10, 6, tzinfo=UTC): -9.0}
    store(
        cast.sensor,
        [
            (at, {"temperature": peaks.get(at, place % 40 / 2), "rain_total": place})
            for place, at in enumerate(instants)
        ],
    )
    chores.all()
    return cast


def rows() -> list[tuple[object, ...]]:
    return list(Month.objects.order_by("start").values_list("start", "count", "quantities", "numbers", "first_at"))


def test_month_begins_where_its_first_day_does(autumn: Cast) -> None:
    begins = [WARSAW.begin(date(2026, number, 1)) for number in range(7, 12)]

    assert [row[0] for row in rows()] == begins
    assert sum(month.count for month in Month.objects.all()) == sum(day.count for day in Day.objects.all())


def test_records_need_no_day_of_settled_months_but_those_that_had_them(autumn: Cast) -> None:
    before = climate.records(autumn.sensor, ["temperature"], today=TODAY)
    kept = [WARSAW.begin(date(2026, 8, 2)), WARSAW.begin(date(2026, 10, 10))]

    Day.objects.filter(start__lt=WARSAW.begin(date(2026, 11, 1))).exclude(start__in=kept).delete()

    assert climate.records(autumn.sensor, ["temperature"], today=TODAY) == before
    assert before["temperature"]["all"].high == Extreme(35.0, date(2026, 8, 2))


def test_record_from_before_there_were_months_stands(autumn: Cast, chores: Work) -> None:
    come_late(autumn.sensor, datetime(1963, 1, 18, 6, tzinfo=UTC), {"temperature": -30.6})
    chores.all()

    found = climate.records(autumn.sensor, ["temperature"], today=TODAY)["temperature"]

    assert found["all"].low == Extreme(-30.6, date(1963, 1, 18))
    assert found["all"].high == Extreme(35.0, date(2026, 8, 2))
    assert found["year"].low == Extreme(-9.0, date(2026, 10, 10))


def test_month_with_a_mark_and_those_after_it_are_not_believed(autumn: Cast) -> None:
    before = climate.records(autumn.sensor, ["temperature"], today=TODAY)
    DirtyHour.objects.create(sensor=autumn.sensor, hour=datetime(2026, 9, 3, 10, tzinfo=UTC))

    Month.objects.filter(start__gte=WARSAW.begin(date(2026, 9, 1))).delete()

    assert climate.records(autumn.sensor, ["temperature"], today=TODAY) == before


def test_late_reading_makes_its_month_anew(autumn: Cast, chores: Work) -> None:
    late = datetime(2026, 9, 3, 10, 30, tzinfo=UTC)
    come_late(autumn.sensor, late, {"temperature": 40})
    chores.all()

    Day.objects.filter(start__lt=WARSAW.begin(date(2026, 11, 1))).exclude(start=WARSAW.begin(late.date())).delete()

    found = climate.records(autumn.sensor, ["temperature"], today=TODAY)["temperature"]["all"].high
    assert found == Extreme(40.0, late.date())


def test_sensor_that_was_rolled_up_before_there_were_months_gets_them(autumn: Cast, chores: Work) -> None:
    before, made = climate.records(autumn.sensor, ["temperature"], today=TODAY), rows()
    days = list(Day.objects.order_by("start").values_list("start", "numbers"))
    Month.objects.filter(start__lt=WARSAW.begin(date(2026, 10, 1))).delete()
    DayRule.objects.update(has_months=False)

    assert climate.records(autumn.sensor, ["temperature"], today=TODAY) == before
    chores.all()

    assert rows() == made
    assert DayRule.objects.get().has_months
    assert list(Day.objects.order_by("start").values_list("start", "numbers")) == days


def test_new_time_zone_makes_the_months_anew(autumn: Cast, chores: Work) -> None:
    Site.objects.filter(pk=autumn.site.pk).update(time_zone="Asia/Kathmandu", day_starts_h=9)
    chores.all()

    calendar = Calendar("Asia/Kathmandu", 9)
    assert [row[0] for row in rows()] == [calendar.begin(date(2026, number, 1)) for number in range(7, 12)]


def test_check_tells_once_of_a_month_that_is_not_what_its_days_are(
    autumn: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first month begins before the first reading, and overlaps three of the ranges that are checked."""
    Month.objects.filter(start=WARSAW.begin(date(2026, 7, 1))).update(count=1)

    with pytest.raises(SystemExit):
        call_command("rollups", "check")

    said = capsys.readouterr().out
    assert said.count("1mo from 2026-06-30T22:00Z: {") == 1
    assert "1 buckets differ" in said


def test_month_with_a_marked_hour_is_not_checked(autumn: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    Month.objects.filter(start=WARSAW.begin(date(2026, 8, 1))).update(count=1)
    DirtyHour.objects.create(sensor=autumn.sensor, hour=datetime(2026, 8, 31, 21, tzinfo=UTC))

    call_command("rollups", "check")

    assert "no difference" in capsys.readouterr().out
