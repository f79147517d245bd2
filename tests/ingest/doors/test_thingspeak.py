"""ThingSpeak's updates, single and in bulk."""

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from sensorfusion.sensors.models import Sensor
from tests.conftest import Cast
from tests.ingest.conftest import Server, change, stored

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
class TestUpdate:
    async def test_the_answer_is_the_number_of_the_entry(self, platform: httpx2.AsyncClient, server: Server) -> None:
        first = await platform.get(f"/update?api_key={server.key}&field1=21.4&field2=60&status=fine")
        second = await platform.post("/update", data={"api_key": server.key, "field1": "22"})

        assert (first.text, second.text) == ("1", "2")
        assert stored() == [{"field1": 21.4, "field2": 60, "status": "fine"}, {"field1": 22}]

    async def test_the_sensors_settings_say_what_the_fields_are(
        self, platform: httpx2.AsyncClient, server: Server, mapped: None
    ) -> None:
        answer = await platform.get(f"/update?api_key={server.key}&field1=50&field2=60&field3=7&temperature=3")

        assert answer.text == "1"
        assert stored() == [{"temperature": 10.0, "humidity": 60}]

    @pytest.mark.parametrize(
        "at",
        [
            {"created_at": "2026-11-20T12:00:00Z"},
            {"created_at": "2026-11-20 07:00:00 -0500"},
            {"created_at": "2026-11-20 12:00:00 UTC"},
            {"created_at": "2026-11-20 12:00:00"},
            {"created_at": "2026-11-20 13:00:00", "timezone": "Europe/Warsaw"},
            {"created_at": "2026-11-20 12:00:00", "timezone": "../../etc/passwd"},
        ],
    )
    async def test_every_spelling_of_the_time_is_read(
        self, platform: httpx2.AsyncClient, server: Server, at: dict[str, str]
    ) -> None:
        await platform.post("/update", json={"api_key": server.key, "field1": 1, **at})

        assert stored("observed_at") == [NOON]

    async def test_a_header_may_hold_the_key_and_json_is_answered_with_json(
        self, platform: httpx2.AsyncClient, server: Server
    ) -> None:
        answer = await platform.post("/update.json", data={"field1": "1"}, headers={"X-THINGSPEAKAPIKEY": server.key})

        assert answer.json()["entry_id"] == 1

    async def test_what_is_not_taken_is_entry_0(self, platform: httpx2.AsyncClient, server: Server) -> None:
        wrong = await platform.get("/update?api_key=XXXX&field1=1")
        empty = await platform.get(f"/update?api_key={server.key}")
        late = await platform.get(f"/update?api_key={server.key}&field1=1&created_at=yesterday")
        json = await platform.get("/update.json?api_key=XXXX&field1=1")

        assert [(each.status_code, each.text) for each in (wrong, empty, late)] == [(401, "0"), (400, "0"), (400, "0")]
        assert "not a time" in late.headers["x-reason"]
        assert json.json()["error"]["error_code"] == "unknown_key"

    async def test_a_gateway_names_the_sensor(
        self, platform: httpx2.AsyncClient, server: Server, shed: Sensor, token: str
    ) -> None:
        assert (await platform.get(f"/update?api_key={token}&sensor=Shed&field1=1")).text == "1"
        assert (await platform.get(f"/update?api_key={token}&field1=1")).text == "0"


@pytest.mark.django_db(transaction=True)
class TestBulkUpdate:
    async def test_many_updates_are_stored_at_once(self, platform: httpx2.AsyncClient, server: Server) -> None:
        updates = [
            {"created_at": "2026-11-20 12:00:00 +0000", "field1": 1},
            {"delta_t": 60, "field1": 2},
            {"created_at": "x", "field1": 3},
            "x",
        ]

        answer = await platform.post(
            "/channels/9/bulk_update.json", json={"write_api_key": server.key, "updates": updates}
        )

        assert answer.status_code == 202
        assert [each["code"] for each in answer.json()["rejected"]] == ["bad_time", "not_an_object"]
        assert stored() == [{"field1": 1}, {"field1": 2}]

    @pytest.mark.parametrize("body", [{}, {"updates": 3}, [], "x"])
    async def test_anything_else_is_refused(self, platform: httpx2.AsyncClient, server: Server, body: Any) -> None:
        headers = {"x-thingspeakapikey": server.key}

        assert (await platform.post("/channels/9/bulk_update.json", json=body, headers=headers)).status_code == 400

    async def test_the_channel_names_a_gateways_sensor(
        self, platform: httpx2.AsyncClient, server: Server, shed: Sensor, token: str
    ) -> None:
        sent = {"write_api_key": token, "updates": [{"field1": 1}]}

        assert (await platform.post("/channels/Shed/bulk_update.json", json=sent)).status_code == 202
        assert (await platform.post("/channels/9/bulk_update.json", json=sent)).status_code == 400


@pytest.fixture
def mapped(cast: Cast, server: Server) -> None:
    change(
        """UPDATE sensors_sensor SET names = '{"field1": {"quantity": "temperature", "unit": "[degF]"},
        "field2": {"quantity": "humidity"}, "field3": {"quantity": ""}, "temperature": {"quantity": ""}}'"""
    )
