import pytest

from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.quantities.typos import meant


@pytest.mark.parametrize(
    ("name", "quantity"),
    [
        ("temprature", "temperature"),
        ("temperatur", "temperature"),
        ("tempreature", "temperature"),
        ("Temperatuer", "temperature"),
        ("humidty", "humidity"),
        ("humdity", "humidity"),
        ("presure", "pressure"),
        ("wind-sped", "wind_speed"),
        ("soil_mositure", "soil_moisture"),
    ],
)
def test_slip_is_recognised(name: str, quantity: str) -> None:
    assert meant(name) == quantity


@pytest.mark.parametrize(
    "name",
    [
        "leaf_colour",
        "tower",
        "mode",
        "pm4_5",
        "boiler_temperature",
        "visitor_count",
        "channel_01",
        "door",
        "x" * 300,
        "strain_1",
        "battery_ok",
    ],
)
def test_other_name_is_left_as_it_is(name: str) -> None:
    assert meant(name) is None


def test_no_quantity_of_the_catalogue_is_a_misspelling_of_another() -> None:
    assert [name for name in CATALOGUE if meant(name)] == []
