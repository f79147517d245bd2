"""Two quantities that a rule compares."""

import pytest

from sensorfusion.domain.alert_rules.conditions import Condition
from sensorfusion.domain.alert_rules.pairs import Pair, are_comparable, judged_name, pair_mistake


def test_name_of_a_pair_tells_its_quantities() -> None:
    name = judged_name("dew_point", "soil_temperature")

    assert Pair.of(name) == ("dew_point", "soil_temperature")
    assert (judged_name("dew_point", ""), Pair.of("dew_point")) == ("dew_point", None)


def test_difference_has_no_noise_of_floating_point() -> None:
    assert Pair("a", "b").difference(12.3, 10.1) == 2.2


@pytest.mark.parametrize(
    ("one", "other", "can"),
    [
        ("dew_point", "soil_temperature", True),
        ("temperature", "temperature_2", True),
        ("dew_point", "surface_temperature", True),
        ("temperature", "temperature", False),
        ("temperature", "humidity", False),
        ("wind_direction", "wind_direction_2", False),
        ("door_open", "door_open_2", False),
    ],
)
def test_numbers_in_one_unit_can_be_compared(one: str, other: str, can: bool) -> None:
    assert are_comparable(one, other) is can


def test_only_limits_compare_two_quantities() -> None:
    for condition in Condition:
        found = pair_mistake(condition, quantity="dew_point", than="temperature")

        assert (found is None) == (condition in ("above", "below", "outside"))
    assert pair_mistake(Condition.ABOVE, quantity="", than="temperature") is not None
    assert pair_mistake(Condition.ABOVE, quantity="humidity", than="temperature") is not None
