"""Texts that hold a number and its unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.units import UNITS
from sensorfusion.domain.value_texts import number_and_unit


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("21.5 °C", 21.5, "Cel"),
        ("55%", 55.0, "%"),
        ("1234 mm", 1234.0, "mm"),
        ("-3.3V", -3.3, "V"),
        ("\u22125 °F", -5.0, "[degF]"),
        ("500 W⋅m⁻²", 500.0, "W/m2"),
        ("12 µg/m³", 12.0, "ug/m3"),
    ],
)
def test_a_number_is_split_from_its_unit(text: str, number: float, unit: str) -> None:
    assert number_and_unit(text) == (number, unit)


@pytest.mark.parametrize(
    "text", ["", "21.5", "mm", "12 furlong", "2026-11-29", "12:30", "1.2.3 V", "00:1A", "9" * 90 + "V"]
)
def test_other_texts_stay_texts(text: str) -> None:
    assert number_and_unit(text) is None


@given(st.text(max_size=80))
def test_any_text_gives_a_known_unit_or_nothing(text: str) -> None:
    found = number_and_unit(text)

    assert found is None or found[1] in UNITS
