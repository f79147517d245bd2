"""What a sensor's device calls its quantities."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.db.models import QuerySet

from sensorfusion.domain.quantities import known_quantity
from sensorfusion.domain.quantities.settings import stored
from sensorfusion.domain.units import UnknownUnit, unit_of
from sensorfusion.events.prepared import fetch
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.models import SourceField
from sensorfusion.web.values.presentation import Presentation

_NAMED: Final = """
SELECT sensor_id, quantity, source, label FROM sensors_sourcefield
WHERE sensor_id = ANY(%(sensors)s) AND label <> '' AND quantity <> ''
"""


def presentations_of(sensors: Sequence[Sensor]) -> dict[int, Presentation]:
    """Return how quantities of sensors are shown: the names and units of their devices, and the owners' settings."""
    fields: dict[int, list[tuple[str, str, str]]] = {}
    for sensor, *field in fetch(_NAMED, {"sensors": [each.pk for each in sensors]}):
        fields.setdefault(sensor, []).append((field[0], field[1], field[2]))
    return {each.pk: _presentation(each, fields.get(each.pk, ())) for each in sensors}


def presentation_of(sensor: Sensor) -> Presentation:
    """Return how the quantities of one sensor are shown."""
    return presentations_of([sensor])[sensor.pk]


def labels_of_one(sensor: Sensor) -> dict[str, str]:
    """Return what people call the quantities of one sensor."""
    found = presentation_of(sensor)
    return {name: label for name in {*found.labels, *found.settings} if (label := found.label(name))}


def _presentation(sensor: Sensor, fields: Iterable[tuple[str, str, str]]) -> Presentation:
    labels: dict[str, str] = {}
    units: dict[str, str] = {}
    for quantity, source, label in fields:
        label, unit = _label_and_unit(quantity, source, label)
        if label:
            labels[quantity] = label
        if unit:
            units[quantity] = unit
    return Presentation(labels, units, stored(sensor.quantities))


def _label_and_unit(quantity: str, source: str, label: str) -> tuple[str, str]:
    """Split a label that ends with the sender's unit: "flow (L/min)", see `ingest.steps.naming`.

    A quantity of the catalogue is stored in the catalogue's unit.
    """
    name, _, unit = source.removesuffix("]").rpartition(" [")
    if not unit or label != f"{name} ({unit})" or known_quantity(quantity) is not None:
        return label, ""
    return "" if name == quantity else name, _code(unit)


def _code(unit: str) -> str:
    try:
        return unit_of(unit).code
    except UnknownUnit:
        return unit


def fields_of(sensor: Sensor) -> QuerySet[SourceField]:
    """Select the fields that the sensor's device has sent, in the order of their quantities."""
    return SourceField.objects.filter(sensor=sensor).exclude(source="").order_by("quantity", "source")
