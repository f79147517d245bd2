"""Labels of quantities are those of the sensor's own fields."""

from sensorfusion.sensors.naming.models import SourceField
from sensorfusion.sensors.naming.queries import labels_of, labels_of_one
from tests.conftest import Cast


def test_labels_are_those_of_the_sensors_own_fields(cast: Cast) -> None:
    SourceField.objects.bulk_create(
        SourceField(sensor=sensor, source=source, quantity=quantity, label=label)
        for sensor, source, quantity, label in (
            (cast.sensor, "Vorlauf °C", "Vorlauf_degC", "Vorlauf °C"),
            (cast.sensor, "DS18B20-1.Temperature", "temperature", ""),
            (cast.sensor, "Rücklauf", "", "Rücklauf"),
            (cast.other_sensor, "Vorlauf", "Vorlauf_degC", "Vorlauf"),
        )
    )

    assert labels_of([cast.sensor.pk, cast.other_sensor.pk]) == {
        cast.sensor.pk: {"Vorlauf_degC": "Vorlauf °C"},
        cast.other_sensor.pk: {"Vorlauf_degC": "Vorlauf"},
    }
    assert labels_of_one(cast.sensor) == {"Vorlauf_degC": "Vorlauf °C"}


def test_a_sensor_without_fields_has_no_labels(cast: Cast) -> None:
    assert labels_of([cast.sensor.pk]) == {}
    assert labels_of_one(cast.sensor) == {}
