"""Shelly devices from the second generation on."""

from datetime import UTC, datetime
from typing import Any

from tests.ingest.mqtt.adapters.messages import device, found, notes, reading, values


def test_shelly_notifies_with_all_its_components() -> None:
    said = {
        "src": "shellyhtg3-84fce63a1b2c",
        "dst": "shellyhtg3-84fce63a1b2c/events",
        "method": "NotifyFullStatus",
        "params": {
            "ts": 1767319445.1,
            "temperature:0": {"id": 0, "tC": 21.5, "tF": 70.7},
            "temperature:1": {"id": 1, "tC": 4.5},
            "humidity:0": {"id": 0, "rh": 55.2},
            "devicepower:0": {"id": 0, "battery": {"V": 5.9, "percent": 100}},
            "wifi": {"rssi": -60, "ssid": "home"},
            "switch:0": {"id": 0, "output": True, "apower": 4.5, "aenergy": {"total": 1500}},
        },
    }

    device, draft = reading("shellyhtg3-84fce63a1b2c/events/rpc", said)

    assert device == "shelly/shellyhtg3-84fce63a1b2c"
    assert draft.values == {
        "temperature": 21.5,
        "temperature_2": 4.5,
        "humidity": 55.2,
        "battery": 100,
        "battery_voltage": 5.9,
        "signal_strength": -60,
        "output": True,
        "power": 4.5,
        "energy": 1.5,
    }
    assert draft.observed_at == datetime(2026, 1, 2, 2, 4, 5, 100000, tzinfo=UTC)


def test_shelly_events_are_no_readings() -> None:
    assert found("shelly1/events/rpc", {"src": "shelly1", "method": "NotifyEvent", "params": {"events": []}}) == []


def status(**components: Any) -> dict[str, Any]:
    params = {name.replace("__", ":"): component for name, component in components.items()}
    return {"src": "shelly-1", "method": "NotifyStatus", "params": params}


def said_by(**components: Any) -> dict[str, Any]:
    return values("shelly-1/events/rpc", status(**components))


def test_shelly_three_phases_are_told_apart_by_their_letters() -> None:
    em = {
        "id": 0,
        "a_current": 1.5,
        "a_voltage": 231.5,
        "a_act_power": 250.5,
        "a_pf": 0.5,
        "b_act_power": 10.5,
        "c_act_power": 0,
        "n_current": 0.25,
        "total_act_power": 261,
        "a_errors": ["out_of_range:act_power"],
    }
    data = {"id": 0, "total_act": 12345.5, "total_act_ret": 500, "a_total_act_energy": 12000}

    assert said_by(em__0=em, emdata__0=data) == {
        "current:a": 1.5,
        "voltage:a": 231.5,
        "power:a": 250.5,
        "em_a_pf": 0.5,
        "power:b": 10.5,
        "power:c": 0,
        "current:n": 0.25,
        "power": 261,
        "energy": 12.3455,
        "energy:returned": 0.5,
        "energy:a": 12,
    }


def test_shelly_single_phase_meters_are_counted() -> None:
    assert said_by(
        em1__0={"act_power": 1}, em1__1={"act_power": 2}, em1__2={"act_power": 3}, em1data__1={"total_act_energy": 1500}
    ) == {"power": 1, "power_2": 2, "power_3": 3, "energy_2": 1.5}


def test_shelly_add_on_counts_from_100() -> None:
    assert said_by(
        temperature__100={"tC": 21.5},
        temperature__101={"tC": 5.5},
        humidity__100={"rh": 55},
        voltmeter__100={"voltage": 3},
    ) == {"temperature": 21.5, "temperature_2": 5.5, "humidity": 55, "voltage": 3}


def test_shelly_own_probe_and_that_of_an_add_on_are_told_apart() -> None:
    assert said_by(temperature__100={"tC": 21.5}, temperature__0={"tC": 30.5}) == {
        "temperature": 30.5,
        "temperature_100": 21.5,
    }


def test_shelly_states_and_alarms_are_kept() -> None:
    assert said_by(
        flood__0={"alarm": True, "mute": False},
        smoke__0={"alarm": False},
        input__0={"state": True},
        input__1={"state": None, "percent": 40},
        cover__0={"state": "open", "current_pos": 70, "apower": 5},
        light__0={"output": True, "brightness": 50},
        bthomesensor__200={"value": 21.5},
        bthomedevice__200={"battery": 90, "rssi": -70, "packet_id": 5},
        temperature__0={"tC": None, "tF": None, "errors": ["read"]},
    ) == {
        "flood_alarm": True,
        "flood_mute": False,
        "smoke_alarm": False,
        "input_state": True,
        "input_percent_2": 40,
        "cover_state": "open",
        "cover_current_pos": 70,
        "power": 5,
        "output": True,
        "light_brightness": 50,
        "bthomesensor_200": 21.5,
        "battery": 90,
        "signal_strength": -70,
    }


def test_shelly_component_that_is_not_known_is_named() -> None:
    said = status(switch__0={"apower": 1}, fusion__0={"flux": 3}, cloud={"connected": True}, sys={"cfg_rev": 4})

    assert values("shelly-1/events/rpc", said) == {"power": 1}
    [note] = notes("shelly-1/events/rpc", said)
    assert (note.code, note.subject) == ("not_understood", "fusion:0")


def test_shelly_value_that_is_not_known_is_named_with_its_component() -> None:
    assert [note.subject for note in notes("shelly-1/events/rpc", status(switch__0={"apower": 1, "glow": 2}))] == [
        "switch:0.glow"
    ]


def test_shelly_with_only_news_of_itself_has_no_reading() -> None:
    assert found("shelly-1/events/rpc", status(sys={"cfg_rev": 4}, cloud={"connected": True})) == []


def test_shelly_component_has_a_topic_of_its_own() -> None:
    assert device("shelly-1/status/switch:0", {"id": 0, "apower": 4.5}) == "shelly/shelly-1"
    assert values("shelly-1/status/switch:0", {"id": 0, "apower": 4.5}) == {"power": 4.5}


def test_shelly_is_not_everything_with_a_status() -> None:
    assert found("printer/status/ink", b"low") == []
    assert found("printer/status/job:7", b"[1]") == []
