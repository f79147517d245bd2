"""Records the quantities that an import begins, so that the device which is connected later continues them.

History is often imported first. Without a record, the device's field would be taken for a second source of the
quantity, and have a name of its own beside the series of the file. What the sensor had before the import has a source
already, and is left as it is.
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime

from sensorfusion.ingest.files.rows import Column
from sensorfusion.readings.models import SensorState
from sensorfusion.sensors.naming.models import SourceField


class Begun:
    """The quantities of the sensors that one import stores readings for."""

    def __init__(self, *, columns: Callable[[], Iterable[Column]], now: Callable[[], datetime]) -> None:
        self._columns = columns
        self._now = now
        self._known: dict[int, set[str]] = {}

    def add(self, sensor: int, quantities: AbstractSet[str]) -> None:
        """Record what is new to a sensor, before its first reading is stored."""
        if sensor not in self._known:
            self._known[sensor] = _had(sensor)
        new = quantities - self._known[sensor]
        self._known[sensor] |= new
        if new:
            self._record(sensor, sorted(new))

    def _record(self, sensor: int, quantities: Iterable[str]) -> None:
        labels = _labels(self._columns())
        SourceField.objects.bulk_create(
            [
                SourceField(
                    sensor_id=sensor, source="", quantity=name, label=labels.get(name, ""), first_at=self._now()
                )
                for name in quantities
            ],
            ignore_conflicts=True,  # a field of the device feeds it
        )


def _had(sensor: int) -> set[str]:
    state = SensorState.objects.filter(sensor=sensor).values_list("values", flat=True).first()
    return set(state or {})


def _labels(columns: Iterable[Column]) -> Mapping[str, str]:
    return {column.quantity: column.label for column in columns if column.label}
