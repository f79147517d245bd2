"""Labels of quantities are those of the sensor's own fields."""

from sensorfusion.sensors.naming.models import SourceField
from sensorfusion.sensors.naming.queries import labels_of_one, presentation_of, presentations_of
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

    found = presentations_of([cast.sensor, cast.other_sensor])
    assert found[cast.sensor.pk].labels == {"Vorlauf_degC": "Vorlauf °C"}
    assert found[cast.other_sensor.pk].labels == {"Vorlauf_degC": "Vorlauf"}
    assert labels_of_one(cast.sensor) == {"Vorlauf_degC": "Vorlauf °C"}


def test_a_sensor_without_fields_has_no_labels(cast: Cast) -> None:
    assert presentation_of(cast.sensor).labels == {}
    assert labels_of_one(cast.sensor) == {}


def test_the_unit_that_a_sender_writes_is_shown_with_the_numbers_and_not_in_the_name(cast: Cast) -> None:
    SourceField.objects.bulk_create(
        SourceField(sensor=cast.sensor, source=source, quantity=quantity, label=label)
        for source, quantity, label in (
            ("freezer_temperature [°F]", "freezer_temperature", "freezer_temperature (°F)"),
            ("Durchfluss [L/min]", "Durchfluss_L_min", "Durchfluss (L/min)"),
            ("air [°F]", "temperature", "air (°F)"),  # mapped to the catalogue, so stored in °C
        )
    )

    found = presentation_of(cast.sensor)

    assert found.units == {"freezer_temperature": "[degF]", "Durchfluss_L_min": "L/min"}
    assert found.labels == {"Durchfluss_L_min": "Durchfluss", "temperature": "air (°F)"}
    assert found.display("freezer_temperature", "metric").text(0) == "0.0\u00a0°F"
    assert found.display("Durchfluss_L_min", "metric").text(3.25) == "3.25\u00a0L/min"


def test_what_the_owner_says_is_stronger_than_what_the_device_says(cast: Cast) -> None:
    SourceField.objects.create(sensor=cast.sensor, source="t1", quantity="probe", label="t1 of the device")
    cast.sensor.quantities = {"probe": {"label": "Top shelf", "unit": "Cel", "decimals": 2}}
    cast.sensor.save()

    found = presentation_of(cast.sensor)

    assert labels_of_one(cast.sensor) == {"probe": "Top shelf"}
    assert found.display("probe", "metric").text(-18.456) == "−18.46\u00a0°C"
