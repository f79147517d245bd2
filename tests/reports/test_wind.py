from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from sensorfusion.domain.weather.wind import WindSample
from sensorfusion.reports import queries
from sensorfusion.reports.queries import Station
from sensorfusion.reports.wind import compass, rose_drawing
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


def blow(sensor: Sensor, winds: Sequence[tuple[float, float]], *, step_s: float = 60) -> Station:
    instants = every(step_s, len(winds), until=NOON)
    store(
        sensor,
        [
            (at, {"wind_direction": d, "wind_speed": s, "wind_gust": s + 2})
            for at, (d, s) in zip(instants, winds, strict=True)
        ],
    )
    (station,) = queries.stations([Sensor.objects.select_related("site").get(id=sensor.id)], now=NOON)
    return station


def test_rose_counts_directions_classes_and_calms(cast: Cast) -> None:
    station = blow(cast.sensor, [(359, 1.0), (0, 1.0), (10, 5.0), (180, 12.0), (90, 0.2)], step_s=3600)

    rose = queries.rose(station, length=WEEK)

    assert rose.count == 5
    assert rose.calm_share == pytest.approx(0.2)
    assert sum(rose.shares[0]) == pytest.approx(0.6)
    assert rose.shares[8][-1] == pytest.approx(0.2)


def test_an_hour_of_many_readings_weighs_no_more_than_one_of_few(cast: Cast) -> None:
    north, south = ({"wind_direction": direction, "wind_speed": 5.0} for direction in (0, 180))
    hours = [(NOON - timedelta(hours=back), north) for back in (3, 2, 1)]
    store(cast.sensor, [*hours, *((NOON + timedelta(seconds=3 * place), south) for place in range(100))])
    (station,) = queries.stations(
        [Sensor.objects.select_related("site").get(id=cast.sensor.id)], now=NOON + timedelta(minutes=10)
    )

    rose = queries.rose(station, length=WEEK)

    assert rose.count == 103
    assert sum(rose.shares[0]) == pytest.approx(0.75)


def test_bad_winds_are_not_in_the_rose(cast: Cast) -> None:
    store(
        cast.sensor,
        [(NOON, {"wind_direction": 10, "wind_speed": 468.0})],
        flags={NOON: {"wind_speed": 4}},
    )
    (station,) = queries.stations([Sensor.objects.select_related("site").get(id=cast.sensor.id)], now=NOON)

    assert queries.rose(station, length=WEEK).count == 0
    assert rose_drawing(queries.rose(station, length=WEEK), system="metric") is None


def test_rose_says_where_the_wind_mostly_comes_from(cast: Cast) -> None:
    station = blow(cast.sensor, [(247, 5.0)] * 3 + [(90, 0.1)], step_s=3600)

    drawing = rose_drawing(queries.rose(station, length=WEEK), system="uk")

    assert drawing is not None
    assert drawing.sentence == "Mostly from WSW, 75\u00a0% of the time; calm 25\u00a0%."
    assert drawing.petals[0].title == "WSW, 9–13: 75.0\u00a0%"
    assert drawing.classes[-1] == "25+\u00a0mph"


def test_compass_shows_the_spread_of_ten_minutes(cast: Cast) -> None:
    station = blow(cast.sensor, [(90, 5.0)] * 20 + [(240, 5.4), (254, 5.4), (247, 5.4)] * 4)

    shown = compass(station, queries.wind_spread(station), system="metric")

    assert shown is not None
    assert (shown.point, shown.number, shown.gust) == ("WSW\u00a0247°", "5.4", "7.4")
    assert shown.arc.startswith("M")
    assert shown.words == "Wind 5.4\u00a0m/s from WSW, gentle breeze, gusting 7.4\u00a0m/s"


def test_steady_wind_has_no_arc(cast: Cast) -> None:
    station = blow(cast.sensor, [(247, 5.4)])

    shown = compass(station, [(0.0, WindSample(247, 5.4))], system="metric")

    assert shown is not None
    assert shown.arc == ""


def test_a_gust_of_hours_ago_is_not_the_wind_of_now(cast: Cast) -> None:
    early = {"wind_speed": 8.0, "wind_direction": 90, "wind_gust": 14.0}
    store(cast.sensor, [(NOON - timedelta(hours=3), early), (NOON, {"wind_speed": 3.0, "wind_direction": 90})])
    (station,) = queries.stations([Sensor.objects.select_related("site").get(id=cast.sensor.id)], now=NOON)

    shown = compass(station, [], system="metric")

    assert shown is not None
    assert not shown.is_gusty
    assert "gusting" not in shown.words


def test_sensor_without_wind_has_no_compass(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"wind_speed": 3.0})])
    (station,) = queries.stations([Sensor.objects.select_related("site").get(id=cast.sensor.id)], now=NOON)

    assert compass(station, [], system="metric") is None


def test_a_wind_that_is_not_the_current_one_says_when_it_was(cast: Cast) -> None:
    store(
        cast.sensor,
        [(NOON - timedelta(hours=2), {"wind_direction": 90, "wind_speed": 5.0}), (NOON, {"temperature": 1.0})],
    )
    (station,) = queries.stations([Sensor.objects.select_related("site").get(id=cast.sensor.id)], now=NOON)

    drawn = compass(station, [], system="metric")

    assert drawn
    assert drawn.words.endswith("from E, gentle breeze, 11:00")
    assert drawn.beaufort.endswith("gentle breeze, 11:00")


def test_a_vane_in_a_calm_has_no_direction(cast: Cast) -> None:
    station = blow(cast.sensor, [(0, 0.2)])

    shown = compass(station, [], system="metric")

    assert shown is not None
    assert (shown.is_calm, shown.point, shown.words) == (True, "calm", "Wind 0.2\u00a0m/s, calm, gusting 2.2\u00a0m/s")
