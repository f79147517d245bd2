from datetime import UTC, datetime
from typing import NamedTuple

import pytest

from sensorfusion.domain.counters import Number
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.weather.derivation import RECIPES, Place, Rows, derivable, derive, derive_now

NOON = datetime(2026, 7, 1, 10, tzinfo=UTC)
WARSAW = Place(52.24, 21.01, 113)
WEATHER = {"temperature": 20.0, "humidity": 50.0, "wind_speed": 2.0, "pressure": 1000.0, "solar_radiation": 800.0}


class Values(NamedTuple):
    value: list[Number]
    low: list[Number]
    high: list[Number]


def rows(hours: Number = 1.0, **columns: list[Number]) -> Rows:
    length = len(next(iter(columns.values())))
    t = [NOON.timestamp() + 3600 * place for place in range(length)]
    return Rows(t, [hours] * length, {name: Values(values, values, values) for name, values in columns.items()})


@pytest.mark.parametrize("name", RECIPES)
def test_what_can_be_derived_is_in_the_catalogue(name: str) -> None:
    assert name in CATALOGUE


def test_what_a_sensor_sends_is_not_derived() -> None:
    assert "dew_point" in derivable(["temperature", "humidity"], Place())
    assert "dew_point" not in derivable(["temperature", "humidity", "dew_point"], Place())


def test_each_is_offered_with_what_it_is_worked_out_from() -> None:
    offered = derivable(["temperature", "wind_speed"], Place())

    assert offered["feels_like"] == ("temperature", "wind_speed")
    assert offered["wind_chill"] == ("temperature", "wind_speed")
    assert "heat_index" not in offered


def test_sea_level_pressure_needs_the_elevation_and_evaporation_the_place() -> None:
    assert "sea_level_pressure" not in derivable(WEATHER, Place(52.24, 21.01))
    assert "reference_evapotranspiration" not in derivable(WEATHER, Place(elevation_m=113))
    assert {"sea_level_pressure", "reference_evapotranspiration"} <= set(derivable(WEATHER, WARSAW))


def test_row_without_an_input_has_no_value() -> None:
    found = derive("dew_point", rows(temperature=[20, None, 20], humidity=[50, 50, None]), Place())

    assert found == [pytest.approx(9.26, abs=0.02), None, None]


def test_feels_like_is_the_temperature_where_no_more_is_known() -> None:
    assert derive("feels_like", rows(temperature=[-5.0]), Place()) == [-5.0]
    assert derive("feels_like", rows(temperature=[-5.0], wind_speed=[20 / 3.6]), Place()) == [
        pytest.approx(-11.53, abs=0.03)
    ]


def test_rain_comes_from_the_counter_that_restarts_least() -> None:
    columns: dict[str, list[Number]] = {"rain_day": [5, 0, 1], "rain_total": [100, 100.4, 101]}

    assert derivable(columns, Place())["rain"] == ("rain_total",)
    assert derive("rain", rows(rain_total=columns["rain_total"]), Place()) == pytest.approx([0, 0.4, 0.6])


def test_rain_rate_is_by_the_hour() -> None:
    assert derive("rain_rate", rows(1 / 12, rain=[0.2, None, 0]), Place()) == [pytest.approx(2.4), None, 0]


def test_evaporation_is_the_amount_of_each_row() -> None:
    weather: dict[str, list[Number]] = {name: [value] for name, value in WEATHER.items()}

    hour = derive("reference_evapotranspiration", rows(1.0, **weather), WARSAW)[0]
    five_minutes = derive("reference_evapotranspiration", rows(1 / 12, **weather), WARSAW)[0]

    assert hour == pytest.approx(0.52, abs=0.05)
    assert hour is not None
    assert five_minutes == pytest.approx(hour / 12, rel=0.02)


def test_one_reading_is_enough_for_what_needs_no_others() -> None:
    found = derive_now({**WEATHER, "condition": "fog", "door_open": True, "rain_total": 12.0}, NOON, WARSAW)

    assert found["dew_point"] == 9.26
    assert found["beaufort"] == 2
    assert found["sea_level_pressure"] == pytest.approx(1013.3, abs=0.1)
    assert not {"rain", "rain_rate", "reference_evapotranspiration"} & set(found)
