"""What kind of thing a sensor is, proposed from the names of its quantities, and which of them is its main one.

A proposal is only where a page begins: owners choose another kind, and another quantity, in the sensor's settings.
"""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Final

from sensorfusion.domain.quantities import CATALOGUE, base_and_which
from sensorfusion.domain.quantities.device import is_of_the_device
from sensorfusion.domain.quantities.likeness import likeness
from sensorfusion.domain.texts.translation import gettext_noop


class Kind(StrEnum):
    WEATHER = "weather"
    ROOM = "room"
    FREEZER = "freezer"
    TANK = "tank"
    METER = "meter"
    CONTACT = "contact"
    AIR = "air"
    WATER = "water"
    SOIL = "soil"
    OTHER = "other"


KINDS: Final[dict[str, str]] = {
    Kind.WEATHER: gettext_noop("Weather station"),
    Kind.ROOM: gettext_noop("Room"),
    Kind.FREEZER: gettext_noop("Freezer or fridge"),
    Kind.TANK: gettext_noop("Tank"),
    Kind.METER: gettext_noop("Meter"),
    Kind.CONTACT: gettext_noop("Door, window or other contact"),
    Kind.AIR: gettext_noop("Air quality"),
    Kind.WATER: gettext_noop("Water"),
    Kind.SOIL: gettext_noop("Soil"),
    Kind.OTHER: gettext_noop("Something else"),
}
_SKY: Final = frozenset(
    (
        *("wind_speed", "wind_gust", "wind_direction", "sea_level_pressure", "solar_radiation", "cloud_cover"),
        *("rain", "rain_1h", "rain_24h", "rain_day", "rain_rate", "rain_total", "rain_event"),
    )
)
_COLD: Final = frozenset(["freezer", "fridge", "refrigerator", "cooler", "coldroom", "icebox"])
_OPENING: Final = frozenset(["door", "window", "gate", "contact", "lid", "hatch"])
_VESSEL: Final = frozenset(["tank", "cistern", "silo", "barrel", "fill"])
_BODY_OF_WATER: Final = frozenset(
    ("water", "pool", "pond", "aquarium", "lake", "river", "ph", "turbidity", "conductivity", "salinity", "tds")
)
_POLLUTION: Final = frozenset(("pm1", "pm2_5", "pm4", "pm10", "no2", "o3", "so2", "co", "voc", "aqi"))
_ENERGY: Final = frozenset(("power", "energy"))
_OF_A_ROOM: Final = frozenset(("co2", "occupancy", "indoor_temperature", "indoor_humidity"))
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def kind_of(names: Iterable[str]) -> Kind:
    """Propose a kind for a sensor with these quantities."""
    return _kind_of(tuple(names))


@lru_cache(maxsize=1024)
def _kind_of(names: tuple[str, ...]) -> Kind:
    present = [name for name in names if not is_of_the_device(name)]
    bases = {base_of(name) for name in present}
    words = {word for name in present for word in _words(name)}
    return next((kind for kind, is_it in _RULES if is_it(bases, words)), Kind.OTHER)


def is_room_or_yard(names: Iterable[str]) -> bool:
    """Return whether a sensor may hang in a room as well as outdoors: temperature and humidity alone do not tell."""
    present = [name for name in names if not is_of_the_device(name)]
    return {"temperature", "humidity"} <= set(present) and not _OF_A_ROOM & {base_of(name) for name in present}


def primary_of(kind: Kind, names: Iterable[str]) -> str | None:
    """Return the main quantity of a sensor of a kind; None if it has none that the kind is about."""
    return _primary_of(kind, tuple(names))


@lru_cache(maxsize=1024)
def _primary_of(kind: Kind, names: tuple[str, ...]) -> str | None:
    present = sorted((name for name in names if not is_of_the_device(name)), key=_place)
    for wanted in _PRIMARY[kind]:
        found = next((name for name in present if wanted(name)), None)
        if found is not None:
            return found
    return None


def base_of(name: str) -> str:
    """Return the quantity of the catalogue that a name is, is a further source of, or is like; else the name."""
    base = base_and_which(name)[0]
    like = None if base in CATALOGUE else likeness(name)
    return like.entry.name if like else base


def _is(*bases: str) -> Callable[[str], bool]:
    return lambda name: base_of(name) in bases


def _says(words: frozenset[str]) -> Callable[[str], bool]:
    return lambda name: bool(words & set(_words(name)))


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def _place(name: str) -> tuple[int, str]:
    """Return the place of a name: the first probe before the second, the catalogue before other names."""
    return (list(CATALOGUE).index(name) if name in CATALOGUE else len(CATALOGUE), name)


# In this order: a freezer may have a door, and a room a meter.
_RULES: Final[tuple[tuple[Kind, Callable[[set[str], set[str]], bool]], ...]] = (
    (Kind.WEATHER, lambda bases, words: bool(_SKY & bases)),
    (Kind.FREEZER, lambda bases, words: bool(_COLD & words) and "temperature" in bases),
    (Kind.CONTACT, lambda bases, words: "door_open" in bases or bool(_OPENING & words)),
    (Kind.TANK, lambda bases, words: "level" in bases or bool(_VESSEL & words)),
    (Kind.ROOM, lambda bases, words: bool({"co2", "occupancy"} & bases)),
    (Kind.AIR, lambda bases, words: bool(_POLLUTION & bases)),
    (Kind.METER, lambda bases, words: bool(_ENERGY & bases) and not {"temperature", "humidity"} & bases),
    (Kind.SOIL, lambda bases, words: bool({"soil_moisture", "soil_temperature", "leaf_wetness"} & bases)),
    (Kind.WATER, lambda bases, words: bool(_BODY_OF_WATER & words)),
    (Kind.CONTACT, lambda bases, words: "leak" in bases),
    (
        Kind.ROOM,
        lambda bases, words: (
            {"temperature", "humidity"} <= bases or bool({"indoor_temperature", "indoor_humidity"} & bases)
        ),
    ),
    (Kind.TANK, lambda bases, words: bases == {"distance"}),
    (Kind.METER, lambda bases, words: bool(_ENERGY & bases)),
)
_PRIMARY: Final[dict[Kind, tuple[Callable[[str], bool], ...]]] = {
    Kind.WEATHER: (_is("temperature"),),
    Kind.ROOM: (_is("co2"), _is("temperature", "indoor_temperature"), _is("humidity"), _is("occupancy")),
    Kind.FREEZER: (lambda name: _says(_COLD)(name) and _is("temperature")(name), _is("temperature")),
    Kind.TANK: (_is("level"), _says(_VESSEL), _is("distance")),
    Kind.METER: (_is("power"), _is("energy"), _is("current")),
    Kind.CONTACT: (_is("door_open"), _says(_OPENING), _is("leak"), _is("occupancy")),
    Kind.AIR: tuple(_is(name) for name in ("pm2_5", "pm10", "aqi", "no2", "o3", "voc", "pm1", "pm4", "so2", "co")),
    Kind.WATER: (_is("temperature"), _says(_BODY_OF_WATER)),
    Kind.SOIL: (_is("soil_moisture"), _is("soil_temperature"), _is("leaf_wetness")),
    Kind.OTHER: (),
}
