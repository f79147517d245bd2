"""Rates and amounts over time use the time since the reading before, at every resolution alike."""

from datetime import UTC, datetime, timedelta

import pytest

from sensorfusion.domain.weather.derivation import Place, derivable
from sensorfusion.readings.charts.question import ChartQuestion
from sensorfusion.readings.charts.series import series as read
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import every, store

NOON = datetime(2026, 6, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
RESOLUTIONS = pytest.mark.parametrize("resolution", ["raw", "5m", "1h", "1d"])
WEATHER = {"temperature": 20.0, "humidity": 60, "wind_speed": 2.0, "solar_radiation": 400}
WARSAW = Place(52.24, 21.01, 113)


def column(sensor: Sensor, name: str, *inputs: str, start: datetime, resolution: str) -> list[float]:
    found = read(
        ChartQuestion(
            sensor=sensor.id,
            quantities=(name,),
            start=start,
            end=NOON,
            points=5000,
            resolution=resolution,  # type: ignore[arg-type]
            derived={name: inputs},
            place=WARSAW,
        )
    )
    return [value for value in found.columns[name].value if value is not None]


@RESOLUTIONS
@pytest.mark.parametrize(("step", "amount"), [(HOUR, 5.0), (DAY, 120.0), (timedelta(minutes=1), 5 / 60)])
def test_rain_of_5_mm_an_hour_is_that_rate_however_often_it_is_sent(
    cast: Cast, resolution: str, step: timedelta, amount: float
) -> None:
    start = NOON - (4 * DAY if step == DAY else 12 * HOUR)
    count = round((NOON - start) / step)
    store(cast.sensor, [(at, {"rain": amount}) for at in every(step.total_seconds(), count, until=NOON - step / 2)])

    rates = column(cast.sensor, "rain_rate", "rain", start=start + step, resolution=resolution)

    assert rates
    assert rates == pytest.approx([5.0] * len(rates), abs=0.01)


@RESOLUTIONS
def test_hourly_rain_beside_temperatures_of_every_minute_is_an_hours(cast: Cast, resolution: str) -> None:
    minutes = [(at, {"temperature": 10.0}) for at in every(60, 720, until=NOON - timedelta(minutes=1))]
    hours = [(at + timedelta(seconds=7), {"rain": 3.0}) for at in every(3600, 12, until=NOON - HOUR / 2)]
    store(cast.sensor, [*minutes, *hours])

    rates = column(cast.sensor, "rain_rate", "rain", start=NOON - 6 * HOUR, resolution=resolution)

    assert rates == pytest.approx([3.0] * len(rates), abs=0.3)  # a bucket of 5 minutes ends up to 5 minutes later


@RESOLUTIONS
def test_what_else_is_asked_for_does_not_change_a_derived_value(cast: Cast, resolution: str) -> None:
    minutes = [(at, WEATHER) for at in every(60, 1440, until=NOON - timedelta(minutes=1)) if at.hour % 3]
    hours = [(at + timedelta(seconds=7), {"rain": 3.0}) for at in every(3600, 24, until=NOON - HOUR / 2)]
    store(cast.sensor, [*minutes, *hours])
    place = WARSAW._replace(elevation_m=113)
    offered = derivable({"rain", *WEATHER}, place)

    def columns(derived: dict[str, tuple[str, ...]], *more: str) -> dict[str, dict[float, float]]:
        found = read(
            ChartQuestion(
                sensor=cast.sensor.id,
                quantities=(*derived, *more),
                start=NOON - 6 * HOUR,
                end=NOON,
                points=5000,
                resolution=resolution,  # type: ignore[arg-type]
                derived=derived,
                place=place,
            )
        )
        return {
            name: {t: value for t, value in zip(found.t, found.columns[name].value, strict=True) if value is not None}
            for name in derived
        }

    together = columns(offered, *WEATHER, "rain")
    assert {"rain_rate", "reference_evapotranspiration", "dew_point"} <= offered.keys()
    assert together == {name: columns({name: inputs})[name] for name, inputs in offered.items()}
    assert all(together.values())


def test_the_first_reading_asked_for_stands_for_the_time_since_the_one_before_it(cast: Cast) -> None:
    store(cast.sensor, [(at, {"rain": 2.0}) for at in every(3600, 12, until=NOON - HOUR)])

    rates = column(cast.sensor, "rain_rate", "rain", start=NOON - 3 * HOUR, resolution="raw")

    assert rates == [2.0, 2.0, 2.0]


@RESOLUTIONS
def test_a_reading_after_a_silence_stands_for_the_usual_step(cast: Cast, resolution: str) -> None:
    before = every(3600, 24, until=NOON - 11 * DAY)
    after = every(3600, 24, until=NOON - HOUR)
    store(cast.sensor, [(at, WEATHER) for at in [*before, *after]])

    amounts = column(
        cast.sensor, "reference_evapotranspiration", *WEATHER, start=NOON - 11 * DAY - HOUR, resolution=resolution
    )

    assert sum(amounts) < 15  # of one day and an hour; FAO-56 gives about 10 mm for such a day, 100 for ten of them


def test_evapotranspiration_of_a_week_is_the_same_at_every_resolution(cast: Cast) -> None:
    store(
        cast.sensor,
        [
            (at, {**WEATHER, "solar_radiation": max(0, 700 - 100 * abs(at.hour - 11))})
            for at in every(3600, 8 * 24, until=NOON - HOUR)
        ],
    )
    start = datetime(2026, 6, 15, tzinfo=UTC)

    sums = [
        sum(column(cast.sensor, "reference_evapotranspiration", *WEATHER, start=start, resolution=each))
        for each in ("raw", "5m", "1h", "1d")
    ]

    assert sums == pytest.approx([sums[0]] * 4, rel=0.01)
    assert 25 < sums[0] < 60


def test_the_growth_of_a_counter_since_the_reading_before_is_its_rate(cast: Cast) -> None:
    store(
        cast.sensor, [(at, {"rain_total": 2.0 * place}) for place, at in enumerate(every(3600, 12, until=NOON - HOUR))]
    )

    for resolution in ("raw", "5m", "1h", "1d"):
        rates = column(cast.sensor, "rain_rate", "rain_total", start=NOON - 6 * HOUR, resolution=resolution)
        assert rates == pytest.approx([2.0] * len(rates), abs=0.01)


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe"])
def test_a_day_that_begins_inside_an_hour_is_derived_from_its_own_readings(cast: Cast, zone: str) -> None:
    calendar = Calendar(zone)
    begins = [calendar.begin(NOON.date() - DAY * back) for back in (3, 2, 1)]
    minutes = timedelta(minutes=5)
    damp = [(each + minutes, {"temperature": 10.0 + place, "humidity": 100}) for place, each in enumerate(begins)]
    store(cast.sensor, [(begins[0] - minutes, {"temperature": 0.0, "humidity": 100}), *damp])

    found = read(
        ChartQuestion(
            sensor=cast.sensor.id,
            quantities=("dew_point",),
            start=begins[0] - HOUR,
            end=NOON,
            points=5000,
            resolution="1d",
            derived={"dew_point": ("temperature", "humidity")},
            calendar=calendar,
        )
    )

    assert found.columns["dew_point"].value == pytest.approx([0.0, 10.0, 11.0, 12.0])
