"""Alerts at a real broker: retained states that are true when they are sent, and words for what goes wrong."""

import json
import queue
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from sensorfusion.alerts.messages import services
from sensorfusion.alerts.messages.channels import mqtt
from sensorfusion.alerts.messages.channels.channel import Publish, Standing, Told, Topic
from sensorfusion.alerts.messages.models import AlertAttempt, AlertMessage
from sensorfusion.ingest.polling.fetching import Fetcher
from sensorfusion.outgoing.allowed_networks import allowed_networks
from sensorfusion.outgoing.attempts import NotAccepted
from sensorfusion.sensors.keys.encryption import encrypt
from sensorfusion.server.alerts.sender import posting
from tests.alerts.messages.conftest import Office
from tests.alerts.messages.conftest import office as office  # the fixture
from tests.certificates import Authority
from tests.mail.conftest import mail_settings as mail_settings  # the fixture
from tests.mosquitto import Mosquitto, running
from tests.patience import PATIENCE_S

HERE = Fetcher(allowed=allowed_networks(["127.0.0.0/8"]))
ONE = (Topic("a/b", b"1"),)


@pytest.fixture(scope="module")
def broker() -> Iterator[Mosquitto]:
    with running() as server:
        yield server


class Reader:
    """A program that subscribes to everything, as Home Assistant does."""

    def __init__(self, broker: Mosquitto) -> None:
        self._heard: queue.Queue[tuple[str, bytes, bool]] = queue.Queue()
        self._subscribed: queue.Queue[bool] = queue.Queue()
        self.client = Client(CallbackAPIVersion.VERSION2)
        self.client.on_connect = lambda client, *_: client.subscribe("#", qos=1)
        self.client.on_subscribe = lambda *_: self._subscribed.put(True)
        self.client.on_message = lambda _, __, each: self._heard.put((each.topic, bytes(each.payload), each.retain))
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        self._subscribed.get(timeout=PATIENCE_S)

    def hear(self, many: int) -> dict[str, tuple[dict[str, Any], bool]]:
        found = [self._heard.get(timeout=PATIENCE_S) for _ in range(many)]
        return {topic: (json.loads(payload), retained) for topic, payload, retained in found}


@contextmanager
def reading(broker: Mosquitto) -> Iterator[Reader]:
    reader = Reader(broker)
    try:
        yield reader
    finally:
        reader.client.disconnect()
        reader.client.loop_stop()


@pytest.mark.django_db(transaction=True)
def test_home_assistant_has_the_state_of_each_alert_also_after_it_reconnects(office: Office, broker: Mosquitto) -> None:
    office.chore._attempts._post = posting(HERE)
    office.waits_s = 5.0
    office.channel(kind="mqtt", address=f"{broker.url}/home", secret=encrypt(""))
    sensor = office.cast.sensor
    state = f"home/alerts/{sensor.uuid}/temperature"
    config = f"homeassistant/binary_sensor/sf_alert_home_{sensor.uuid.hex}/temperature/config"
    alert = office.fire(office.rule(note="Close the lid"))
    office.later(minutes=1)

    with reading(broker) as reader:
        found = reader.hear(2)
        office.end(alert)
        office.later(minutes=1)
        over = reader.hear(2)

    assert found[config][1]
    assert found[state][1]
    announced = found[config][0]
    assert (announced["device_class"], announced["state_topic"]) == ("problem", state)
    assert announced["device"]["name"] == sensor.name
    assert found[state][0]["state"] == "ON"
    assert "Close the lid" in found[state][0]["text"]
    assert over[state][0]["state"] == "OFF"
    assert set(AlertAttempt.objects.values_list("said", flat=True)) == {"accepted"}


@pytest.mark.django_db(transaction=True)
def test_message_that_is_tried_again_later_tells_the_state_of_then(office: Office) -> None:
    office.channel(kind="mqtt", address="mqtt://broker.example.org", secret=encrypt("ann:pass:word"))
    first, second = office.fire(office.rule()), office.fire(office.rule(high=-10.0))
    office.refusals = [NotAccepted("connection refused")]
    office.later(minutes=1)
    office.end(first, is_running=False)
    office.later(minutes=2)
    office.end(second, is_running=False)
    office.later(minutes=5)

    sent = office.published
    states = [json.loads(each.topics[-1].payload)["state"] for each in sent]
    assert (states[0], states[-1]) == ("ON", "OFF")
    assert "ON" in states[1:]  # the other one lasted
    assert (sent[0].user, sent[0].password) == ("ann", "pass:word")
    assert "pass" not in repr(sent[0])


@pytest.mark.django_db(transaction=True)
def test_two_rules_on_a_quantity_have_one_state_that_says_what_lasts(office: Office) -> None:
    """The critical alert ends while the warning lasts."""
    office.channel(kind="mqtt", address="mqtt://broker.example.org", secret=encrypt(""))
    office.fire(office.rule(severity="warning", note="Close the lid"))
    worse = office.fire(office.rule(high=-10.0, severity="critical", note="Move the food"))
    office.later(minutes=1)
    office.end(worse)
    office.later(minutes=2)

    both, one = [json.loads(each.topics[-1].payload) for each in office.published]
    assert (both["state"], both["severity"]) == ("ON", "critical")
    assert [each["severity"] for each in both["alerts"]] == ["critical", "warning"]
    assert "Move the food" in both["alerts"][0]["text"]
    assert (one["state"], one["severity"]) == ("ON", "warning")
    assert "Close the lid" in one["text"]
    assert "Move the food" not in one["text"]


@pytest.mark.django_db(transaction=True)
def test_alert_that_is_not_told_does_not_keep_a_state_on(office: Office) -> None:
    """The end of a warning comes to no channel for critical alerts, so its state would stay on for ever."""
    office.channel(kind="mqtt", address="mqtt://broker.example.org", secret=encrypt(""), from_severity="critical")
    office.fire(office.rule(severity="warning"))
    worse = office.fire(office.rule(high=-10.0, severity="critical"))
    office.later(minutes=1)
    office.end(worse)
    office.later(minutes=2)

    assert [json.loads(each.topics[-1].payload)["state"] for each in office.published] == ["ON", "OFF"]


@pytest.mark.django_db(transaction=True)
def test_test_message_is_not_retained(office: Office) -> None:
    channel = office.channel(kind="mqtt", address="mqtt://broker.example.org", secret=encrypt(""))
    services.test_channel(channel=channel, now=office.now)
    office.run()

    [sent] = office.published
    assert [(each.name, each.is_retained) for each in sent.topics] == [("sensorfusion/alerts/test", False)]
    assert AlertMessage.objects.get().sent_at == office.now


@pytest.mark.sockets
def test_private_network_is_refused_unless_the_setting_allows_it(broker: Mosquitto) -> None:
    with pytest.raises(NotAccepted, match="POLL_ALLOW_NETWORKS"):
        posting(Fetcher(allowed=()))(Publish(broker.url, "", "", ONE)).result(PATIENCE_S)


@pytest.mark.sockets
def test_broker_that_refuses_the_password_is_told() -> None:
    with running("allow_anonymous false") as strict, pytest.raises(NotAccepted, match="refused the connection: not"):
        posting(HERE)(Publish(strict.url, "ann", "wrong", ONE)).result(PATIENCE_S)


@pytest.mark.sockets
def test_broker_that_is_not_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(NotAccepted, match="connection refused"):
        posting(HERE)(Publish(f"mqtt://127.0.0.1:{port}", "", "", ONE)).result(PATIENCE_S)


@pytest.mark.sockets
def test_broker_that_hangs_is_left_after_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sensorfusion.server.alerts.publishing.WITHIN_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"mqtt://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(NotAccepted, match=r"no answer within 0.2 s"):
            posting(HERE)(Publish(url, "", "", ONE)).result(PATIENCE_S)


def test_quantities_with_like_names_have_topics_of_their_own() -> None:
    names = ["level.a", "level_a", "level:a", "level-a", "Level_a", "any", ""]
    standing = tuple(Standing("6f1c0b1e-7b0a-4f7e-9a53-1f0f6a0f2a11", "Tank", "Farm", name, name) for name in names)
    told = Told("key", "Title", "Text", "warning", "https://example.org/", standing=standing)

    sent = mqtt.request(told, "mqtt://broker.example.org", "", 0)

    topics = [each.name for each in sent.topics]
    assert len(set(topics)) == len(topics) == 2 * len(names)
    parts = {part for topic in topics if topic.endswith("/config") for part in topic.split("/")}
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]+", part) for part in parts)  # what discovery allows


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@contextmanager
def encrypted(authority: Authority, name: str) -> Iterator[Mosquitto]:
    """Run a broker with a certificate of an authority of our own for a name."""
    certificate = authority.certificate_for(name)
    with running("allow_anonymous true", f"certfile {certificate}", f"keyfile {certificate}") as broker:
        yield broker


def published(broker: Mosquitto, monkeypatch: pytest.MonkeyPatch, trusted: Path) -> str:
    """Publish at broker.example.org, which is the machine of the test; return what is said of it."""

    async def here(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    fetcher = Fetcher(allowed=allowed_networks(["127.0.0.0/8"]), resolve=here)
    url = f"mqtts://broker.example.org:{broker.port}"
    return posting(fetcher)(Publish(url, "", "", ONE)).result(PATIENCE_S)


@pytest.mark.sockets
def test_broker_with_a_certificate_of_a_trusted_authority_is_accepted(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with encrypted(authority, "broker.example.org") as broker:
        assert published(broker, monkeypatch, authority.path) == "accepted"


@pytest.mark.sockets
def test_broker_with_a_certificate_of_another_authority_is_refused(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = Authority(tmp_path)
    with (
        encrypted(authority, "broker.example.org") as broker,
        pytest.raises(NotAccepted, match="its certificate cannot be trusted: unable to get local issuer certificate"),
    ):
        published(broker, monkeypatch, other.path)


@pytest.mark.sockets
def test_broker_with_a_certificate_for_another_name_is_refused(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        encrypted(authority, "other.example.org") as broker,
        pytest.raises(NotAccepted, match=r"its certificate cannot be trusted: .*'broker.example.org'"),
    ):
        published(broker, monkeypatch, authority.path)


@pytest.mark.sockets
def test_broker_without_encryption_is_not_spoken_to_in_the_open(
    broker: Mosquitto, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotAccepted, match=r"no encrypted connection|closed the connection|cannot be reached"):
        published(broker, monkeypatch, authority.path)
