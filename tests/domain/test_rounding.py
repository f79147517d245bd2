"""Rounding removes the noise of floating point and never the number itself."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.rounding import ALL, rounded, rounded_column, rounded_means, rounded_within

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (21.456789, 3, 21.457),
        (8.200000000000045, 3, 8.2),
        (1.85e-5, 4, 1.85e-5),
        (1.5e-7, 4, 1.5e-7),
        (0.1 + 0.2, 4, 0.3),
        (-0.00123456789, 4, -0.00123457),
        (0.0, 3, 0.0),
        (1e308, 3, 1e308),
        (5e-324, 3, 5e-324),
    ],
)
def test_number_is_rounded(value: float, decimals: int, expected: float) -> None:
    assert rounded(value, decimals) == expected


@given(NUMBERS, st.integers(0, 6))
def test_only_zero_becomes_zero_and_a_number_stays_close(value: float, decimals: int) -> None:
    found = rounded(value, decimals)

    assert (found == 0) == (value == 0)
    assert math.isclose(found, value, rel_tol=0.01, abs_tol=0)


@given(NUMBERS)
def test_rounding_again_changes_nothing(value: float) -> None:
    assert rounded(rounded(value, 4), 4) == rounded(value, 4)


def test_a_column_keeps_its_gaps() -> None:
    assert rounded_column([1.23456, None, 2e-9], 2) == [1.23, None, 2e-9]


@given(st.lists(NUMBERS, min_size=1, max_size=9), st.integers(0, 6))
def test_mean_stays_between_its_extremes(values: list[float], decimals: int) -> None:
    low, high = min(values), max(values)
    mean = min(max(sum(value / len(values) for value in values), low), high)

    assert low <= rounded_within(mean, decimals, low=low, high=high) <= high


@given(
    st.sampled_from([0, -3, 40, -400, 995, 1e3, 5e3, 8_999, 1e4, -1e4, 1e8, 4.99e8, 1e-4]),
    st.sampled_from([0, 1e-9, 1e-3, 1, 30]),
    st.lists(st.tuples(*[st.floats(0, 1)] * 3, st.integers(0, 12)), max_size=6),
    st.sampled_from([0, 2, 3, 4, 8, 9, 10, ALL]),
)
def test_column_is_rounded_as_its_means_one_by_one(
    around: float, spread: float, drawn: list[tuple[float, float, float, int]], decimals: int
) -> None:
    values: list[float | None] = [round(around + (each - 0.5) * spread, digits) for each, _, _, digits in drawn]
    low: list[float | None] = [around + (min(each, down) - 0.5) * spread for each, down, _, _ in drawn]
    high: list[float | None] = [around + (max(each, up) - 0.5) * spread for each, _, up, _ in drawn]

    found = rounded_means(values, decimals, low=low, high=high)

    rows = zip(values, low, high, strict=True)
    one_by_one = [
        rounded_within(value, decimals, low=least, high=most) for value, least, most in rows if value is not None
    ]
    assert [repr(each) for each in found] == [repr(each) for each in one_by_one]


def test_column_of_means_has_gaps_and_rows_without_extremes() -> None:
    assert rounded_means(
        [1.23456, None, 2.5, 3.14159], 2, low=[1.234, None, None, 3.0], high=[1.25, None, None, 3.1]
    ) == [
        1.234,
        None,
        2.5,
        3.1,
    ]


@pytest.mark.parametrize(
    ("value", "low", "high", "told"),
    [
        (8.88178e-17, -7.6, 4.3, 0.0),
        (-8.88178e-17, -7.6, 4.3, 0.0),
        (0.066666666, -7.2, 9.5, 0.0666667),
        (1.85000049e-05, 1.8e-05, 1.9e-05, 1.85e-05),
        (1.234567891e-05, None, None, 1.23457e-05),
    ],
)
def test_mean_has_the_digits_of_what_it_is_of(value: float, low: float | None, high: float | None, told: float) -> None:
    found = rounded_within(value, 3, low=low, high=high)

    assert (found, math.copysign(1.0, found)) == (told, 1.0)
