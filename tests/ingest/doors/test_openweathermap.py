"""OpenWeatherMap's measurements, as its client library sends them: with nulls everywhere, and the key twice."""

import json

import httpx2
import pytest

from sensorfusion.ingest.doors.door import Ignored
from sensorfusion.ingest.doors.openweathermap import decode_measurements
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.ingest.conftest import Server, stored

MEASUREMENT = {
    "station_id": "eui-70b3",
    "dt": 1795327200,
    "temperature": 18.7,
    "wind_speed": 1.2,
    "wind_gust": 3.4,
    "wind_deg": None,
    "pressure": 1021,
    "humidity": 87,
    "rain_1h": 2,
    "rain_6h": None,
    "visibility_distance": 9,
    "clouds": [{"distance": None}, {"condition": "SKC"}, {"cumulus": None}],
    "weather": [{"precipitation": None}],
}
STORED = {
    "temperature": 18.7,
    "wind_speed": 1.2,
    "wind_gust": 3.4,
    "pressure": 1021,
    "humidity": 87,
    "rain_1h": 2,
    "visibility": 9000,
    "clouds.1.condition": "SKC",
}


def test_a_measurement_by_itself_is_read_like_a_list_of_one() -> None:
    assert decode_measurements(json.dumps(MEASUREMENT).encode()) == decode_measurements(
        json.dumps([MEASUREMENT]).encode()
    )


@pytest.mark.parametrize("body", [b"", b"7", b"{"])
def test_anything_else_is_unreadable(body: bytes) -> None:
    with pytest.raises(RequestRefused):
        decode_measurements(body)


def test_an_empty_list_is_nothing_to_refuse() -> None:
    with pytest.raises(Ignored):
        decode_measurements(b"[]")


@pytest.mark.django_db(transaction=True)
class TestTheDoor:
    async def test_a_sensors_key_is_taken_in_either_case(self, platform: httpx2.AsyncClient, server: Server) -> None:
        query = f"APPID={server.key}&lang=en&appid={server.key}"

        answer = await platform.post(f"/data/3.0/measurements?{query}", json=[MEASUREMENT])

        assert (answer.status_code, answer.content) == (204, b"")
        assert stored() == [STORED]

    async def test_an_operators_token_speaks_for_its_stations(
        self, platform: httpx2.AsyncClient, server: Server, cast: Cast, shed: Sensor, token: str
    ) -> None:
        batch = [MEASUREMENT, {**MEASUREMENT, "station_id": str(cast.sensor.uuid)}, {**MEASUREMENT, "station_id": "x"}]

        answer = await platform.post(f"/data/3.0/measurements?appid={token}", json=batch)

        assert answer.status_code == 400
        assert "none of your sensors is known as 'x'" in answer.json()["message"]
        assert "(2 stored)" in answer.json()["message"]
        assert stored() == [STORED, STORED]

    async def test_a_wrong_key_is_refused(self, platform: httpx2.AsyncClient, server: Server) -> None:
        assert (await platform.post("/data/3.0/measurements?appid=x", json=[MEASUREMENT])).status_code == 401
        assert (await platform.post("/data/3.0/measurements", json=[MEASUREMENT])).status_code == 401

    async def test_what_cannot_be_used_says_why(self, platform: httpx2.AsyncClient, server: Server) -> None:
        answer = await platform.post(f"/data/3.0/measurements?appid={server.key}", json=[{"temperature": 999}, 7])

        assert answer.status_code == 400
        assert "999" in answer.json()["message"]
        assert "(none stored)" in answer.json()["message"]
