"""Degree days: the demand for heating or cooling, or the growth, of a day's temperature, in kelvin days."""

from typing import Final

COMFORT: Final = (65 - 32) * 5 / 9  # °C: 65 °F, the base of the US National Weather Service for heating and cooling
GROWTH_FROM, GROWTH_TO = 10.0, 30.0  # °C: maize (McMaster and Wilhelm 1997, method 2)


def heating(*, mean: float, base: float = COMFORT) -> float:
    """Return by how much a day's mean temperature was below the base."""
    return max(0.0, base - mean)


def cooling(*, mean: float, base: float = COMFORT) -> float:
    """Return by how much a day's mean temperature was above the base."""
    return max(0.0, mean - base)


def growing(*, low: float, high: float, base: float = GROWTH_FROM, most: float = GROWTH_TO) -> float:
    """Return the growing degree days of a day: its extremes are clamped to [base, most] before they are averaged.

    (McMaster and Wilhelm 1997, Agricultural and Forest Meteorology 87, method 2.)
    """
    held = [min(max(value, base), most) for value in (low, high)]
    return sum(held) / 2 - base
