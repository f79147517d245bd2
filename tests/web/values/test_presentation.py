"""What an owner chose is stronger than what the device says, and that is stronger than names and the catalogue."""

import pytest

from sensorfusion.domain.quantities.settings import QuantitySettings
from sensorfusion.web.values.presentation import AS_USUAL, Presentation


@pytest.mark.parametrize(
    ("name", "value", "system", "text"),
    [
        ("freezer_temperature", -18.25, "metric", "−18.3 °C"),
        ("freezer_temperature", -18.25, "us", "−1 °F"),
        ("boiler_temperature_f", 140, "metric", "140.0 °F"),
        ("tiny", 0.00006, "metric", "6 × 10⁻⁵"),
        ("tiny", 1.5e-7, "metric", "1.5 × 10⁻⁷"),
        ("big", 123456838.0, "metric", "123,456,838"),
        ("big", -98765.43, "metric", "−98,765"),
        ("leaf_colour", 21, "metric", "21"),
        ("visitors_count", 1234567, "metric", "1,234,567"),
        ("current", 1.85e-5, "metric", "18.5 µA"),
        ("current", 0.25, "metric", "0.25 A"),
        ("power", 1840, "metric", "1.84 kW"),
        ("compressor_current", 0.00096, "metric", "960 µA"),
        ("energy", 12408.31, "metric", "12,408.31 kWh"),
    ],
)
def test_numbers_of_any_size_keep_their_digits(name: str, value: float, system: str, text: str) -> None:
    assert AS_USUAL.display(name, system).text(value) == text.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("owners", "text"),
    [
        (QuantitySettings(), "18.4 °C"),
        (QuantitySettings(unit="[degF]"), "65.2 °F"),
        (QuantitySettings(unit="[degF]", decimals=0), "65 °F"),
        (QuantitySettings(decimals=3), "18.440 °C"),
        (QuantitySettings(digits=2), "18 °C"),
    ],
)
def test_the_owners_unit_and_digits_are_used(owners: QuantitySettings, text: str) -> None:
    chosen = Presentation(settings={"temperature": owners})

    assert chosen.display("temperature", "metric").text(18.44) == text.replace(" ", "\u00a0")


@pytest.mark.parametrize("value", [0.4, 12.0, 20_910_000.0])
@pytest.mark.parametrize(
    ("name", "owners", "ends"),
    [
        ("power", QuantitySettings(unit="kW"), "kW"),
        ("energy", QuantitySettings(unit="MW.h", digits=4), "MWh"),
        ("current", QuantitySettings(unit="mA"), "mA"),
    ],
)
def test_a_unit_that_was_chosen_has_no_other_prefix(
    name: str, owners: QuantitySettings, ends: str, value: float
) -> None:
    text = Presentation(settings={name: owners}).display(name, "metric").text(value)

    assert text.endswith(f"\u00a0{ends}")


def test_a_chosen_unit_is_stronger_than_the_readers() -> None:
    chosen = Presentation(settings={"temperature": QuantitySettings(unit="Cel")})

    assert chosen.display("temperature", "us").text(18.44) == "18.4\u00a0°C"


def test_a_unit_says_what_numbers_are_in_where_nothing_else_does() -> None:
    chosen = Presentation(settings={"weight": QuantitySettings(unit="kg"), "flow": QuantitySettings(unit="L/min")})

    assert chosen.display("weight", "us").text(12.5) == "12.5\u00a0kg"
    assert chosen.display("flow", "metric").text(0.25) == "0.25\u00a0L/min"


def test_name_and_colour_are_the_owners() -> None:
    chosen = Presentation({"probe": "t1"}, settings={"probe": QuantitySettings(label="Top shelf", colour="s3")})

    assert (chosen.looks("probe").label, chosen.looks("probe").hue) == ("Top shelf", "s3")
    assert AS_USUAL.looks("freezer_temperature").hue == "temp"
