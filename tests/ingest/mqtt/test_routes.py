"""What a message holds, and what the owner of its site is told of it."""

import json
from uuid import uuid4

import pytest

from sensorfusion.clock import utc_now
from sensorfusion.ingest.mqtt import routes as module
from sensorfusion.ingest.mqtt.adapters.adapter import Adapter, Found
from sensorfusion.ingest.mqtt.registered import Name
from sensorfusion.ingest.mqtt.routes import Read, Routes
from sensorfusion.ingest.steps.batch import Note, Sent
from sensorfusion.ingest.steps.refused import RequestRefused

SITE = str(uuid4())
TASMOTA = json.dumps({"AM2301": {"Temperature": 21.4}}).encode()
EM = Note("not_understood", "em:0", "Not understood.")


def read(topic: str, payload: bytes = b"{}", *, site: str = "") -> Read:
    return Routes(site).read(topic, payload, utc_now())


def test_a_device_is_found_at_the_site_of_its_topic() -> None:
    for found in (read(f"sites/{SITE}/tele/kitchen/SENSOR", TASMOTA), read("tele/kitchen/SENSOR", TASMOTA, site=SITE)):
        assert [part.name for part in found.parts] == [Name("tasmota/kitchen", SITE)]
        assert not found.notes


def test_without_a_site_a_foreign_topic_is_nobodys() -> None:
    assert read("tele/kitchen/SENSOR", TASMOTA) == Read()


def test_a_topic_that_no_adapter_reads_is_told_to_its_site() -> None:
    found = read(f"sites/{SITE}/garden/station7/json")

    assert found.site == SITE
    assert [(note.code, note.subject) for note in found.notes] == [("unknown_topic", "garden/station7/json")]


@pytest.mark.parametrize(
    "topic",
    [
        "tele/kitchen/LWT",
        "stat/kitchen/RESULT",
        "homeassistant/sensor/a/config",
        "zigbee2mqtt/bridge/state",
        "a/status",
    ],
)
def test_what_devices_publish_beside_readings_is_told_to_nobody(topic: str) -> None:
    found = read(f"sites/{SITE}/{topic}", b"Online")

    assert not found.notes
    assert not found.parts


def test_notes_of_an_adapter_go_to_the_sensor_of_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    shelly = Adapter("shelly", ("+/events/rpc",), lambda _: [Found("shelly-1", notes=[EM])])
    monkeypatch.setattr(module, "foreign", lambda _: shelly)

    [part] = read(f"sites/{SITE}/shelly-1/events/rpc").parts

    assert part.sent == [Sent({}, notes=[EM])]


def test_what_cannot_be_read_on_our_own_topic_is_a_rejected_reading_of_its_sensor() -> None:
    uuid = str(uuid4())

    [part] = read(f"sf/v1/{uuid}/readings", b"{").parts

    assert part.name == Name(uuid)
    [sent] = part.sent
    assert sent.problem
    assert sent.problem[0] == "unreadable"


def test_what_cannot_be_read_on_the_topic_of_a_site_has_that_site() -> None:
    topic = f"sites/{SITE}/tele/kitchen/SENSOR"

    with pytest.raises(RequestRefused):
        read(topic, b"{")
    assert Routes().site_of(topic) == SITE
    assert Routes(SITE).site_of("tele/kitchen/SENSOR") == SITE
    assert Routes(SITE).site_of(f"sf/v1/{uuid4()}/readings") == ""
