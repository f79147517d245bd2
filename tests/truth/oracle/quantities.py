"""How values of each quantity combine, and to how many digits an answer gives them: docs/quantities.md, copied by hand.

Nothing here is imported from the platform: an entry that is wrong there must differ from the one here.
"""

from typing import Final, Literal

Combine = Literal["mean", "sum", "counter", "vector"]

COMBINES: Final[dict[str, Combine]] = {
    "temperature": "mean",
    "humidity": "mean",
    "pressure": "mean",
    "wind_speed": "mean",
    "wind_gust": "mean",
    "wind_direction": "vector",
    "solar_radiation": "mean",
    "rain": "sum",
    "rain_day": "counter",
    "rain_total": "counter",
    "current": "mean",  # of a device, a quantity with very small values
}
# Decimals of a computed value: two more than pages show of the quantity.
DIGITS: Final = {
    "humidity": 2,
    "solar_radiation": 2,
    "wind_direction": 1,
    "beaufort": 2,
    "current": 4,
    "vapour_pressure_deficit": 4,
    "reference_evapotranspiration": 4,
}
USUAL_DIGITS: Final = 3
SIGNIFICANT: Final = 5  # digits that a small number keeps at least


def digits(name: str) -> int:
    """Return the decimals that an answer gives of a computed value."""
    return DIGITS.get(name, USUAL_DIGITS)


def is_same(name: str, one: float | None, other: float | None, *, slack: float = 0.0) -> bool:
    """Return whether two figures are equal but for rounding; `slack` is what they may differ by in addition.

    The last digit may be off by one: the platform may round a value that was itself computed from rounded ones.
    """
    if one is None or other is None:
        return one is other
    distance, is_direction = abs(one - other), COMBINES.get(name) == "vector"
    if is_direction:
        distance = min(distance % 360, -distance % 360)
    last = 10.0 ** -digits(name)
    if abs(other) < 100 * last and not is_direction:
        last = min(last, abs(other) * 10.0**-SIGNIFICANT)
    return distance <= 1.01 * last + slack + 1e-9 * abs(other)
