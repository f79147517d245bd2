import pytest

from sensorfusion.domain.quality import Flag, consistency_flags, range_flag
from sensorfusion.domain.quantities import CATALOGUE, quantity


@pytest.mark.parametrize(
    ("name", "value", "flag"),
    [
        ("temperature", 21.4, Flag.GOOD),
        ("temperature", 60, Flag.GOOD),
        ("temperature", 60.1, Flag.BAD),
        ("temperature", -80.1, Flag.BAD),
        ("rain_total", 1e6, Flag.GOOD),  # no upper limit
        ("rain_total", -1, Flag.BAD),
        ("temperature", float("nan"), Flag.BAD),
        ("temperature", None, Flag.MISSING),
        ("leaf_colour", 3, Flag.NOT_EVALUATED),
    ],
)
def test_range_flag(name: str, value: float | None, flag: Flag) -> None:
    assert range_flag(quantity(name), value) is flag


def test_flags_have_the_numbers_of_qartod() -> None:
    assert [int(flag) for flag in Flag] == [1, 2, 3, 4, 9]


def test_every_number_of_the_catalogue_is_evaluated_but_codes() -> None:
    untested = {
        entry.name
        for entry in CATALOGUE.values()
        if entry.kind == "number" and range_flag(entry, 50) is Flag.NOT_EVALUATED
    }

    assert untested == {"condition_code", "city_id"}


@pytest.mark.parametrize(
    ("values", "suspect"),
    [
        ({"wind_speed": 5.0, "wind_gust": 4.0}, {"wind_gust"}),
        ({"wind_speed": 5.0, "wind_gust": 4.9}, set()),  # rounded separately
        ({"wind_speed": 5.0, "wind_gust": 9.0}, set()),
        ({"wind_gust": 4.0}, set()),
        ({"dew_point": 21.0, "temperature": 20.0}, {"dew_point"}),
        ({"dew_point": 20.4, "temperature": 20.0}, set()),
        ({"dew_point": 20.4}, set()),
        ({"temperature_min": 5, "temperature_max": 2}, {"temperature_min", "temperature_max"}),
        ({"temperature_min": 2, "temperature_max": 5}, set()),
        ({"wind_gust": "strong", "wind_speed": 3}, set()),
        ({}, set()),
    ],
)
def test_values_that_contradict_each_other_are_suspect(values: dict[str, object], suspect: set[str]) -> None:
    assert consistency_flags(values) == dict.fromkeys(suspect, Flag.SUSPECT)
