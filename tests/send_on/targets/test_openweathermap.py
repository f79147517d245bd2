"""OpenWeatherMap's stations: the request as it is documented, and our own door as its reader."""

import json
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest

from sensorfusion.outgoing.request import Request
from sensorfusion.send_on.targets.openweathermap import TARGET
from sensorfusion.send_on.targets.target import Sample
from tests.ingest.conftest import Server, read
from tests.send_on.conftest import ACCOUNTS, sample
from tests.send_on.targets.asking import path_and_query

ACCOUNT = ACCOUNTS["openweathermap"]


def asked(*samples: Sample) -> tuple[Request, list[dict[str, object]]]:
    [request] = TARGET.write(samples, ACCOUNT)
    assert isinstance(request, Request)
    return request, json.loads(request.body)


def test_request_is_as_it_is_documented() -> None:
    request, measurements = asked(sample(visibility=9_000.0))

    assert request.method == "POST"
    assert request.url == "https://api.openweathermap.org/data/3.0/measurements?appid=s3cretpass"
    assert request.headers == {"Content-Type": "application/json"}
    assert measurements == [
        {
            "station_id": "583436dd9643a9000196b8d6",
            "dt": 1795327200,
            "temperature": 20.5,
            "wind_speed": 4.5,
            "wind_gust": 8.9,
            "wind_deg": 270,
            "pressure": 1000.0,
            "humidity": 55,
            "rain_1h": 2.54,
            "rain_24h": 12.7,
            "dew_point": 11.1,
            "visibility_distance": 9.0,
        }
    ]


def test_what_is_not_measured_is_not_sent() -> None:
    _, [measurement] = asked(sample(humidity=None, rain_24h=None))

    assert {"humidity", "rain_24h", "visibility_distance"}.isdisjoint(measurement)


def test_missed_readings_are_measurements_of_one_request() -> None:
    earlier = replace(sample(), observed_at=sample().observed_at - timedelta(minutes=10))
    _, measurements = asked(earlier, sample())

    assert [each["dt"] for each in measurements] == [1795326600, 1795327200]


@pytest.mark.django_db(transaction=True)
async def test_our_door_reads_what_is_sent(platform: httpx2.AsyncClient, server: Server) -> None:
    earlier = replace(sample(), observed_at=sample().observed_at - timedelta(minutes=10))
    [request] = TARGET.write([earlier, sample(visibility=9_000.0)], {**ACCOUNT, "key": server.key})
    assert isinstance(request, Request)
    answer = await platform.post(path_and_query(request), content=request.body, headers=dict(request.headers))

    assert (answer.status_code, answer.content) == (204, b"")
    common = {
        "temperature": 20.5,
        "wind_speed": pytest.approx(4.4704, abs=0.05),
        "wind_gust": pytest.approx(8.9408, abs=0.05),
        "wind_direction": 270,
        "pressure": 1000,
        "humidity": 55,
        "rain_1h": 2.54,
        "rain_24h": 12.7,
        "dew_point": 11.1,
    }
    rows = read('SELECT observed_at, "values" FROM reading ORDER BY observed_at')
    assert [tuple(row) for row in rows] == [
        (earlier.observed_at, common),
        (sample().observed_at, {**common, "visibility": 9_000}),
    ]
