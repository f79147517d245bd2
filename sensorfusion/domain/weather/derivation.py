"""Derivation of quantities from others, by name: the inputs of each, and its values for rows of inputs.

The formulas and their sources are in `derived`, `evaporation` and `counters`. A quantity that a sensor sends itself is
not derived, except for the time before it did.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from sensorfusion.domain.counters import Number, Totals, growth, hourly_rate
from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.weather import derived, evaporation

COUNTERS: Final = ("rain_total", "rain_year", "rain_month", "rain_week", "rain_event", "rain_day")
Fact = Literal["elevation", "place"]
Inputs = Mapping[str, Totals]


class Place(NamedTuple):
    """The location of a sensor, as far as it is known."""

    latitude: float | None = None
    longitude: float | None = None
    elevation_m: float | None = None

    def knows(self, fact: Fact) -> bool:
        if fact == "elevation":
            return self.elevation_m is not None
        return self.latitude is not None and self.longitude is not None


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of inputs: the instant of the last reading of each (epoch seconds), and the hours that it stands for.

    These are the hours since the row before, never the width of a bucket: hourly rain is an hour's also where it is the
    only reading of five minutes. `growth` of counters is set where it is known better than from their values.
    """

    t: Sequence[float]
    hours: Sequence[Number]
    inputs: Inputs
    growth: Mapping[str, Sequence[Number]] = field(default_factory=dict)

    def values(self, name: str) -> Sequence[Number]:
        found = self.inputs.get(name)
        return [None] * len(self.t) if found is None else found.value


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one quantity is derived.

    `needs`: required quantities, each with alternatives of which the first available is used; `takes`: optional ones.
    `at_once`: one reading is enough, without those before it.
    """

    needs: tuple[tuple[str, ...], ...]
    column: Callable[[Rows, Place], list[Number]]
    takes: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    at_once: bool = True

    def inputs(self, sent: Collection[str], place: Place, *, earlier: bool = False) -> tuple[str, ...] | None:
        """Return the quantities it will be derived from, None if it cannot be.

        :param earlier: also those that tell it before the preferred ones began.
        """
        found = [[name for name in names if name in sent] for names in self.needs]
        if not all(found) or not all(place.knows(fact) for fact in self.facts):
            return None
        needed = [name for names in found for name in (names if earlier else names[:1])]
        return (*needed, *(name for name in self.takes if name in sent))

    def has_alternatives(self, inputs: Sequence[str]) -> bool:
        return any(len(set(names).intersection(inputs)) > 1 for names in self.needs)

    def telling(self, inputs: Sequence[str], tells: Callable[[str, Sequence[str]], bool]) -> tuple[str, ...]:
        """Leave out alternatives that tell nothing beside those that are preferred to them."""
        kept: list[str] = []
        for name in inputs:
            alternatives = next((names for names in self.needs if name in names), ())
            preferred = [each for each in kept if each in alternatives]
            if not preferred or tells(name, preferred):
                kept.append(name)
        return tuple(kept)

    def given(self, rows: Inputs) -> list[list[Number]]:
        """Return a column of each need, alternatives joined."""
        found = ([rows[name].value for name in names if name in rows] for names in self.needs)
        return [chained(columns) for columns in found]


def chained(columns: Sequence[Sequence[Number]]) -> list[Number]:
    """Join columns by preference: each from its first value on, and those behind it before."""
    *preferred, last = columns
    found = list(last)
    for column in reversed(preferred):
        begin = next((place for place, value in enumerate(column) if value is not None), len(column))
        found[begin:] = column[begin:]
    return found


def derivable(sent: Collection[str], place: Place, *, earlier: bool = False) -> dict[str, tuple[str, ...]]:
    """Return what can be derived for a sensor that sends these quantities, each with its inputs."""
    offered = {
        name: recipe.inputs(sent, place, earlier=earlier) for name, recipe in RECIPES.items() if name not in sent
    }
    return {name: inputs for name, inputs in offered.items() if inputs}


def joinable(sent: Collection[str], place: Place, *, asked: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return what a sensor sends, but could be derived for the time before it did, with its inputs."""
    wanted = [name for name in asked if name in sent and name in RECIPES]
    others = {name: [each for each in sent if each != name] for name in wanted}
    offered = {name: RECIPES[name].inputs(others[name], place, earlier=True) for name in wanted}
    return {name: inputs for name, inputs in offered.items() if inputs}


def derive(name: str, rows: Rows, place: Place) -> list[Number]:
    """Derive one quantity for each row, None where an input is missing.

    :raises KeyError: for a quantity that has no recipe.
    """
    return RECIPES[name].column(rows, place)


def derive_now(
    values: Mapping[str, object], at: datetime, place: Place, *, names: Collection[str] | None = None
) -> dict[str, float]:
    """Derive everything that one reading is enough for, or the named ones of that, rounded as it is shown."""
    numbers = {name: float(value) for name, value in values.items() if is_number(value)}
    wanted = AT_ONCE if names is None else AT_ONCE.intersection(names)
    possible = [name for name in derivable(numbers, place) if name in wanted]
    return derive_these(possible, numbers, at.timestamp(), place)


def derive_these(names: Iterable[str], numbers: Mapping[str, float], at: float, place: Place) -> dict[str, float]:
    """Derive quantities for which these numbers are known to be enough, rounded as they are shown."""
    rows = Rows([at], [None], {name: _Single([value]) for name, value in numbers.items()})
    found = {name: derive(name, rows, place)[0] for name in names}
    return {name: round(value, CATALOGUE[name].decimals + 1) for name, value in found.items() if value is not None}


class _Single(NamedTuple):
    value: list[Number]

    @property
    def low(self) -> list[Number]:
        return self.value

    @property
    def high(self) -> list[Number]:
        return self.value


def _pointwise(
    formula: Callable[..., float | None], *needs: str, takes: tuple[str, ...] = (), elevation: bool = False
) -> Recipe:
    """Build the recipe of a formula that takes one value of each quantity, by its name."""

    def column(rows: Rows, place: Place) -> list[Number]:
        names = (*needs, *takes)
        more = {"elevation_m": place.elevation_m} if elevation else {}
        columns = [rows.values(name) for name in names]
        return [_value(formula, names, values, len(needs), more) for values in zip(*columns, strict=True)]

    return Recipe(tuple((name,) for name in needs), column, takes, ("elevation",) if elevation else ())


def _value(
    formula: Callable[..., float | None],
    names: Sequence[str],
    values: Sequence[Number],
    needed: int,
    more: Mapping[str, Number],
) -> Number:
    if None in values[:needed]:
        return None
    return formula(**dict(zip(names, values, strict=True)), **more)


def _rain(rows: Rows, place: Place) -> list[Number]:
    """Return the amounts: what the sensor sends itself, and what a counter tells of the time before."""
    own = [rows.values("rain")] if "rain" in rows.inputs else []
    counters = [name for name in COUNTERS if name in rows.inputs]
    return chained([*own, *(rows.growth.get(name) or growth(rows.inputs[name]) for name in counters)])


def _rain_rate(rows: Rows, place: Place) -> list[Number]:
    return hourly_rate(_rain(rows, place), rows.hours)


def _evapotranspiration(rows: Rows, place: Place) -> list[Number]:
    """Compute the amount of each row; the last known clearness of the sky is used through the night."""
    columns = [rows.values(name) for name in _EVAPORATES]
    where = {"latitude": place.latitude or 0.0, "longitude": place.longitude or 0.0}
    where["elevation_m"] = place.elevation_m or 0.0
    found: list[Number] = []
    clear: float | None = None
    for t, hours, *values in zip(rows.t, rows.hours, *columns, strict=True):
        known = [value for value in values if value is not None]
        if len(known) < len(values) or not hours:
            found.append(None)
            continue
        at = datetime.fromtimestamp(t - hours * 1800, UTC)  # the middle of the hours that the row stands for
        clear = evaporation.clearness(at=at, solar_radiation=known[3], **where) or clear
        weather = dict(zip(_EVAPORATES, known, strict=True))
        found.append(hours * evaporation.hourly(at=at, clearness=clear, **weather, **where))
    return found


_EVAPORATES: Final = ("temperature", "humidity", "wind_speed", "solar_radiation")

RECIPES: Final[Mapping[str, Recipe]] = MappingProxyType(
    {
        "dew_point": _pointwise(derived.dew_point, "temperature", "humidity"),
        "feels_like": _pointwise(derived.feels_like, "temperature", takes=("humidity", "wind_speed")),
        "heat_index": _pointwise(derived.heat_index, "temperature", "humidity"),
        "wind_chill": _pointwise(derived.wind_chill, "temperature", "wind_speed"),
        "apparent_temperature": _pointwise(derived.apparent_temperature, "temperature", "humidity", "wind_speed"),
        "humidex": _pointwise(derived.humidex, "temperature", "humidity"),
        "absolute_humidity": _pointwise(derived.absolute_humidity, "temperature", "humidity"),
        "vapour_pressure_deficit": _pointwise(derived.vapour_pressure_deficit, "temperature", "humidity"),
        "sea_level_pressure": _pointwise(derived.sea_level_pressure, "pressure", "temperature", elevation=True),
        "beaufort": _pointwise(derived.beaufort, "wind_speed"),
        "rain": Recipe((COUNTERS,), _rain, at_once=False),
        "rain_rate": Recipe((("rain", *COUNTERS),), _rain_rate, at_once=False),
        "reference_evapotranspiration": Recipe(
            tuple((name,) for name in _EVAPORATES), _evapotranspiration, facts=("place",), at_once=False
        ),
    }
)

# What one reading is enough for.
AT_ONCE: Final = frozenset(name for name, recipe in RECIPES.items() if recipe.at_once)
