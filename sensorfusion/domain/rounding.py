"""Rounds what was computed: to decimals that make sense for a quantity, but never a small number to nothing.

Only what leaves the platform is rounded. What other figures are computed from keeps all digits that are not noise: a
hundred days of 0.2794 mm are 27.94 mm, not a hundred times 0.279.
"""

import math
from itertools import repeat
from typing import Any, Final, cast

EXTRA_DECIMALS: Final = 2  # of what is computed, in addition to the decimals its quantity is shown with
SIGNIFICANT: Final = 6  # digits that are kept of a number which has fewer before the last decimal

EXACT: Final = 12  # digits of a sum of a day's readings that are not noise of floating point
COMMON: Final = EXACT - 3  # decimals of numbers below 1000 that are not noise
ALL: Final = 400  # more decimals than any number has, so that only EXACT counts


def rounded(value: float, decimals: int) -> float:
    """Round to these decimals, or to six significant digits where less than three of the number would be left.

    A mean of 18.5 µA stays 0.0000185 A, between its lowest and its highest value.
    """
    return round(value, decimals_of(abs(value), decimals))


def decimals_of(size: float, decimals: int) -> int:
    """Return the decimals that a number of this size is rounded to."""
    if 0.0 < size < 10.0 ** (2 - decimals):
        return SIGNIFICANT - 1 - math.floor(math.log10(size))
    return decimals


def rounded_within(value: float, decimals: int, *, low: float | None, high: float | None) -> float:
    """Round a mean, which never leaves the range of the values that it is of.

    A mean of -7.6 and 7.6 °C is 0, not the 9e-17 that adding them left: no digit counts that those values cannot have.
    """
    size = max(abs(value), abs(low or 0.0), abs(high or 0.0))
    found = round(value, _decimals_within(abs(value), decimals, size)) + 0.0  # no -0.0
    if low is not None and found < low:
        return low
    return high if high is not None and found > high else found


def _decimals_within(number: float, decimals: int, size: float) -> int:
    if 1.0 <= size < 1_000.0:  # nearly all of them, without logarithms
        if decimals > COMMON:
            return COMMON
        if number >= 1.0 and decimals >= 2:
            return decimals
    exact = EXACT - 1 - math.floor(math.log10(size)) if size else decimals
    return min(decimals_of(number, decimals), exact)


def without_noise(
    values: list[float | None], *, low: list[float | None] | None = None, high: list[float | None] | None = None
) -> list[float | None]:
    """Remove the noise of floating point from sums, or from means within their extremes; keep every other digit."""
    nothing: list[float | None] = [None] * len(values)
    return rounded_means(values, ALL, low=low or nothing, high=high or nothing)


def rounded_column(values: list[float | None], decimals: int) -> list[float | None]:
    """Round every number of a column."""
    return [None if value is None else rounded(value, decimals) for value in values]


def rounded_means(
    values: list[float | None], decimals: int, *, low: list[float | None], high: list[float | None]
) -> list[float | None]:
    """Round every mean of a column, each within its extremes."""
    if decimals < 2:
        return [_mean(*row, decimals) for row in zip(values, low, high, strict=True)]
    common = _common(values, decimals, low, high)
    if common is not None:
        return _rounded_alike(common, values, decimals, low, high)
    # A chart has thousands of means, and of nearly all of them `_decimals_within` returns the same number.
    usual = min(decimals, COMMON)
    return [
        (least if (found := round(value, usual)) < least else most if found > most else found)
        if value is not None
        and least is not None
        and most is not None
        and 1.0 <= abs(value) < 1_000.0
        and least > -1_000.0
        and most < 1_000.0
        else _mean(value, least, most, decimals)
        for value, least, most in zip(values, low, high, strict=True)
    ]


def _common(values: list[float | None], decimals: int, low: list[float | None], high: list[float | None]) -> int | None:
    """Return what `_decimals_within` returns for every mean of a column beyond ±1, None if it is not one number."""
    if not values or None in low or None in high or None in values:
        return None
    of_columns = cast(tuple[list[float], ...], (low, high, values))
    least, most = min(map(min, of_columns)), max(map(max, of_columns))
    size = max(-least, most)
    if size < 1_000.0:
        return min(decimals, COMMON)
    if decimals < COMMON and size < 10.0 ** (EXACT - decimals) / 2:
        return decimals
    return COMMON - 1 if decimals >= COMMON and least >= 1_000.0 and most < 9_000.0 else None


def _rounded_alike(
    common: int, values: list[Any], decimals: int, low: list[Any], high: list[Any]
) -> list[float | None]:
    """Round the means of a column as a whole, in half the time or less, and those within ±1 one by one."""
    rounded_all = map(round, values, repeat(common))
    found = [
        least if mean < least else most if mean > most else mean
        for mean, least, most in zip(rounded_all, low, high, strict=True)
    ]
    for place in [place for place, value in enumerate(values) if -1.0 < value < 1.0]:
        found[place] = _mean(values[place], low[place], high[place], decimals)
    return found


def _mean(value: float | None, low: float | None, high: float | None, decimals: int) -> float | None:
    return None if value is None else rounded_within(value, decimals, low=low, high=high)
