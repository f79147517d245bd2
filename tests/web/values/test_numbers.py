"""Numbers as text; `tests/js/same.json` holds the scripts to the same."""

import pytest
from django.utils.translation import override

from sensorfusion.web.values.display import display
from sensorfusion.web.values.numbers import base_of, fixed, grouped, localised, prefixed, significant


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (21.0, "21"),
        (21.456, "21.46"),
        (9999.5, "10000"),
        (123456838.0, "123456838"),
        (0.00012346, "0.0001235"),
        (0.00006, "6\u00a0×\u00a010⁻⁵"),
        (-1.5e-7, "−1.5\u00a0×\u00a010⁻⁷"),
        (2e15, "2\u00a0×\u00a010¹⁵"),
    ],
)
def test_four_significant_digits(number: float, text: str) -> None:
    assert significant(number, 4) == text


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (1.85e-5, "A", "18.5 µA"),
        (999.96, "W", "1 kW"),
        (0.0421, "mm", "42.1 µm"),
        (12345, "kW", "12.35 MW"),
        (-63.1e-9, "A", "−63.1 nA"),
        (0, "A", "0 A"),
        (1e-20, "A", "1 × 10⁻²⁰ A"),
    ],
)
def test_prefixes_leave_up_to_three_digits_before_the_point(number: float, unit: str, text: str) -> None:
    base = base_of(unit)
    assert base is not None
    assert " ".join(prefixed(number, base, 4)).replace("\u00a0", " ") == text


def test_units_that_only_look_like_having_a_prefix_have_none() -> None:
    assert [base_of(unit) for unit in ("min", "mbar", "%", "", "°C", "kg", "m/s", "d")] == [None] * 8


@pytest.mark.parametrize(("text", "shown"), [("1115", "1115"), ("12408", "12,408"), ("−98765.4", "−98,765.4")])
def test_five_digits_are_grouped(text: str, shown: str) -> None:
    assert grouped(text) == shown


def test_halves_are_rounded_up() -> None:
    assert [fixed(number, 1) for number in (0.25, -0.25, 12.25, -0.04)] == ["0.3", "−0.3", "12.3", "0.0"]


@pytest.mark.parametrize(
    ("text", "german"),
    [("12,408.5", "12.408,5"), ("−0.3", "−0,3"), ("1013", "1013"), ("1.5\u00a0×\u00a010⁻⁷", "1,5\u00a0×\u00a010⁻⁷")],
)
def test_a_number_has_the_separators_of_the_language(text: str, german: str) -> None:
    with override("de"):
        assert localised(text) == german
    with override("en"):
        assert localised(text) == text
    with override(None):  # background chores have no language
        assert localised(text) == text


def test_german_readers_see_a_decimal_comma_and_programs_a_point() -> None:
    with override("de"):
        assert display("sea_level_pressure", "scientific").text(1013.25) == "101.325\u00a0Pa"
        assert display("temperature", "metric").text(-5.25) == "−5,3\u00a0°C"
        assert display("temperature", "metric").difference(1.24) == "+1,2"
        assert display("wind_speed", "metric-bft").limits_note.count("17,2\u00a0m/s") == 1
        assert display("temperature", "metric").exact(18.25) == "18,25\u00a0°C"
        assert fixed(12.5, 1) == "12.5"
