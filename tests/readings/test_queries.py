from datetime import UTC, datetime, timedelta

import pytest

from sensorfusion.readings import queries
from sensorfusion.readings.buckets import buckets, extent
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def series(sensor: Sensor, *quantities: str, **changes: object) -> queries.Series:
    asked = {"start": NOON - DAY, "end": NOON, "points": 1000, **changes}
    return queries.series(sensor=sensor.id, quantities=quantities or ["temperature"], **asked)  # type: ignore[arg-type]


def test_newest_knows_the_state_and_answers_nothing_for_a_silent_sensor(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 18.4}), (NOON - DAY, {"humidity": 70})])

    found = queries.newest([cast.sensor.id, cast.other_sensor.id])

    assert found[cast.sensor.id].values == {"temperature": 18.4, "humidity": 70}
    assert found[cast.sensor.id].older == {"humidity": (NOON - DAY).timestamp()}
    assert found[cast.sensor.id].seq == 2
    assert found[cast.other_sensor.id] is queries.NOTHING


def test_changes_come_after_the_seq_in_its_order(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 9, until=NOON)])

    found = queries.changes(sensor=cast.sensor.id, after_seq=4, limit=3)

    assert [reading.seq for reading in found] == [5, 6, 7]


def test_window_is_half_open(cast: Cast) -> None:
    store(cast.sensor, [(at, {"temperature": 1.0}) for at in every(60, 5, until=NOON)])

    found = queries.window(sensor=cast.sensor.id, start=NOON - timedelta(minutes=3), end=NOON, limit=10)

    assert [reading.observed_at for reading in found] == every(60, 3, until=NOON - timedelta(minutes=1))


def test_window_of_another_sensor_is_not_mixed_in(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 1.0})])
    store(cast.other_sensor, [(NOON, {"temperature": 2.0})])

    assert [each.values for each in queries.window(sensor=cast.sensor.id, limit=10)] == [{"temperature": 1.0}]


def test_reading_nearest_to_an_instant_is_found_within_reach_only(cast: Cast) -> None:
    store(
        cast.sensor,
        [(NOON - timedelta(minutes=7), {"temperature": 1.0}), (NOON + timedelta(minutes=3), {"temperature": 2.0})],
    )

    near = queries.at(sensor=cast.sensor.id, instant=NOON, within_s=600)

    assert near is not None
    assert near.values == {"temperature": 2.0}
    assert queries.at(sensor=cast.sensor.id, instant=NOON, within_s=60) is None


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

    table = buckets(cast.sensor.id, ["temperature"], start=start, end=NOON, width="1h")

    column = table.columns["temperature"]
    assert (table.t, column.value, column.low, column.high) == ([start.timestamp()], [2.0], [0.0], [4.0])


def test_directions_around_north_average_to_north(cast: Cast) -> None:
    start = NOON - timedelta(hours=1)
    store(cast.sensor, [(start, {"wind_direction": 350}), (start + timedelta(minutes=1), {"wind_direction": 10})])

    column = buckets(cast.sensor.id, ["wind_direction"], start=start, end=NOON, width="1h").columns["wind_direction"]

    assert column.value[0] == pytest.approx(0, abs=0.1)
    assert column.low == column.high == [None]


def test_opposite_directions_have_no_mean(cast: Cast) -> None:
    start = NOON - timedelta(hours=1)
    store(cast.sensor, [(start, {"wind_direction": 90}), (start + timedelta(minutes=1), {"wind_direction": 270})])

    table = buckets(cast.sensor.id, ["wind_direction"], start=start, end=NOON, width="1h")

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

    column = buckets(cast.sensor.id, ["rain_day"], start=start, end=NOON, width="1h").columns["rain_day"]

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

    found = series(cast.sensor, start=end - 14 * DAY, end=end, points=20, time_zone="Europe/Warsaw")

    assert found.resolution == "1d"
    assert datetime.fromtimestamp(found.t[1], UTC).hour == 22
    assert datetime.fromtimestamp(found.t[-1], UTC).hour == 23
    assert None not in found.columns["temperature"].value


def test_series_of_nothing_is_empty(cast: Cast) -> None:
    found = series(cast.sensor, "temperature", "humidity")

    assert (found.t, found.columns["humidity"].value) == ([], [])
    assert extent(cast.sensor.id, start=NOON - DAY, end=NOON) is None


def test_own_interval_is_preferred_to_the_one_observed(cast: Cast) -> None:
    newest = queries.Newest(1, NOON, NOON, {}, None, {}, (60.0, 60.0))

    assert queries.usual_interval(cast.sensor, newest) == 60
    cast.sensor.interval_s = 15
    assert queries.usual_interval(cast.sensor, newest) == 15


def test_sensor_that_stopped_is_offline(cast: Cast) -> None:
    newest = queries.Newest(1, NOON - timedelta(hours=3), NOON, {}, None, {}, (60.0,))

    assert queries.state_of(cast.sensor, newest, now=NOON) == "offline"
