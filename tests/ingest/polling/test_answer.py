"""Parsing answers by a mapping, including the presets with answers in the shapes of their devices."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sensorfusion.domain.repeated import Repeated
from sensorfusion.ingest.polling.answer import NotUnderstood, Understood, understand
from sensorfusion.ingest.polling.mapping import BadMapping, parse_fields
from sensorfusion.ingest.polling.paths import parse
from sensorfusion.ingest.polling.presets import PRESETS
from sensorfusion.sensors.models import Sensor, Site
from tests.ingest.polling.conftest import OPENWEATHERMAP

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


def read(answer: object, lines: str, time_path: str = "") -> Understood:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return understand(
        body, fields=parse_fields(lines), time_path=parse(time_path) if time_path else None, received_at=NOW
    )


def kept(understood: Understood) -> dict[str, Any]:
    return {each.field.quantity: each.value for each in understood.found if not each.problem}


def test_factor_is_applied_to_numbers_in_text_and_to_both_values_of_a_name() -> None:
    found = read(b'{"t":"70,7 \xb0F","t2":nan,"h":6,"h":5}', "temperature = t * 0.1\nrain_day = t2\nhumidity = h * 10")

    assert found.sent.values == {"temperature": {"value": 7.07, "unit": "°F"}, "humidity": Repeated(60.0, 50.0)}
    assert found.found[2].value == 60
    assert "humidity is 50.0 here and 60.0 before" in found.problems


def test_units_are_converted_and_factors_multiplied() -> None:
    found = read({"t": 212, "r": 12, "x": "7"}, "temperature = t °F *0.1\nrain_day = r mm * 0.2\nlevel = x")

    assert kept(found) == {"temperature": pytest.approx(-6.0, abs=1e-6), "rain_day": 2.4, "level": 7.0}


def test_brackets_and_texts_of_a_path_may_hold_what_ends_it_elsewhere() -> None:
    lines = (
        "temperature = $['a b']['c]d'][?@['e f']=='x = ]y'].t °C * 2\nlevel = $.rows[?@.list[0]==1 && @.k==\"it's\"].v"
    )
    rows = [{"list": [1], "k": "it's", "v": 3}]

    found = read({"a b": {"c]d": [{"e f": "x = ]y", "t": 10}]}, "rows": rows}, lines)

    assert kept(found) == {"temperature": 20.0, "level": 3}


def test_answer_with_too_much_to_search_is_not_read() -> None:
    with pytest.raises(NotUnderstood, match="too many elements to search"):
        read([{"type": 0}] * 20_000, "temperature = $[?@.type==1].t")


def test_names_that_others_use_are_understood() -> None:
    assert kept(read({"t": 1}, "temp = t")) == {"temperature": 1}


def test_one_line_that_finds_nothing_does_not_take_the_others_with_it() -> None:
    found = read(
        {"t": 20, "h": {"value": 3}, "p": 99999, "n": None},
        "temperature = t\nhumidity = h\npressure = p\nrain = r\nsnow = n",
    )

    assert kept(found) == {"temperature": 20}
    assert found.problems.startswith("humidity: h is not a value: it holds value; pressure: 99999 hPa is above")
    assert "rain" not in found.problems
    assert "snow" not in found.problems


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"<html>", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        ({"other": 1}, "there is no t in the answer"),
        ({"t": "warm"}, "is not a number"),
        ({"t": "n/a"}, "the answer gives no value"),
        ({"t": None}, "the answer gives no value"),
        ({"t": 9000}, "above the highest possible"),
        ([], "there is no t in the answer"),
    ],
)
def test_answer_without_a_reading_says_why(answer: object, reason: str) -> None:
    with pytest.raises(NotUnderstood, match=reason):
        read(answer, "temperature = t")


def test_time_of_the_answer_is_the_readings() -> None:
    found = read({"t": 1, "at": {"unix": 1795327260}}, "temperature = t", "at.unix")

    assert (found.at, found.is_arrival) == (datetime.fromtimestamp(1795327260, UTC), False)
    assert found.sent.observed_at == datetime.fromtimestamp(1795327260, UTC)


@pytest.mark.parametrize("at", [0, 13.2, "1970-01-01T00:00:12Z", 188_000])
def test_clock_that_is_not_set_means_the_moment_of_the_answer(at: object) -> None:
    found = read({"t": 1, "at": at}, "temperature = t", "at")

    assert found.is_arrival
    assert found.sent.observed_at is None
    assert found.sent.is_time_doubtful


@pytest.mark.parametrize("at", [None, "yesterday", "2026-11-22 06:00:00", {"x": 1}, 99999999999999])
def test_time_that_cannot_be_used_is_told_and_not_replaced(at: object) -> None:
    with pytest.raises(NotUnderstood, match="time"):
        read({"t": 1, "at": at}, "temperature = t", "at")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("", "1 to 500 lines"),
        ("temperature", "Line 1: temperature is not like"),
        ("= main.temp", "is not like"),
        ("temperature = main..temp", "Line 1: main..temp does not begin with"),
        ("temperature = $.main..temp", "several values"),
        ("temperature = a\n\n# remark\ntemp = b", "Line 4: temperature is mapped already"),
        ("temperature = a furlongs", "Line 1: temperature is kept in Cel"),
        ("temperature = a hPa", "Line 1: temperature is kept in Cel"),
        ("humidity = a * much", "is kept in %"),
    ],
)
def test_line_that_cannot_be_read_is_named(lines: str, reason: str) -> None:
    with pytest.raises(BadMapping, match=reason):
        parse_fields(lines)


SHELLY = {
    "sys": {"mac": "AABBCC", "unixtime": 1795327200, "uptime": 12},
    "wifi": {"sta_ip": "192.168.1.20", "rssi": -61},
    "temperature:0": {"id": 0, "tC": 21.5, "tF": 70.7},
    "humidity:0": {"id": 0, "rh": 55.2},
    "devicepower:0": {"id": 0, "battery": {"V": 5.3, "percent": 88}},
}
WEATHERLINK = {
    "data": {
        "did": "001D0A700002",
        "ts": 1795327200,
        "conditions": [
            {"data_structure_type": 4, "temp_in": 71.2, "hum_in": 41.0},
            {"data_structure_type": 3, "bar_sea_level": 29.921, "bar_absolute": 29.5},
            {
                "data_structure_type": 1, "txid": 1, "temp": 50.0, "hum": 80.0, "dew_point": 43.9,
                "wind_speed_avg_last_1_min": 10, "wind_dir_scalar_avg_last_1_min": 270,
                "wind_speed_hi_last_2_min": 20, "rain_size": 2, "rain_rate_last": 5, "rainfall_daily": 63,
                "solar_rad": 300, "uv_index": None,
            },
        ],
    },
    "error": None,
}  # fmt: skip


def preset(name: str, answer: object) -> Understood:
    return read(answer, PRESETS[name].fields, PRESETS[name].time_path)


def test_openweathermap_is_read_whole() -> None:
    found = preset("openweathermap", OPENWEATHERMAP)

    assert found.at == datetime.fromtimestamp(1795327200, UTC)
    assert found.problems == ""
    assert kept(found) == {
        "temperature": 8.25, "feels_like": 5.75, "temperature_min": 7.05, "temperature_max": 9.45,
        "humidity": 87, "pressure": 1009, "sea_level_pressure": 1009, "ground_level_pressure": 996,
        "visibility": 10000, "wind_speed": 4.63, "wind_direction": 240, "wind_gust": 9.1, "rain_1h": 0.42,
        "cloud_cover": 90, "condition_code": 500, "condition": "Rain", "condition_text": "light rain",
        "city_id": 756135, "city_name": "Warsaw",
    }  # fmt: skip


def test_shelly_is_read_without_the_lines_of_what_it_has_not() -> None:
    found = preset("shelly", SHELLY)

    assert kept(found) == {
        "temperature": 21.5, "humidity": 55.2, "battery": 88, "battery_voltage": 5.3, "signal_strength": -61,
        "uptime": 12,
    }  # fmt: skip
    assert found.problems == ""


def test_weatherlink_is_converted_to_our_units() -> None:
    found = kept(preset("weatherlink", WEATHERLINK))

    assert found["temperature"] == pytest.approx(10)
    assert found["wind_speed"] == pytest.approx(4.4704)
    assert found["rain_day"] == pytest.approx(12.6)
    assert found["rain_rate"] == pytest.approx(1)
    assert found["sea_level_pressure"] == pytest.approx(1013.24, abs=0.01)
    assert found["indoor_temperature"] == pytest.approx(21.778, abs=0.01)
    assert "uv_index" not in found


def test_address_of_a_preset_has_the_sensors_place() -> None:
    site = Site(latitude=52.24, longitude=21.01)
    url = PRESETS["openweathermap"].url_for(Sensor(site=site))
    own = PRESETS["openweathermap"].url_for(Sensor(site=site, latitude=-1.5, longitude=2.0))

    assert "lat=52.24&lon=21.01&" in url
    assert "lat=-1.5&lon=2&" in own
    assert "{latitude}" in PRESETS["openweathermap"].url_for(Sensor(site=Site()))
