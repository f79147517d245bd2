"""ThingsBoard's gateway."""

from datetime import UTC, datetime

import pytest

from sensorfusion.ingest.steps.checking import check
from sensorfusion.ingest.steps.refused import RequestRefused
from tests.ingest.mqtt.adapters.messages import NOW, found, notes, values


def test_thingsboard_gateway_speaks_for_many() -> None:
    said = {
        "Device A": [{"ts": 1767319445512, "values": {"temperature": "21.4"}}, {"humidity": 60}],
        "Device B": {"temperature": 4},
    }

    first, second = found("v1/gateway/telemetry", said)

    assert (first.device, second.device) == ("Device A", "Device B")
    drafts = check([*first.sent, *second.sent], received_at=NOW).drafts
    assert [draft.values for draft in drafts] == [{"temperature": 21.4}, {"humidity": 60}, {"temperature": 4}]
    assert drafts[0].observed_at == datetime(2026, 1, 2, 2, 4, 5, 512000, tzinfo=UTC)


def test_thingsboard_device_topic_says_what_to_do_instead() -> None:
    with pytest.raises(RequestRefused, match="does not say which device"):
        found("v1/devices/me/telemetry", {"temperature": 1})


def test_objects_in_objects_are_flattened_as_at_the_http_door() -> None:
    said = {"Dev A": [{"ts": 1767319445512, "values": {"temp": 42, "gps": {"lat": 52.1, "lon": 21.0}, "list": [1, 2]}}]}

    assert values("v1/gateway/telemetry", said) == {
        "temperature": 42,
        "gps.lat": 52.1,
        "gps.lon": 21.0,
        "list.0": 1,
        "list.1": 2,
    }


def test_a_device_without_readings_is_said_and_costs_no_other() -> None:
    said = {"A": [], "B": {"temperature": 1}, "C": 5}

    first, second, third = found("v1/gateway/telemetry", said)

    assert [note.code for note in notes("v1/gateway/telemetry", said)] == ["no_values"]
    assert (first.sent, len(second.sent)) == ((), 1)
    assert check(third.sent, received_at=NOW).rejected[0].code == "not_an_object"
