"""Another SensorFusion: the request, and our own door as its reader."""

import json
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
from channels.routing import URLRouter
from django.urls import re_path
from pytest_django import Settings

from sensorfusion.ingest.doors.readings import ReadingsDoor
from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.targets.sensorfusion import TARGET
from tests.conftest import Cast
from tests.ingest.conftest import MAX_BODY_BYTES, Server, read
from tests.send_on.conftest import ACCOUNTS, sample

ACCOUNT = ACCOUNTS["sensorfusion"]
VALUES = {"temperature": 20.123, "condition": "cloudy", "raining": False, "console.own": 7}
SAMPLES = [replace(sample(), values=VALUES, observed_at=sample().observed_at + timedelta(minutes=n)) for n in range(3)]


def test_request_has_readings_with_their_instants_and_the_key_in_its_header() -> None:
    [request] = TARGET.write(SAMPLES[:2], ACCOUNT)

    assert isinstance(request, Request)
    assert (request.method, request.url) == ("POST", "https://other.example.org/api/v1/readings")
    assert request.headers == {
        "Content-Type": "application/json",
        "Authorization": "Bearer sf_abcdefgh-s3cretpass",
    }
    assert json.loads(request.body) == {
        "readings": [
            {"observed_at": "2026-11-22T06:00:00Z", "values": VALUES},
            {"observed_at": "2026-11-22T06:01:00Z", "values": VALUES},
        ]
    }
    assert "s3cret" not in repr(request)


@pytest.mark.django_db(transaction=True)
async def test_our_door_reads_what_is_sent_and_knows_what_comes_twice(server: Server) -> None:
    door = ReadingsDoor(server.ingest.pipeline, max_body_bytes=MAX_BODY_BYTES)
    app = URLRouter([re_path("^api/v1/readings$", door)])  # type: ignore[arg-type]
    [request] = TARGET.write(SAMPLES, {"url": "https://sensors.test", "key": server.key})
    assert isinstance(request, Request)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app)) as client:
        first, second = [
            await client.post(request.url, headers=dict(request.headers), content=request.body) for _ in range(2)
        ]

    assert [TARGET.refusal(each.text) + TARGET.remark(each.text) for each in (first, second)] == ["", ""]
    assert [(each.json()["accepted"], each.json()["duplicates"]) for each in (first, second)] == [(3, 0), (0, 3)]
    rows = read('SELECT observed_at, "values" FROM reading ORDER BY observed_at')
    assert [tuple(row) for row in rows] == [(each.observed_at, each.values) for each in SAMPLES]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ('{"accepted":2,"duplicates":1,"rejected":[],"seq":7}', ""),
        ("<html>", "it does not answer as a SensorFusion does: check the address"),
        ("[1]", "it does not answer as a SensorFusion does: check the address"),
    ],
)
def test_answer_must_be_a_receipt(answer: str, why: str) -> None:
    assert TARGET.refusal(answer) == why


def test_what_is_refused_there_is_remarked() -> None:
    answer = {
        "accepted": 2,
        "rejected": [{"quantity": "humidity", "code": "impossible", "detail": "300 % is too much"}],
    }

    assert TARGET.remark(json.dumps(answer)) == "refused there: 1, such as 300 % is too much"


@pytest.mark.django_db
def test_address_without_encryption_is_for_networks_of_ones_own(cast: Cast, settings: Settings) -> None:
    open_address = {**ACCOUNT, "url": "http://192.168.1.7:8000"}
    assert TARGET.mistake(open_address, cast.sensor) == "The address must begin with https://."
    assert TARGET.mistake(ACCOUNT, cast.sensor) == ""
    assert TARGET.mistake({**ACCOUNT, "url": "https://me:pass@example.org"}, cast.sensor) != ""

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, poll_allow_networks=("192.168.0.0/16",))
    assert TARGET.mistake(open_address, cast.sensor) == ""
