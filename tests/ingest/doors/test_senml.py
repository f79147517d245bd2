"""SenML packs: base fields, relative times, and names that hold a device and a quantity."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from sensorfusion.domain.repeated import Repeated
from sensorfusion.ingest.doors.door import Ignored
from sensorfusion.ingest.doors.senml import decode_senml
from sensorfusion.ingest.steps.naming import decide
from sensorfusion.ingest.steps.refused import RequestRefused
from tests.ingest.conftest import Server, read, stored
from tests.ingest.doors.conftest import values_of

DEVICE = "urn:dev:ow:10e2073a01080063"


def decoded(*records: Any) -> list[tuple[str, Any, Any]]:
    return [(one.sensor, one.observed_at, values_of(one)) for one in decode_senml(json.dumps(records).encode())]


def test_records_of_an_instant_are_one_reading() -> None:
    pack = [
        {"bn": f"{DEVICE}:", "bt": 1.795327200e9, "n": "temp", "u": "Cel", "v": 21.5},
        {"n": "hum", "u": "%RH", "v": 55},
    ]

    assert decoded(*pack) == [
        (
            DEVICE,
            1795327200.0,
            {"temperature": {"value": 21.5, "unit": "Cel"}, "humidity": {"value": 55.0, "unit": "%"}},
        )
    ]


def test_two_devices_of_one_pack_are_two_sources() -> None:
    first, second = decode_senml(
        json.dumps(
            [
                {"bn": "urn:dev:a:", "n": "temp", "u": "Cel", "v": 1},
                {"bn": "urn:dev:b:", "n": "temp", "v": 2, "u": "Cel"},
            ]
        ).encode()
    )
    fields = [*first.fields, *second.fields]

    assert decide(fields, {}, taken=set()) == {"urn:dev:a/temp": "temperature", "urn:dev:b/temp": "temperature:b"}


def test_a_unit_that_is_not_understood_is_kept_with_the_name() -> None:
    (sent,) = decode_senml(b'[{"n": "flow", "u": "m3/s", "v": 1}]')

    assert [(field.label, field.value) for field in sent.fields] == [("flow (m3/s)", {"value": 1.0, "unit": "m3/s"})]


def test_base_fields_hold_until_the_next_ones() -> None:
    pack = [
        {"bn": "urn:dev:a/", "bt": 1795327200, "bu": "Cel", "bv": 20, "n": "t", "v": 1.5},
        {"n": "t", "t": 60, "v": 2.5},
        {"bn": "urn:dev:b/", "n": "t", "t": -60, "u": "K", "v": 273},
    ]

    assert decoded(*pack) == [
        ("urn:dev:a", 1795327200.0, {"t": {"value": 21.5, "unit": "Cel"}}),
        ("urn:dev:a", 1795327260.0, {"t": {"value": 22.5, "unit": "Cel"}}),
        ("urn:dev:b", 1795327140.0, {"t": {"value": 293.0, "unit": "K"}}),
    ]


def test_small_times_count_from_now() -> None:
    assert [at for _, at, _ in decoded({"n": "a", "v": 1}, {"n": "a", "t": -5, "v": 2})] == [
        timedelta(0),
        timedelta(seconds=-5),
    ]


def test_text_booleans_data_and_sums_are_kept() -> None:
    assert decoded(
        {"bn": "d/", "n": "a", "vs": "x"}, {"n": "b", "vb": False}, {"n": "c", "vd": "AQI"}, {"n": "e", "s": 3}
    ) == [("d", timedelta(0), {"a": "x", "b": False, "c": "AQI", "e.sum": 3.0})]


def test_a_record_without_a_name_is_what_its_unit_measures() -> None:
    assert decoded({"bn": f"{DEVICE}:", "u": "%RH", "v": 60}) == [
        (DEVICE, timedelta(0), {"humidity": {"value": 60.0, "unit": "%"}})
    ]


@pytest.mark.parametrize(
    "records",
    [
        [{"bver": 11, "n": "a", "v": 1}],
        [{"bver": "x", "n": "a", "v": 1}],
        [{"n": "a", "v": 1, "new_": 2}],
        {"n": "a", "v": 1},
    ],
)
def test_a_pack_is_refused_as_a_whole_where_the_rfc_says_so(records: Any) -> None:
    with pytest.raises(RequestRefused):
        decode_senml(json.dumps(records).encode())


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"n": 3, "v": 1}, "record 1: the field n must be text"),
        ({"n": "b", "u": 3, "v": 1}, "record 1: the field u must be text"),
        ({"n": "b", "t": True, "v": 1}, "record 1: the field t must be a number"),
        ({"n": "b", "t": float("inf"), "v": 1}, "record 1: the field t must be a number"),
        ("b", "record 1: it is not an object"),
    ],
)
def test_a_record_that_cannot_be_read_is_rejected_by_itself(record: Any, why: str) -> None:
    good, other, bad = decode_senml(json.dumps([{"n": "a", "t": 1, "v": 1}, record, {"n": "c", "v": 3}]).encode())

    assert (values_of(good), values_of(other)) == ({"a": 1.0}, {"c": 3.0})
    assert bad.problem == ("unreadable", why)


def test_records_after_a_base_that_cannot_be_read_are_rejected_until_the_next_one() -> None:
    first, last, *bad = decode_senml(
        b'[{"n":"a","v":1},{"bt":"now","n":"b","v":2},{"n":"c","v":3},{"bt":1795327200,"n":"d","v":4}]'
    )

    assert (values_of(first), values_of(last), last.observed_at) == ({"a": 1.0}, {"d": 4.0}, 1795327200.0)
    assert [one.problem for one in bad] == [
        ("unreadable", f"record {number}: the field bt must be a number") for number in (1, 2)
    ]


def test_values_that_are_no_numbers_are_left_to_the_checks() -> None:
    [sent] = decode_senml(b'[{"bn":"d/","bv":20,"n":"a","v":nan},{"n":"b","u":"Cel","v":-inf},{"n":"c","v":"x"}]')

    assert [each.value for each in sent.fields] == [None, {"value": float("-inf"), "unit": "Cel"}, "x"]


def test_two_values_of_a_name_at_one_instant_are_both_known() -> None:
    [sent] = decode_senml(b'[{"n":"a","v":1},{"n":"a","v":2},{"n":"b","v":3},{"n":"b","v":3}]')

    assert [each.value for each in sent.fields] == [Repeated(1.0, 2.0), 3.0]


def test_base_fields_alone_are_no_reading() -> None:
    with pytest.raises(Ignored):
        decode_senml(b'[{"bn":"a","bver":5}]')


@pytest.mark.django_db(transaction=True)
class TestTheDoors:
    PACK = (
        '[{"bver":5,"bn":"urn:dev:ow:1:","bt":1795327200.0,"n":"temp","u":"Cel","v":21.5},'
        '{"n":"hum","u":"%RH","v":55.0}]'
    )

    async def test_a_pack_is_stored_at_its_own_address(self, platform: httpx2.AsyncClient, server: Server) -> None:
        answer = await platform.post(
            "/api/v1/senml", content=self.PACK, headers={"authorization": f"Bearer {server.key}"}
        )

        assert answer.json()["accepted"] == 1
        assert stored('observed_at, "values"') == [
            (datetime(2026, 11, 22, 6, tzinfo=UTC), {"temperature": 21.5, "humidity": 55})
        ]

    async def test_a_pack_is_known_by_its_media_type(self, server: Server) -> None:
        headers = {"content-type": "application/senml+json; charset=utf-8"}

        assert (await server.post(content=self.PACK, headers=headers)).json()["accepted"] == 1
        assert (await server.post(content='[{"bn":"a"}]', headers=headers)).json()["accepted"] == 0

    async def test_relative_times_count_from_arrival(self, server: Server) -> None:
        headers = {"content-type": "application/senml+json"}

        await server.post(content='[{"n":"temp","u":"Cel","t":-60,"v":1}]', headers=headers)

        assert read("SELECT received_at - observed_at FROM reading") == [timedelta(seconds=60)]

    async def test_a_time_outside_the_calendar_is_refused_by_itself(self, server: Server) -> None:
        headers = {"content-type": "application/senml+json"}

        answer = await server.post(content='[{"n":"temp","v":1},{"n":"temp","bt":-1e20,"v":2}]', headers=headers)

        assert [each["code"] for each in answer.json()["rejected"]] == ["bad_time"]
