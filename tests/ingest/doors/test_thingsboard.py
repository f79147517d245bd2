"""ThingsBoard's device API: every shape that its clients send, and the answers they expect."""

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from sensorfusion.ingest.doors.door import Ignored
from sensorfusion.ingest.doors.thingsboard import decode_gateway, decode_telemetry
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.sensors.models import Attributes
from tests.conftest import Cast
from tests.ingest.conftest import Server, read, stored
from tests.ingest.doors.conftest import values_of

AT = 1795327200000


def said(body: bytes) -> list[tuple[Any, Any]]:
    return [(values_of(one), one.observed_at) for one in decode_telemetry(body)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"temperature":21.4,"humidity":60}', [({"temperature": 21.4, "humidity": 60}, None)]),
        (b'{"ts":1795327200000,"values":{"temperature":21.4}}', [({"temperature": 21.4}, AT)]),
        (b'{"ts":"1795327200000","values":{"temperature":"21.4"}}', [({"temperature": "21.4"}, float(AT))]),
        (
            b'[{"ts":1795327200000,"values":{"a":1}},{"ts":1795327260000,"values":{"a":2}}]',
            [({"a": 1}, AT), ({"a": 2}, AT + 60_000)],
        ),
        (b'[{"temperature":21.4},{"humidity":60}]', [({"temperature": 21.4}, None), ({"humidity": 60}, None)]),
        (b'{"values":3,"ts":4}', [({"values": 3, "ts": 4}, None)]),
        (
            b'{"gps":{"lat":52.1,"fix":[1,2]},"on":true,"mode":"eco","empty":{}}',
            [({"gps.lat": 52.1, "gps.fix.0": 1, "gps.fix.1": 2, "on": True, "mode": "eco"}, None)],
        ),
    ],
)
def test_every_shape_is_read(body: bytes, expected: list[Any]) -> None:
    assert said(body) == expected


@pytest.mark.parametrize("body", [b"", b"21.4", b'"text"', b"null", b"{", b"temperature=21", b"[" * 100_000])
def test_what_is_no_telemetry_is_unreadable(body: bytes) -> None:
    with pytest.raises(RequestRefused, match=r"JSON|elemetry"):
        decode_telemetry(body)


@pytest.mark.parametrize("body", [b"{}", b"[]", b"[{}]"])
def test_an_empty_object_tries_the_connection(body: bytes) -> None:
    with pytest.raises(Ignored):
        decode_telemetry(body)


def test_a_list_with_something_else_in_it_keeps_the_rest() -> None:
    first, second = decode_telemetry(b'[7,{"temperature":1}]')

    assert first.problem is not None
    assert first.problem[0] == "not_an_object"
    assert values_of(second) == {"temperature": 1}


def test_a_gateway_names_its_devices() -> None:
    sent = decode_gateway(b'{"Dev A":[{"ts":1795327200000,"values":{"t":1}},{"t":2}],"Dev B":{"t":3}}')

    assert [(one.sensor, values_of(one)) for one in sent] == [
        ("Dev A", {"t": 1}),
        ("Dev A", {"t": 2}),
        ("Dev B", {"t": 3}),
    ]


def test_common_names_become_quantities_at_the_door() -> None:
    (sent,) = decode_telemetry(b'{"airTemperature":1}')

    assert values_of(sent) == {"temperature": {"value": 1, "unit": "Cel"}}


@pytest.mark.django_db(transaction=True)
class TestTheDoor:
    async def test_telemetry_is_stored_and_answered_with_nothing(
        self, platform: httpx2.AsyncClient, server: Server
    ) -> None:
        body = b'{"ts":1795327200000,"values":{"temperature":"21.4","relative_humidity":60,"mode":"eco","ok":true}}'

        answer = await platform.post(f"/api/v1/{server.key}/telemetry", content=body)

        assert (answer.status_code, answer.content) == (200, b"")
        assert stored('observed_at, "values"') == [
            (
                datetime(2026, 11, 22, 6, tzinfo=UTC),
                {"temperature": 21.4, "humidity": 60, "mode": "eco", "ok": True},
            )
        ]

    @pytest.mark.parametrize("how", [{"params": {"detail": "1"}}, {"headers": {"accept": "application/json"}}])
    async def test_who_asks_is_told_what_became_of_it(
        self, platform: httpx2.AsyncClient, server: Server, how: Any
    ) -> None:
        body = {"temperature": 21.4, "bad name": 3, "list": [[], {"a": None}]}

        answer = await platform.post(f"/api/v1/{server.key}/telemetry", json=body, **how)

        assert answer.status_code == 200
        assert answer.json()["accepted"] == 1
        assert answer.json()["rejected"] == []
        assert stored() == [{"temperature": 21.4, "bad_name": 3}]

    async def test_the_connection_test_of_clients_succeeds(self, platform: httpx2.AsyncClient, server: Server) -> None:
        assert (await platform.post(f"/api/v1/{server.key}/telemetry", json={})).status_code == 200
        assert stored() == []

    async def test_an_unknown_token_is_refused(self, platform: httpx2.AsyncClient, server: Server) -> None:
        assert (await platform.post("/api/v1/A1_TEST_TOKEN/telemetry", json={"t": 1})).status_code == 401
        assert (await platform.post("/api/v1/A1_TEST_TOKEN/telemetry", json={})).status_code == 401
        assert (await platform.get(f"/api/v1/{server.key}/telemetry")).status_code == 405

    async def test_an_unreadable_body_is_refused_with_a_reason(
        self, platform: httpx2.AsyncClient, server: Server
    ) -> None:
        answer = await platform.post(f"/api/v1/{server.key}/telemetry", content=b"{")

        assert answer.status_code == 400
        assert answer.json()["code"] == "unreadable"

    async def test_a_gateway_sends_for_its_devices(
        self,
        platform: httpx2.AsyncClient,
        server: Server,
        shed: object,
        token: str,
    ) -> None:
        body = {"eui-70b3": [{"ts": AT, "values": {"temperature": 3}}], "Orchard station": [{"temperature": 4}]}

        answer = await platform.post(f"/api/v1/{token}/telemetry", json=body)

        assert answer.status_code == 200
        assert sorted(each["temperature"] for each in stored()) == [3, 4]

    async def test_a_gateway_that_may_only_look_stores_nothing(
        self,
        platform: httpx2.AsyncClient,
        server: Server,
        members_token: str,
    ) -> None:
        answer = await platform.post(f"/api/v1/{members_token}/telemetry", json={"Orchard station": [{"t": 4}]})

        assert answer.status_code == 422
        assert stored() == []


@pytest.mark.django_db(transaction=True)
class TestAttributes:
    async def test_what_a_device_says_of_itself_is_kept_and_added_to(
        self, platform: httpx2.AsyncClient, server: Server
    ) -> None:
        address = f"/api/v1/{server.key}/attributes"

        assert (await platform.post(address, json={"firmware": "1.2", "uptime": 3})).content == b""
        assert (await platform.post(address, json={"uptime": 4})).status_code == 200

        assert (await platform.get(address)).json() == {"client": {"firmware": "1.2", "uptime": 4}, "shared": {}}
        assert read("SELECT client FROM sensors_attributes") == [{"firmware": "1.2", "uptime": 4}]

    async def test_a_device_reads_the_shared_attributes_it_asks_for(
        self, platform: httpx2.AsyncClient, server: Server, shared: None
    ) -> None:
        address = f"/api/v1/{server.key}/attributes"

        answer = await platform.get(address, params={"clientKeys": "none", "sharedKeys": "interval,none"})

        assert answer.json() == {"shared": {"interval": 60}}

    async def test_attributes_stay_small(self, platform: httpx2.AsyncClient, server: Server) -> None:
        address = f"/api/v1/{server.key}/attributes"
        for number in range(2):
            answer = await platform.post(address, json={f"long{number}": "x" * 10_000})

        assert answer.status_code == 413
        assert list((await platform.get(address)).json()["client"]) == ["long0"]

    @pytest.mark.parametrize("body", [b"", b"[]", b'{"a":"\\u0000"}', b'{"\\u0000":1}'])
    async def test_what_is_no_attributes_is_refused(
        self, platform: httpx2.AsyncClient, server: Server, body: bytes
    ) -> None:
        assert (await platform.post(f"/api/v1/{server.key}/attributes", content=body)).status_code == 400

    async def test_nobody_reads_them_without_the_key(self, platform: httpx2.AsyncClient, server: Server) -> None:
        assert (await platform.get("/api/v1/unknown/attributes")).status_code == 401

    async def test_an_operators_token_is_no_sensor(
        self,
        platform: httpx2.AsyncClient,
        server: Server,
        token: str,
    ) -> None:
        assert (await platform.get(f"/api/v1/{token}/attributes")).status_code == 400


@pytest.fixture
def shared(cast: Cast) -> None:
    Attributes.objects.create(sensor=cast.sensor, shared={"interval": 60, "secret": 1})
