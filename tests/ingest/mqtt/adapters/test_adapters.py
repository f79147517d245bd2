"""Messages of each kind of device, and the readings that the adapters find in them."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.ingest.mqtt.adapters.adapter import Found, Message, matches
from sensorfusion.ingest.mqtt.adapters.catalogue import ADAPTERS, foreign
from sensorfusion.ingest.mqtt.adapters.times import device_time
from sensorfusion.ingest.steps.batch import Draft
from sensorfusion.ingest.steps.checking import check
from sensorfusion.ingest.steps.refused import RequestRefused

NOW = datetime(2026, 1, 2, 2, 4, 7, tzinfo=UTC)


def found(topic: str, said: Any, *, received_at: datetime = NOW) -> list[Found]:
    """Return what the adapter for this topic finds in a message."""
    levels = topic.split("/")
    adapter = foreign(levels)
    assert adapter
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    return list(adapter.read(Message(levels, payload, received_at)))


def reading(topic: str, said: Any) -> tuple[str, Draft]:
    """Return the one device and reading in a message, as they would be stored; nothing is rejected."""
    [one] = found(topic, said)
    checked = check(one.sent, received_at=NOW)
    assert checked.rejected == []
    [draft] = checked.drafts
    return one.device, draft


def values(topic: str, said: Any) -> dict[str, Any]:
    return dict(reading(topic, said)[1].values)


def test_tasmota_says_units_once_for_all_chips() -> None:
    said = {
        "Time": "2026-01-02T03:04:05",
        "BME280": {"Temperature": 70.7, "Humidity": 55.2, "DewPoint": 53.8, "Pressure": 29.92},
        "PressureUnit": "inHg",
        "TempUnit": "F",
    }

    device, draft = reading("tele/kitchen/SENSOR", said)

    assert device == "tasmota/kitchen"
    assert draft.values == {"temperature": 21.5, "humidity": 55.2, "dew_point": 12.1111, "pressure": 1013.2075}
    assert draft.observed_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)  # without a sensor, as UTC


def test_tasmota_probes_of_a_kind_are_told_apart() -> None:
    said = {
        "DS18B20-1": {"Id": "00000A1B2C3D", "Temperature": 4.5},
        "DS18B20-2": {"Id": "00000A1B2C3E", "Temperature": 5.5},
        "AM2301": {"Temperature": 6.5, "Humidity": 70},
        "TempUnit": "C",
    }

    assert values("tele/cellar/SENSOR", said) == {
        "temperature": 4.5,
        "temperature_2": 5.5,
        "am2301_temperature": 6.5,
        "humidity": 70,
        "ds18b20_1_id": "00000A1B2C3D",
        "ds18b20_2_id": "00000A1B2C3E",
    }


def test_tasmota_plug_measures_power() -> None:
    said = {"ENERGY": {"Total": 12.5, "Today": 0.3, "Power": 60, "Voltage": 231, "Current": 0.26}}

    assert values("tele/plug/SENSOR", said) == {
        "energy": 12.5,
        "energy_today": 0.3,
        "power": 60,
        "voltage": 231,
        "current": 0.26,
    }


def test_tasmota_state_is_about_the_device() -> None:
    said = {"Time": "2026-01-02T02:04:05", "UptimeSec": 61, "POWER": "ON", "Wifi": {"RSSI": 78, "Signal": -61}}

    assert values("tele/kitchen/STATE", said) == {"uptime": 61, "relay": "ON", "signal_strength": -61}


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
        "power": 4.5,
        "energy": 1.5,
    }
    assert draft.observed_at == datetime(2026, 1, 2, 2, 4, 5, 100000, tzinfo=UTC)


def test_shelly_events_are_no_readings() -> None:
    assert found("shelly1/events/rpc", {"src": "shelly1", "method": "NotifyEvent", "params": {"events": []}}) == []


def test_first_shellies_say_one_value_at_a_time() -> None:
    assert values("shellies/shellyht-A1B2C3/sensor/temperature", b"21.5") == {"temperature": 21.5}
    assert values("shellies/shellyem-A1B2C3/emeter/1/power", b"60.5") == {"power_2": 60.5}
    assert reading("shellies/shellyht-A1B2C3/sensor/battery", b"97")[0] == "shelly/shellyht-A1B2C3"


def test_rtl_433_names_the_unit_with_the_value() -> None:
    said = {
        "time": "2026-01-02T03:04:05",
        "model": "Fineoffset-WS80",
        "id": 655419,
        "battery_ok": 0.82,
        "battery_mV": 2720,
        "temperature_C": 20.1,
        "humidity": 56,
        "wind_dir_deg": 109,
        "wind_avg_m_s": 2.4,
        "wind_max_km_h": 10.8,
        "rain_in": 1.0,
        "uvi": 0.0,
        "light_lux": 0.0,
        "mic": "CRC",
    }

    device, draft = reading("rtl_433/gw1/events", said)

    assert device == "rtl_433/Fineoffset-WS80/655419"
    assert draft.values == {
        "battery_ok": 0.82,
        "battery_voltage": 2.72,
        "temperature": 20.1,
        "humidity": 56,
        "wind_direction": 109,
        "wind_speed": 2.4,
        "wind_gust": 3.0,
        "rain_total": 25.4,
        "uv_index": 0.0,
        "illuminance": 0.0,
    }
    assert draft.observed_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_rtl_433_tells_stations_of_a_model_apart_by_channel() -> None:
    said = {"model": "Nexus-TH", "id": 42, "channel": 2, "temperature_F": 70.7}

    assert reading("rtl_433/gw1/events", said)[0] == "rtl_433/Nexus-TH/42/2"


def test_esphome_says_one_value_at_a_time() -> None:
    assert reading("porch/sensor/temperature/state", b"21.5")[0] == "esphome/porch"
    assert values("porch/sensor/bme280_humidity/state", b"55.2") == {"bme280_humidity": 55.2}
    assert values("porch/binary_sensor/door/state", b"ON") == {"door": True}
    assert found("porch/sensor/temperature/state", b"nan") == []


def test_thingsboard_gateway_speaks_for_many() -> None:
    said = {
        "Device A": [{"ts": 1767319445512, "values": {"temperature": "21.4"}}, {"humidity": 60}],
        "Device B": {"temperature": 4},
    }

    first, second = found("v1/gateway/telemetry", said)

    assert (first.device, second.device) == ("Device A", "Device B")
    drafts = check([*first.sent, *second.sent], received_at=NOW).drafts
    assert [draft.values for draft in drafts] == [{"temperature": 21.4}, {"humidity": 60}, {"temperature": 4}]
    assert drafts[0].observed_at == datetime(2026, 1, 2, 2, 4, 5, 512000, tzinfo=UTC)


def test_thingsboard_device_topic_says_what_to_do_instead() -> None:
    with pytest.raises(RequestRefused, match="does not say which device"):
        found("v1/devices/me/telemetry", {"temperature": 1})


def test_weewx_writes_everything_as_text_with_its_unit() -> None:
    said = {
        "dateTime": "1767319445.0",
        "outTemp_F": "70.7",
        "outHumidity": "55.2",
        "barometer_inHg": "29.92",
        "windSpeed_mph": "10.0",
        "windDir": "None",
        "dayRain_in": "1.0",
        "rainRate_cm_per_hr": "0.5",
        "radiation_Wpm2": "120",
        "usUnits": "1.0",
    }

    device, draft = reading("weather/KTEST1/loop", said)

    assert device == "weewx/KTEST1"
    assert draft.values == {
        "temperature": 21.5,
        "humidity": 55.2,
        "sea_level_pressure": 1013.2075,
        "wind_speed": 4.4704,
        "rain_day": 25.4,
        "rain_rate": 5,
        "solar_radiation": 120,
    }
    assert draft.observed_at == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)
    assert reading("weather/loop", {"outTemp_C": "1"})[0] == "weewx"


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2026-01-02T03:04:05", datetime(2026, 1, 2, 3, 4, 5)),
        ("2026-01-02 03:04:05.250", datetime(2026, 1, 2, 3, 4, 5, 250_000)),
        ("2026-01-02T03:04:05+0100", datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=1)))),
        ("2026-01-02T02:04:05Z", datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)),
        ("1767319445", "1767319445"),
        (" 1767319445.25 ", "1767319445.25"),
        (1767319445.5, 1767319445.5),
    ],
)
def test_a_time_is_read_as_the_device_writes_it(sent: object, read: object) -> None:
    assert device_time(sent) == read


@pytest.mark.parametrize("sent", [None, True, "", "soon", "@0.128s", "nan", "1e9", [], {}])
def test_what_is_no_time_is_none(sent: object) -> None:
    assert device_time(sent) is None


def test_filters_match_as_brokers_match_them() -> None:
    def fits(wanted: str, topic: str) -> bool:
        return matches(wanted.split("/"), topic.split("/"))

    assert fits("tele/+/SENSOR", "tele/kitchen/SENSOR")
    assert not fits("tele/+/SENSOR", "tele/kitchen/LWT")
    assert not fits("tele/+/SENSOR", "tele/a/b/SENSOR")
    assert fits("zigbee2mqtt/#", "zigbee2mqtt/a/b")
    assert fits("zigbee2mqtt/#", "zigbee2mqtt")


TOPICS = [filter.replace("+", "one").replace("#", "rest") for adapter in ADAPTERS for filter in adapter.filters]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Time", "BME280", "params", "src", "method", "model", "id", "ts", "values", "switch:0", "x_C"]
            )
            | st.text(max_size=6),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("topic", TOPICS)
@settings(max_examples=60)
@given(said=_JSON | st.binary(max_size=30))
def test_whatever_is_published_is_read_or_refused(topic: str, said: Any) -> None:
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    levels = topic.split("/")
    for adapter in ADAPTERS:
        if any(matches(each.split("/"), levels) for each in adapter.filters):
            try:
                parts = adapter.read(Message(levels, payload, NOW))
            except RequestRefused:
                continue
            for part in parts:
                assert isinstance(part.device, str)
                check(part.sent, received_at=NOW)
