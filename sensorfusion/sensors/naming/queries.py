"""What a sensor's device calls its quantities."""

from collections.abc import Collection

from django.db.models import QuerySet

from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming.models import SourceField


def labels_of(sensors: Collection[int]) -> dict[int, dict[str, str]]:
    """Return the labels of quantities that people named on their devices, by sensor and quantity."""
    named = SourceField.objects.filter(sensor__in=sensors).exclude(label="").exclude(quantity="")
    labels: dict[int, dict[str, str]] = {}
    for sensor, quantity, label in named.values_list("sensor", "quantity", "label"):
        labels.setdefault(sensor, {})[quantity] = label
    return labels


def labels_of_one(sensor: Sensor) -> dict[str, str]:
    """Return the labels of one sensor's quantities."""
    return labels_of([sensor.pk]).get(sensor.pk, {})


def fields_of(sensor: Sensor) -> QuerySet[SourceField]:
    """Select the fields that the sensor's device has sent, in the order of their quantities."""
    return SourceField.objects.filter(sensor=sensor).exclude(source="").order_by("quantity", "source")
