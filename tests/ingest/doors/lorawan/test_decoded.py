"""Decoded payloads in the forms of makers: Cayenne's, SenseCAP's, and those with older readings along."""

from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.ingest.doors.lorawan.cayenne import TYPES
from sensorfusion.ingest.doors.lorawan.decoded import measured_in
from sensorfusion.ingest.doors.lorawan.sensecap import MEASUREMENTS, OTHERS, WHICH
from sensorfusion.ingest.steps.batch import Sent
from sensorfusion.ingest.steps.naming import decide, named

MESSAGES = [
    {"measurementId": "4097", "measurementValue": 24.4, "type": "Air Temperature"},
    {"measurementId": 4101, "measurementValue": 98000, "type": "report_telemetry"},
    {"measurementId": "4108", "measurementValue": 1.2, "type": "report_telemetry"},
    {"measurementId": "4138", "measurementValue": 20, "type": "report_telemetry"},
    {"measurementId": "4139", "measurementValue": 30, "type": "report_telemetry"},
    {"type": "upload_battery", "battery": 100},
    {"type": "upload_version", "softwareVersion": "1.2"},
]


def values(payload: object) -> dict[str, object]:
    fields = [field for each in measured_in(payload) for field in each.fields]
    return dict(named(Sent({}, fields=fields), None).values)


class TestCayenne:
    def test_the_channel_is_the_identity(self) -> None:
        payload = {"temperature_1": 21, "relative_humidity_2": 50, "barometric_pressure_0": 1013, "analog_in_3": 3.3}

        assert values(payload) == {
            "temperature_1": {"value": 21, "unit": "Cel"},
            "humidity_2": {"value": 50, "unit": "%"},
            "pressure_0": {"value": 1013, "unit": "hPa"},
            "analog_in_3": 3.3,
        }

    def test_chirpstacks_form_is_the_same(self) -> None:
        theirs = {
            "temperatureSensor": {"1": 21},
            "humiditySensor": {"2": 50},
            "analogInput": {"3": 3.3},
            "gpsLocation": {"1": {"latitude": 52, "longitude": 21}},
        }
        usual = {"temperature_1": 21, "relative_humidity_2": 50, "analog_in_3": 3.3}

        assert values(theirs) == values(usual) | {"gps_1.latitude": 52, "gps_1.longitude": 21}

    @given(st.dictionaries(st.tuples(st.sampled_from(sorted(TYPES)), st.integers(0, 99)), st.floats(0, 50)))
    def test_a_channel_keeps_its_name_whatever_else_comes(self, sent: dict[tuple[str, int], float]) -> None:
        payload = {f"{kind}_{channel}": value for (kind, channel), value in sent.items()}
        alone: dict[str, object] = {}
        for name, value in payload.items():
            alone |= values({name: value})

        assert values(payload) == alone


class TestSenseCap:
    def test_measurements_are_known_by_their_id(self) -> None:
        assert values({"err": 0, "valid": True, "messages": [MESSAGES[:3], MESSAGES[3:]]}) == {
            "temperature": {"value": 24.4, "unit": "Cel"},
            "pressure": {"value": 98000, "unit": "Pa"},
            "electrical_conductivity": 1.2,
            "soil_moisture": {"value": 20, "unit": "%"},
            "soil_moisture:20cm": {"value": 30, "unit": "%"},
            "battery": {"value": 100, "unit": "%"},
        }

    def test_the_place_in_the_list_does_not_matter(self) -> None:
        for order in permutations(MESSAGES, 5):
            found = [field for each in measured_in({"messages": list(order)}) for field in each.fields]
            nested = [field for each in measured_in({"messages": [[one] for one in order]}) for field in each.fields]

            assert {field.source: field.quantity for field in found}.keys() <= SOURCES.keys()
            assert nested == found

    def test_channels_are_told_apart(self) -> None:
        messages = [{"measurementId": "4097", "measurementValue": n, "channel": n} for n in (1, 2)]

        assert values({"messages": messages}) == {
            "temperature": {"value": 1, "unit": "Cel"},
            "temperature_2": {"value": 2, "unit": "Cel"},
        }

    def test_a_measurement_of_its_own_time_keeps_it(self) -> None:
        messages = [{"measurementId": "4097", "measurementValue": 1, "timestamp": 1_795_327_200_000}, MESSAGES[1]]

        assert [each.at for each in measured_in({"messages": messages})] == [1_795_327_200_000, None]

    def test_an_unknown_measurement_is_kept_under_its_kind(self) -> None:
        messages = [{"measurementId": "9999", "measurementValue": 5, "type": "Flux"}, {"type": "alarm", "on": True}]

        assert values({"messages": messages}) == {"Flux": 5, "alarm.on": True}

    def test_tables_do_not_overlap(self) -> None:
        assert not MEASUREMENTS.keys() & OTHERS.keys()
        assert WHICH.keys() <= MEASUREMENTS.keys()


SOURCES: dict[str, Any] = decide(
    [field for each in measured_in({"messages": MESSAGES}) for field in each.fields], {}, taken=set()
)


def test_older_readings_come_with_their_own_times() -> None:
    payload = {"temperature": 21, "history": [{"timestamp": 1_795_327_200, "temperature": 20}]}
    older, newest = list(measured_in(payload))

    assert (older.at, newest.at) == (1_795_327_200, None)
    assert older.fields[0].source == newest.fields[0].source == "temperature"


def test_a_list_of_parts_is_read_part_by_part() -> None:
    assert values([{"temperature": 1}, 7, {"humidity": 2}]) == {"temperature": 1, "humidity": 2}
