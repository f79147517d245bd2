"""Between what values a derived quantity is, if its inputs are between some: rows of bounds, as of hours.

Most formulas only rise, or only fall, with each input: their bounds are their values at the corners. Where one does
not, nothing is known (infinity).
"""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from sensorfusion.domain.counters import Number
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.weather.derivation import RECIPES, Place, Rows, derive

Column = Sequence[Number]
_HOT_C: Final = 26.0  # below it the heat index is a sum that rises with both inputs, and nothing feels like it


class Bounds(NamedTuple):
    """The lowest and highest possible value of each row; None where there can be none."""

    low: Column
    high: Column


Inputs = Mapping[str, Bounds]

# Whether a quantity rises (1) or falls (-1) with an input. Pressure at sea level falls with the temperature above it.
SLOPES: Final[Mapping[str, Mapping[str, int]]] = MappingProxyType(
    {
        "dew_point": {"temperature": 1, "humidity": 1},
        "absolute_humidity": {"temperature": 1, "humidity": 1},
        "humidex": {"temperature": 1, "humidity": 1},
        "vapour_pressure_deficit": {"temperature": 1, "humidity": -1},
        "apparent_temperature": {"temperature": 1, "humidity": 1, "wind_speed": -1},
        "wind_chill": {"temperature": 1, "wind_speed": -1},
        "beaufort": {"wind_speed": 1},
        "sea_level_pressure": {"pressure": 1, "temperature": -1},
        "heat_index": {"temperature": 1, "humidity": 1},
    }
)


def bounds(name: str, inputs: Inputs, place: Place) -> Bounds | None:
    """Return the bounds of a derived quantity, as it is rounded; None if it cannot be derived from these inputs."""
    recipe = RECIPES[name]
    if recipe.inputs(inputs.keys(), place) is None:
        return None
    found = _felt(inputs) if name == "feels_like" else _at_corners(name, inputs, place)
    if name == "heat_index":
        found = _below_hot(found, inputs)
    step = 10.0 ** -(CATALOGUE[name].decimals + 1)  # derived values are rounded, and corners have noise
    needed = [inputs[names[0]].low for names in recipe.needs]
    low, high = (_known(column, needed, edge) for column, edge in zip(found, (-math.inf, math.inf), strict=True))
    return Bounds(_moved(low, -step), _moved(high, step))


def _at_corners(name: str, inputs: Inputs, place: Place) -> Bounds:
    slopes = SLOPES[name]
    if name == "sea_level_pressure" and (place.elevation_m or 0.0) < 0:
        slopes = {"pressure": 1, "temperature": 1}
    rising = {each: Bounds(*(inputs[each] if slope > 0 else inputs[each][::-1])) for each, slope in slopes.items()}
    return Bounds(
        *(derive(name, _rows({each: found[edge] for each, found in rising.items()}), place) for edge in (0, 1))
    )


def _felt(inputs: Inputs) -> Bounds:
    """Wind may make it colder, if there is any; heat is not followed."""
    temperature, wind = inputs["temperature"], inputs.get("wind_speed")
    low: Column = temperature.low
    if wind is not None:
        chilled = derive("wind_chill", _rows({"temperature": temperature.low, "wind_speed": wind.high}), Place())
        low = [mild if cold is None else cold for cold, mild in zip(chilled, low, strict=True)]
    return _below_hot(Bounds(low, temperature.high), inputs)


def _below_hot(found: Bounds, inputs: Inputs) -> Bounds:
    """Keep the bounds where it is surely not hot."""
    hottest = inputs["temperature"].high
    is_hot = [high is not None and high >= _HOT_C for high in hottest]
    low, high = (
        [edge if hot else value for value, hot in zip(column, is_hot, strict=True)]
        for column, edge in zip(found, (-math.inf, math.inf), strict=True)
    )
    return Bounds(low, high)


def _known(column: Column, needed: Sequence[Column], edge: float) -> Column:
    """Put an edge where a formula says nothing though all inputs are there, such as the dew point of dry air."""
    return [
        None if None in given else edge if value is None else value
        for value, *given in zip(column, *needed, strict=True)
    ]


def _moved(column: Column, by: float) -> Column:
    return [None if value is None else value + by for value in column]


class _Single(NamedTuple):
    value: Column

    @property
    def low(self) -> Column:
        return self.value

    @property
    def high(self) -> Column:
        return self.value


def _rows(columns: Mapping[str, Column]) -> Rows:
    count = len(next(iter(columns.values())))
    return Rows([0.0] * count, [None] * count, {name: _Single(column) for name, column in columns.items()})
