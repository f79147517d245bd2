"""InfluxDB's write API, with requests of Telegraf, Home Assistant and the client libraries."""

import base64
import gzip
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from sensorfusion.ingest.doors.door import Ignored, Request
from sensorfusion.ingest.doors.influxdb import LineProtocol
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.ingest.conftest import Server, stored
from tests.ingest.doors.conftest import values_of

NOON_NS = 1795327200000000000
KEY = "sf_aaaaaaaa-" + "b" * 32


def request(body: str, query: str = "", **headers: str) -> Request:
    return Request("POST", "/write", query, headers, {}, body.encode())


def values(body: str, query: str = "", **headers: str) -> list[Any]:
    return [values_of(one) for one in LineProtocol().decode(request(body, query, **headers))]


def test_common_names_are_quantities_and_others_get_their_measurement() -> None:
    assert values("weather temperature=21.5,humidity=60i,wind_dir=90i,foo=1\ncpu usage_idle=97.5") == [
        {"temperature": 21.5, "humidity": 60, "wind_direction": 90, "weather.foo": 1.0},
        {"cpu.usage_idle": 97.5},
    ]


def test_a_field_called_value_is_the_measurement() -> None:
    assert values("temperature,room=attic value=21.5") == [{"temperature": 21.5}]


def test_home_assistants_unit_and_entity_are_understood() -> None:
    line = '°C,domain=sensor,entity_id=outdoor value=21.5,device_class_str="temperature"'

    assert values(line) == [
        {"temperature:outdoor": {"value": 21.5, "unit": "°C"}, "outdoor.device_class_str": "temperature"}
    ]


def test_a_gateways_points_are_named_by_their_tags() -> None:
    token = {"authorization": "Token sft_x"}
    sent = LineProtocol().decode(request("w,station=roof,host=pi t=1\nw,host=pi t=2\nw t=3", **token))

    assert [one.sensor for one in sent] == ["roof", "pi", ""]
    assert [one.sensor for one in LineProtocol().decode(request("w,station=roof t=1"))] == [""]


@pytest.mark.parametrize("body", ["", "\n\n", "# nothing"])
def test_no_points_is_a_test_of_the_connection(body: str) -> None:
    with pytest.raises(Ignored):
        LineProtocol().decode(request(body))


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("", {"authorization": f"Token {KEY}"}),
        ("", {"authorization": f"Bearer {KEY}"}),
        ("", {"authorization": f"Token anybody:{KEY}"}),
        ("", {"authorization": "Basic " + base64.b64encode(f"anybody:{KEY}".encode()).decode()}),
        ("", {"authorization": "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()}),
        (f"db=x&u=anybody&p={KEY}", {}),
    ],
)
def test_the_key_is_found_wherever_clients_put_it(query: str, headers: dict[str, str]) -> None:
    assert LineProtocol().credential(request("", query, **headers)) == KEY


@pytest.mark.parametrize("header", ["", "Basic", "Basic !!!", "Basic é", "Digest x", "Token"])
def test_a_header_without_a_key_is_none(header: str) -> None:
    assert LineProtocol().credential(request("", authorization=header)) == ""


@pytest.mark.django_db(transaction=True)
class TestTheDoor:
    async def test_v2_writes_with_gzip_are_stored(self, platform: httpx2.AsyncClient, server: Server) -> None:
        answer = await platform.post(
            "/api/v2/write?org=any&bucket=any&precision=ns",
            content=gzip.compress(f"weather,station=roof temperature=21.4,humidity=60i,ok=true {NOON_NS}\n".encode()),
            headers={"authorization": f"Token {server.key}", "content-encoding": "gzip"},
        )

        assert (answer.status_code, answer.content) == (204, b"")
        assert stored('observed_at, "values"') == [
            (
                datetime(2026, 11, 22, 6, tzinfo=UTC),
                {"temperature": 21.4, "humidity": 60, "weather.ok": True},
            )
        ]

    async def test_v1_writes_with_user_and_password_are_stored(
        self, platform: httpx2.AsyncClient, server: Server
    ) -> None:
        answer = await platform.post(
            f"/write?db=x&u=any&p={server.key}&precision=s", content=b"wx temp=20,hum=50 1795327200"
        )

        assert answer.status_code == 204
        assert stored() == [{"temperature": 20, "humidity": 50}]

    async def test_good_lines_are_stored_and_bad_ones_named(self, platform: httpx2.AsyncClient, server: Server) -> None:
        body = f"wx temperature=20 {NOON_NS}\n\nwx temperature=\nwx temperature=999,humidity=50 {NOON_NS + 10**9}"

        answer = await platform.post("/api/v2/write", content=body, headers={"authorization": f"Token {server.key}"})

        assert answer.status_code == 400
        assert answer.json()["code"] == "invalid"
        assert "line 3: " in answer.json()["message"]
        assert "line 4: temperature: " in answer.json()["message"]
        assert "(2 stored)" in answer.json()["message"]
        assert stored() == [{"temperature": 20}, {"humidity": 50}]

    async def test_second_value_of_a_series_at_one_instant_is_refused_and_names_the_line_of_the_first(
        self, platform: httpx2.AsyncClient, server: Server
    ) -> None:
        lines = ("", *(f"cpu,cpu=0 idle={idle} {NOON_NS}" for idle in (1, 2, 1)), f"cpu idle=3 {NOON_NS}")

        answer = await platform.post(f"/write?p={server.key}", content="\n".join(lines))

        assert "line 3: cpu.idle:0: cpu.idle:0 is 2.0 here and 1.0 in line 2, at the same instant" in answer.text
        assert stored() == [{"cpu.idle:0": 1, "cpu.idle": 3}]

    async def test_a_request_of_bad_lines_names_them(self, platform: httpx2.AsyncClient, server: Server) -> None:
        answer = await platform.post(f"/write?p={server.key}", content=b"\nwx temperature=999")

        assert answer.status_code == 400
        assert "line 2: temperature: 999" in answer.json()["error"]

    async def test_a_gateway_writes_for_every_sensor_its_tags_name(
        self, platform: httpx2.AsyncClient, server: Server, cast: Cast, shed: Sensor, token: str
    ) -> None:
        body = f"wx,sensor=eui-70b3 temp=1 {NOON_NS}\nwx,sensor={cast.sensor.uuid} temp=2\nwx,sensor=nobody temp=3"

        answer = await platform.post("/api/v2/write", content=body, headers={"authorization": f"Bearer {token}"})

        assert answer.status_code == 400
        assert "line 3: none of your sensors is known as 'nobody'" in answer.json()["message"]
        assert sorted(each["temperature"] for each in stored()) == [1, 2]

    async def test_a_wrong_key_is_told_so(self, platform: httpx2.AsyncClient, server: Server) -> None:
        answer = await platform.post("/api/v2/write", content=b"wx t=1", headers={"authorization": "Token wrong"})

        assert answer.status_code == 401
        assert answer.json()["code"] == "unauthorized"
        assert (await platform.post("/write", content=b"wx t=1")).status_code == 401

    async def test_an_unknown_precision_is_told_so(self, platform: httpx2.AsyncClient, server: Server) -> None:
        assert (await platform.post(f"/write?p={server.key}&precision=d", content=b"wx t=1")).status_code == 400

    async def test_clients_find_the_server_and_the_database(self, platform: httpx2.AsyncClient, server: Server) -> None:
        assert (await platform.get("/ping", headers={"content-encoding": "gzip"})).status_code == 204
        assert (await platform.head("/ping")).headers["x-influxdb-version"]
        assert (await platform.get("/health")).json()["status"] == "pass"
        made = await platform.post("/query", data={"q": 'CREATE DATABASE "telegraf"'})
        assert made.json() == {"results": [{"statement_id": 0}]}
        assert (await platform.get("/query?q=SELECT+1")).status_code == 400
        assert (await platform.put("/query")).status_code == 405
