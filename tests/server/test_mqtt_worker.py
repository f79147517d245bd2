"""Which process runs which MQTT worker, and its settings."""

import asyncio
from pathlib import Path

import pytest

from sensorfusion.config.env import BadEnvironment, Environment
from sensorfusion.config.locks import Busy
from sensorfusion.events.control import Listener
from sensorfusion.events.stream import Stream
from sensorfusion.ingest.mqtt.composition import Subscriber
from sensorfusion.server import mqtt_worker as mqtt
from sensorfusion.server.mqtt_worker import Fetching, name, terms
from tests.patience import PATIENCE_S


class Started:
    """Records which workers fetch, instead of connecting."""

    def __init__(self) -> None:
        self.now: list[str] = []

    async def start(self, subscriber: Subscriber, *, is_leaving: bool = False) -> None:
        self.now.append(subscriber.terms.client_id)

    async def stop(self, subscriber: Subscriber, *, for_good: bool = False) -> None:
        if subscriber.terms.client_id in self.now:
            self.now.remove(subscriber.terms.client_id)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    notes = Started()
    monkeypatch.setattr(Subscriber, "start", lambda self, **how: notes.start(self, **how))
    monkeypatch.setattr(Subscriber, "stop", lambda self, **how: notes.stop(self, **how))
    monkeypatch.setattr(mqtt, "LOOK_EVERY_S", 0.01)
    return notes


def environment(data: Path, *, mqtt_url: str = "mqtt://broker.example.org", mqtt_ca_file: str = "") -> Environment:
    return Environment(data=data, mqtt_url=mqtt_url, mqtt_ca_file=mqtt_ca_file)


def fetching(data: Path, worker: int | None = None) -> Fetching:
    return Fetching(
        environment(data),
        worker=worker,
        pool=None,  # type: ignore[arg-type]  # nothing is looked up here
        listener=Listener(),
        stream=Stream(),
        pipeline=None,  # type: ignore[arg-type]  # and nothing stored
    )


async def test_of_several_processes_one_fetches_and_another_goes_on(tmp_path: Path, started: Started) -> None:
    first, second = fetching(tmp_path), fetching(tmp_path)
    await first.start()
    await second.start()
    assert len(started.now) == 1

    await first.stop()
    async with asyncio.timeout(PATIENCE_S):
        while not started.now:  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.01)

    await second.stop()
    assert started.now == []


async def test_who_is_told_to_be_a_worker_that_runs_says_so(tmp_path: Path, started: Started) -> None:
    first = fetching(tmp_path)
    await first.start()

    with pytest.raises(Busy, match=r"MQTT worker 1 is already running \(process \d+\).*--worker 2"):
        await fetching(tmp_path, 1).start()

    other = fetching(tmp_path, 2)
    await other.start()
    assert sorted(started.now) == [f"sensorfusion-{name(tmp_path)}-1", f"sensorfusion-{name(tmp_path)}-2"]
    await other.stop()
    await first.stop()


def test_an_installation_keeps_its_name(tmp_path: Path) -> None:
    assert len(name(tmp_path)) == 8
    assert name(tmp_path) == name(tmp_path)
    assert name(tmp_path) != name(tmp_path / "other")


@pytest.mark.parametrize("url", ["mqtt://", "mqtt://host:port", "mqtts://user:secret@"])
def test_an_address_that_cannot_be_used_is_not_repeated(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadEnvironment, match="MQTT_URL cannot be used") as refused:
        terms(environment(tmp_path, mqtt_url=url), 1)

    assert "secret" not in str(refused.value)


def test_password_is_in_no_text_of_the_terms(tmp_path: Path) -> None:
    made = terms(environment(tmp_path, mqtt_url="mqtts://sensor%40home:p%40ss@broker.example.org"), 1)

    assert (made.broker.user, made.broker.password, made.broker.port) == ("sensor@home", "p@ss", 8883)
    assert str(made.broker) == "mqtts://broker.example.org:8883"
    assert "p@ss" not in repr(made) + str(made)


def test_a_missing_certificate_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadEnvironment, match="MQTT_CA_FILE names /nowhere"):
        terms(environment(tmp_path, mqtt_ca_file="/nowhere"), 1)
