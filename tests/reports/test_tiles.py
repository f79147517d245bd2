from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sensorfusion.readings.models import Reading, SensorState
from sensorfusion.reports import queries, words
from sensorfusion.reports.overview import overview_of
from sensorfusion.reports.queries import Station
from sensorfusion.reports.recent import recent
from sensorfusion.reports.tiles import Tile, shown, tiles
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.reports.weather import SKY, observe
from tests.storing import every, store

NOON = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
LAST = NOON - timedelta(minutes=10)


def station_of(sensor: Sensor) -> Station:
    (station,) = queries.stations([Sensor.objects.select_related("site").get(id=sensor.id)], now=NOON)
    return station


def made(sensor: Sensor, system: str = "metric") -> dict[str, Tile]:
    station = station_of(sensor)
    return {tile.quantity: tile for tile in tiles(station, recent(station), hero="temperature", system=system)}


def keep(sensor: Sensor, name: str, values: list[Any], *, step_s: float = 3600, until: datetime = LAST) -> None:
    store(
        sensor, [(at, {name: value}) for at, value in zip(every(step_s, len(values), until=until), values, strict=True)]
    )


def test_tiles_come_in_the_order_people_look(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)

    assert shown(station_of(cast.sensor), "temperature") == [
        "humidity",
        "sea_level_pressure",
        "rain",
        "solar_radiation",
        "dew_point",
    ]


def test_wind_without_a_vane_is_a_tile(cast: Cast) -> None:
    values = {name: value for name, value in SKY.items() if name != "wind_direction"}
    observe(cast.sensor, until=LAST, values=values)

    assert {"wind_speed", "wind_gust"} <= set(shown(station_of(cast.sensor), "temperature"))


def test_unknown_quantity_has_a_tile_too(cast: Cast) -> None:
    observe(cast.sensor, until=LAST, leaf_colour=3.5)

    assert made(cast.sensor)["leaf_colour"].label == "Leaf colour"


@pytest.mark.parametrize("size", [1.0, 1e-6, 1.5e-9])
def test_small_values_of_an_unknown_quantity_have_the_same_line_as_large_ones(cast: Cast, size: float) -> None:
    keep(cast.sensor, "leakage", [4 * size, 5 * size, 4 * size])

    line = made(cast.sensor)["leakage"].spark

    assert line is not None
    assert line.line == "M109.2 28L114.2 4L119.2 28"


def test_what_a_console_says_of_itself_has_no_tile(cast: Cast) -> None:
    itself = {"console.heap": 156456, "battery_low.wh65": True, "battery_voltage.wh90": 3.04, "battery.wh57": 60}
    observe(cast.sensor, until=LAST, values={**SKY, **itself})

    assert not set(itself) & set(shown(station_of(cast.sensor), "temperature"))


def test_rain_today_adds_up_since_local_midnight(cast: Cast) -> None:
    keep(cast.sensor, "rain", [0.5] * 30)

    tile = made(cast.sensor)["rain"]

    assert (tile.label, tile.number, tile.is_total) == ("Rain today", "7.0", True)  # 00:00 to 13:00 in Warsaw
    assert (tile.total, tile.wet_at) == ("7", f"{LAST.timestamp():.0f}")
    assert tile.sentence == "last rain at 13:00"


@pytest.mark.parametrize("name", ["rain", "rain_day"])
def test_rain_today_is_unknown_before_the_first_reading_of_the_day(cast: Cast, name: str) -> None:
    midnight = datetime(2026, 11, 22, 23, tzinfo=UTC)  # in Warsaw
    values = {name: 0.5, "humidity": 61}
    store(cast.sensor, [(at, values) for at in every(600, 12, until=midnight - timedelta(minutes=5))])
    (station,) = queries.stations([Sensor.objects.select_related("site").get(id=cast.sensor.id)], now=midnight)

    found = {tile.quantity: tile for tile in tiles(station, recent(station), hero=None, system="metric")}

    assert (found[name].number, found[name].symbol, found[name].total, found[name].low) == ("–", "", "", None)
    humidity = found["humidity"]
    assert humidity.low is not None
    assert (humidity.number, humidity.low.text, humidity.low.value) == ("61", "–", "")
    assert found[name].spark is not None


def test_rain_that_arrives_while_the_page_is_made_is_left_to_the_script(cast: Cast) -> None:
    keep(cast.sensor, "rain", [0.5] * 30)
    station = station_of(cast.sensor)
    Reading.objects.create(
        sensor=cast.sensor, observed_at=LAST + timedelta(seconds=3), received_at=NOON, seq=31, values={"rain": 9}
    )

    (tile,) = tiles(station, recent(station), hero="temperature", system="metric")

    assert tile.total == "7"


def test_a_clock_that_is_minutes_ahead_counts_as_now(cast: Cast) -> None:
    keep(cast.sensor, "rain", [0.5] * 30, until=NOON + timedelta(minutes=4))

    assert made(cast.sensor)["rain"].total == "7"


def test_a_counter_tells_of_rain_where_it_grew(cast: Cast) -> None:
    keep(cast.sensor, "rain_day", [*[4.0] * 20, 4.2, 4.2, 4.2])

    assert made(cast.sensor)["rain_day"].sentence == "last rain at 11:00"


def test_a_counter_that_stands_still_is_dry(cast: Cast) -> None:
    keep(cast.sensor, "rain_day", [4.0] * 26)

    assert made(cast.sensor)["rain_day"].sentence == "dry for 24\u00a0h"


def test_dry_day_says_so(cast: Cast) -> None:
    keep(cast.sensor, "rain", [0.0] * 30)

    assert made(cast.sensor)["rain"].sentence == "dry for 24\u00a0h"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([1013.0, 1013.0, 1013.0, 1011.6], "▼ falling slowly, −1.4 per 3\u00a0h"),
        ([1013.0, 1013.0, 1013.0, 1019.0], "▲ rising rapidly, +6.0 per 3\u00a0h"),
        ([1013.0, 1013.0, 1013.0, 1013.2], "steady, +0.2 per 3\u00a0h"),
        ([1013.0], ""),
    ],
)
def test_pressure_says_where_it_goes(cast: Cast, values: list[float], sentence: str) -> None:
    keep(cast.sensor, "sea_level_pressure", values)

    assert made(cast.sensor)["sea_level_pressure"].sentence == sentence


def test_number_says_how_it_moved_within_an_hour(cast: Cast) -> None:
    keep(cast.sensor, "soil_moisture", [28, 31])

    assert made(cast.sensor)["soil_moisture"].sentence == "▲ 3\u00a0% in 1\u00a0h"


def test_dew_point_says_how_it_feels(cast: Cast) -> None:
    keep(cast.sensor, "dew_point", [11.6])

    assert made(cast.sensor)["dew_point"].sentence == "comfortable"


def test_humidity_tells_the_dew_point_nobody_measured(cast: Cast) -> None:
    store(cast.sensor, [(LAST, {"temperature": 20.0, "humidity": 50})])

    assert made(cast.sensor)["humidity"].sentence == "dew point 9.3°"


def test_extremes_are_todays(cast: Cast) -> None:
    keep(cast.sensor, "humidity", [99, *[50] * 23, 60, 71])

    tile = made(cast.sensor)["humidity"]

    assert tile.low is not None
    assert tile.high is not None
    assert (tile.low.text, tile.high.text, tile.high.value) == ("50", "71", "71")


def test_probe_that_died_alone_is_offline_alone(cast: Cast) -> None:
    rows: list[tuple[datetime, dict[str, Any]]] = [(at, {"humidity": 60}) for at in every(60, 60, until=LAST)]
    store(cast.sensor, [*rows, (LAST - timedelta(hours=5), {"soil_temperature": 9.0})])
    Sensor.objects.filter(id=cast.sensor.id).update(interval_s=600)

    found = made(cast.sensor)

    assert (found["humidity"].state, found["soil_temperature"].state) == ("live", "offline")
    assert found["soil_temperature"].why.startswith("No data since ")


def test_quantity_without_a_reading_today_keeps_an_empty_sparkline(cast: Cast) -> None:
    store(cast.sensor, [(LAST - timedelta(days=3), {"soil_temperature": 9.0}), (LAST, {"humidity": 60})])

    line = made(cast.sensor)["soil_temperature"].spark

    assert line is not None
    assert (line.line, line.points) == ("", "[]")


def test_text_and_answers_stand_as_they_are(cast: Cast) -> None:
    store(cast.sensor, [(LAST, {"condition": "fog", "door_open": True})])

    found = made(cast.sensor)

    assert (found["condition"].number, found["condition"].spark) == ("fog", None)
    assert found["door_open"].number == "open"


def test_flagged_value_is_called_doubtful(cast: Cast) -> None:
    observe(cast.sensor, until=LAST)
    SensorState.objects.filter(sensor=cast.sensor).update(flags={"humidity": 3, "dew_point": 4})

    found = made(cast.sensor)

    assert found["humidity"].doubt == words.doubt(3)
    assert found["dew_point"].doubt == words.doubt(4)
    assert found["sea_level_pressure"].doubt is None


@pytest.mark.parametrize("step_s", [5, 60, 420, 600, 3600])
def test_the_value_an_hour_ago_is_between_two_readings(cast: Cast, step_s: int) -> None:
    instants = every(step_s, 4 * 3600 // step_s, until=LAST)
    store(cast.sensor, [(at, {"soil_temperature": 1 + n * step_s * 2.4 / 3600}) for n, at in enumerate(instants)])

    assert made(cast.sensor)["soil_temperature"].sentence == "▲ 2.4° in 1\u00a0h"


@pytest.mark.parametrize(("name", "amounts"), [("rain", [0.0, 0.2, 0.0]), ("rain_day", [1.0, 1.2, 1.2])])
def test_rain_is_told_with_the_time_of_its_reading(cast: Cast, name: str, amounts: list[float]) -> None:
    wet = LAST.replace(hour=9, minute=3)
    before, after = every(60, 1200, until=wet - timedelta(minutes=1)), every(60, 170, until=LAST)
    rows = [*((at, amounts[0]) for at in before), (wet, amounts[1]), *((at, amounts[2]) for at in after)]
    store(cast.sensor, [(at, {name: amount}) for at, amount in rows])

    assert made(cast.sensor)[name].sentence == "last rain at 10:03"


def test_a_counter_of_the_day_that_stopped_yesterday_is_not_todays(cast: Cast) -> None:
    store(cast.sensor, [(NOON - timedelta(days=1), {"rain_day": 12.0}), (NOON, {"temperature": 1.0})])

    assert made(cast.sensor)["rain_day"].number == "–"


def test_a_small_value_on_the_overview_whose_probe_has_stopped_is_offline(cast: Cast) -> None:
    store(
        cast.sensor,
        [
            (NOON - timedelta(days=1), {"humidity": 50}),
            *((at, {"temperature": 1.0}) for at in every(60, 9, until=NOON)),
        ],
    )

    page = overview_of([station_of(cast.sensor)], system="metric", now=NOON)

    (small,) = page.sites[0].cards[0].beside
    assert (small.quantity, small.state) == ("humidity", "offline")
