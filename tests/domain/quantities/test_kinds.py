"""The kind of a sensor is proposed from what it sends."""

import pytest

from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.quantities.kinds import KINDS, Kind, kind_of, primary_of


@pytest.mark.parametrize(
    ("names", "kind", "primary"),
    [
        ("temperature humidity sea_level_pressure wind_speed wind_direction", "weather", "temperature"),
        ("rain_rate rain_day battery", "weather", None),
        ("freezer_temperature compressor_current door_open", "freezer", "freezer_temperature"),
        ("temperature fridge_door", "freezer", "temperature"),
        ("temperature humidity co2", "room", "co2"),
        ("temperature humidity battery", "room", "temperature"),
        ("indoor_temperature indoor_humidity", "room", "indoor_temperature"),
        ("door_open battery", "contact", "door_open"),
        ("window_contact temperature", "contact", "window_contact"),
        ("leak battery", "contact", "leak"),
        ("level temperature", "tank", "level"),
        ("tank_fill distance", "tank", "tank_fill"),
        ("distance", "tank", "distance"),
        ("power energy voltage current", "meter", "power"),
        ("house_energy", "meter", "house_energy"),
        ("pm2_5 pm10 temperature humidity", "air", "pm2_5"),
        ("soil_moisture soil_temperature", "soil", "soil_moisture"),
        ("pool_temperature ph", "water", "pool_temperature"),
        ("temperature", "other", None),
        ("leaf_colour", "other", None),
        ("battery signal_strength", "other", None),
        ("", "other", None),
    ],
)
def test_the_kind_is_proposed_from_the_names(names: str, kind: str, primary: str | None) -> None:
    assert kind_of(names.split()) == kind
    assert primary_of(kind_of(names.split()), names.split()) == primary


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_quantity_of_the_catalogue_alone_has_a_kind_whose_main_quantity_it_may_be(name: str) -> None:
    kind = kind_of([name])

    assert kind in KINDS
    assert primary_of(kind, [name]) in (name, None)


def test_every_kind_has_a_name_in_words() -> None:
    assert list(KINDS) == list(Kind)
