"""Uplinks of The Things Stack: normalized payloads by depth and time, and uplinks that nothing decodes."""

import json
from itertools import permutations
from typing import Any

import pytest

from sensorfusion.ingest.doors.door import Ignored
from sensorfusion.ingest.doors.lorawan.the_things import decode_the_things
from sensorfusion.ingest.steps.naming import decide, named
from tests.ingest.doors.conftest import values_of

AT = "2026-11-20T12:00:00Z"
DEPTHS = [
    {"soil": {"depth": 5, "moisture": 21.0}},
    {"soil": {"depth": 15, "moisture": 15.5, "temperature": 9.4}},
    {"soil": {"depth": 25, "moisture": 10.9, "temperature": 3.1, "ec": 0.2}},
]


def uplink(**said: Any) -> bytes:
    message = {"f_port": 2, "frm_payload": "gkHe", "received_at": AT} | said
    return json.dumps({"end_device_ids": {"dev_eui": "70B3", "device_id": "d1"}, "uplink_message": message}).encode()


def test_both_depths_are_kept_and_the_shallowest_is_the_main_one() -> None:
    (sent,) = decode_the_things(uplink(normalized_payload=DEPTHS))

    assert values_of(sent) == {
        "soil_moisture": {"value": 21.0, "unit": "%"},
        "soil_moisture:15cm": {"value": 15.5, "unit": "%"},
        "soil_moisture:25cm": {"value": 10.9, "unit": "%"},
        "soil_temperature": {"value": 9.4, "unit": "Cel"},
        "soil_temperature:25cm": {"value": 3.1, "unit": "Cel"},
        "soil.ec_at_25_cm": 0.2,
    }


def test_depths_are_the_same_in_every_order_and_every_subset() -> None:
    (whole,) = decode_the_things(uplink(normalized_payload=DEPTHS))
    decided = decide(whole.fields, {}, taken=set())
    for order in permutations(DEPTHS):
        for size in range(1, len(order) + 1):
            (sent,) = decode_the_things(uplink(normalized_payload=list(order[:size])))

            assert decided.items() >= decide(sent.fields, decided, taken=set()).items()
            assert {field.source for field in sent.fields} <= decided.keys()


def test_a_part_without_a_time_is_of_the_uplink_and_never_of_another_part() -> None:
    parts = [{"time": "2026-11-20T11:00:00Z", "air": {"temperature": 1}}, {"air": {"relativeHumidity": 50}}]
    for order in (parts, parts[::-1]):
        sent = {one.observed_at: values_of(one) for one in decode_the_things(uplink(normalized_payload=order))}

        assert sent == {
            "2026-11-20T11:00:00Z": {"temperature": {"value": 1, "unit": "Cel"}},
            AT: {"humidity": {"value": 50, "unit": "%"}},
        }


def test_two_values_of_one_probe_at_one_instant_are_not_silently_one() -> None:
    (sent,) = decode_the_things(uplink(normalized_payload=[{"air": {"temperature": 1}}, {"air": {"temperature": 2}}]))

    assert named(sent, None).twice == ["air.temperature"]


@pytest.mark.parametrize("said", [{}, {"decoded_payload": {}}, {"normalized_payload": [{}]}])
def test_an_uplink_that_nothing_decodes_says_what_to_do(said: dict[str, Any]) -> None:
    with pytest.raises(Ignored) as ignored:
        decode_the_things(uplink(**said))

    (note,) = ignored.value.notes
    assert "port 2" in note.detail
    assert "payload formatter" in note.detail
    assert (ignored.value.sensor, ignored.value.also) == ("70B3", "d1")


@pytest.mark.parametrize("said", [{"frm_payload": ""}, {"frm_payload": None}])
def test_an_empty_frame_is_ignored_by_design(said: dict[str, Any]) -> None:
    with pytest.raises(Ignored) as ignored:
        decode_the_things(uplink(**said))

    assert ignored.value.notes == ()
