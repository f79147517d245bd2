"""The usual range of a week of the year, beside one computed in plain Python from the stored readings."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sensorfusion.readings.climate.usual import Usual, usual
from sensorfusion.readings.models import Exclusion, Reading
from sensorfusion.sensors.models import Sensor, Site
from tests.conftest import Cast
from tests.readings.rolled import Work, chores_at, good_numbers
from tests.storing import come_late, store

NOW = datetime(2026, 3, 3, 15, tzinfo=UTC)  # in the week of 29 February
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = [("UTC", 0), ("Europe/Warsaw", 9), ("Asia/Kathmandu", 0), ("America/St_Johns", 6), ("Australia/Lord_Howe", 0)]

pytestmark = pytest.mark.django_db(transaction=True)
chores = chores_at(NOW)


@pytest.fixture
def years(cast: Cast) -> Cast:
    """Some weeks around the same date of five years, with gaps and flags, a reading every 20 to 40 minutes."""
    chance, rows, flags = random.Random(66), [], {}
    for year in (2021, 2022, 2023, 2024, 2025, 2026):
        at = datetime(year, 2, 10, 3, tzinfo=UTC)
        end = min(datetime(year, 3, 20, tzinfo=UTC), NOW)
        while at < end:
            rows.append((at, {"temperature": round(chance.gauss(year - 2020, 4), 1), "humidity": 50}))
            if chance.random() < 0.05:
                flags[at] = {"temperature": chance.choice([3, 4])}
            silent_h = chance.choice([0] * 200 + [5, 60])
            at += timedelta(minutes=chance.uniform(20, 40), hours=silent_h)
    store(cast.sensor, rows, flags)
    Exclusion.objects.create(
        sensor=cast.sensor,
        quantity="temperature",
        starts_at=datetime(2024, 2, 28, 5, 17, tzinfo=UTC),
        ends_at=datetime(2024, 2, 29, 22, 3, tzinfo=UTC),
        reason="ice",
        made_at=NOW,
    )
    return cast


@dataclass(frozen=True)
class Oracle:
    """The calendar of a site and its weeks, computed apart from the server's."""

    zone: ZoneInfo
    starts_h: int

    def begin(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, self.starts_h, tzinfo=self.zone).astimezone(UTC)

    def day_of(self, at: datetime) -> date:
        return (at.astimezone(self.zone).replace(tzinfo=None) - timedelta(hours=self.starts_h)).date()

    def week_of(self, day: date) -> int:
        leap_days = int(day.year % 4 == 0 and (day.month, day.day) >= (2, 29))
        return min(((day - date(day.year, 1, 1)).days - leap_days) // 7, 51)

    def hours(self, sensor: Sensor) -> dict[tuple[date, int], list[float]]:
        """Group the temperatures that count by day and hour: hours of days that begin inside one are their own."""
        hours: dict[tuple[date, int], list[float]] = {}
        for at, name, value in good_numbers(sensor.id, datetime(2000, 1, 1, tzinfo=UTC), NOW):
            if name == "temperature":
                day = self.day_of(at)
                is_even = all((self.begin(each) - EPOCH) % HOUR == timedelta(0) for each in (day, day + DAY))
                since = EPOCH if is_even else self.begin(day)
                hours.setdefault((day, (at - since) // HOUR), []).append(value)
        return hours


def expected(sensor: Sensor, *, start: datetime, end: datetime) -> list[tuple[date, float, float, list[int]]]:
    """Recompute the ranges from the readings: by week its first day, the 10th and 90th percentile, and the years."""
    oracle = Oracle(ZoneInfo(sensor.site.time_zone), sensor.site.day_starts_h)
    hours, day = oracle.hours(sensor), oracle.day_of(start)
    touched: dict[tuple[int, int], None] = {}
    while oracle.begin(day) < end:
        touched[day.year, oracle.week_of(day)] = None
        day += DAY
    found = []
    for year, week in touched:
        first = (date(2001, 1, 1) + 7 * week * DAY).replace(year=year)
        pool, counted = _pool(oracle, hours, year, week)
        if counted:
            found.append((first, _share(pool, 0.1), _share(pool, 0.9), counted))
    return found


def _pool(
    oracle: Oracle, hours: dict[tuple[date, int], list[float]], year: int, week: int
) -> tuple[list[float], list[int]]:
    pool, counted = [], []
    for earlier in range(year - 10, year):
        found = {key: each for key, each in hours.items() if key[0].year == earlier and oracle.week_of(key[0]) == week}
        if len({each for each, _ in found}) >= 4:
            counted.append(earlier)
            pool += [sum(values) / len(values) for values in found.values()]
    return pool, counted


def _share(pool: list[float], share: float) -> float:
    """Interpolate as Hyndman and Fan's type 7."""
    ordered = sorted(pool)
    place = share * (len(ordered) - 1)
    below = ordered[int(place)]
    return below + (place - int(place)) * (ordered[min(int(place) + 1, len(ordered) - 1)] - below)


def told(found: list[Usual], zone: str) -> list[tuple[date, Any, Any, list[int]]]:
    near = [(pytest.approx(each.low, abs=0.006), pytest.approx(each.high, abs=0.006)) for each in found]
    firsts = [each.start.astimezone(ZoneInfo(zone)).date() for each in found]
    return [(first, *ends, list(each.years)) for first, ends, each in zip(firsts, near, found, strict=True)]


@pytest.mark.parametrize(("zone", "begins"), ZONES)
@pytest.mark.parametrize("is_rolled_up", [True, False], ids=["rolled up", "not rolled up"])
def test_range_is_that_of_the_readings_hours(
    years: Cast, chores: Work, zone: str, begins: int, is_rolled_up: bool
) -> None:
    Site.objects.filter(id=years.site.id).update(time_zone=zone, day_starts_h=begins)
    sensor = Sensor.objects.select_related("site").get(id=years.sensor.id)
    if is_rolled_up:
        chores.all()
    for start in (NOW - DAY, NOW - 12 * DAY, NOW - 730 * DAY):
        span = {"start": start, "end": min(start + 12 * DAY, NOW)}

        found = usual(sensor, "temperature", **span)

        assert found
        assert told(found, zone) == expected(sensor, **span)


def test_late_reading_counts_at_once(years: Cast, chores: Work) -> None:
    chores.all()
    (before,) = usual(years.sensor, "temperature", start=NOW - HOUR, end=NOW)
    for number in range(40):
        at = datetime(2025, 2, 27, 3, 5, tzinfo=UTC) + number * HOUR
        come_late(years.sensor, at, {"temperature": 90.0})

    (after,) = usual(years.sensor, "temperature", start=NOW - HOUR, end=NOW)

    assert after.years == before.years == (2021, 2022, 2024, 2025)
    assert after.high > before.high
    assert told([after], "Europe/Warsaw") == expected(years.sensor, start=NOW - HOUR, end=NOW)


def test_week_of_too_few_days_does_not_count(cast: Cast) -> None:
    def day(number: int) -> datetime:
        return datetime(2025, 2, 25, 12, tzinfo=UTC) + number * DAY

    store(cast.sensor, [(day(number), {"temperature": 1.0}) for number in (1, 3, 5)])
    assert usual(cast.sensor, "temperature", start=NOW - HOUR, end=NOW) == []

    Reading.objects.create(
        sensor=cast.sensor, observed_at=day(6), received_at=day(6), seq=9, values={"temperature": 3.0}
    )
    (found,) = usual(cast.sensor, "temperature", start=NOW - HOUR, end=NOW)
    assert (found.low, found.high, found.years) == (1.0, 2.4, (2025,))


def test_only_ten_years_before_the_week_count(cast: Cast) -> None:
    rows = [
        (datetime(year, 2, 26, 12, tzinfo=UTC) + number * DAY, {"temperature": float(year)})
        for year in range(2012, 2027)
        for number in range(5)
    ]
    store(cast.sensor, rows)

    (now,) = usual(cast.sensor, "temperature", start=NOW - HOUR, end=NOW)
    (then,) = usual(cast.sensor, "temperature", start=NOW - 3653 * DAY, end=NOW - 3652 * DAY)

    assert now.years == tuple(range(2016, 2026))
    assert (now.start, now.end) == (datetime(2026, 2, 25, 23, tzinfo=UTC), datetime(2026, 3, 4, 23, tzinfo=UTC))
    assert then.years == (2012, 2013, 2014, 2015)


@pytest.mark.parametrize(("name", "days"), [("rain", 1), ("wind_direction", 1), ("temperature", 32)])
def test_amounts_directions_and_long_spans_have_none(years: Cast, name: str, days: int) -> None:
    assert usual(years.sensor, name, start=NOW - days * DAY, end=NOW) == []


def test_two_statements_answer_a_month_of_ten_years(years: Cast, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(5):  # two, in a snapshot of their own
        assert usual(years.sensor, "temperature", start=NOW - 30 * DAY, end=NOW)


def test_nothing_is_asked_of_a_sensor_younger_than_a_year(cast: Cast, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(0):
        found = usual(cast.sensor, "temperature", start=NOW - DAY, end=NOW, first_day=date(2025, 3, 8))

    assert found == []
