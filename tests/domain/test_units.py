import math
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.units import (
    UNITS,
    Unit,
    UnknownUnit,
    WrongUnit,
    convert,
    converter,
    display_symbol,
    unit_in_context,
    unit_of,
)

NUMBERS = st.floats(-1e6, 1e6)
KNOWN_POINTS = [
    (32, "[degF]", 0, "Cel"),
    (212, "[degF]", 100, "Cel"),
    (-40, "[degF]", -40, "Cel"),
    (0, "K", -459.67, "[degF]"),
    (298.48, "K", 25.33, "Cel"),
    (1, "[mi_i]/h", 0.44704, "m/s"),
    (1, "[kn_i]", 1852 / 3600, "m/s"),
    (3.6, "km/h", 1, "m/s"),
    (1048, "mph", 468.49792, "m/s"),
    (1, "[in_i'Hg]", 33.8638866667, "hPa"),
    (760, "mm[Hg]", 1013.250144354, "hPa"),
    (101325, "Pa", 1013.25, "hPa"),
    (1, "bar", 1000, "mbar"),
    (1, "[psi]", 6894.757293168, "Pa"),
    (1, "[in_i]", 25.4, "mm"),
    (1, "[in_i]/h", 25.4, "mm/h"),
    (1, "mm/min", 60, "mm/h"),
    (1, "[mi_i]", 5280, "[ft_i]"),
    (1, "[nmi_i]", 1.852, "km"),
    (1, "L/m2", 1, "mm"),
    (180, "deg", math.pi, "rad"),
    (0.04, "%", 400, "ppm"),
    (2985, "mV", 2.985, "V"),
    (1, "d", 1440, "min"),
]
SPELLINGS = [
    ("°F", "[degF]"),
    ("F", "[degF]"),
    ("°C", "Cel"),
    ("ºC", "Cel"),
    ("° C", "Cel"),
    ("C", "Cel"),
    ("mph", "[mi_i]/h"),
    ("MPH", "[mi_i]/h"),
    ("kt", "[kn_i]"),
    ("kn", "[kn_i]"),
    ("inHg", "[in_i'Hg]"),
    ("INHG", "[in_i'Hg]"),
    ("in", "[in_i]"),
    ("mb", "mbar"),
    ("hpa", "hPa"),
    ("\u00b5g/m³", "ug/m3"),  # micro sign
    ("\u03bcg/m³", "ug/m3"),  # Greek mu
    ("W/m²", "W/m2"),
    ("m s-1", "m/s"),
    ("kwh", "kWh"),
    # Headers of WeatherLink, Campbell, HOBO, Ecowitt, Govee, Ambient and spreadsheets.
    ("F°", "[degF]"),
    ("Deg C", "Cel"),
    ("deg. F", "[degF]"),
    ("℃", "Cel"),
    ("℉", "[degF]"),
    ("degrees Celsius", "Cel"),
    ('"', "[in_i]"),
    ("in.", "[in_i]"),
    ("in. Hg", "[in_i'Hg]"),
    ("mm/hr", "mm/h"),
    ("in/hr", "[in_i]/h"),
    ("meters/second", "m/s"),
    ("km/hour", "km/h"),
    ("W/m^2", "W/m2"),
    ("W m⁻²", "W/m2"),
    ("W/㎡", "W/m2"),
    ("Volts", "V"),
    ("Deg", "deg"),
    ("% RH", "%"),
    # The same in a lost encoding.
    ("Â°C", "Cel"),
    ("?F", "[degF]"),
    ("\ufffdC", "Cel"),
    ("â„ƒ", "Cel"),
    ("┬░C", "Cel"),
    ("øF", "[degF]"),
    ("Âµg/mÂ³", "ug/m3"),
]


def pairs() -> Iterator[tuple[str, str]]:
    for one in UNITS.values():
        for other in UNITS.values():
            if one.dimension == other.dimension:
                yield one.code, other.code


PAIRS = st.sampled_from(sorted(pairs()))


@given(pair=PAIRS, value=NUMBERS)
def test_conversion_there_and_back_returns_the_value(pair: tuple[str, str], value: float) -> None:
    one, other = pair

    there = convert(value, from_unit=one, to_unit=other)

    assert convert(there, from_unit=other, to_unit=one) == pytest.approx(value, rel=1e-9, abs=1e-6)


@given(pair=PAIRS, value=NUMBERS, data=st.data())
def test_way_through_a_third_unit_ends_at_the_same_value(
    pair: tuple[str, str], value: float, data: st.DataObject
) -> None:
    one, other = pair
    third = data.draw(st.sampled_from([code for first, code in pairs() if first == one]))

    through = convert(convert(value, from_unit=one, to_unit=third), from_unit=third, to_unit=other)

    assert through == pytest.approx(convert(value, from_unit=one, to_unit=other), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(("value", "from_unit", "expected", "to_unit"), KNOWN_POINTS)
def test_known_point(value: float, from_unit: str, expected: float, to_unit: str) -> None:
    assert convert(value, from_unit=from_unit, to_unit=to_unit) == pytest.approx(expected, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize(("spelling", "code"), SPELLINGS)
def test_spelling_people_write_is_understood(spelling: str, code: str) -> None:
    assert unit_of(spelling).code == code


@pytest.mark.parametrize("unit", [unit for unit in UNITS.values() if unit.symbol])
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_a_symbol_in_utf_8_that_was_read_in_another_encoding_is_understood(unit: Unit, encoding: str) -> None:
    assert unit_of(unit.symbol.encode().decode(encoding)).code == unit_of(unit.symbol).code


@pytest.mark.parametrize(
    ("spelling", "kept_in", "code"),
    [('"', "hPa", "[in_i'Hg]"), ("in", "mm", "[in_i]"), ("mm", "hPa", "mm[Hg]"), ("mb", "hPa", "mbar")],
)
def test_a_length_of_a_barometer_is_of_mercury(spelling: str, kept_in: str, code: str) -> None:
    assert unit_in_context(spelling, kept_in=kept_in) == code


def test_a_unit_in_context_must_measure_the_same() -> None:
    with pytest.raises(WrongUnit):
        unit_in_context("mph", kept_in="hPa")


@pytest.mark.parametrize("code", sorted(UNITS))
def test_every_spelling_of_a_unit_leads_to_it(code: str) -> None:
    assert {unit_of(spelling).code for spelling in (code, *UNITS[code].spellings)} == {code}


@pytest.mark.parametrize("spelling", ["", "furlong", "M", "m" * 1000, " " * 1000 + "m"])
def test_unit_nobody_knows_is_an_error_with_a_short_message(spelling: str) -> None:
    with pytest.raises(UnknownUnit) as error:
        converter(spelling, "m")

    assert len(str(error.value)) < 80


def test_unit_of_another_dimension_is_an_error_that_names_both() -> None:
    with pytest.raises(WrongUnit, match=r"hPa is a unit of pressure, Cel of temperature"):
        converter("hPa", "°C")


def test_mm_per_hour_is_no_wind_speed() -> None:
    with pytest.raises(WrongUnit):
        convert(1, from_unit="mm/h", to_unit="m/s")


def test_converter_is_worked_out_once() -> None:
    assert converter("°F", "Cel") is converter("°F", "Cel")


@pytest.mark.parametrize(
    ("unit", "symbol"),
    [("Cel", "°C"), ("[in_i'Hg]", "inHg"), ("W/m2", "W/m²"), ("1", ""), ("kt", "kn"), ("furlong", "furlong")],
)
def test_symbol_is_what_people_read(unit: str, symbol: str) -> None:
    assert display_symbol(unit) == symbol
