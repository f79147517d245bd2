"""Known words in names give unit and precision, and nothing else does."""

import pytest

from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.quantities.likeness import is_count, likeness


@pytest.mark.parametrize(
    ("name", "like", "unit"),
    [
        ("freezer_temperature", "temperature", "Cel"),
        ("freezerTemperature", "temperature", "Cel"),
        ("freezer.temp", "temperature", "Cel"),
        ("freezer_temperature_2", "temperature", "Cel"),
        ("freezer_temperature_b", "temperature", "Cel"),
        ("temperature_kitchen", "temperature", "Cel"),
        ("boiler_temperature_f", "temperature", "[degF]"),
        ("boiler_temp_celsius", "temperature", "Cel"),
        ("current_temperature", "temperature", "Cel"),
        ("compressor_current", "current", "A"),
        ("main_power_kw", "power", "kW"),
        ("house-power", "power", "W"),
        ("ups_battery_voltage", "battery_voltage", "V"),
        ("office_co2", "co2", "ppm"),
        ("office_pm2_5", "pm2_5", "ug/m3"),
    ],
)
def test_a_known_word_gives_the_unit(name: str, like: str, unit: str) -> None:
    found = likeness(name)

    assert found is not None
    assert (found.entry.name, found.unit) == (like, unit)


@pytest.mark.parametrize(
    "name",
    [
        *("leaf_colour", "tank_level", "inlet_pressure", "power_factor", "current_speed", "humidity_alarm", "x", "1"),
        *("temperature_sensor_status", "battery_low.wh65", "powered", "co2_index", "", "_"),
    ],
)
def test_other_names_say_nothing(name: str) -> None:
    assert likeness(name) is None


def test_names_of_the_catalogue_need_no_likeness() -> None:
    assert not [name for name in CATALOGUE if likeness(name)]


def test_every_quantity_that_counts_as_a_word_gives_its_own_unit_to_a_longer_name() -> None:
    alike = {name: likeness(f"cellar_{name}") for name in CATALOGUE}

    assert {name: found.unit for name, found in alike.items() if found and found.entry.name == name} == {
        name: CATALOGUE[name].unit for name, found in alike.items() if found and found.entry.name == name
    }


def test_counts_are_known_by_their_last_word() -> None:
    assert is_count("door_openings_count")
    assert is_count("visitors")
    assert not is_count("count_of_what")
    assert not is_count("")
