"""Events of ChirpStack v4, and of v3 in both of its forms."""

import json
from typing import Any

import pytest

from sensorfusion.ingest.doors.door import Ignored
from sensorfusion.ingest.doors.lorawan.chirpstack import decode_chirpstack
from tests.ingest.doors.conftest import values_of

AT = "2026-11-20T12:00:00Z"
HEARD = {"rxInfo": [{"gatewayID": "AA=", "time": AT, "rssi": -57, "loRaSNR": 10}], "fPort": 2, "data": "AQI="}
EXPECTED = {"temperature": 22.5, "humidity": 44, "signal_strength": -57, "signal_to_noise": 10}
DECODED = {"temperature": 22.5, "humidity": 44}


def body(**said: Any) -> bytes:
    return json.dumps(HEARD | said).encode()


@pytest.mark.parametrize(
    "said",
    [
        {"applicationID": "1", "deviceName": "roof", "devEUI": "AQEBAQEBAQE=", "objectJSON": json.dumps(DECODED)},
        {"applicationID": "1", "deviceName": "roof", "devEUI": "0101010101010101", "object": DECODED},
        {"applicationId": "1", "deviceName": "roof", "devEui": "0101010101010101", "objectJson": json.dumps(DECODED)},
        {"deviceInfo": {"deviceName": "roof", "devEui": "0101010101010101"}, "object": DECODED, "time": AT},
    ],
)
def test_every_version_is_read(said: dict[str, Any]) -> None:
    (sent,) = decode_chirpstack(body(**said))

    assert values_of(sent) == EXPECTED
    assert (sent.sensor, sent.also, sent.observed_at) == ("0101010101010101", "roof", AT)


@pytest.mark.parametrize("said", [{}, {"object": {}}, {"objectJSON": ""}, {"objectJSON": "{broken"}, {"object": 7}])
def test_an_uplink_that_nothing_decodes_says_what_to_do(said: dict[str, Any]) -> None:
    with pytest.raises(Ignored) as ignored:
        decode_chirpstack(body(deviceName="roof", devEUI="0101010101010101", **said))

    (note,) = ignored.value.notes
    assert "codec" in note.detail
    assert ignored.value.sensor == "0101010101010101"


@pytest.mark.parametrize("event", ["join", "ack", "txack", "status", "location", "integration"])
def test_other_events_are_ignored_by_design(event: str) -> None:
    with pytest.raises(Ignored) as ignored:
        decode_chirpstack(body(object=DECODED), event=event)

    assert ignored.value.notes == ()


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("log", {"level": "ERROR", "code": "UPLINK_CODEC", "description": "TypeError: no bytes"}),
        ("error", {"type": "CODEC", "error": "TypeError: no bytes"}),
    ],
)
def test_an_error_of_the_codec_is_told(event: str, said: dict[str, Any]) -> None:
    with pytest.raises(Ignored) as ignored:
        decode_chirpstack(json.dumps(said).encode(), event=event)

    assert "TypeError: no bytes" in ignored.value.notes[0].detail


def test_information_of_the_server_is_no_error() -> None:
    with pytest.raises(Ignored) as ignored:
        decode_chirpstack(b'{"level": "INFO", "code": "X", "description": "y"}', event="log")

    assert ignored.value.notes == ()


def test_an_empty_frame_is_ignored_by_design() -> None:
    with pytest.raises(Ignored) as ignored:
        decode_chirpstack(b'{"deviceName": "roof", "fPort": 0}')

    assert ignored.value.notes == ()
