"""OpenMQTTGateway and Theengs Gateway."""

from datetime import UTC, datetime

import pytest

from tests.ingest.mqtt.adapters.messages import device, found, reading, values

DEVICE = {"id": "A4:C1:38:AA:BB:CC", "name": "LYWSD03MMC", "model_id": "LYWSD03MMC", "rssi": -70}
TOPIC = "home/OpenMQTTGateway/BTtoMQTT/A4C138AABBCC"


def test_bluetooth_devices_are_known_by_their_address_at_every_gateway() -> None:
    said = {**DEVICE, "tempc": 21.5, "tempf": 70.7, "hum": 55, "batt": 90, "volt": 2.9}

    assert device(TOPIC, said) == "theengs/A4:C1:38:AA:BB:CC"
    assert device("home/TheengsGateway/BTtoMQTT/A4C138AABBCC", said) == "theengs/A4:C1:38:AA:BB:CC"
    assert values(TOPIC, said) == {
        "signal_strength": -70,
        "temperature": 21.5,
        "humidity": 55,
        "battery": 90,
        "battery_voltage": 2.9,
    }


def test_one_of_two_units_is_enough() -> None:
    assert values(TOPIC, {**DEVICE, "tempf": 70.7}) == {"signal_strength": -70, "temperature": 21.5}
    assert values(TOPIC, {**DEVICE, "tempc2": 4.5, "tempf2": 40.1}) == {"signal_strength": -70, "temperature_2": 4.5}


def test_plants_and_air_are_measured() -> None:
    said = {**DEVICE, "lux": 4688, "moi": 31, "fer": 350, "pres": 1001.5, "pm25": 12, "co2": 600, "tvoc": 100}

    assert values(TOPIC, said) == {
        "signal_strength": -70,
        "illuminance": 4688,
        "soil_moisture": 31,
        "fer": 350,
        "pressure": 1001.5,
        "pm2_5": 12,
        "co2": 600,
        "voc": 100,
    }


def test_phones_that_pass_by_are_no_readings() -> None:
    assert found(TOPIC, {"id": "5A:00:00:00:00:01", "rssi": -90, "distance": 12.5}) == []


def test_time_of_the_gateway_is_the_time_of_the_reading() -> None:
    _, draft = reading(TOPIC, {**DEVICE, "tempc": 21.5, "unixtime": 1767319445})

    assert draft.observed_at == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)


def test_stations_on_433_mhz_are_named_as_rtl_433_names_them() -> None:
    said = {"model": "Acurite-Tower", "id": 1011, "channel": "A", "temperature_C": 21.5, "rssi": -60, "duration": 3}

    assert device("home/OMG_lilygo/RTL_433toMQTT/Acurite-Tower/A/1011", said) == "rtl_433/Acurite-Tower/1011/A"
    assert values("home/OMG_lilygo/RTL_433toMQTT/Acurite-Tower/A/1011", said) == {
        "temperature": 21.5,
        "signal_strength": -60,
    }


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("home/OpenMQTTGateway/DHTtoMQTT/dht1", "OpenMQTTGateway/DHTtoMQTT/dht1"),
        ("home/gw/OneWiretoMQTT/ds1820/28FF", "gw/OneWiretoMQTT/ds1820/28FF"),
    ],
)
def test_sensors_of_a_gateway_are_named_by_their_topic(topic: str, name: str) -> None:
    assert device(topic, {"tempc": 21.5, "hum": 60}) == name
    assert values(topic, {"tempc": -127, "hum": 60}) == {"humidity": 60}


def test_other_payloads_are_no_readings() -> None:
    assert found(TOPIC, b"online") == []
    assert found("home/gw/RTL_433toMQTT/status", {"freeMem": 1}) == []
