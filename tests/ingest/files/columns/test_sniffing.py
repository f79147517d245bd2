"""Names of columns: the quantity, the unit, and units that have to be asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.units import UNITS, UnknownUnit, unit_of
from sensorfusion.ingest.files.columns import sniffing
from sensorfusion.ingest.files.rows import Column

# Headers as WeatherLink, Campbell, HOBO, Govee, Ecowitt, Ambient and consoles write them.
NAMES = [
    ("Temp Out", "temperature", ""),
    ("Hi Temp", "temperature_max", ""),
    ("Out Hum", "humidity", ""),
    ("Dew Pt.", "dew_point", ""),
    ("Hi Speed", "wind_gust", ""),
    ("Hi Dir", "wind_gust_direction", ""),
    ("In Hum", "indoor_humidity", ""),
    ("Solar Rad.", "solar_radiation", ""),
    ("Temp - °F", "temperature", "°F"),
    ("Barometer - in Hg", "sea_level_pressure", "in Hg"),
    ("AirTC_Avg (Deg C)", "temperature", "Deg C"),
    ("BP_hPa_Avg (hPa)", "pressure", "hPa"),
    ("WS_ms_Avg (meters/second)", "wind_speed", "meters/second"),
    ("SlrW_Avg (W/m^2)", "solar_radiation", "W/m^2"),
    ("BattV_Min (Volts)", "battery_voltage", ""),
    ("Temp, °C (LGR S/N: 10162003, SEN S/N: 10162003)", "temperature", "°C"),
    ("RH, % (LGR S/N: 1, SEN S/N: 1, LBL: Air)", "humidity", "%"),
    ("Temperature_Fahrenheit", "temperature", "Fahrenheit"),
    ("Relative_Humidity", "humidity", ""),
    ("PM2.5(µg/m³)", "pm2_5", "µg/m³"),
    ("Outdoor Temperature(℃)", "temperature", "℃"),
    ("Indoor Humidity(%)", "indoor_humidity", "%"),
    ("REL Pressure(hPa)", "sea_level_pressure", "hPa"),
    ("ABS Pressure(inHg)", "pressure", "inHg"),
    ("CH2 Temperature(℃)", "temperature_2", "℃"),
    ("Hourly Rain(mm)", "rain_1h", "mm"),
    ("Ultra-Violet Radiation Index", "uv_index", ""),
    ("Max Daily Gust (mph)", "wind_gust_day", "mph"),
    ("Rain Rate (in/hr)", "rain_rate", "in/hr"),
    ("Barometer (in)", "sea_level_pressure", "[in_i'Hg]"),
    ('Pressure "', "pressure", "[in_i'Hg]"),
    ("Temp in F", "temperature", "F"),
    ("Temp (in)", "indoor_temperature", ""),
    ("Temperature (2 m)", "temperature", ""),
    ("Wind Speed km/h", "wind_speed", "km/h"),
    ("Luftdruck [hPa]", "pressure", "hPa"),
    ("Temperatur (Â°C)", "temperature", "Â°C"),
    ("tempf", "temperature", "[degF]"),
    ("AirT_C_Avg (Deg C)", "temperature", "Deg C"),
    ("WS_ms_S_WVT (meters/second)", "wind_speed", "meters/second"),
    ("WindDir_D1_WVT (Deg)", "wind_direction", "Deg"),
    ("T (degC)", "temperature", "degC"),
    ("Tdew (degC)", "dew_point", "degC"),
    ("wv (m/s)", "wind_speed", "m/s"),
    ("Velocidad del viento (km/h)", "wind_speed", "km/h"),
    ("Dirección del viento", "wind_direction", ""),
    ("Racha (km/h)", "wind_gust", "km/h"),
    ("Precipitación (mm)", "rain", "mm"),
    ("Punto de rocío (°C)", "dew_point", "°C"),
    ("Vitesse du vent", "wind_speed", ""),
    ("Point de rosée", "dew_point", ""),
    ("Umidità (%)", "humidity", "%"),
    ("Direzione vento", "wind_direction", ""),
    ("Ponto de orvalho", "dew_point", ""),
    ("Windsnelheid", "wind_speed", ""),
    ("Prędkość wiatru (m/s)", "wind_speed", "m/s"),
    ("baromin", "sea_level_pressure", "[in_i'Hg]"),
]


@pytest.mark.parametrize(("name", "quantity", "unit"), NAMES)
def test_the_headers_of_programs_are_understood(name: str, quantity: str, unit: str) -> None:
    assert sniffing.column(name) == Column(name, quantity, unit)


@pytest.mark.parametrize(
    "name",
    [
        *("Remarks", "Kitchen temperature", "THW Index", "Wind Samp", "column 3", "RECORD", "2nd Temp"),
        *("WindDir_SD1_WVT (Deg)", "T", "T2", "t 3"),
    ],
)
def test_a_name_with_a_word_that_is_not_known_is_not_guessed(name: str) -> None:
    assert sniffing.column(name) is None


@pytest.mark.parametrize("known", [known for known in CATALOGUE.values() if known.unit not in ("", "1")])
@pytest.mark.parametrize("form", ["{} ({})", "{} [{}]", "{}({})", "{}, {}", "{} - {}"])
def test_a_unit_of_the_quantity_is_read_in_every_form_of_a_header(known: object, form: str) -> None:
    name, kept_in = known.name, known.unit  # type: ignore[attr-defined]
    for unit in UNITS.values():
        if unit.dimension == UNITS[kept_in].dimension and unit.symbol:
            found = sniffing.column(form.format(name, unit.symbol))
            assert found is not None
            assert (found.quantity, found.asked) == (name, "")
            assert unit_of(found.unit) == unit or (unit.symbol, UNITS[kept_in].dimension) in (("mm", "pressure"),)


@given(st.text(st.characters(categories=("Lu", "Ll")), min_size=3, max_size=12))
def test_a_unit_that_is_not_known_is_asked_for_and_never_dropped(unit: str) -> None:
    found = sniffing.column(f"Temp ({unit})")
    try:
        unit_of(unit)
    except UnknownUnit:
        assert found is None or found.asked == unit or found.quantity != "temperature" or _is_a_word(unit)


def _is_a_word(text: str) -> bool:
    """Return whether a text is a word of a place or of a kind of value, which is no unit."""
    return sniffing.column(f"Temp {text}") is not None


def test_a_unit_of_something_else_is_asked_for() -> None:
    assert sniffing.column("Humidity (hPa)") == Column("Humidity (hPa)", "humidity", asked="hPa")


@pytest.mark.parametrize(
    ("given_column", "settled"),
    [
        (Column("Temp (°F)", "temperature"), Column("Temp (°F)", "temperature", "°F")),
        (Column("Temp (°F)", "temperature", "K"), Column("Temp (°F)", "temperature", "K")),
        (Column("Probe (xF)", "temperature"), Column("Probe (xF)", "temperature", asked="xF")),
        (Column("Probe", "temperature"), Column("Probe", "temperature")),
        (Column("x (°F)", "leaf_colour"), Column("x (°F)", "leaf_colour")),
    ],
)
def test_a_unit_in_the_name_counts_where_none_was_told(given_column: Column, settled: Column) -> None:
    assert sniffing.settled(given_column) == settled
