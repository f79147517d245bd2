from datetime import UTC, datetime, timedelta

import pytest

from sensorfusion.domain.weather.derivation import Place
from sensorfusion.readings.charts.question import ChartQuestion
from sensorfusion.readings.charts.series import DoesNotFit, Series
from sensorfusion.readings.charts.series import series as read
from sensorfusion.readings.models import SensorState
from sensorfusion.readings.rollups.buckets import Table, buckets
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.readings.rollups.known import known_of
from sensorfusion.readings.rollups.question import Question
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def series(sensor: Sensor, *quantities: str, **changes: object) -> Series:
    asked = {"start": NOON - DAY, "end": NOON, "points": 1000, **changes}
    return read(ChartQuestion(sensor=sensor.id, quantities=quantities or ("temperature",), **asked))  # type: ignore[arg-type]


def hours(sensor: Sensor, name: str, start: datetime) -> Table:
    return buckets(Question(sensor=sensor.id, quantities=(name,), start=start, end=NOON), "1h")


def test_few_readings_come_raw_and_the_newest_is_among_them(cast: Cast) -> None:
    instants = every(60, 30, until=NOON - timedelta(milliseconds=250))
    store(cast.sensor, [(at, {"temperature": place}) for place, at in enumerate(instants)])

    found = series(cast.sensor)

    assert found.resolution == "raw"
    assert found.t == [at.timestamp() for at in instants]
    assert found.columns["temperature"].value[-1] == 29
    assert found.columns["temperature"].low == found.columns["temperature"].high == found.columns["temperature"].value


@pytest.mark.parametrize(("points", "resolution"), [(300, "5m"), (30, "1h"), (10, "1d")])
def test_resolution_is_the_finest_that_fits(cast: Cast, points: int, resolution: str) -> None:
    store(cast.sensor, [(at, {"temperature": at.minute}) for at in every(60, 1440, until=NOON - timedelta(minutes=1))])

    found = series(cast.sensor, points=points)

    assert found.resolution == resolution
    assert len(found.t) <= points


def test_resolution_follows_what_is_stored_not_what_was_asked_for(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 720, until=NOON - timedelta(minutes=1))])

    assert series(cast.sensor, start=NOON - 365 * DAY, points=200).resolution == "5m"


def test_bucket_has_mean_and_extremes(cast: Cast) -> None:
    start = NOON - timedelta(hours=1)
    store(cast.sensor, [(start + timedelta(minutes=place), {"temperature": place}) for place in range(5)])

    table = hours(cast.sensor, "temperature", start)

    column = table.columns["temperature"]
    assert (table.t, column.value, column.low, column.high) == ([start.timestamp()], [2.0], [0.0], [4.0])


def test_directions_around_north_average_to_north(cast: Cast) -> None:
    start = NOON - timedelta(hours=1)
    store(cast.sensor, [(start, {"wind_direction": 350}), (start + timedelta(minutes=1), {"wind_direction": 10})])

    column = hours(cast.sensor, "wind_direction", start).columns["wind_direction"]

    assert column.value[0] == pytest.approx(0, abs=0.1)
    assert column.low == column.high == [None]


def test_opposite_directions_have_no_mean(cast: Cast) -> None:
    start = NOON - timedelta(hours=1)
    store(cast.sensor, [(start, {"wind_direction": 90}), (start + timedelta(minutes=1), {"wind_direction": 270})])

    table = hours(cast.sensor, "wind_direction", start)

    assert table.columns["wind_direction"].value == [None]


def test_amounts_add_up(cast: Cast) -> None:
    store(cast.sensor, [(at, {"rain": 0.2}) for at in every(60, 1440, until=NOON - timedelta(minutes=1))])

    found = series(cast.sensor, "rain", points=30)

    assert found.columns["rain"].value == [12.0] * 24


def test_counter_stands_at_its_last_value(cast: Cast) -> None:
    start = NOON - timedelta(hours=1)
    store(
        cast.sensor,
        [(start + timedelta(minutes=place), {"rain_day": value}) for place, value in enumerate((3, 4, 0.5))],
    )

    column = hours(cast.sensor, "rain_day", start).columns["rain_day"]

    assert (column.value, column.low, column.high) == ([0.5], [0.5], [4.0])


def test_bad_values_are_left_out_and_suspect_ones_kept(cast: Cast) -> None:
    first, second, third = every(60, 3, until=NOON - timedelta(minutes=1))
    store(
        cast.sensor,
        [(first, {"wind_speed": 400.0}), (second, {"wind_speed": 6.0}), (third, {"wind_speed": 8.0})],
        flags={first: {"wind_speed": 4}, second: {"wind_speed": 3}},
    )

    assert series(cast.sensor, "wind_speed").columns["wind_speed"].value == [None, 6.0, 8.0]


def test_what_is_no_number_is_no_point(cast: Cast) -> None:
    store(cast.sensor, [(NOON - timedelta(minutes=1), {"condition": "fog", "door_open": True})])

    found = series(cast.sensor, "condition", "door_open")

    assert found.columns["condition"].value == found.columns["door_open"].value == [None]


def test_silence_of_more_than_two_and_a_half_intervals_is_a_gap(cast: Cast) -> None:
    before = every(60, 10, until=NOON - timedelta(minutes=30))
    after = every(60, 5, until=NOON - timedelta(minutes=1))
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in before + after])

    found = series(cast.sensor)

    assert found.columns["temperature"].value == [1.0] * 10 + [None] + [1.0] * 5
    assert before[-1].timestamp() < found.t[10] < after[0].timestamp()


def test_one_missed_reading_is_no_gap(cast: Cast) -> None:
    instants = every(60, 10, until=NOON - timedelta(minutes=1))
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in instants[:5] + instants[6:]])

    assert None not in series(cast.sensor).columns["temperature"].value


def test_hours_of_silence_are_a_gap_between_buckets(cast: Cast) -> None:
    before = every(60, 300, until=NOON - timedelta(hours=10))
    after = every(60, 300, until=NOON - timedelta(minutes=1))
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in before + after])

    found = series(cast.sensor, points=30)

    assert found.resolution == "1h"
    assert found.columns["temperature"].value.count(None) == 1


def test_days_are_those_of_the_site_and_a_clock_change_is_no_gap(cast: Cast) -> None:
    end = datetime(2026, 10, 28, tzinfo=UTC)
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(3600, 24 * 14, until=end - timedelta(minutes=30))])

    found = series(cast.sensor, start=end - 14 * DAY, end=end, points=20, calendar=Calendar("Europe/Warsaw"))

    assert found.resolution == "1d"
    assert datetime.fromtimestamp(found.t[1], UTC).hour == 22
    assert datetime.fromtimestamp(found.t[-1], UTC).hour == 23
    assert None not in found.columns["temperature"].value


def test_series_of_nothing_is_empty(cast: Cast) -> None:
    found = series(cast.sensor, "temperature", "humidity")

    assert (found.t, found.columns["humidity"].value) == ([], [])
    assert known_of(Question(sensor=cast.sensor.id, quantities=(), start=NOON - DAY, end=NOON)).reach is None


def test_quantity_that_is_rare_among_many_readings_is_not_searched_for_one_by_one(cast: Cast) -> None:
    minutes = every(60, 1440, until=NOON - timedelta(minutes=1))
    store(cast.sensor, [(at, {"temperature": 1.0, **({} if at.minute else {"rain": 0.5})}) for at in minutes])

    assert series(cast.sensor, "rain", points=300).resolution == "raw"
    assert series(cast.sensor, "rain", points=100).resolution == "1h"


def test_range_of_which_readings_were_dropped_is_no_longer_raw(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 30, until=NOON - timedelta(minutes=1))])
    SensorState.objects.filter(sensor=cast.sensor).update(raw_kept_from=NOON - timedelta(minutes=5))

    assert series(cast.sensor).resolution == "5m"
    assert series(cast.sensor, start=NOON - timedelta(minutes=4)).resolution == "raw"


def test_many_years_come_in_rows_of_several_days(cast: Cast) -> None:
    days = every(86400, 100, until=NOON)
    store(cast.sensor, [(at, {"temperature": place, "rain": 1.0}) for place, at in enumerate(days)])

    found = series(cast.sensor, "temperature", "rain", start=NOON - 100 * DAY, end=NOON + DAY, points=16)

    assert (found.resolution, found.days) == ("1d", 7)
    assert len(found.t) <= 16
    assert sum(value or 0 for value in found.columns["rain"].value) == 100
    assert found.columns["temperature"].high[-1] == 99


@pytest.mark.parametrize("points", [10, 11, 17, 100, 700])
def test_there_are_never_more_rows_than_asked_for(cast: Cast, points: int) -> None:
    instants = [at for at in every(1800, 1000, until=NOON) if at.day % 3]
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in instants])

    found = series(cast.sensor, start=NOON - 100 * DAY, end=NOON + DAY, points=points)

    assert len(found.t) <= points
    assert found.t[-1] <= NOON.timestamp()


def test_resolution_that_was_asked_for_is_the_one_that_comes(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 1440, until=NOON - timedelta(minutes=1))])

    assert len(series(cast.sensor, resolution="5m").t) == 288
    assert len(series(cast.sensor, resolution="1h").t) == 24


@pytest.mark.parametrize(("resolution", "said"), [("raw", "100 readings"), ("5m", "288 5-minute rows")])
def test_resolution_that_does_not_fit_is_refused(cast: Cast, resolution: str, said: str) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 1440, until=NOON - timedelta(minutes=1))])

    with pytest.raises(DoesNotFit, match=said):
        series(cast.sensor, points=100, resolution=resolution)


def test_rare_readings_of_years_come_in_any_resolution(cast: Cast) -> None:
    instants = [NOON - 900 * DAY, *every(86400, 30, until=NOON - timedelta(minutes=1))]
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in instants])

    found = series(cast.sensor, start=NOON - 1000 * DAY, points=100, resolution="5m")

    assert len([value for value in found.columns["temperature"].value if value is not None]) == 31


def test_derived_column_of_readings_stands_beside_them(cast: Cast) -> None:
    first, second = NOON - timedelta(minutes=2), NOON - timedelta(minutes=1)
    store(cast.sensor, [(first, {"temperature": 20, "humidity": 50}), (second, {"temperature": 20})])

    found = series(cast.sensor, "dew_point", derived={"dew_point": ("temperature", "humidity")})

    assert found.columns.keys() == {"dew_point"}
    assert found.columns["dew_point"].value == [pytest.approx(9.26, abs=0.01), None]
    assert found.derived == {"dew_point": ("temperature", "humidity")}


def test_derived_hour_is_the_mean_of_its_5_minutes_with_their_extremes(cast: Cast) -> None:
    start = NOON - timedelta(hours=2)
    weather = [(20, 50), (30, 50)]  # dew points of 9.26 and 18.4; that of the mean weather is 13.9
    store(
        cast.sensor,
        [
            (start + timedelta(minutes=5 * place), {"temperature": weather[place % 2][0], "humidity": 50})
            for place in range(24)
        ],
    )

    found = series(
        cast.sensor, "dew_point", resolution="1h", derived={"dew_point": ("temperature", "humidity")}
    ).columns["dew_point"]

    assert found.value == [pytest.approx(13.85, abs=0.02)] * 2
    assert found.low == [pytest.approx(9.26, abs=0.01)] * 2
    assert found.high == [pytest.approx(18.44, abs=0.01)] * 2


def test_rain_of_a_counter_adds_up_over_hours_and_its_restart(cast: Cast) -> None:
    start = NOON - timedelta(hours=4)
    counts = [place * 0.5 if place < 150 else (place - 150) * 0.5 for place in range(240)]
    store(
        cast.sensor,
        [(start + timedelta(minutes=place), {"rain_day": value}) for place, value in enumerate(counts)],
    )

    found = series(cast.sensor, "rain", start=start, resolution="1h", derived={"rain": ("rain_day",)})

    assert sum(value or 0 for value in found.columns["rain"].value) == pytest.approx(149 * 0.5 + 89 * 0.5)


def test_rain_of_a_counter_grew_since_before_the_range(cast: Cast) -> None:
    instants = every(300, 36, until=NOON - timedelta(minutes=5))
    store(cast.sensor, [(at, {"rain_total": place}) for place, at in enumerate(instants)])

    found = series(
        cast.sensor, "rain", start=NOON - timedelta(hours=1), resolution="1h", derived={"rain": ("rain_total",)}
    )

    assert found.columns["rain"].value == [12]


def test_day_of_evaporation_is_the_sum_of_its_hours(cast: Cast) -> None:
    start = datetime(2026, 6, 30, 22, tzinfo=UTC)
    hours = [start + timedelta(hours=place) for place in range(24)]
    sun = [max(0, 900 - 130 * abs(at.hour - 10.5)) for at in hours]
    store(
        cast.sensor,
        [
            (at, {"temperature": 20, "humidity": 55, "wind_speed": 2, "solar_radiation": power})
            for at, power in zip(hours, sun, strict=True)
        ],
    )
    inputs = ("temperature", "humidity", "wind_speed", "solar_radiation")

    found = series(
        cast.sensor,
        "reference_evapotranspiration",
        start=start,
        end=start + DAY,
        resolution="1d",
        calendar=Calendar("Europe/Warsaw"),
        derived={"reference_evapotranspiration": inputs},
        place=Place(52.24, 21.01, 113),
    )

    assert found.columns["reference_evapotranspiration"].value == [pytest.approx(4.9, abs=0.4)]


def test_a_resolution_that_always_fits_is_answered_as_any_other(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": at.minute}) for at in every(60, 120, until=NOON - timedelta(minutes=1))])

    found = series(cast.sensor, resolution="1h", points=30)

    assert found.columns == series(cast.sensor, points=12, start=NOON - timedelta(hours=3)).columns
    assert series(cast.sensor, resolution="1h", points=30, start=NOON - 9 * DAY, end=NOON - 8 * DAY).t == []
