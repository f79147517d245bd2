"""Derived quantities compared with values of two other implementations (WeeWX's formulas and psychrolib)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.weather.derived import (
    absolute_humidity,
    altimeter_setting,
    apparent_temperature,
    beaufort,
    beaufort_word,
    comfort_word,
    dew_point,
    feels_like,
    heat_index,
    humidex,
    saturation_pressure,
    sea_level_pressure,
    tendency_word,
    uv_word,
    vapour_pressure_deficit,
    wind_chill,
)

TEMPERATURES = st.floats(-60, 55)
HUMIDITIES = st.floats(1, 100)


def fahrenheit(value: float) -> float:
    return (value - 32) * 5 / 9


def test_dew_point_of_reference() -> None:
    # 9.25 by WeeWX, 9.27 by psychrolib
    assert dew_point(temperature=20, humidity=50) == pytest.approx(9.26, abs=0.02)


@given(temperature=TEMPERATURES, humidity=HUMIDITIES)
def test_dew_point_is_never_above_the_air(temperature: float, humidity: float) -> None:
    dew = dew_point(temperature=temperature, humidity=humidity)

    assert dew is not None
    assert dew <= temperature + 1e-9


@given(temperature=TEMPERATURES)
def test_saturated_air_is_at_its_dew_point(temperature: float) -> None:
    assert dew_point(temperature=temperature, humidity=100) == pytest.approx(temperature, abs=1e-9)


def test_perfectly_dry_air_has_no_dew_point_and_no_humidex() -> None:
    assert dew_point(temperature=20, humidity=0) is None
    assert humidex(temperature=20, humidity=0) is None


def test_heat_index_of_reference() -> None:
    assert heat_index(temperature=35, humidity=60) == pytest.approx(45.05, abs=0.01)


@pytest.mark.parametrize(
    ("temperature_f", "humidity", "index_f"),
    [(90, 50, 95), (100, 40, 109), (88, 40, 88), (94, 85, 135), (84, 90, 98), (86, 90, 105), (88, 90, 113)],
)
def test_heat_index_agrees_with_the_published_chart(temperature_f: float, humidity: float, index_f: float) -> None:
    """The chart of the US National Weather Service is in whole °F; 84 and 86 °F at 90 % need the humid adjustment."""
    index = heat_index(temperature=fahrenheit(temperature_f), humidity=humidity)

    assert index == pytest.approx(fahrenheit(index_f), abs=0.5)


@pytest.mark.parametrize(
    ("temperature_f", "humidity", "index_f"),
    [
        (70, 50, 69.525),  # below 80 °F: the simple formula
        (95, 5, 88.17678),  # very dry: the regression less 2 °F
        (115, 10, 109.98684),  # too hot for that adjustment
    ],
)
def test_heat_index_off_the_chart_is_what_the_report_says(
    temperature_f: float, humidity: float, index_f: float
) -> None:
    """Evaluated by hand from SR 90-23."""
    index = heat_index(temperature=fahrenheit(temperature_f), humidity=humidity)

    assert index == pytest.approx(fahrenheit(index_f), abs=1e-4)


def test_wind_chill_of_reference() -> None:
    assert wind_chill(temperature=-5, wind_speed=20 / 3.6) == pytest.approx(-11.53, abs=0.03)


@pytest.mark.parametrize(("temperature", "wind_speed"), [(10.1, 10), (-5, 4.7 / 3.6)])
def test_wind_chill_outside_its_range_is_the_temperature(temperature: float, wind_speed: float) -> None:
    assert wind_chill(temperature=temperature, wind_speed=wind_speed) == temperature


def test_apparent_temperature_of_reference() -> None:
    assert apparent_temperature(temperature=30, humidity=60, wind_speed=3) == pytest.approx(32.27, abs=0.01)


def test_humidex_of_reference() -> None:
    assert humidex(temperature=30, humidity=70) == pytest.approx(41.20, abs=0.02)


def test_sea_level_pressure_of_reference() -> None:
    assert sea_level_pressure(pressure=980, temperature=10, elevation_m=320) == pytest.approx(1018.59, abs=0.03)


def test_sea_level_pressure_at_the_sea_is_the_pressure() -> None:
    assert sea_level_pressure(pressure=1013.25, temperature=10, elevation_m=0) == 1013.25


def test_moisture_agrees_with_psychrolib() -> None:
    assert saturation_pressure(temperature=30) == pytest.approx(42.46, rel=0.003)
    assert absolute_humidity(temperature=20, humidity=50) == pytest.approx(8.64, rel=0.003)
    assert vapour_pressure_deficit(temperature=25, humidity=60) == pytest.approx(1.2677, rel=0.003)


def test_deficit_is_not_negative_in_fog() -> None:
    assert vapour_pressure_deficit(temperature=10, humidity=102) == 0


@pytest.mark.parametrize(
    ("temperature", "humidity", "wind_speed", "expected"),
    [
        (-5, 80, 20 / 3.6, -11.55),  # cold and windy
        (-5, 80, None, -5),  # no anemometer
        (35, 60, 3, 45.05),  # hot and humid
        (35, 30, 3, 35),  # hot and dry
        (35, None, 3, 35),  # no hygrometer
        (18, 60, 3, 18),
        (None, 60, 3, None),
    ],
)
def test_feels_like_is_what_matters_at_that_temperature(
    temperature: float | None, humidity: float | None, wind_speed: float | None, expected: float | None
) -> None:
    felt = feels_like(temperature=temperature, humidity=humidity, wind_speed=wind_speed)

    assert felt == (None if expected is None else pytest.approx(expected, abs=0.01))


def test_what_lacks_an_input_is_none() -> None:
    assert dew_point(temperature=None, humidity=50) is None
    assert dew_point(temperature=20, humidity=None) is None
    assert heat_index(temperature=None, humidity=50) is None
    assert heat_index(temperature=30, humidity=None) is None
    assert wind_chill(temperature=None, wind_speed=3) is None
    assert wind_chill(temperature=3, wind_speed=None) is None
    assert humidex(temperature=None, humidity=50) is None
    assert absolute_humidity(temperature=None, humidity=50) is None
    assert absolute_humidity(temperature=20, humidity=None) is None
    assert vapour_pressure_deficit(temperature=20, humidity=None) is None
    assert vapour_pressure_deficit(temperature=None, humidity=50) is None


@pytest.mark.parametrize("absent", ["temperature", "humidity", "wind_speed"])
def test_apparent_temperature_needs_all_three(absent: str) -> None:
    inputs: dict[str, float | None] = {"temperature": 30, "humidity": 60, "wind_speed": 3}

    assert apparent_temperature(**(inputs | {absent: None})) is None


@pytest.mark.parametrize("absent", ["temperature", "pressure", "elevation_m"])
def test_sea_level_pressure_needs_all_three(absent: str) -> None:
    inputs: dict[str, float | None] = {"temperature": 10, "pressure": 980, "elevation_m": 320}

    assert sea_level_pressure(**(inputs | {absent: None})) is None


@pytest.mark.parametrize(
    ("wind_speed", "force", "word"),
    [
        (0, 0, "calm"),
        (0.24, 0, "calm"),
        (0.3, 1, "light air"),
        (5.4, 3, "gentle breeze"),
        (5.5, 4, "moderate breeze"),
        (17.2, 8, "gale"),
        (32.64, 11, "violent storm"),
        (32.7, 12, "hurricane force"),
        (80, 12, "hurricane force"),
    ],
)
def test_beaufort(wind_speed: float, force: int, word: str) -> None:
    assert beaufort(wind_speed=wind_speed) == force
    assert beaufort_word(wind_speed=wind_speed) == word


@pytest.mark.parametrize(
    ("dew", "word"), [(-3, "very dry"), (5, "dry"), (12, "comfortable"), (17, "slightly humid"), (24, "oppressive")]
)
def test_comfort_word(dew: float, word: str) -> None:
    assert comfort_word(dew_point=dew) == word


@pytest.mark.parametrize(
    ("index", "word"),
    [
        (0, "low"),
        (2.4, "low"),
        (2.5, "moderate"),
        (6, "high"),
        (7.5, "very high"),
        (10.4, "very high"),
        (11, "extreme"),
    ],
)
def test_uv_word_goes_by_the_rounded_index(index: float, word: str) -> None:
    assert uv_word(uv_index=index) == word


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (0, "steady"),
        (-0.69, "steady"),
        (0.7, "rising slowly"),
        (-1.9, "falling slowly"),
        (2, "rising"),
        (-4.9, "falling"),
        (5, "rising rapidly"),
        (-9, "falling rapidly"),
    ],
)
def test_tendency_word(change: float, word: str) -> None:
    assert tendency_word(change_3h=change) == word


@pytest.mark.parametrize(
    ("pressure", "elevation_m", "setting"),
    [(1013.55, 0, 1013.25), (899.05, 1000, 1013.25), (954.91, 500, 1013.25), (None, 0, None), (1000, None, None)],
)
def test_altimeter_setting_is_that_of_the_standard_atmosphere(
    pressure: float | None, elevation_m: float | None, setting: float | None
) -> None:
    # ICAO's standard atmosphere has 898.75 hPa at 1000 m and 954.61 at 500 m; 0.3 are for the barometer's height.
    found = altimeter_setting(pressure=pressure, elevation_m=elevation_m)
    assert found == (setting if setting is None else pytest.approx(setting, abs=0.1))
