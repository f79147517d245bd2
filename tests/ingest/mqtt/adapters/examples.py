"""One device of each kind, or several, with more than one source of a quantity; all numbers of a device differ."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

SENSOR = "3f2b8c1e-0000-4000-8000-000000000001"


class Device(NamedTuple):
    """The messages of one device by topic; `alike` are left out beside another value of one probe."""

    adapter: str
    messages: Sequence[tuple[str, Any]]
    alike: frozenset[str] = frozenset()


def _shelly(**components: Any) -> Mapping[str, Any]:
    params = {name.replace("__", ":"): component for name, component in components.items()}
    return {"src": "shelly-1", "method": "NotifyStatus", "params": params}


DEVICES = (
    Device("own", [(f"sf/v1/{SENSOR}/readings", {"values": {"temperature": 21.5, "probe": 4.5, "humidity": 60}})]),
    Device(
        "tasmota",
        [
            (
                "tele/cellar/SENSOR",
                {
                    "DS18B20-1": {"Id": "00000A1B2C3D", "Temperature": 4.5},
                    "DS18B20-2": {"Id": "00000A1B2C3E", "Temperature": 5.5},
                    "AM2301": {"Temperature": 6.5, "Humidity": 70, "DewPoint": 1.5},
                    "BME280-76": {"Temperature": 7.5, "Humidity": 71, "Pressure": 1001},
                    "BME280-77": {"Temperature": 8.5, "Humidity": 72, "Pressure": 1002},
                    "SI7021-00": {"Temperature": 9.5, "Humidity": 73},
                    "SI7021-02": {"Temperature": 10.5, "Humidity": 74},
                    "Кухня": {"Id": "A7", "Temperature": 11.5},
                    "Спальня": {"Id": "A8", "Temperature": 12.5},
                    "ANALOG": {"A0": 512, "Temperature1": 13.5, "Temperature2": 14.5},
                    "ESP32": {"Temperature": 53.5},
                    "TempUnit": "C",
                    "PressureUnit": "hPa",
                },
            ),
            ("tele/cellar/STATE", {"UptimeSec": 61, "POWER1": "ON", "Wifi": {"Signal": -67}}),
        ],
    ),
    Device(
        "tasmota",
        [
            (
                "tele/meter/SENSOR",
                {"ENERGY": {"Total": 31.5, "Today": 3.5, "Power": [11, 12, 13], "Voltage": [231, 229, 230]}},
            )
        ],
    ),
    Device(
        "tasmota",
        [
            (
                "tele/bridge/SENSOR",
                {"ZbReceived": {"0x2B6B": {"Device": "0x2B6B", "Temperature": 21.5, "Endpoint": 1}}},
            ),
            (
                "tele/bridge/SENSOR",
                {"ZbReceived": {"0x2B6B": {"Device": "0x2B6B", "Temperature": 22.5, "Endpoint": 2}}},
            ),
        ],
    ),
    Device(
        "zigbee2mqtt",
        [
            (
                "zigbee2mqtt/attic/meter",
                {
                    "temperature": 20.5,
                    "temperature_l1": 21.5,
                    "temperature_l2": 22.5,
                    "device_temperature": 23.5,
                    "soil_moisture": 31,
                    "illuminance": 36711,
                    "illuminance_lux": 4688,
                    "power": 61.5,
                    "power_phase_b": 62.5,
                    "power_phase_c": 63.5,
                    "battery": 97,
                    "voltage": 2985,
                    "formaldehyd": 0.25,
                    "linkquality": 120,
                    "state_left": "ON",
                },
            ),
            ("zigbee2mqtt/attic/meter/temperature", b"20.5"),
            ("zigbee2mqtt/attic/meter/power_phase_b", b"62.5"),
        ],
        frozenset(("illuminance",)),
    ),
    Device(
        "shelly",
        [
            (
                "shelly-1/events/rpc",
                _shelly(
                    temperature__0={"id": 0, "tC": 20.5, "tF": 68.9},
                    temperature__100={"id": 100, "tC": 21.5},
                    temperature__101={"id": 101, "tC": 22.5},
                    switch__0={"apower": 31.5, "voltage": 231.5, "aenergy": {"total": 1500}},
                    switch__1={"apower": 32.5, "voltage": 232.5, "aenergy": {"total": 1600}},
                    pm1__0={"apower": 33.5},
                    bthomesensor__200={"value": 41.5},
                    bthomesensor__201={"value": 42.5},
                ),
            ),
            ("shelly-1/status/switch:0", {"apower": 31.5}),
        ],
        frozenset(("tF",)),
    ),
    Device(
        "shelly",
        [
            (
                "attic/shelly-3em/events/rpc",
                _shelly(
                    em__0={"a_act_power": 250.5, "b_act_power": 10.5, "c_act_power": 11.5, "total_act_power": 272.5},
                    em1__0={"act_power": 51.5, "pf": 0.75},
                    em1__1={"act_power": 52.5, "pf": 0.85},
                    emdata__0={"total_act": 12345.5, "a_total_act_energy": 12000.5},
                ),
            )
        ],
    ),
    Device(
        "shelly-first",
        [
            ("shellies/uni/ext_temperature/0", b"20.5"),
            ("shellies/uni/ext_temperature/1", b"21.5"),
            ("shellies/uni/temperature", b"53.5"),
            ("shellies/uni/relay/0/power", b"60.5"),
            ("shellies/uni/relay/1/power", b"61.5"),
            ("shellies/uni/emeter/0/total", b"1500"),
            ("shellies/uni/emeter/0/energy", b"1501"),
            ("shellies/uni/emeter/1/total_returned", b"1502"),
            ("shellies/uni/adc/0", b"12.5"),
        ],
    ),
    Device(
        "rtl_433",
        [
            (
                "rtl_433/gw/events",
                {
                    "model": "X",
                    "id": 9,
                    "temperature_1_C": 20.5,
                    "temperature_2_C": 21.5,
                    "temperature_C": 22.5,
                    "humidity": 60,
                    "humidity_2": 61,
                    "setpoint_C": 23.5,
                    "radar_ft": 12.5,
                    "battery_ok": 1,
                    "battery_mV": 2985,
                },
            ),
            ("rtl_433/gw/devices/X/9/temperature_1_C", b"20.5"),
        ],
    ),
    Device(
        "esphome",
        [
            ("home/porch/sensor/temperature/state", b"20.5"),
            ("home/porch/sensor/bme280_temperature/state", b"21.5"),
            ("home/porch/sensor/temp/state", b"22.5"),
            ("home/porch/text_sensor/version/state", b"2026.1"),
        ],
    ),
    Device(
        "thingsboard",
        [
            (
                "v1/gateway/telemetry",
                {
                    "Device A": {
                        "temperature": 42.5,
                        "airTemperature": 21.5,
                        "temp": 22.5,
                        "gps": {"lat": 52.5, "lon": 13.5},
                        "probes": {"a": {"temperature": 4.5}, "b": {"temperature": 5.5}},
                    }
                },
            )
        ],
    ),
    Device(
        "weewx",
        [
            (
                "weather/loop",
                {"outTemp_C": "20.5", "inTemp_C": "21.5", "extraTemp1_C": "22.5", "windrun_km": "12.5", "heap": "13.5"},
            ),
            ("weather/outTemp_C", b"20.5"),
        ],
    ),
    Device(
        "openmqttgateway",
        [
            (
                "home/OpenMQTTGateway/BTtoMQTT/A4C138AABBCC",
                {
                    "id": "A4:C1:38:AA:BB:CC",
                    "rssi": -70,
                    "tempc": 21.5,
                    "tempf": 70.7,
                    "tempc2": 22.5,
                    "tempf2": 72.5,
                    "hum": 55,
                    "batt": 90,
                    "volt": 2.5,
                    "fer": 350,
                    "moi": 31,
                    "lux": 4688,
                },
            )
        ],
        frozenset(("tempf", "tempf2")),
    ),
)

# Messages of each kind of device that hold nothing understood: their owner is told, by a note or a refusal.
NOT_UNDERSTOOD: Mapping[str, tuple[str, Any]] = {
    "own": (f"sf/v1/{SENSOR}/readings", b"{"),
    "tasmota": ("tele/x/SENSOR", {"Odd": [{"a": 1}]}),
    "zigbee2mqtt": ("zigbee2mqtt/x", {"schedule": [{"day": 1}]}),
    "shelly": ("shelly-1/events/rpc", _shelly(fusion__0={"flux": 3})),
    "shelly-first": ("shellies/x/flux/0", b"3"),
    "rtl_433": ("rtl_433/gw/events", {"model": "X", "rows": [{"a": 1}]}),
    "esphome": ("porch/sensor/temperature/state", b"5" * 300),
    "thingsboard": ("v1/gateway/telemetry", {"Device A": []}),
    "weewx": ("weather/loop", {"rows": [{"a": 1}]}),
    "openmqttgateway": ("home/gw/BTtoMQTT/A4C138AABBCC", {"id": "A4:C1:38:AA:BB:CC", "rows": [{"a": 1}]}),
}
