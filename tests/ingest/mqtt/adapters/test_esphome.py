"""ESPHome."""

import pytest

from tests.ingest.mqtt.adapters.messages import device, found, reading, values


def test_esphome_says_one_value_at_a_time() -> None:
    assert reading("porch/sensor/temperature/state", b"21.5")[0] == "esphome/porch"
    assert values("porch/sensor/bme280_humidity/state", b"55.2") == {"bme280_humidity": 55.2}
    assert values("porch/binary_sensor/door/state", b"ON") == {"door": True}
    assert found("porch/sensor/temperature/state", b"nan") == []


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("home/node1/sensor/temperature/state", "esphome/home/node1"),
        ("esphome/node1/sensor/temperature/state", "esphome/node1"),
        ("node1/sensor/temperature/state", "esphome/node1"),
        ("esphome/sensor/temperature/state", "esphome/esphome"),
    ],
)
def test_esphome_prefix_is_part_of_the_name(topic: str, name: str) -> None:
    assert device(topic, b"20.0") == name


def test_esphome_text_stays_text() -> None:
    assert values("porch/text_sensor/version/state", b"2026") == {"version": "2026"}


def test_esphome_objects_of_two_kinds_are_told_apart() -> None:
    [one] = found("porch/sensor/door/state", b"1")
    [other] = found("porch/binary_sensor/door/state", b"ON")

    assert [field.source for found_ in (one, other) for field in found_.sent[0].fields] == [
        "sensor/door",
        "binary_sensor/door",
    ]
