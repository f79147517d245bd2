"""Derived quantities compared with MetPy, over the weather of the earth.

Each tolerance is the largest difference between the formulas of both, with the source of either.
"""

import math
import random

import pytest
from metpy import calc
from metpy.units import units

from sensorfusion.domain.weather import derived
from sensorfusion.domain.weather.wind import WindSample, mean_direction

pytestmark = pytest.mark.slow_oracle
WEATHER = [(float(t), float(rh)) for t in range(-40, 51, 3) for rh in (5, 20, 39, 41, 60, 84, 86, 100)]
# °C: from 80 °F on both have the regression of NWS SR 90-23. Below, where no heat index is told, NWS averages
# Steadman's simple form with the temperature, and MetPy does not.
HOT = 26.7
WINDS = (0.5, 1.4, 3.0, 8.0, 20.0)


def celsius(value: float) -> object:
    return units.Quantity(value, "degC")


def percent(value: float) -> object:
    return units.Quantity(value / 100, "dimensionless")


@pytest.mark.parametrize(("temperature", "humidity"), WEATHER)
def test_dew_point(temperature: float, humidity: float) -> None:
    found = derived.dew_point(temperature=temperature, humidity=humidity)
    expected = calc.dewpoint_from_relative_humidity(celsius(temperature), percent(humidity)).m_as("degC")

    # Alduchov and Eskridge 1996 here; Bolton 1980 there, equation 11, which is good to 0.1 K between -35 and 35 °C.
    assert found == pytest.approx(expected, abs=0.1 if expected < 10 else 0.2)


@pytest.mark.parametrize("temperature", range(-40, 51, 3))
def test_saturation_pressure(temperature: int) -> None:
    found = derived.saturation_pressure(temperature=temperature)
    expected = calc.saturation_vapor_pressure(celsius(temperature)).m_as("hPa")

    # Alduchov and Eskridge 1996, 0.384 % from -40 to 50 °C, against Ambaum 2020 (MetPy 1.7), which is exact enough.
    assert found == pytest.approx(expected, rel=0.0026 if temperature <= 38 else 0.007)


@pytest.mark.parametrize(("temperature", "humidity"), WEATHER)
def test_vapour_pressure_deficit(temperature: float, humidity: float) -> None:
    found = derived.vapour_pressure_deficit(temperature=temperature, humidity=humidity)
    saturated = calc.saturation_vapor_pressure(celsius(temperature)).m_as("kPa")

    assert found == pytest.approx(saturated * (1 - humidity / 100), rel=0.007, abs=1e-9)


@pytest.mark.parametrize(("temperature", "humidity"), WEATHER)
def test_absolute_humidity(temperature: float, humidity: float) -> None:
    pressure = units.Quantity(1013.25, "hPa")
    mixing = calc.mixing_ratio_from_relative_humidity(pressure, celsius(temperature), percent(humidity))
    air = calc.density(pressure, celsius(temperature), mixing).m_as("g/m^3")
    ratio = mixing.m_as("dimensionless")

    found = derived.absolute_humidity(temperature=temperature, humidity=humidity)

    # The formulas of saturation as above, and 0.06 % of air that is not ideal in the gas constants.
    assert found == pytest.approx(air * ratio / (1 + ratio), rel=0.008)


@pytest.mark.parametrize(("temperature", "humidity"), [each for each in WEATHER if each[0] >= HOT])
def test_heat_index(temperature: float, humidity: float) -> None:
    found = derived.heat_index(temperature=temperature, humidity=humidity)
    expected = calc.heat_index(celsius(temperature), percent(humidity), mask_undefined=False).m_as("degC").item()

    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("temperature", range(-40, 11, 2))
@pytest.mark.parametrize("wind_speed", WINDS)
def test_wind_chill(temperature: int, wind_speed: float) -> None:
    found = derived.wind_chill(temperature=temperature, wind_speed=wind_speed)
    wind = units.Quantity(wind_speed, "m/s")
    expected = calc.windchill(celsius(temperature), wind, mask_undefined=True).m_as("degC")

    # JAG/TI 2001 in both. MetPy masks it below 3 mph = 4.83 km/h, where it is the temperature here.
    is_masked = bool(getattr(expected, "mask", False))
    assert found == pytest.approx(temperature if is_masked else float(expected), abs=1e-6)


@pytest.mark.parametrize("temperature", range(-30, 41, 10))
@pytest.mark.parametrize("elevation_m", [0.0, 113.0, 750.0])
def test_sea_level_pressure_is_that_of_a_column_as_high_as_the_site(temperature: int, elevation_m: float) -> None:
    found = derived.sea_level_pressure(pressure=950.0, temperature=temperature, elevation_m=elevation_m)
    assert found is not None

    column = units.Quantity([found, 950.0 if elevation_m else found - 1e-9], "hPa")
    thickness = calc.thickness_hydrostatic(column, units.Quantity([temperature, temperature], "degC")).m_as("m")

    # 287.05 J/(kg K) here, 8.314462618 / 28.96546e-3 there: 0.001 %.
    assert thickness == pytest.approx(elevation_m, rel=1e-4, abs=0.01)


@pytest.mark.parametrize("seed", range(20))
def test_mean_direction_is_that_of_the_mean_vector(seed: int) -> None:
    dice = random.Random(seed)
    winds = [WindSample(dice.uniform(0, 360), dice.uniform(0.5, 20)) for _ in range(50)]
    speeds = units.Quantity([each.speed for each in winds], "m/s")
    east, north = calc.wind_components(speeds, units.Quantity([each.direction for each in winds], "degrees"))

    found = mean_direction(winds)
    expected = calc.wind_direction(east.mean(), north.mean()).m_as("degrees").item()

    assert found is not None
    assert math.isclose(math.cos(math.radians(found - expected)), 1.0, abs_tol=1e-9)
