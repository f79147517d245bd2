from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.numerals import LONGEST, Ambiguous, is_infinite, is_missing, measured_in, number_and_unit
from sensorfusion.domain.units import UNITS


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("21.5 °C", (21.5, "°C")),
        ("43%", (43.0, "%")),
        ("-5,4", (-5.4, "")),
        ("\u22125.4", (-5.4, "")),
        (" 1013 hPa ", (1013.0, "hPa")),
        ('29.92 "', (29.92, '"')),
        ("12.5 mm/h", (12.5, "mm/h")),
        ("1e3 lx", (1000.0, "lx")),
        ("5e", (5.0, "e")),
        (".5", (0.5, "")),
        ("0,125", (0.125, "")),
        ("1013,2500", (1013.25, "")),
        ("35 µg/m³", (35.0, "µg/m³")),
    ],
)
def test_numbers_with_commas_and_units_are_read(text: str, written: tuple[float, str]) -> None:
    assert measured_in(text) == written


@pytest.mark.parametrize(
    "text",
    ["", "warm", "12:30", "2026-11-22", "1.2.3", "1_000", "192.168.0.1", "21.5 5", "1.013,25", "1e999", "٣", "9" * 65],
)
def test_other_text_is_no_number(text: str) -> None:
    assert measured_in(text) is None


@pytest.mark.parametrize("text", ["1,013", "-999,000", "51,200 lx"])
def test_comma_that_may_part_thousands_is_refused(text: str) -> None:
    with pytest.raises(Ambiguous):
        measured_in(text)


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["", "°C", " °C", " %"]))
def test_every_number_is_read_as_it_was_written(number: float, unit: str) -> None:
    assert measured_in(f"{number!r}{unit}") == (number, unit.strip())


@given(st.text(max_size=LONGEST))
def test_any_text_is_read_or_not(text: str) -> None:
    try:
        measured_in(text)
    except Ambiguous:
        assert "," in text


@pytest.mark.parametrize(
    ("text", "kind", "is_none"),
    [
        ("NA", "number", True),
        ("NA", "", False),
        ("none", "", True),
        ("none", "text", False),
        ("---", "text", True),
        ("-", "", True),
        ("-1", "number", False),
        ("- -", "number", True),
        ("...", "", False),
    ],
)
def test_words_for_no_value_depend_on_the_kind_of_quantity(text: str, kind: Any, is_none: bool) -> None:
    assert is_missing(text, kind=kind) is is_none


@pytest.mark.parametrize("text", ["inf", "-INF", " Infinity", "1.#INF", "ovf"])
def test_infinity_is_known_as_programs_print_it(text: str) -> None:
    assert is_infinite(text)


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
