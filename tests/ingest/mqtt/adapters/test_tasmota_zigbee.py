"""Devices behind a Tasmota Zigbee bridge."""

from tests.ingest.mqtt.adapters.messages import found, notes, values


def test_devices_behind_a_bridge_are_devices_of_their_own() -> None:
    said = {
        "ZbReceived": {
            "0x2B6B": {"Device": "0x2B6B", "Temperature": 21.5, "Humidity": 60, "Endpoint": 1, "LinkQuality": 34},
            "0x1A2B": {"Device": "0x1A2B", "Name": "Kitchen", "Temperature": 4.5, "Endpoint": 1},
        }
    }

    first, second = found("tele/bridge/SENSOR", said)

    assert (first.device, second.device) == ("tasmota/bridge/0x2B6B", "tasmota/bridge/Kitchen")
    assert [field.quantity for field in first.sent[0].fields] == ["temperature", "humidity", "link_quality"]


def test_a_switch_is_not_a_power_and_a_logarithm_no_illuminance() -> None:
    said = {"ZbReceived": {"0x2B6B": {"Power": 1, "ActivePower": 60.5, "Illuminance": 28031, "BatteryVoltage": 3.1}}}

    assert values("tele/bridge/SENSOR", said) == {
        "relay": 1,
        "power": 60.5,
        "illuminance_raw": 28031,
        "battery_voltage": 3.1,
    }


def test_a_further_endpoint_is_told_apart() -> None:
    [one] = found("tele/bridge/SENSOR", {"ZbReceived": {"0x2B6B": {"Temperature": 21.5, "Endpoint": 2}}})

    assert [(field.source, field.which) for field in one.sent[0].fields] == [("ep2.Temperature", "ep2")]


def test_what_is_no_device_is_said() -> None:
    assert [note.subject for note in notes("tele/bridge/SENSOR", {"ZbReceived": {"x": 1}})] == ["ZbReceived.x"]
