"""Home Assistant's discovery messages, one by one."""

import json
from dataclasses import replace

import pytest

from sensorfusion.ingest.mqtt.discovery import Shown, Topics, configs, state

UUID = "3f2b8c1e-0000-4000-8000-000000000001"
TOPICS = Topics("ab12cd34")


def shown(**values: object) -> Shown:
    return Shown(UUID, "Roof station", "Orchard", "WS-2902", values, True, 7)


def config(name: str, value: object = 1.0) -> dict[str, object]:
    [(_, payload)] = configs(shown(**{name: value}), TOPICS)
    decoded: dict[str, object] = json.loads(payload)
    return decoded


def test_each_quantity_is_a_sensor_of_the_same_device() -> None:
    announced = dict(configs(shown(temperature=21.4, humidity=60), TOPICS, address="https://sensors.example.org"))

    assert list(announced) == [
        "homeassistant/sensor/sf_ab12cd34_3f2b8c1e000040008000000000000001/humidity/config",
        "homeassistant/sensor/sf_ab12cd34_3f2b8c1e000040008000000000000001/temperature/config",
    ]
    first, second = (json.loads(payload) for payload in announced.values())
    assert first["device"] == second["device"]
    assert first["device"]["name"] == "Roof station"
    assert first["device"]["suggested_area"] == "Orchard"
    assert first["device"]["configuration_url"] == f"https://sensors.example.org/sensors/{UUID}/"
    assert first["unique_id"] != second["unique_id"]
    assert first["state_topic"] == f"sf/v1/{UUID}/state"
    assert second["value_template"] == '{{ value_json.get("temperature") }}'
    assert [each["topic"] for each in first["availability"]] == ["sf/status/ab12cd34", f"sf/v1/{UUID}/availability"]


def test_a_quantity_is_called_as_its_device_calls_it() -> None:
    garage = replace(shown(garage=4.5), labels={"garage": "Температура в гараже"})
    [(_, payload)] = configs(garage, TOPICS)

    assert json.loads(payload)["name"] == "Температура в гараже"


def test_a_second_probe_has_the_class_of_the_first_and_a_name_of_its_own() -> None:
    assert config("soil_moisture:25cm")["device_class"] == "moisture"
    assert config("temperature:a2")["name"] == "Temperature a2"
    assert config("power_2")["state_class"] == "measurement"


@pytest.mark.parametrize(
    ("name", "device_class", "unit", "state_class"),
    [
        ("temperature", "temperature", "°C", "measurement"),
        ("humidity", "humidity", "%", "measurement"),
        ("pressure", "atmospheric_pressure", "hPa", "measurement"),
        ("wind_speed", "wind_speed", "m/s", "measurement"),
        ("wind_direction", "wind_direction", "°", "measurement_angle"),
        ("rain_day", "precipitation", "mm", "total_increasing"),
        ("rain_rate", "precipitation_intensity", "mm/h", "measurement"),
        ("solar_radiation", "irradiance", "W/m²", "measurement"),
        ("energy", "energy", "kWh", "total_increasing"),
        ("pm2_5", "pm25", "µg/m³", "measurement"),
        ("uv_index", None, None, "measurement"),
        ("rain_1h", "precipitation", "mm", None),
        ("leaf_colour", None, None, "measurement"),
    ],
)
def test_quantities_have_home_assistants_classes(
    name: str, device_class: str | None, unit: str | None, state_class: str | None
) -> None:
    told = config(name)

    assert told.get("device_class") == device_class
    assert told.get("unit_of_measurement") == unit
    assert told.get("state_class") == state_class


def test_text_is_shown_as_text() -> None:
    told = config("condition", "cloudy")

    assert {"device_class", "unit_of_measurement", "state_class"}.isdisjoint(told)


def test_all_values_are_in_one_state() -> None:
    assert json.loads(state(shown(temperature=21.4, humidity=60))) == {"temperature": 21.4, "humidity": 60}


def test_other_installations_are_left_alone() -> None:
    assert TOPICS.is_ours(TOPICS.config(UUID, "temperature"))
    assert not TOPICS.is_ours(Topics("other").config(UUID, "temperature"))
