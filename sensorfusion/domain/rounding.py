"""Rounds what was computed: to decimals that make sense for a quantity, but never a small number to nothing."""

import math
from typing import Final

EXTRA_DECIMALS: Final = 2  # of what is computed, in addition to the decimals its quantity is shown with
SIGNIFICANT: Final = 6  # digits that are kept of a number which has fewer before the last decimal


def rounded(value: float, decimals: int) -> float:
    """Round to these decimals, or to six significant digits where less than three of the number would be left.

    A mean of 18.5 µA stays 0.0000185 A, between its lowest and its highest value.
    """
    if value and abs(value) < 10.0 ** (2 - decimals):
        return round(value, SIGNIFICANT - 1 - math.floor(math.log10(abs(value))))
    return round(value, decimals)


def rounded_within(value: float, decimals: int, *, low: float | None, high: float | None) -> float:
    """Round a mean, which never leaves the range of the values that it is of."""
    found = rounded(value, decimals)
    if low is not None and found < low:
        return low
    return high if high is not None and found > high else found


def rounded_column(values: list[float | None], decimals: int) -> list[float | None]:
    """Round every number of a column."""
    return [None if value is None else rounded(value, decimals) for value in values]


def rounded_means(
    values: list[float | None], decimals: int, *, low: list[float | None], high: list[float | None]
) -> list[float | None]:
    """Round every mean of a column, each within its extremes."""
    return [
        None if value is None else rounded_within(value, decimals, low=least, high=most)
        for value, least, most in zip(values, low, high, strict=True)
    ]
