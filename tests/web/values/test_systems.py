"""The reader's units: presets, and units of single quantities."""

from itertools import product

import pytest

from sensorfusion.web.values.display import display
from sensorfusion.web.values.systems import CHOICES, EVERY, MOST, PRESETS, codes, composed, normalised, parts


@pytest.mark.parametrize(
    ("text", "shortest"),
    [
        ("metric", "metric"),
        ("metric-ms", "metric"),
        ("us-f-kn", "us-kn"),
        ("metric-mmhg-kn", "metric-kn-mmhg"),
        ("metric-kn-ms", None),
        ("furlongs", None),
        ("metric-", None),
        ("", None),
        ("kn", None),
        ("metric" + "-kn" * 20, None),
    ],
)
def test_units_have_one_text(text: str, shortest: str | None) -> None:
    assert normalised(text) == shortest


def test_every_choice_is_written_and_read_again() -> None:
    for preset, *chosen in product(PRESETS, *(choice.codes for choice in CHOICES.values())):
        wanted = dict(zip(CHOICES, chosen, strict=True))
        text = composed(preset, wanted)
        assert len(text) <= MOST
        assert normalised(text) == text
        assert codes(text) == wanted
        assert composed(*parts(text)) == text


def test_unknown_units_are_metric() -> None:
    assert codes("furlongs") == codes("metric")


@pytest.mark.parametrize(
    ("units", "quantity", "value", "shown"),
    [
        ("metric-kmh", "wind_speed", 5.0, "18 km/h"),
        ("us-ms", "wind_gust", 5.0, "5.0 m/s"),
        ("uk-kn", "wind_speed", 5.144444, "10 kn"),
        ("metric-mmhg", "sea_level_pressure", 1013.25, "760.0 mmHg"),
        ("metric-inhg", "pressure", 1013.25, "29.92 inHg"),
        ("us-mm", "rain", 2.54, "2.5 mm"),
        ("metric-in", "rain_rate", 25.4, "1.00 in/h"),
        ("us-c", "temperature", 12.44, "12.4 °C"),
        ("metric-f", "dew_point", 10.0, "50 °F"),
        ("metric-mi", "visibility", 16093.44, "10.0 mi"),
        ("us-km", "visibility", 16093.44, "16.1 km"),
    ],
)
def test_a_single_unit_is_stronger_than_the_preset(units: str, quantity: str, value: float, shown: str) -> None:
    assert display(quantity, units).text(value).replace("\u00a0", " ") == shown


def test_every_unit_is_in_one_of_a_few_texts() -> None:
    assert {display("wind_speed", each).symbol for each in EVERY} == {"m/s", "km/h", "mph", "kn", "Bft"}
    assert {display("pressure", each).symbol for each in EVERY} == {"hPa", "inHg", "mmHg", "Pa"}
