"""Entities of Home Assistant in the line protocol: what each measures, by its device class, its name and its unit.

Home Assistant sends the unit as the measurement and the entity in the tag `entity_id`; the state is the field `value`,
or `state` if it is a text. An entity has a name of its own, such as `outside_temperature`, so the quantity that it
feeds is a further source of one of the catalogue, `temperature:outside_temperature`, as long as the unit fits.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from sensorfusion.domain.line_protocol import Point
from sensorfusion.domain.normalise import is_number
from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.quantities.names import fold, fold_which
from sensorfusion.domain.units import UnknownUnit, WrongUnit, converter, unit_of
from sensorfusion.ingest.doors.payloads import NAMES
from sensorfusion.ingest.steps.batch import Field, Meaning
from sensorfusion.ingest.steps.naming import folded

# The quantities of Home Assistant's device classes that are spelled differently here.
DEVICE_CLASSES: Final[Mapping[str, str]] = {
    "atmospheric_pressure": "pressure",
    "irradiance": "solar_radiation",
    "carbon_dioxide": "co2",
    "carbon_monoxide": "co",
    "nitrogen_dioxide": "no2",
    "sulphur_dioxide": "so2",
    "ozone": "o3",
    "pm25": "pm2_5",
    "precipitation_intensity": "rain_rate",
    "volatile_organic_compounds_parts": "voc",
    "moisture": "soil_moisture",
}
# The quantity of a unit that only one kind of sensor has.
BY_DIMENSION: Final[Mapping[str, str]] = {
    "temperature": "temperature",
    "pressure": "pressure",
    "illuminance": "illuminance",
    "irradiance": "solar_radiation",
    "rain rate": "rain_rate",
    "voltage": "voltage",
    "current": "current",
    "power": "power",
    "energy": "energy",
    "signal level": "signal_strength",
}
# Measurements of entities without a unit, and names that are usual for a single measurement of all entities.
NO_UNITS: Final = frozenset(("state", "states", "units", "unit", "home", "homeassistant", "home_assistant", "ha"))
_UNIT_FIELDS: Final = ("unit_of_measurement_str", "unit_of_measurement")
_CLASS_FIELDS: Final = ("device_class_str", "device_class")
_LABEL_FIELDS: Final = ("friendly_name_str", "friendly_name")


def is_entity(point: Point) -> bool:
    """Return whether a point is the state of an entity."""
    return bool(point.tags.get("entity_id"))


def entity_fields(point: Point) -> Iterator[Field]:
    """Yield the state of an entity as a quantity, and its other fields under its own name."""
    entity, domain = point.tags["entity_id"], point.tags.get("domain", "")
    source = f"{domain}.{entity}" if domain else entity
    for name, value in point.fields.items():
        if name == "value":
            yield _state(point, source, value)
        else:
            yield Field(
                f"{source} {name}", value, fold(f"{entity}.{name}"), which=domain or "entity", also=f"{entity}.{name}"
            )


def _state(point: Point, source: str, value: object) -> Field:
    entity, unit = point.tags["entity_id"], _unit(point)
    whole = _meaning(entity)
    if whole:
        return Field(source, _in_unit(value, unit), whole.quantity, whole.unit, which=source, also=entity)
    base = next((each for each in _bases(point, unit) if _fits(unit, each)), "") if unit and is_number(value) else ""
    label = _text(point, _LABEL_FIELDS)
    if base:
        quantity = f"{base}:{fold_which(entity)}"
        return Field(source, _in_unit(value, unit), quantity, which=source, also=entity, label=label)
    if not unit:
        return Field(source, value, fold(entity), which=point.tags.get("domain", ""), also=entity, label=label)
    label = f"{label or entity} ({unit})"
    return Field(f"{source} [{unit}]", value, fold(entity), which=unit, also=entity, label=label)


def _unit(point: Point) -> str:
    """Return the unit of an entity, as it is written; empty if it has none."""
    unit = _text(point, _UNIT_FIELDS) or point.measurement.strip()
    entity, domain = point.tags["entity_id"], point.tags.get("domain", "")
    is_no_unit = unit.lower() in NO_UNITS or unit in (entity, domain, f"{domain}.{entity}") or "__" in unit
    return "" if is_no_unit else unit


def _meaning(name: str) -> Meaning | None:
    """Return the quantity and unit that a whole name stands for."""
    known = known_quantity(name)
    return Meaning(known.name, known.unit) if known else NAMES.get(folded(name))


def _bases(point: Point, unit: str) -> Iterator[str]:
    """Yield the quantities that an entity may be of: by its device class, the end of its name, and its unit."""
    declared = _text(point, _CLASS_FIELDS) or point.measurement.rpartition("__")[2]
    yield DEVICE_CLASSES.get(declared, declared)
    words = point.tags["entity_id"].split("_")
    for start in range(1, len(words)):
        meaning = _meaning("_".join(words[start:]))
        if meaning:
            yield meaning.quantity
    try:
        yield BY_DIMENSION.get(unit_of(unit).dimension, "")
    except UnknownUnit:
        return


def _fits(unit: str, quantity: str) -> bool:
    known = known_quantity(quantity) if quantity else None
    if known is None or not known.unit or known.kind != "number":
        return False
    try:
        converter(unit, known.unit)
    except (UnknownUnit, WrongUnit):
        return False
    return True


def _in_unit(value: object, unit: str) -> object:
    return {"value": value, "unit": unit} if unit else value


def _text(point: Point, names: tuple[str, ...]) -> str:
    return next((value for name in names if isinstance(value := point.fields.get(name), str) and value), "")
