"""Every figure of a month against a recomputation from its readings, by an oracle in plain Python."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from sensorfusion.documents import queries
from sensorfusion.documents.figures import Day, Figures, Hours, usual
from sensorfusion.documents.periods import Period, month_of, week_of
from sensorfusion.domain.weather.climate import Cut, Days
from sensorfusion.readings.models import Reading
from sensorfusion.readings.storage.retention import Retention
from sensorfusion.reports.queries import Station, stations
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.models import Site as SiteModel
from tests.conftest import Cast
from tests.documents.oracle import Expected, Rows, Site, direction, expected, weather
from tests.readings.rolled import Work, chores_at
from tests.storing import come_late, store

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
chores = chores_at(NOW)
SITES = {
    "clocks go back": (Site("Europe/Warsaw"), (2026, 10)),
    "clocks go forward": (Site("Europe/Warsaw"), (2027, 3)),
    "in the south": (Site("Australia/Sydney"), (2026, 10)),
    "in the south, clocks go back": (Site("Australia/Sydney"), (2027, 4)),
    "days begin at 9": (Site("Europe/London", 9), (2026, 10)),
    "days begin within an hour": (Site("Asia/Kathmandu", 9), (2026, 11)),
}


@pytest.fixture(params=list(SITES.values()), ids=list(SITES))
def month(request: pytest.FixtureRequest, cast: Cast) -> tuple[Site, Period, Sensor]:
    site, (year, number) = request.param
    cast.site.time_zone, cast.site.day_starts_h = site.zone, site.day_starts_h
    cast.site.save()
    period = month_of(year, number)
    assert period
    return site, period, cast.sensor


def of(sensor: Sensor, now: datetime = NOW) -> Station:
    (station,) = stations([Sensor.objects.select_related("site").get(pk=sensor.pk)], now=now)
    return station


def figures(sensor: Sensor, period: Period, now: datetime = NOW) -> Figures:
    station = of(sensor, now)
    return queries.figures_of(station, queries.all_days(station, last=min(period.last, station.today)), period)


def differences(found: Day, told: Expected) -> list[str]:
    exact, instants = ("high", "low", "gust"), ("high_at", "low_at", "gust_at")
    near = ("mean", "heating", "cooling", "rain", "wind")
    wrong = [name for name in exact if getattr(found, name) != getattr(told, name)]
    wrong += [name for name in instants if _utc(getattr(found, name)) != getattr(told, name)]
    wrong += [name for name in near if getattr(found, name) != pytest.approx(getattr(told, name), abs=0.002)]
    if found.hours != Hours(told.read, told.hours):
        wrong.append("hours")
    if (found.direction is None) != (told.direction is None) or (
        found.direction is not None and abs((found.direction - (told.direction or 0) + 180) % 360 - 180) > 0.05
    ):
        wrong.append("direction")
    return [f"{found.day} {name}: {getattr(found, name)}" for name in wrong]


def _utc(at: datetime | None) -> datetime | None:
    return at and at.astimezone(UTC)  # an hour that the clocks show twice is never equal to one of another zone


def compare(found: Figures, site: Site, rows: Rows, period: Period) -> None:
    told = {day: each for day, each in expected(site, rows).items() if period.first <= day <= period.last}
    assert [day.day for day in found.days if day.has_readings] == sorted(told)
    assert [text for day in found.days if day.has_readings for text in differences(day, told[day.day])] == []
    means = [each.mean for each in told.values()]
    assert found.mean == pytest.approx(sum(means) / len(means), abs=0.002)
    assert found.rain == pytest.approx(sum(each.rain for each in told.values()), abs=0.01)
    assert found.high
    assert found.high.value == max(each.high for each in told.values())
    assert found.low
    assert found.low.value == min(each.low for each in told.values())
    assert found.top_wind
    assert found.top_wind.value == max(each.gust for each in told.values())
    heating = sum(each.heating for each in told.values())
    assert found.summary.degree_days["heating"] == pytest.approx(heating, abs=0.05)
    within = [values for at, values in rows if period.first <= site.day_of(at) <= period.last]
    assert found.summary.direction == pytest.approx(direction(within), abs=0.1)
    assert found.hours.read == sum(each.read for each in told.values())


@pytest.fixture
def prepared(month: tuple[Site, Period, Sensor]) -> tuple[Site, Period, Sensor, Rows]:
    site, period, sensor = month
    rows = weather(
        site,
        period.first - timedelta(days=2),
        period.last + timedelta(days=1),
        seed=len(site.zone) + period.first.month,
    )
    store(sensor, rows)
    return site, period, sensor, rows


@pytest.mark.django_db(transaction=True)
def test_a_month_equals_the_oracle_s_from_readings_from_rollups_and_after_late_data(
    prepared: tuple[Site, Period, Sensor, Rows], chores: Work
) -> None:
    site, period, sensor, rows = prepared
    compare(figures(sensor, period), site, rows, period)

    chores.all()
    compare(figures(sensor, period), site, rows, period)

    late_at = site.begin(period.first) + timedelta(days=9, hours=3, minutes=7)
    late = {"temperature": -40.5, "wind_speed": 31.0, "wind_gust": 49.0, "wind_direction": 90, "rain": 7.4}
    come_late(sensor, late_at, late)
    compare(figures(sensor, period), site, [*rows, (late_at, late)], period)
    chores.all()
    compare(figures(sensor, period), site, [*rows, (late_at, late)], period)


@pytest.mark.django_db(transaction=True)
def test_after_retention_the_values_stay_and_the_times_are_not_known(
    prepared: tuple[Site, Period, Sensor, Rows], chores: Work
) -> None:
    site, period, sensor, rows = prepared
    chores.all()
    SiteModel.objects.update(keep_months=1)
    while Retention(now=lambda: NOW, sleep=lambda _: None).run(chores.connection):
        pass
    found = figures(sensor, period)

    assert not Reading.objects.filter(sensor=sensor, observed_at__lt=site.begin(period.last)).exists()
    assert {day.high_at for day in found.days[:-1]} | {day.gust_at for day in found.days[:-1]} == {None}
    whole = replace(found, days=[_timed(day, expected(site, rows).get(day.day)) for day in found.days])
    compare(whole, site, rows, period)


def _timed(day: Day, told: Expected | None) -> Day:
    return replace(day, high_at=told.high_at, low_at=told.low_at, gust_at=told.gust_at) if told else day


def test_a_month_under_way_counts_up_to_now(cast: Cast) -> None:
    site, now = Site("Europe/Warsaw"), datetime(2026, 10, 20, 14, 30, tzinfo=UTC)
    rows = [row for row in weather(site, date(2026, 10, 1), date(2026, 10, 31), seed=3, share=1) if row[0] < now]
    store(cast.sensor, rows)
    period = month_of(2026, 10)
    assert period
    found = figures(cast.sensor, period, now=now)

    assert [day.hours.expected for day in found.days][18:22] == [24, 16, 0, 0]  # it is 16:30
    assert not found.days[25].has_readings
    assert not found.days[19].is_partial


def days(year: int, *, mean: float, months: int = 12) -> Days:
    many = (date(year + 1, 1, 1) - date(year, 1, 1)).days * months // 12
    dates = [date(year, 1, 1) + timedelta(days=each) for each in range(many)]
    return Days(dates, {"temperature": Cut([mean] * many, [mean - 3] * many, [mean + 5] * many)})


def joined(*parts: Days) -> Days:
    columns = [part.columns["temperature"] for part in parts]
    cut = Cut(*([value for each in columns for value in getattr(each, part)] for part in ("value", "low", "high")))
    return Days([day for part in parts for day in part.dates], {"temperature": cut})


def test_usual_is_the_mean_of_earlier_years_that_have_most_of_the_same_days() -> None:
    whole = joined(days(2023, mean=4), days(2024, mean=8), days(2025, mean=40, months=10), days(2026, mean=10))
    period = month_of(2026, 11)
    assert period
    found = usual(whole, period, main="temperature", until=date(2027, 1, 1))

    assert found is not None
    assert (found.years, found.mean, found.words) == ([2023, 2024], 6, "2023–2024")
    assert set(found.band) == {(3, 11)}


def test_there_is_nothing_usual_in_a_first_year() -> None:
    period = month_of(2026, 11)
    assert period
    assert usual(days(2026, mean=10), period, main="temperature", until=date(2027, 1, 1)) is None


def test_a_week_over_new_year_is_compared_with_such_weeks() -> None:
    whole = joined(days(2024, mean=4), days(2025, mean=8), days(2026, mean=10))
    period = week_of(2026, 1)
    assert period
    assert (period.first, period.last) == (date(2025, 12, 29), date(2026, 1, 4))
    found = usual(whole, period, main="temperature", until=date(2026, 12, 31))

    assert found is not None
    assert found.years == [2024]
    assert found.mean == pytest.approx((3 * 4 + 4 * 8) / 7)
