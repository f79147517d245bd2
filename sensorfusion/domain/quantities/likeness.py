"""Known words in the names of quantities that are not in the catalogue: `freezer_temperature` is in degrees Celsius.

Only words whose unit is the same wherever they are used count: `tank_level` may be in per cent or centimetres, and
`inlet_pressure` in bar, so those say nothing. What the sender or the owner says of a unit is stronger.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sensorfusion.domain.quantities import ALIASES, CATALOGUE, known_quantity
from sensorfusion.domain.quantities.quantity import Quantity
from sensorfusion.domain.units import UnknownUnit, unit_of

_AT_THE_END: Final = frozenset(
    (
        *("temperature", "dew_point", "humidity", "soil_moisture", "co2", "pm1", "pm2_5", "pm10", "illuminance"),
        *("power", "energy", "current", "voltage", "battery", "battery_voltage", "signal_strength"),
    )
)
# At the beginning other nouns follow: current_speed is no current, and power_supply no power.
_AT_THE_BEGINNING: Final = frozenset(("temperature", "dew_point", "humidity", "co2"))
# Words that make something else of what they follow: humidity_alarm is no humidity.
_SOMETHING_ELSE: Final = frozenset(
    (
        *("alarm", "alert", "count", "error", "factor", "fault", "grade", "index", "level", "quality", "ratio"),
        *("sensor", "state", "status", "text", "time", "trend"),
    )
)
_COUNTS: Final = frozenset(
    (
        *("clicks", "count", "counter", "counts", "cycles", "errors", "events", "number", "people", "persons"),
        *("pulses", "reboots", "restarts", "steps", "strikes", "visits", "visitors"),
    )
)
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """A quantity of the catalogue that a name is like, and the unit of its numbers (UCUM)."""

    entry: Quantity
    unit: str


@lru_cache(maxsize=4096)
def likeness(name: str) -> Likeness | None:
    """Return what a name outside the catalogue says of its quantity, or None."""
    if known_quantity(name) is not None:
        return None
    words = _words(name)
    *before, last = words or [""]
    if before and (last.isdigit() or (len(last) == 1 and last not in "cf")):  # a probe's number or letter
        words = before
    return _at_the_end(words) or _in_its_own_unit(words) or _at_the_beginning(words)


def is_count(name: str) -> bool:
    """Return whether a name outside the catalogue is that of a number of things."""
    return _words(name)[-1:] != [] and _words(name)[-1] in _COUNTS


def _words(name: str) -> list[str]:
    """Split at punctuation and at capitals: freezerTemperature is freezer and temperature."""
    lower = re.sub(r"pm2[._]?5", "pm25", name, flags=re.IGNORECASE)
    parts = [part for part in re.split(r"[_.:\-]+", lower) if part]
    return [word.lower() for part in parts for word in ([part] if _is_code(part) else _WORD.findall(part) or [part])]


def _is_code(part: str) -> bool:
    """Return whether a part is a word with its digits: co2, pm25."""
    return part.lower() in ("co2", "pm1", "pm10", "pm25")


def _at_the_end(words: list[str]) -> Likeness | None:
    for start in range(1, len(words)):
        found = _known("_".join(words[start:]), _AT_THE_END)
        if found:
            return Likeness(found, found.unit)
    return None


def _in_its_own_unit(words: list[str]) -> Likeness | None:
    """Return the likeness of a name that ends with its unit: boiler_temperature_f, main_power_kw."""
    if len(words) < 2:  # a word and its unit
        return None
    *before, spelling = words
    if spelling in _SOMETHING_ELSE:
        return None
    found = _known("_".join(before), _AT_THE_END) or getattr(_at_the_end(before), "entry", None)
    try:
        unit = unit_of(spelling) if found else None
    except UnknownUnit:
        return None
    if unit is None or found is None or unit.dimension != unit_of(found.unit).dimension:
        return None
    return Likeness(found, unit.code)


def _at_the_beginning(words: list[str]) -> Likeness | None:
    for end in range(len(words) - 1, 0, -1):
        found = _known("_".join(words[:end]), _AT_THE_BEGINNING)
        if found and not _SOMETHING_ELSE & set(words[end:]):
            return Likeness(found, found.unit)
    return None


def _known(name: str, among: frozenset[str]) -> Quantity | None:
    entry = CATALOGUE.get(ALIASES.get(name, name))
    return entry if entry and entry.name in among else None
