"""The fields of a point of the line protocol: their identity, and the quantities that they are to feed.

A series is a measurement with all of its tags and a field, as in InfluxDB, so points that differ in one tag only are
different sources. A field with a common name feeds that quantity; its first source has the quantity's own name, others
are told apart by their tags. Any other field is named by measurement, field and the tags that number the things of one
host, `cpu.usage_idle:cpu0`; a tag that says where the sender is, such as `host`, shows in the name only if it must.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from sensorfusion.domain.line_protocol import Point
from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.quantities.names import LONGEST, fold, fold_which
from sensorfusion.ingest.doors.home_assistant import entity_fields, is_entity
from sensorfusion.ingest.doors.payloads import NAMES
from sensorfusion.ingest.steps.batch import Field, Meaning
from sensorfusion.ingest.steps.naming import folded

# Tags that say which device or place sends, not which of its parts.
PLACES: Final = frozenset(
    (
        *("sensor", "sensor_id", "sensorid", "station", "station_id", "device", "device_id", "deviceid", "dev_eui"),
        *("host", "hostname", "node", "node_id", "source", "src", "mac", "id", "uid", "ssid", "bssid", "ip", "url"),
        *("room", "location", "loc", "site", "place", "region", "area", "floor", "building", "topic", "name"),
        *("model", "type", "version", "firmware", "fw", "unit", "units"),
    )
)
# These describe a part that another tag names: they are in its identity, and not in its name.
DESCRIPTIONS: Final = frozenset(("fstype", "mode", "label", "model", "serial_no", "wwn", "driver"))
# Tags that hold the unit of the field `value`.
UNITS: Final = ("unit", "units", "unit_of_measurement")


def fields_of_point(point: Point, *, named_by: str = "") -> Iterator[Field]:
    """Yield the fields of a point; `named_by` is the tag that names the sensor of a gateway's point."""
    if is_entity(point) and named_by != "entity_id":
        yield from entity_fields(point)
        return
    told: _Told | None = None  # by the tags, which are looked at once for all fields, and not at all for known ones
    for name, value in point.fields.items():
        known = _remembered.get((point.key, named_by, name))
        if known is None:
            told = told or _told(point, named_by)
            known = _remember(point, told, named_by, name)
        yield Field(known.source, {"value": value, "unit": known.unit} if known.unit else value, *known.others)


class _Told(NamedTuple):
    """What the measurement and the tags of a point say of all its fields."""

    series: str
    which: str
    part: str
    unit: str


class _Known(NamedTuple):
    """A field without its value: its source, the unit that a tag gives it, and what follows the value in `Field`."""

    source: str
    unit: str
    others: tuple[Any, ...]


# By key of the series, the tag that names the sensor, and name of the field. A sender repeats its names for ever.
_remembered: dict[tuple[str, str, str], _Known] = {}
_MOST_REMEMBERED: Final = 8_192
_LONGEST_REMEMBERED: Final = 256  # characters of key and name: so they are 10 MB at most


def _told(point: Point, named_by: str) -> _Told:
    return _Told(point.series(without=named_by), _which(point, named_by), _part(point, named_by), _unit(point))


def _remember(point: Point, told: _Told, named_by: str, name: str) -> _Known:
    known = _described(point.measurement, told, name)
    if point.key and len(point.key) + len(name) <= _LONGEST_REMEMBERED:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        _remembered[point.key, named_by, name] = known
    return known


def _described(measurement: str, told: _Told, name: str) -> _Known:
    """Return what a field is, whatever its value."""
    is_value = name == "value"
    own = measurement if is_value else f"{measurement}.{name}"
    called = own if is_value else name
    source, unit = f"{told.series} {name}", told.unit if is_value else ""
    if meaning := _meaning(called):
        return _Known(source, unit, (meaning.quantity, meaning.unit, told.which, meaning.rank, "", called))
    label = f"{own} ({unit})" if unit else own
    return _Known(source, unit, (_name(own, told.part), "", told.which, 0, label, own))


def _unit(point: Point) -> str:
    """Return the unit that a tag names, if it can be one: `unit=3` numbers something."""
    unit = next((point.tags[tag] for tag in UNITS if tag in point.tags), "")
    return unit if any(letter.isalpha() or letter in "%°" for letter in unit) else ""


def _meaning(name: str) -> Meaning | None:
    """Return the quantity that a name stands for on all devices."""
    known = known_quantity(name)
    return Meaning(known.name) if known else NAMES.get(folded(name))


def _which(point: Point, named_by: str) -> str:
    """Return what tells this source from another of the same quantity: its part, else where it is."""
    tags = {tag: value for tag, value in sorted(point.tags.items()) if tag != named_by}
    places = [value for tag, value in tags.items() if tag.lower() not in DESCRIPTIONS]
    return ".".join(_parts(tags, named_by) or places or tags.values()) or point.measurement


def _parts(tags: Mapping[str, str], named_by: str) -> list[str]:
    """Return the values of the tags that number the things of one sender."""
    left_out = PLACES | DESCRIPTIONS | {named_by}
    return ["root" if value == "/" else value for tag, value in sorted(tags.items()) if tag.lower() not in left_out]


def _part(point: Point, named_by: str) -> str:
    """Return the part of its sender that a point is of, as names hold it."""
    return fold_which(".".join(_parts(point.tags, named_by)))


def _name(own: str, part: str) -> str:
    """Return the name of a quantity outside the catalogue, with the part that it is of."""
    return f"{fold(own, longest=LONGEST - len(part) - 1)}:{part}" if part else fold(own)
