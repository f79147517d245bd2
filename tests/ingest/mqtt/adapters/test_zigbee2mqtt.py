"""Zigbee2MQTT."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.ingest.mqtt.adapters.messages import Life, device, found, notes, reading, values


def test_zigbee2mqtt_says_millivolts_of_batteries() -> None:
    said = {
        "battery": 97,
        "humidity": 55.2,
        "linkquality": 120,
        "pressure": 1013,
        "temperature": 21.5,
        "voltage": 2985,
        "contact": False,
        "last_seen": "2026-01-02T03:04:05+01:00",
        "update": {"state": "idle"},
    }

    device, draft = reading("zigbee2mqtt/living room/window", said)

    assert device == "zigbee2mqtt/living room/window"
    assert draft.values == {
        "battery": 97,
        "humidity": 55.2,
        "linkquality": 120,
        "pressure": 1013,
        "temperature": 21.5,
        "battery_voltage": 2.985,
        "door_open": True,
    }
    assert draft.observed_at == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)


def test_zigbee2mqtt_plug_says_volts() -> None:
    assert values("zigbee2mqtt/plug", {"voltage": 231, "power": 4.2}) == {"voltage": 231, "power": 4.2}


@pytest.mark.parametrize("topic", ["zigbee2mqtt/bridge/state", "zigbee2mqtt/plug/availability", "zigbee2mqtt/plug/set"])
def test_zigbee2mqtt_says_other_things_too(topic: str) -> None:
    assert found(topic, {"state": "online"}) == []


@pytest.mark.parametrize(
    "topic",
    [
        "zigbee2mqtt/lamp/set/brightness",
        "zigbee2mqtt/lamp/left/set",
        "zigbee2mqtt/bridge/devices",
        "zigbee2mqtt/lamp/get",
    ],
)
def test_zigbee2mqtt_commands_are_no_readings(topic: str) -> None:
    assert found(topic, b"50") == []


def test_zigbee2mqtt_attributes_of_their_own_topic_are_the_same_series() -> None:
    life = Life()
    [whole] = found("zigbee2mqtt/living room/window", {"temperature": 21.5, "contact": True, "battery": 97})
    [part] = found("zigbee2mqtt/living room/window/temperature", b"22.5")
    [closed] = found("zigbee2mqtt/living room/window/contact", b"false")

    assert whole.device == part.device == "zigbee2mqtt/living room/window"
    assert life.take(whole.sent[0]) == {"temperature": 21.5, "door_open": False, "battery": 97}
    assert life.take(part.sent[0]) == {"temperature": 22.5}
    assert life.take(closed.sent[0]) == {"door_open": True}


@pytest.mark.parametrize("attribute", ["update-state", "color-x", "last_seen", "availability", "update_available"])
def test_zigbee2mqtt_attributes_that_are_no_measurements_are_left_out(attribute: str) -> None:
    assert found(f"zigbee2mqtt/lamp/{attribute}", b"1") == []


def test_zigbee2mqtt_converted_value_wins_over_the_raw_one() -> None:
    assert values("zigbee2mqtt/lux", {"illuminance": 36711, "illuminance_lux": 4688}) == {"illuminance": 4688}
    assert values("zigbee2mqtt/lux", {"illuminance": 4688}) == {"illuminance": 4688}  # 2.x


def test_zigbee2mqtt_raw_value_never_continues_the_series_of_the_converted_one() -> None:
    life = Life()
    for said in ({"illuminance": 36711, "illuminance_lux": 4688}, {"illuminance": 36711}):
        [one] = found("zigbee2mqtt/lux", said)
        stored = life.take(one.sent[0])

    assert stored == {"illuminance:reported": 36711}


def test_zigbee2mqtt_endpoints_and_phases_have_the_unit_of_their_quantity() -> None:
    said = {
        "temperature_l1": 21.5,
        "temperature_2": 22.5,
        "power": 1,
        "power_phase_b": 2,
        "current_c": 0.5,
        "state_left": "ON",
        "power_on_behavior": "off",
    }

    assert values("zigbee2mqtt/meter", said) == {
        "temperature:l1": 21.5,
        "temperature_2": 22.5,
        "power": 1,
        "power:phase_b": 2,
        "current:c": 0.5,
        "state_left": "ON",
        "power_on_behavior": "off",
    }


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ({"voltage": 2985}, {"battery_voltage": 2.985}),
        ({"voltage": 231, "battery": 50}, {"voltage": 231, "battery": 50}),
        ({"temperature": -327.68, "humidity": 50}, {"humidity": 50}),
        ({"temperature": None, "child_lock": None, "power": 12.5}, {"power": 12.5}),
        ({"action": "single", "battery": 97}, {"action": "single", "battery": 97}),
        ({"pm25": 12, "voc": 300, "formaldehyd": 0.5}, {"pm2_5": 12, "voc": 300, "formaldehyd": 0.5}),
        ({"occupancy": True, "water_leak": False}, {"occupancy": True, "water_leak": False}),
        ({"soil_moisture": 40, "device_temperature": 25}, {"soil_moisture": 40, "device_temperature": 25}),
    ],
)
def test_zigbee2mqtt_values_are_what_they_mean(said: dict[str, Any], stored: dict[str, Any]) -> None:
    assert values("zigbee2mqtt/x", said) == stored


def test_zigbee2mqtt_says_what_it_cannot_read() -> None:
    assert [note.subject for note in notes("zigbee2mqtt/x", {"power": 1, "schedule": [{"day": 1}]})] == ["schedule"]
    assert [note.code for note in notes("zigbee2mqtt/x", {"power": None})] == ["no_values"]


def test_zigbee2mqtt_names_have_slashes() -> None:
    assert device("zigbee2mqtt/a/b/c", {"temperature": 1}) == "zigbee2mqtt/a/b/c"
