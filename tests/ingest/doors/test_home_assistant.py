"""Entities of Home Assistant: a unit that is written is never lost, whatever the entity is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.line_protocol import Point
from sensorfusion.domain.normalise import check_values
from sensorfusion.domain.quantities import CATALOGUE
from sensorfusion.domain.units import UNITS
from sensorfusion.ingest.doors.home_assistant import BY_DIMENSION, DEVICE_CLASSES, NO_UNITS, entity_fields
from sensorfusion.ingest.steps.batch import Field, Sent
from sensorfusion.ingest.steps.naming import named


def state(entity: str, unit: str, value: object = 70.1, domain: str = "sensor", **attributes: str) -> Field:
    fields = {"value": value, **{f"{name}_str": text for name, text in attributes.items()}}
    return next(iter(entity_fields(Point(1, unit, {"domain": domain, "entity_id": entity}, fields, 7))))  # type: ignore[arg-type]


def stored(field: Field) -> dict[str, object]:
    return dict(check_values(named(Sent({}, fields=[field]), None).values)[0])


@pytest.mark.parametrize(
    ("entity", "unit", "device_class", "quantity", "value"),
    [
        ("outside_temperature", "°F", "", "temperature:outside_temperature", 21.1667),
        ("outside", "°F", "", "temperature:outside", 21.1667),
        ("temperature", "°F", "", "temperature", 21.1667),
        ("outside_humidity", "%", "", "humidity:outside_humidity", 70.1),
        ("phone_battery_level", "%", "", "battery:phone_battery_level", 70.1),
        ("pump", "%", "moisture", "soil_moisture:pump", 70.1),
        ("barometer_2", "inHg", "", "pressure:barometer_2", 2373.859),
        ("gust", "mph", "wind_speed", "wind_gust", 31.3375),
        ("meter", "Wh", "", "energy:meter", 0.0701),
    ],
)
def test_an_entity_is_a_source_of_the_quantity_it_measures(
    entity: str, unit: str, device_class: str, quantity: str, value: float
) -> None:
    field = state(entity, unit, **({"device_class": device_class} if device_class else {}))

    assert field.quantity == quantity
    if quantity != "pressure:barometer_2":  # no such pressure
        assert stored(field) == {quantity: pytest.approx(value, abs=1e-3)}


@pytest.mark.parametrize("unit", ["furlong", "L/min", "kn/h", "cm"])
def test_a_unit_that_fits_no_quantity_is_in_the_identity_and_the_label(unit: str) -> None:
    field = state("tank", unit, friendly_name="Rain tank")

    assert (field.source, field.label) == (f"sensor.tank [{unit}]", f"Rain tank ({unit})")
    assert stored(field) == {"tank": 70.1}


def test_a_unit_that_is_not_understood_is_refused_for_a_quantity_of_the_catalogue() -> None:
    _, _, refused = check_values(named(Sent({}, fields=[state("temperature", "furlong")]), None).values)

    assert refused
    assert (refused[0].code, "furlong" in refused[0].detail) == ("unknown_unit", True)


@pytest.mark.parametrize("measurement", [*sorted(NO_UNITS), "binary_sensor.door", "door", "sensor__temperature"])
def test_entities_without_a_unit_have_none(measurement: str) -> None:
    field = state("door", measurement, 1.0, "binary_sensor")

    assert (field.source, field.quantity) == ("binary_sensor.door", "door")


def test_texts_and_attributes_are_kept_under_the_name_of_their_entity() -> None:
    point = Point(1, "state", {"domain": "light", "entity_id": "hall"}, {"state": "on", "brightness": 3.0}, 7)

    assert [(field.source, field.quantity) for field in entity_fields(point)] == [
        ("light.hall state", "hall.state"),
        ("light.hall brightness", "hall.brightness"),
    ]


def test_entities_of_two_domains_are_told_apart() -> None:
    assert state("door", "state", domain="sensor").source != state("door", "state", domain="binary_sensor").source


@given(st.sampled_from(sorted(UNITS)), st.from_regex(r"[a-z]{1,8}(_[a-z]{1,8}){0,2}", fullmatch=True))
def test_no_entity_loses_its_unit(unit: str, entity: str) -> None:
    field = state(entity, unit, 1.0)
    known = field.quantity.partition(":")[0] in CATALOGUE

    assert unit == "1" or (isinstance(field.value, dict) and known) or f"({unit})" in field.label


def test_tables_name_quantities_of_the_catalogue() -> None:
    assert {*BY_DIMENSION.values(), *DEVICE_CLASSES.values()} <= CATALOGUE.keys()
