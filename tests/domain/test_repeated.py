import pytest

from sensorfusion.domain.repeated import Repeated, is_other, without_repeats


def test_the_first_and_one_other_value_of_a_name_are_kept() -> None:
    assert without_repeats([("a", 1), ("b", 2), ("a", 3), ("a", 4)]) == {"a": Repeated(1, 3), "b": 2}


def test_equal_values_of_a_name_are_one() -> None:
    assert without_repeats([("a", 60), ("a", 60.0), ("b", {"c": 1}), ("b", {"c": 1})]) == {"a": 60, "b": {"c": 1}}


def test_missing_value_is_no_other() -> None:
    assert without_repeats([("a", None), ("a", 60), ("a", None), ("b", None)]) == {"a": 60, "b": None}


@pytest.mark.parametrize(("one", "another"), [(1, 2), (1, True), (False, 0), ("1", 1), (None, 0), ([1], [2])])
def test_values_differ(one: object, another: object) -> None:
    assert is_other(one, another)
    assert not is_other(one, one)
