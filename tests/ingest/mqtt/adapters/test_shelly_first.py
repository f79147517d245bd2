"""Shelly devices of the first generation."""

from typing import Any

import pytest

from tests.ingest.mqtt.adapters.messages import found, notes, reading, values


def test_first_shellies_say_one_value_at_a_time() -> None:
    assert values("shellies/shellyht-A1B2C3/sensor/temperature", b"21.5") == {"temperature": 21.5}
    assert values("shellies/shellyem-A1B2C3/emeter/1/power", b"60.5") == {"power_2": 60.5}
    assert reading("shellies/shellyht-A1B2C3/sensor/battery", b"97")[0] == "shelly/shellyht-A1B2C3"


@pytest.mark.parametrize(
    ("topic", "payload", "stored"),
    [
        ("ext_temperature/0", b"20.75", {"temperature": 20.75}),
        ("ext_temperature/1", b"21.75", {"temperature_2": 21.75}),
        ("ext_humidity/0", b"55", {"humidity": 55}),
        ("relay/0", b"on", {"relay": "on"}),
        ("relay/0/energy", b"90000", {"energy": 1.5}),
        ("relay/1/energy", b"90000", {"energy_2": 1.5}),
        ("emeter/1/pf", b"0.5", {"power_factor_2": 0.5}),
        ("emeter/0/reactive_power", b"3.5", {"reactive_power": 3.5}),
        ("emeter/0/total", b"1500", {"energy": 1.5}),
        ("emeter/0/total_returned", b"500", {"energy:returned": 0.5}),
        ("emeter/1/total_returned", b"500", {"energy:returned_2": 0.5}),
        ("emeter/0/energy", b"60000", {"energy:recent": 1}),
        ("sensor/flood", b"true", {"flood": "true"}),
        ("sensor/motion", b"1", {"occupancy": True}),
        ("temperature", b"53.5", {"device_temperature": 53.5}),
        ("overtemperature", b"0", {"overtemperature": 0}),
        ("input/0", b"1", {"input": 1}),
        ("adc/0", b"12.5", {"voltage": 12.5}),
    ],
)
def test_topics_have_their_meaning(topic: str, payload: bytes, stored: dict[str, Any]) -> None:
    assert values(f"shellies/shelly1-BB/{topic}", payload) == stored


@pytest.mark.parametrize(
    "topic", ["relay/0/command", "online", "announce", "info", "ext_temperatures", "temperature_f", "input_event/0"]
)
def test_commands_and_repetitions_are_no_readings(topic: str) -> None:
    assert found(f"shellies/shelly1-BB/{topic}", b"1") == []


def test_a_probe_that_is_not_connected_is_missing() -> None:
    assert [note.code for note in notes("shellies/shelly1-BB/ext_temperature/0", b"999.0")] == ["no_values"]


def test_a_topic_that_is_not_known_is_said() -> None:
    [note] = notes("shellies/shelly1-BB/flux/0", b"3")

    assert (note.code, note.subject) == ("unknown_topic", "shellies/shelly1-BB/flux/0")
