"""Uplinks of LoRaWAN network servers: decoded payloads are stored, everything else is acknowledged and ignored."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from sensorfusion.ingest.doors.door import Ignored
from sensorfusion.ingest.doors.lorawan.chirpstack import decode_chirpstack
from sensorfusion.ingest.doors.lorawan.the_things import decode_the_things
from sensorfusion.ingest.steps.refused import RequestRefused
from sensorfusion.sensors.models import Sensor
from tests.ingest.conftest import Server, stored
from tests.ingest.doors.conftest import values_of

THINGS: dict[str, Any] = {
    "end_device_ids": {"device_id": "orchard-1", "application_ids": {"application_id": "farm"}, "dev_eui": "EUI-70B3"},
    "correlation_ids": ["as:up:1"],
    "received_at": "2026-11-20T12:00:01.046014773Z",
    "uplink_message": {
        "f_port": 1,
        "f_cnt": 1,
        "frm_payload": "gkHe",
        "decoded_payload": {"TempC_SHT": 1.5, "soil": {"moisture": 31}, "BatV": 3.05, "state": "ok"},
        "rx_metadata": [
            {"gateway_ids": {"gateway_id": "far"}, "rssi": -110, "snr": -3.5},
            {"gateway_ids": {"gateway_id": "near"}, "rssi": -35, "snr": 5},
        ],
        "received_at": "2026-11-20T12:00:00.789585559Z",
    },
}
CHIRP: dict[str, Any] = {
    "deduplicationId": "3ac7e3c4",
    "time": "2026-11-20T12:00:00.775023242+00:00",
    "deviceInfo": {"applicationName": "weather", "deviceName": "roof-station", "devEui": "eui-70b3"},
    "fCnt": 4,
    "data": "AQI=",
    "object": {"temperature": 21.5, "humidity": 55.2, "rain": {"gauge_mm": 0.2}},
    "rxInfo": [{"gatewayId": "0016c001f153a14c", "rssi": -48, "snr": 9.0}],
}


def body(message: Any) -> bytes:
    return json.dumps(message).encode()


def test_a_decoded_payload_is_flattened_with_the_best_reception() -> None:
    (sent,) = decode_the_things(body(THINGS))

    assert values_of(sent) == {
        "signal_strength": -35,
        "signal_to_noise": 5,
        "temperature": {"value": 1.5, "unit": "Cel"},
        "soil_moisture": {"value": 31, "unit": "%"},
        "battery_voltage": {"value": 3.05, "unit": "V"},
        "state": "ok",
    }
    assert (sent.sensor, sent.also) == ("EUI-70B3", "orchard-1")
    assert sent.observed_at == "2026-11-20T12:00:00.789585559Z"


def test_a_normalized_payload_is_preferred() -> None:
    message = deepcopy(THINGS)
    message["uplink_message"]["normalized_payload"] = [
        {"time": "2026-11-20T11:50:00Z", "air": {"temperature": 4.5, "relativeHumidity": 80}},
        {"time": "2026-11-20T12:00:00Z", "air": {"temperature": 5}, "wind": {"speed": 2}},
    ]

    first, second = decode_the_things(body(message))

    assert values_of(first) == {
        "temperature": {"value": 4.5, "unit": "Cel"},
        "humidity": {"value": 80, "unit": "%"},
    }
    assert first.observed_at == "2026-11-20T11:50:00Z"
    assert values_of(second) == {
        "signal_strength": -35,
        "signal_to_noise": 5,
        "temperature": {"value": 5, "unit": "Cel"},
        "wind_speed": {"value": 2, "unit": "m/s"},
    }


@pytest.mark.parametrize(
    "message",
    [
        {"end_device_ids": {}, "join_accept": {"session_key_id": "x"}},
        {"downlink_ack": {}},
        {"uplink_message": {"f_port": 1}},
        {"uplink_message": {"decoded_payload": {}}},
        {"uplink_message": 7},
        {},
    ],
)
def test_messages_without_measurements_are_ignored(message: Any) -> None:
    with pytest.raises(Ignored):
        decode_the_things(body(message))


@pytest.mark.parametrize("text", [b"", b"[]", b"7", b"{"])
def test_what_is_no_message_is_unreadable(text: bytes) -> None:
    for decode in (decode_the_things, decode_chirpstack):
        with pytest.raises(RequestRefused):
            decode(text)


def test_a_chirpstack_uplink_is_read() -> None:
    (sent,) = decode_chirpstack(body(CHIRP))

    assert values_of(sent) == {
        "signal_strength": -48,
        "signal_to_noise": 9.0,
        "temperature": 21.5,
        "humidity": 55.2,
        "rain.gauge_mm": 0.2,
    }
    assert (sent.sensor, sent.also) == ("eui-70b3", "roof-station")


@pytest.mark.django_db(transaction=True)
class TestTheDoors:
    async def test_an_uplink_is_stored_once_however_often_it_comes(
        self, platform: httpx2.AsyncClient, server: Server
    ) -> None:
        headers = {"authorization": f"Bearer {server.key}"}

        first = await platform.post("/in/ttn/up", json=THINGS, headers=headers)
        again = await platform.post("/in/ttn", json=THINGS, headers=headers)

        assert (first.json()["accepted"], again.json()["duplicates"]) == (1, 1)
        assert stored('observed_at, "values"') == [
            (
                datetime(2026, 11, 20, 12, 0, 0, 789585, tzinfo=UTC),
                {
                    "signal_strength": -35,
                    "signal_to_noise": 5,
                    "temperature": 1.5,
                    "soil_moisture": 31,
                    "battery_voltage": 3.05,
                    "state": "ok",
                },
            )
        ]

    async def test_a_gateways_device_is_known_by_either_of_its_names(
        self, platform: httpx2.AsyncClient, server: Server, shed: Sensor, token: str
    ) -> None:
        headers = {"authorization": f"Bearer {token}"}
        by_device_id = deepcopy(THINGS)
        by_device_id["end_device_ids"] = {"device_id": "Shed", "dev_eui": "0000"}

        for message in (THINGS, by_device_id):
            answer = await platform.post("/in/ttn/up", json=message, headers=headers)
            assert list(answer.json()["sensors"]) == [str(shed.uuid)]
        answer = await platform.post("/in/chirpstack?event=up", json=CHIRP, headers=headers)
        assert list(answer.json()["sensors"]) == [str(shed.uuid)]

    async def test_a_device_that_nobody_registered_does_not_make_the_server_stop(
        self, platform: httpx2.AsyncClient, server: Server, token: str
    ) -> None:
        answer = await platform.post("/in/ttn/up", json=THINGS, headers={"authorization": f"Bearer {token}"})

        assert answer.status_code == 200
        assert answer.json()["rejected"][0]["code"] == "unknown_sensor"

    async def test_other_events_are_answered_well(self, platform: httpx2.AsyncClient, server: Server) -> None:
        headers = {"authorization": f"Bearer {server.key}"}

        joined = await platform.post("/in/ttn/join", json={"join_accept": {}}, headers=headers)
        status = await platform.post("/in/chirpstack?event=status", json={"margin": 7}, headers=headers)

        assert (joined.status_code, status.status_code) == (200, 200)
        assert stored() == []

    async def test_a_wrong_key_is_refused_whatever_the_event(
        self, platform: httpx2.AsyncClient, server: Server
    ) -> None:
        for address in ("/in/ttn/up", "/in/chirpstack?event=join", "/in/sf_x/ttn"):
            assert (await platform.post(address, json={"join_accept": {}})).status_code == 401

    async def test_a_key_may_stand_in_the_address(self, platform: httpx2.AsyncClient, server: Server) -> None:
        assert (await platform.post(f"/in/{server.key}/ttn/up", json=THINGS)).json()["accepted"] == 1
        assert (await platform.post(f"/in/{server.key}/chirpstack", json=CHIRP)).json()["accepted"] == 1
