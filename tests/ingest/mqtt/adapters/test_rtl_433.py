"""rtl_433."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.ingest.mqtt.adapters.messages import Life, device, found, notes, reading, values


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


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ({"pressure_hPa": 1001.2}, {"pressure": 1001.2}),
        ({"pressure_kPa": 100.12}, {"pressure": 1001.2}),
        ({"pressure_PSI": 14.5}, {"pressure": 999.7398}),
        ({"temperature_F": 70.7, "temperature_2_F": 50}, {"temperature": 21.5, "temperature_2": 10}),
        (
            {"temperature_1_C": 1, "temperature_2_C": 2, "temperature_3_C": 3},
            {"temperature": 1, "temperature_2": 2, "temperature_3": 3},
        ),
        ({"rain_in": 1, "rain_rate_in_h": 0.5}, {"rain_total": 25.4, "rain_rate": 12.7}),
        ({"wind_avg_km_h": 3.6, "wind_max_mph": 10}, {"wind_speed": 1, "wind_gust": 4.4704}),
        ({"depth_cm": 50}, {"distance": 0.5}),
        ({"moisture": 40, "humidity_1": 50, "humidity_2": 60}, {"soil_moisture": 40, "humidity": 50, "humidity_2": 60}),
        ({"setpoint_C": 20, "supercap_V": 4.5, "flux_zz": 3}, {"setpoint_c": 20, "supercap_v": 4.5, "flux_zz": 3}),
        ({"power_W": 60, "energy_kWh": 1.5, "current_A": 0.5}, {"power": 60, "energy": 1.5, "current": 0.5}),
        ({"battery_ok": 1, "pm2_5_ug_m3": 12}, {"battery_ok": 1, "pm2_5": 12}),
    ],
)
def test_rtl_433_units_are_at_the_end_of_names(said: dict[str, Any], stored: dict[str, Any]) -> None:
    assert values("rtl_433/gw/events", {"model": "X", "id": 1, **said}) == stored


def test_rtl_433_series_go_on_when_the_units_of_the_receiver_change() -> None:
    life = Life()
    for said in ({"temperature_C": 21.5, "wind_avg_m_s": 1}, {"temperature_F": 70.7, "wind_avg_km_h": 3.6}):
        [one] = found("rtl_433/gw/events", {"model": "X", **said})
        stored = life.take(one.sent[0])

    assert stored == {"temperature": 21.5, "wind_speed": 1}


def test_rtl_433_tyres_are_not_the_weather() -> None:
    said = {"model": "Toyota", "type": "TPMS", "id": "a1", "pressure_PSI": 32, "temperature_C": 20}

    assert values("rtl_433/gw/events", said) == {"tyre_pressure": 220.632, "temperature": 20}
    assert values("rtl_433/gw/devices/TPMS/Toyota/a1/pressure_kPa", b"220.5") == {"tyre_pressure": 220.5}


def test_rtl_433_values_of_their_own_topics_are_the_same_series() -> None:
    assert reading("rtl_433/gw/devices/X/9/temperature_C", b"21.5")[0] == "rtl_433/X/9"
    assert values("rtl_433/gw/devices/X/9/temperature_C", b"21.5") == {"temperature": 21.5}
    assert values("rtl_433/devices/X/9/humidity", b"60") == {"humidity": 60}
    assert found("rtl_433/gw/devices/X/9/time", b"2026-01-02 02:04:05") == []
    assert found("rtl_433/gw/devices/X/9/id", b"9") == []


def test_rtl_433_needs_no_host_in_its_topic() -> None:
    assert device("rtl_433/events", {"model": "X", "id": 9, "humidity": 60}) == "rtl_433/X/9"


def test_rtl_433_says_what_it_cannot_read() -> None:
    assert [note.subject for note in notes("rtl_433/gw/events", {"model": "X", "humidity": 6, "rows": [{"a": 1}]})] == [
        "rows"
    ]
    assert [note.code for note in notes("rtl_433/gw/events", {"model": "X", "id": 9})] == ["no_values"]
