"""WeeWX."""

from datetime import UTC, datetime

from tests.ingest.mqtt.adapters.messages import Life, found, notes, reading, values


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


def test_weewx_units_outside_the_catalogue_stay_in_the_name() -> None:
    said = {"windrun_km": "12.5", "lightning_distance_mile": "10", "heap": "5", "rainRate_inch_per_hour": "0.5"}

    assert values("weather/loop", said) == {
        "windrun_km": 12.5,
        "lightning_distance": 16.093,
        "heap": 5,
        "rain_rate": 12.7,
    }


def test_weewx_series_go_on_when_the_unit_system_changes() -> None:
    life = Life()
    for said in ({"outTemp_C": "21.5"}, {"outTemp_F": "70.7"}):
        [one] = found("weather/loop", said)
        stored = life.take(one.sent[0])

    assert stored == {"temperature": 21.5}


def test_weewx_values_may_have_topics_of_their_own() -> None:
    assert reading("weather/outTemp_C", b"21.5")[0] == "weewx"
    assert values("weather/outTemp_F", b"70.7") == {"temperature": 21.5}
    assert found("weather/forecast", b"rain") == []


def test_weewx_says_what_it_cannot_read() -> None:
    assert [note.subject for note in notes("weather/loop", {"outTemp_C": "1", "list": [{"a": 1}]})] == ["list"]
