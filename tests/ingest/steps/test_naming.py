"""A device's own names become quantities: by the sensor's settings first, then by the common vocabulary."""

import pytest

from sensorfusion.ingest.doors.payloads import NAMES, flatten
from sensorfusion.ingest.steps.batch import Meaning
from sensorfusion.ingest.steps.naming import folded, names_of, rename

FIELD = {"field1": Meaning("temperature", "[degF]"), "noise": Meaning("")}


def test_the_settings_name_quantities_and_units() -> None:
    assert rename({"field1": 70, "noise": 1, "other": 2}, FIELD, None) == (
        {"temperature": {"value": 70, "unit": "[degF]"}, "other": 2},
        [],
    )


def test_a_unit_that_the_sender_names_stays() -> None:
    given = {"field1": {"value": 20, "unit": "Cel"}}

    assert rename(given, FIELD, None)[0] == {"temperature": {"value": 20, "unit": "Cel"}}


def test_what_the_settings_name_wins_and_the_other_is_reported() -> None:
    assert rename({"temperature": 1, "field1": 70}, FIELD, None) == (
        {"temperature": {"value": 70, "unit": "[degF]"}},
        ["temperature"],
    )


def test_a_common_name_gives_way_to_the_quantitys_own() -> None:
    renamed, twice = rename({"airTemperature": 1, "temperature": 2}, None, NAMES)

    assert renamed == {"airTemperature": 1, "temperature": 2}
    assert twice == []


@pytest.mark.parametrize("name", ["TempC_SHT", "air_temperature", "Air Temperature", "airTemperature"])
def test_common_names_are_known_however_they_are_written(name: str) -> None:
    assert NAMES[folded(name)].quantity == "temperature"


def test_what_is_stored_oddly_is_left_out() -> None:
    assert names_of(None) is None
    assert names_of([1]) is None
    assert names_of({"a": 1, "b": {}, "c": {"quantity": "humidity"}}) == {"c": Meaning("humidity")}


def test_objects_are_flattened_and_values_with_units_stay() -> None:
    payload = {"a": {"b": {"c": 1}}, "d": [1, {"e": 2}], "f": {"value": 1, "unit": "V"}, "g": {}, "h": []}

    assert flatten(payload) == {"a.b.c": 1, "d.0": 1, "d.1.e": 2, "f": {"value": 1, "unit": "V"}}
