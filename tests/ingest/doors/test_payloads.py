"""JSON payloads of devices: what identifies a value, whatever else the message holds and in whatever order."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.ingest.doors.payloads import NAMES, device_fields, flatten, is_known
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.naming import named

PROBES = [{"id": "28ff01", "temp": 21.0, "hum": 40}, {"id": "28ff02", "temp": 3.5}, {"id": "28ff03", "temp": -8}]


def values(payload: Mapping[str, Any]) -> Mapping[str, object]:
    return named(Sent({}, fields=device_fields(payload, NAMES)), None).values


def test_elements_of_a_list_are_named_by_what_identifies_them() -> None:
    assert values({"probes": PROBES[:2]}) == {
        "probes.28ff01.temp": 21.0,
        "probes.28ff01.hum": 40,
        "probes.28ff02.temp": 3.5,
    }


@given(st.lists(st.sampled_from(PROBES), unique_by=lambda probe: str(probe["id"])))
def test_the_names_of_a_probe_do_not_depend_on_the_others(probes: list[dict[str, object]]) -> None:
    alone = [values({"probes": [probe]}) for probe in probes]

    assert values({"probes": probes}) == {name: value for one in alone for name, value in one.items()}


def test_elements_without_an_identity_are_numbered() -> None:
    assert flatten({"arr": [1, 2, {"a": 3}], "gps": {"lat": 1}}) == {"arr.0": 1, "arr.1": 2, "arr.2.a": 3, "gps.lat": 1}


def test_a_channel_tells_apart_what_has_the_same_type() -> None:
    payload = {"m": [{"type": "t", "channel": 1, "value": 5}, {"type": "t", "channel": 2, "value": 6}]}

    assert values(payload) == {"m.t.1": 5, "m.t.2": 6}


@pytest.mark.parametrize(
    "given",
    [
        {"value": 21, "unit": "°C"},
        {"value": 21, "units": "°C", "displayName": "Air temperature"},
        "21 °C",
        {"value": "21", "unit_of_measurement": "°C", "name": "Air temperature"},
    ],
)
def test_a_value_keeps_its_unit_in_every_form(given: object) -> None:
    value = values({"air_temperature": given})["temperature"]

    assert isinstance(value, dict)
    assert (float(value["value"]), value["unit"]) in ((21, "°C"), (21, "Cel"))


def test_a_unit_of_a_quantity_outside_the_catalogue_is_in_its_label() -> None:
    (field,) = device_fields({"range": {"value": 3, "unit": "furlong"}}, NAMES)

    assert (field.source, field.quantity, field.label) == ("range [furlong]", "range", "range (furlong)")


def test_the_same_name_in_another_unit_is_another_series() -> None:
    metres, feet = (device_fields({"range": {"value": 3, "unit": unit}}, NAMES)[0].source for unit in ("m", "ft"))

    assert metres != feet


@pytest.mark.parametrize("reading", [-127, "-127.00", 327.67, -327.68])
def test_a_probe_that_is_not_connected_is_missing(reading: object) -> None:
    assert values({"TempC_DS": reading, "TempC_SHT": 20}) == {"temperature": {"value": 20, "unit": "Cel"}}


def test_an_object_that_only_looks_like_a_value_is_flattened() -> None:
    assert flatten({"a": {"value": {"b": 1}}, "c": {"value": 1, "other": 2}}) == {
        "a.value.b": 1,
        "c.value": 1,
        "c.other": 2,
    }


def test_common_names_are_known() -> None:
    assert is_known("TempC_SHT")
    assert is_known("temperature")
    assert not is_known("usage_idle")
