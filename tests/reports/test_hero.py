from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sensorfusion.reports import queries
from sensorfusion.reports.comparison import compared, same_time
from sensorfusion.reports.hero import Hero, hero, is_outdoors, primary, sky
from sensorfusion.reports.queries import Station
from sensorfusion.reports.recent import extremes, recent
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.reports.weather import observe
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def station_of(sensor: Sensor, now: datetime = NOON) -> Station:
    (station,) = queries.stations([Sensor.objects.select_related("site").get(id=sensor.id)], now=now)
    return station


def made(station: Station, name: str = "temperature", system: str = "metric") -> Hero:
    today = extremes(station, name, recent(station))
    yesterday = same_time(station, queries.day_before(station, [name]))
    return hero(station, name, system=system, today=today, yesterday=yesterday)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"humidity": 60, "temperature": 5.0}, "temperature"),
        ({"battery": 80, "co2": 640}, "co2"),
        ({"leaf_colour": 3.0, "battery": 80}, "battery"),
        ({"zeta": 1, "alpha": 2}, "alpha"),
        ({"condition": "fog", "door_open": True}, None),
    ],
)
def test_one_number_is_what_the_sensor_is_for(cast: Cast, values: dict[str, Any], name: str | None) -> None:
    store(cast.sensor, [(NOON, values)])

    assert primary(station_of(cast.sensor)) == name


def test_freezer_is_no_weather_station(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": -18.0, "power": 60})])

    assert not is_outdoors(station_of(cast.sensor))
    assert made(station_of(cast.sensor)).feels == ""


@pytest.mark.parametrize(
    ("before", "direction", "size", "words"),
    [
        (9.9, "up", "2.1°", "warmer than yesterday at this time"),
        (14.5, "down", "2.5°", "colder than yesterday at this time"),
        (12.0, "same", "", "the same as yesterday at this time"),
    ],
)
def test_number_is_compared_with_yesterday(cast: Cast, before: float, direction: str, size: str, words: str) -> None:
    store(cast.sensor, [(NOON - timedelta(days=1, minutes=4), {"temperature": before}), (NOON, {"temperature": 12.0})])

    delta = made(station_of(cast.sensor)).delta

    assert delta is not None
    assert (delta.direction, delta.size, delta.words) == (direction, size, words)


def test_yesterday_that_nobody_observed_is_not_compared(cast: Cast) -> None:
    store(cast.sensor, [(NOON - timedelta(hours=26), {"temperature": 3.0}), (NOON, {"temperature": 12.0})])
    Sensor.objects.filter(id=cast.sensor.id).update(interval_s=600)

    assert made(station_of(cast.sensor)).delta is None


def test_no_direction_is_higher_than_that_of_yesterday(cast: Cast) -> None:
    """Nor is a mean of directions one of their numbers."""
    store(cast.sensor, [(NOON - timedelta(days=1), {"wind_direction": 350}), (NOON, {"wind_direction": 20})])
    station = station_of(cast.sensor)

    assert made(station, "wind_direction").delta is None
    assert compared(station, "wind_direction") == []


def test_extremes_of_today_have_a_place_before_the_first_reading_of_the_day(cast: Cast) -> None:
    midnight = datetime(2026, 11, 21, 23, tzinfo=UTC)  # in Warsaw
    store(cast.sensor, [(midnight - timedelta(minutes=5), {"temperature": 4.0, "rain_day": 2.2})])

    top = made(station_of(cast.sensor, now=midnight + timedelta(minutes=5)))
    rain = made(station_of(cast.sensor, now=midnight + timedelta(minutes=5)), "rain_day")

    assert (top.number, [(each.fact, each.text, each.value, each.at) for each in top.stats]) == (
        "4.0",
        [("high", "–", "", None), ("low", "–", "", None)],
    )
    assert (rain.number, rain.delta, rain.stats) == ("–", None, [])


def test_extremes_carry_the_instant_of_the_reading_not_of_its_bucket(cast: Cast) -> None:
    instants = every(60, 1300, until=NOON)
    peak = NOON - timedelta(hours=2, minutes=3)
    store(cast.sensor, [(at, {"temperature": 30.0 if at == peak else 10.0}) for at in instants])

    low, high = made(station_of(cast.sensor)).stats[::-1]

    assert (high.text, high.when) == ("30.0°", "10:57")
    assert low.text == "10.0°"


def test_extremes_are_of_the_local_day(cast: Cast) -> None:
    store(cast.sensor, [(NOON - timedelta(hours=14), {"temperature": 30.0}), (NOON, {"temperature": 12.0})])

    assert made(station_of(cast.sensor)).stats[0].text == "12.0°"


def test_cold_wind_feels_colder(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 0.0, "wind_speed": 8.0})])

    assert made(station_of(cast.sensor)).feels == "−6.3°"


@pytest.mark.parametrize(
    ("hour", "radiation", "name"),
    [(11, None, "day"), (11, 20, "overcast"), (15, None, "twilight"), (23, None, "night")],
)
def test_sky_follows_the_sun_and_the_clouds(cast: Cast, hour: int, radiation: float | None, name: str) -> None:
    now = datetime(2026, 11, 22, hour, tzinfo=UTC)
    store(cast.sensor, [(now, {"temperature": 5.0, **({} if radiation is None else {"solar_radiation": radiation})})])

    assert sky(station_of(cast.sensor, now))[0] == name


def test_sensor_without_a_place_has_no_sky(cast: Cast) -> None:
    observe(cast.other_sensor, until=NOON)

    found = made(station_of(cast.other_sensor))

    assert (found.sky, found.sun_x, found.arc) == ("none", "", None)


def test_place_of_the_sensor_comes_before_the_sites(cast: Cast) -> None:
    Sensor.objects.filter(id=cast.sensor.id).update(latitude=-33.9, longitude=-70.6, elevation_m=0)
    store(cast.sensor, [(NOON, {"temperature": 5.0})])

    found = made(station_of(cast.sensor))

    assert (found.place, found.clock) == ("33.90°\u00a0S 70.60°\u00a0W · 0\u00a0m", "13:00")


def test_temperature_and_humidity_with_a_place_keep_the_sky_until_the_owner_decides(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 12.0, "humidity": 60})])
    undecided = station_of(cast.sensor)
    Sensor.objects.filter(id=cast.sensor.id).update(kind="room")
    decided = station_of(cast.sensor)

    assert is_outdoors(undecided)
    assert sky(undecided)[0] != "none"
    assert (is_outdoors(decided), sky(decided)[0]) == (False, "none")


def test_room_with_co2_has_no_sky(cast: Cast) -> None:
    store(cast.sensor, [(NOON, {"temperature": 21.0, "humidity": 40, "co2": 640})])

    assert sky(station_of(cast.sensor))[0] == "none"
