"""A device's own names become quantities: by the sensor's settings, by what was decided, by the common vocabulary."""

from collections.abc import Mapping
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.domain.quantities.names import is_allowed
from sensorfusion.ingest.doors.payloads import NAMES, flatten
from sensorfusion.ingest.steps.batch import Field, Meaning, Sent, Source
from sensorfusion.ingest.steps.naming import (
    LONGEST_SOURCE,
    MOST_FIELDS,
    decide,
    deciding,
    folded,
    is_plain,
    named,
    names_of,
    source_key,
)

FIELD = {"field1": Meaning("temperature", "[degF]"), "noise": Meaning("")}
SENSOR = Source(1, "")
PROBES = [
    Field("DS18B20 A1.Temperature", 10.0, "temperature", "Cel", which="A1"),
    Field("DS18B20 A2.Temperature", 40.0, "temperature", "Cel", which="A2"),
    Field("BME280.Temperature", 20.0, "temperature", "Cel", which="BME280"),
]


def values(one: Sent, source: Source | None = None) -> Mapping[str, object]:
    return named(one, source).values


def decided(fields: list[Field], **known: str) -> dict[str, str]:
    return decide(fields, known, taken=set())


class TestTheSettings:
    def test_they_name_quantities_and_units(self) -> None:
        given = Sent({"field1": 70, "noise": 1, "other": 2})

        assert values(given, Source(1, "", FIELD)) == {"temperature": {"value": 70, "unit": "[degF]"}, "other": 2}

    def test_a_unit_that_the_sender_names_stays(self) -> None:
        given = Sent({"field1": {"value": 20, "unit": "Cel"}})

        assert values(given, Source(1, "", FIELD)) == {"temperature": {"value": 20, "unit": "Cel"}}

    def test_what_they_name_wins_and_the_other_is_reported(self) -> None:
        found = named(Sent({"temperature": 1, "field1": 70}), Source(1, "", FIELD))

        assert found.values == {"temperature": {"value": 70, "unit": "[degF]"}}
        assert found.twice == ["temperature"]

    def test_they_may_name_a_field_by_the_quantity_that_it_feeds(self) -> None:
        source = deciding(
            Source(1, "", {"temperature": Meaning("water_temperature")}), {PROBES[0].source: "temperature"}
        )

        assert values(Sent({}, fields=PROBES[:1]), source) == {"water_temperature": {"value": 10.0, "unit": "Cel"}}

    def test_what_is_stored_oddly_is_left_out(self) -> None:
        assert names_of(None) is None
        assert names_of([1]) is None
        assert names_of({"a": 1, "b": {}, "c": {"quantity": "humidity"}}) == {"c": Meaning("humidity")}


class TestDecisions:
    def test_a_second_source_is_named_by_what_distinguishes_it(self) -> None:
        assert decided(PROBES) == {
            "BME280.Temperature": "temperature",
            "DS18B20 A1.Temperature": "temperature:a1",
            "DS18B20 A2.Temperature": "temperature:a2",
        }

    def test_they_do_not_depend_on_the_order_of_a_message(self) -> None:
        assert len({str(sorted(decided(list(order)).items())) for order in permutations(PROBES)}) == 1

    def test_the_main_source_is_the_one_of_the_lowest_rank(self) -> None:
        fields = [PROBES[2]._replace(rank=1), PROBES[1]]

        assert decided(fields)["DS18B20 A2.Temperature"] == "temperature"

    def test_what_is_decided_stays_whatever_comes_later(self) -> None:
        first = decide(PROBES[1:2], {}, taken=set())

        assert first | decide(PROBES, first, taken=set()) == {
            "DS18B20 A2.Temperature": "temperature",
            "BME280.Temperature": "temperature:bme280",
            "DS18B20 A1.Temperature": "temperature:a1",
        }

    def test_phases_are_numbered(self) -> None:
        phases = [Field(f"ENERGY.Power.{number}", number, "power", "W", which=str(number)) for number in (1, 2, 3)]

        assert list(decided(phases).values()) == ["power", "power_2", "power_3"]

    def test_a_quantity_that_is_taken_is_not_given_away(self) -> None:
        assert decide(PROBES[:1], {}, taken={"temperature"}) == {"DS18B20 A1.Temperature": "temperature:a1"}

    def test_a_field_that_was_stored_under_its_own_name_before_goes_on_so(self) -> None:
        field = Field("TempC_DS", 4.5, "temperature", "Cel", which="TempC_DS")

        assert decide([field], {}, taken=set(), before={"TempC_DS"}) == {"TempC_DS": "TempC_DS"}

    def test_a_decided_field_needs_no_decision_and_a_dropped_one_is_not_kept(self) -> None:
        source = deciding(SENSOR, {PROBES[0].source: "temperature", PROBES[1].source: ""})
        found = named(Sent({}, fields=PROBES), source)

        assert found.values == {"temperature": {"value": 10.0, "unit": "Cel"}}
        assert found.undecided == PROBES[2:]

    def test_an_own_name_that_another_field_feeds_is_undecided(self) -> None:
        source = deciding(SENSOR, {"TempC_SHT": "temperature"})

        assert [field.source for field in named(Sent({"temperature": 1}), source).undecided] == ["temperature"]

    def test_a_missing_value_claims_nothing(self) -> None:
        assert values(Sent({"temp": 20, "temperature": None})) == {"temperature": 20}

    def test_beyond_the_most_they_are_not_made_and_names_still_differ(self) -> None:
        source = deciding(SENSOR, {f"field {number}": f"field_{number}" for number in range(MOST_FIELDS)})

        found = named(Sent({"ключ 1": 1, "ключ 2": 2}), source)

        assert found.undecided == []
        assert sorted(found.values.values(), key=str) == [1, 2]
        assert all(is_allowed(name) for name in found.values)


class TestNamesThatPeopleWrite:
    NAMES = {"Room temperature": 21.5, "Température": 20, "влажность": 50, "temp °C": 3, "a/b": 1, "": 7}

    def test_each_is_kept_under_an_allowed_name(self) -> None:
        found = values(Sent(self.NAMES))

        assert sorted(found.values(), key=str) == sorted(self.NAMES.values(), key=str)
        assert all(is_allowed(name) for name in found)

    @given(st.dictionaries(st.text(max_size=80), st.integers(), max_size=12))
    def test_different_names_stay_different(self, given: dict[str, int]) -> None:
        found = named(Sent(given), None)

        assert len(found.values) == len(given)
        assert not found.twice
        assert not found.undecided
        assert all(is_allowed(name) for name in found.values)

    @given(st.text(max_size=400))
    def test_a_source_can_be_stored(self, text: str) -> None:
        key = source_key(text)

        assert len(key) <= LONGEST_SOURCE
        assert b"\0" not in key.encode()

    def test_names_of_the_catalogue_take_the_plain_way(self) -> None:
        assert is_plain(Sent({"temperature": 1, "humidity": 2}), SENSOR)
        assert not is_plain(Sent({"temp": 1}), SENSOR)
        assert not is_plain(Sent({"temperature": 1}), Source(1, "", FIELD))


class TestTheVocabulary:
    def test_a_common_name_is_a_further_source_beside_the_quantitys_own(self) -> None:
        assert values(Sent({"airTemperature": 1, "temperature": 2}, names=NAMES)) == {
            "temperature": 2,
            "temperature:airtemperature": {"value": 1, "unit": "Cel"},
        }

    @pytest.mark.parametrize("name", ["TempC_SHT", "air_temperature", "Air Temperature", "airTemperature"])
    def test_common_names_are_known_however_they_are_written(self, name: str) -> None:
        assert NAMES[folded(name)].quantity == "temperature"

    def test_the_probe_in_the_case_is_the_main_one(self) -> None:
        assert values(Sent({"TempC_DS": 4.5, "TempC_SHT": 21.5}, names=NAMES)) == {
            "temperature": {"value": 21.5, "unit": "Cel"},
            "temperature:tempc_ds": {"value": 4.5, "unit": "Cel"},
        }

    def test_objects_are_flattened_and_values_with_units_stay(self) -> None:
        payload = {"a": {"b": {"c": 1}}, "d": [1, {"e": 2}], "f": {"value": 1, "unit": "V"}, "g": {}, "h": []}

        assert flatten(payload) == {"a.b.c": 1, "d.0": 1, "d.1.e": 2, "f": {"value": 1, "unit": "V"}}


def test_names_that_fold_alike_are_numbered_and_a_number_too_large_for_one_follows_a_colon() -> None:
    found = values(Sent({"Temp aussen": 1, "Temp/aussen": 2, "Temp_aussen": 3}))
    measured = [Field(f"messages.{each}", 1, "humidity", "%", which=each) for each in ("4098", "4105")]

    assert sorted(found) == ["Temp_aussen", "Temp_aussen_2", "Temp_aussen_3"]
    assert found["Temp_aussen"] == 3
    assert list(decided(measured).values()) == ["humidity", "humidity:4105"]
