"""Tasmota."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sensorfusion.ingest.steps.naming import decide
from tests.ingest.mqtt.adapters.messages import Life, device, found, notes, reading, values


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
        "temperature:00000a1b2c3e": 5.5,
        "temperature:am2301": 6.5,
        "humidity": 70,
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


def test_tasmota_numbers_probes_without_an_address_itself() -> None:
    said = {"DS18B20-1": {"Temperature": 4.5}, "DS18B20-2": {"Temperature": 5.5}, "TempUnit": "C"}

    assert values("tele/cellar/SENSOR", said) == {"temperature": 4.5, "temperature_2": 5.5}
    assert values("tele/cellar/SENSOR", {"DS18B20-2": {"Temperature": 5.5}}) == {"temperature_2": 5.5}


def test_tasmota_address_is_the_identity_whatever_the_number_or_the_alias_is() -> None:
    life = Life()

    def take(**blocks: Any) -> dict[str, Any]:
        [one] = found("tele/cellar/SENSOR", {name.replace("__", "-"): block for name, block in blocks.items()})
        return dict(life.take(one.sent[0]))

    assert take(DS18B20__1={"Id": "A1", "Temperature": 1}, DS18B20__2={"Id": "A2", "Temperature": 2}) == {
        "temperature": 1,
        "temperature:a2": 2,
    }
    assert take(DS18B20={"Id": "A2", "Temperature": 2.5}) == {"temperature:a2": 2.5}  # the other one was unplugged
    assert take(DS18B20_2={"Id": "A1", "Temperature": 1.5}) == {"temperature": 1.5}  # SetOption64
    assert take(Boiler={"Id": "A1", "Temperature": 1.25}) == {"temperature": 1.25}  # DS18Alias


def test_tasmota_series_of_earlier_versions_go_on() -> None:
    said = {
        "DS18B20-1": {"Id": "A1", "Temperature": 4.5},
        "DS18B20-2": {"Id": "A2", "Temperature": 5.5},
        "AM2301": {"Temperature": 6.5},
    }
    [one] = found("tele/cellar/SENSOR", said)
    before = {"temperature", "temperature_2", "am2301_temperature"}

    chosen = decide(one.sent[0].fields, {}, taken=set(), before=before)

    assert chosen == {
        "A1.Temperature": "temperature",
        "A2.Temperature": "temperature_2",
        "AM2301.Temperature": "am2301_temperature",
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [("SI7021-00", "SI7021-02"), ("BME280-76", "BME280-77"), ("BME280_76", "BME280_77"), ("ATC-a1b2c3", "ATC-a1b2c4")],
)
def test_tasmota_chips_are_told_apart_by_their_address(one: str, other: str) -> None:
    named = values("tele/x/SENSOR", {other: {"Temperature": 2}, one: {"Temperature": 1}})

    assert named == {"temperature": 1, f"temperature:{other.replace('_', '-').lower()}": 2}


def test_tasmota_processor_is_the_last_to_be_the_temperature() -> None:
    assert values("tele/x/SENSOR", {"ESP32": {"Temperature": 53}, "BME280": {"Temperature": 20}}) == {
        "temperature": 20,
        "temperature:esp32": 53,
    }
    assert values("tele/x/SENSOR", {"ESP32": {"Temperature": 53}}) == {"temperature": 53}


def test_tasmota_lists_have_a_value_for_each_phase() -> None:
    energy = {
        "TotalStartTime": "2026-05-01T11:36:59",
        "Total": [31.5, 1.5],
        "Yesterday": 7.5,
        "Today": [3.5, 0.5],
        "Power": [11, 0, 7],
        "Factor": [0.5, 0.25, 0.75],
        "Current": [0.785, 0.013, 0.014],
    }

    assert values("tele/em3/SENSOR", {"ENERGY": energy}) == {
        "energy_total_start_time": "2026-05-01T11:36:59",
        "energy": 31.5,
        "energy_2": 1.5,
        "energy_yesterday": 7.5,
        "energy_today": 3.5,
        "energy_today_2": 0.5,
        "power": 11,
        "power_2": 0,
        "power_3": 7,
        "energy_factor": 0.5,
        "energy_factor_2": 0.25,
        "energy_factor_3": 0.75,
        "current": 0.785,
        "current_2": 0.013,
        "current_3": 0.014,
    }


def test_tasmota_sum_and_phases_are_different_series() -> None:
    life = Life()
    [total] = found("tele/em/SENSOR", {"ENERGY": {"Power": 60}})
    [phases] = found("tele/em/SENSOR", {"ENERGY": {"Power": [11, 12]}})

    assert life.take(total.sent[0]) == {"power": 60}
    assert life.take(phases.sent[0]) == {"power_1": 11, "power_2": 12}


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("tele/x/SENSOR", "tasmota/x"),
        ("x/tele/SENSOR", "tasmota/x"),
        ("tasmota/tele/x/SENSOR", "tasmota/x"),
        ("tele/x/y/SENSOR", "tasmota/x/y"),
        ("home/x/tele/SENSOR", "tasmota/home/x"),
        ("home/tele/x/y/SENSOR", "tasmota/home/x/y"),
        ("tasmota_AABBCC/tele/SENSOR", "tasmota/tasmota_AABBCC"),
        ("tasmota/tele/STATE", "tasmota/tasmota"),
    ],
)
def test_tasmota_topics_of_other_settings_name_their_device(topic: str, name: str) -> None:
    said = {"UptimeSec": 61} if topic.endswith("STATE") else {"BME280": {"Temperature": 20}}

    assert device(topic, said) == name


def test_tasmota_answers_to_a_question_are_readings_too() -> None:
    said = {"StatusSNS": {"Time": "2026-01-02T02:04:05", "BME280": {"Temperature": 20}, "TempUnit": "C"}}

    assert values("stat/kitchen/STATUS10", said) == {"temperature": 20}
    assert values("kitchen/stat/STATUS8", said) == {"temperature": 20}


def test_tasmota_probe_without_an_answer_is_missing_and_85_degrees_are_not() -> None:
    assert values("tele/x/SENSOR", {"DS18B20": {"Id": "A1", "Temperature": -127}, "AM2301": {"Humidity": 60}}) == {
        "humidity": 60
    }
    [hot] = found("tele/x/SENSOR", {"DS18B20": {"Id": "A1", "Temperature": 85}})
    assert [field.value for field in hot.sent[0].fields] == [85]


def test_tasmota_meters_and_counters_are_kept_under_their_names() -> None:
    said = {
        "COUNTER": {"C1": 5, "C2": 7},
        "SR04": {"Distance": 16.754},
        "HX711": {"Weight": 22},
        "ANALOG": {"A0": 512, "Temperature1": 20, "Temperature2": 21, "MQ1": 300},
        "SML": {"Total_in": 1234.5, "Power_curr": 230, "Meter_Number": "1EBZ01"},
        "Switch1": "ON",
        "TX23": {"Speed": {"Act": 10.8, "Min": 7.2, "Max": 14.4}, "Dir": {"Card": "N", "Deg": 12}},
        "SpeedUnit": "km/h",
    }

    assert values("tele/x/SENSOR", said) == {
        "counter_c1": 5,
        "counter_c2": 7,
        "distance": 0.16754,
        "hx711_weight": 22,
        "analog_a0": 512,
        "temperature": 20,
        "temperature_2": 21,
        "analog_mq1": 300,
        "sml_total_in": 1234.5,
        "sml_power_curr": 230,
        "sml_meter_number": "1EBZ01",
        "switch1": "ON",
        "wind_speed": 3,
        "wind_speed:min": 2,
        "wind_gust": 4,
        "wind_direction": 12,
        "tx23_dir_card": "N",
    }


def test_tasmota_units_of_names_outside_the_catalogue_are_in_their_labels() -> None:
    [one] = found("tele/x/SENSOR", {"ENERGY": {"Today": 3.5, "ApparentPower": 70}})

    assert {field.quantity: field.label for field in one.sent[0].fields} == {
        "energy_today": "ENERGY Today (kWh)",
        "energy_apparent_power": "ENERGY ApparentPower (VA)",
    }


def test_tasmota_names_in_any_script_are_kept_apart() -> None:
    said = {name: {"Id": f"A{n}", "Temperature": n} for n, name in enumerate(("Кухня", "Спальня", "Улица"), 1)}
    [one] = found("tele/flat/SENSOR", said)

    assert values("tele/flat/SENSOR", said) == {"temperature": 1, "temperature:spalnya": 2, "temperature:ulitsa": 3}
    assert [field.label for field in one.sent[0].fields] == [
        "Кухня Temperature",
        "Спальня Temperature",
        "Улица Temperature",
    ]


def test_tasmota_says_what_it_cannot_read() -> None:
    said = {"BME280": {"Temperature": 20, "Odd": [{"a": 1}]}, "List": [{"b": 2}]}

    assert [(note.code, note.subject) for note in notes("tele/x/SENSOR", said)] == [
        ("not_understood", "BME280.Odd"),
        ("not_understood", "List"),
    ]
    assert [note.code for note in notes("tele/x/SENSOR", {"Time": "2026-01-02T02:04:05"})] == ["no_values"]
