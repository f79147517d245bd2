"""The connection: encrypted if requested, and no acknowledgement on the wrong connection."""

import gc
import logging
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from sensorfusion.ingest.mqtt.broker import Broker
from sensorfusion.ingest.mqtt.link import Arrived, Link
from tests.ingest.mqtt.conftest import Publisher
from tests.mosquitto import Mosquitto, running
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.sockets


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    """A directory with a CA certificate and a certificate that it signed for 127.0.0.1."""
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl on this machine")

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=tmp_path, check=True, capture_output=True, timeout=PATIENCE_S)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "2", "-subj", "/CN=Test authority")
    openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=127.0.0.1")
    (tmp_path / "names").write_text("subjectAltName=IP:127.0.0.1")
    sign = ("-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names")
    openssl("x509", "-req", "-in", "server.csr", "-out", "server.crt", *sign)
    return tmp_path


@pytest.fixture
def encrypted(certificates: Path) -> Iterator[Mosquitto]:
    with running(
        "allow_anonymous true", f"certfile {certificates}/server.crt", f"keyfile {certificates}/server.key"
    ) as broker:
        yield broker


def link_to(broker: Broker, arrived: "Queue[Arrived]", ca_file: Path | None = None) -> Link:
    link = Link(broker, client_id="test-link", filters=["sf/v1/+/readings"], arrived=arrived.put, ca_file=ca_file)
    link.start()
    return link


def becomes(what: str, link: Link, *, within_s: float = PATIENCE_S) -> bool:
    """Return whether a condition on a link becomes true in time."""
    deadline = time.monotonic() + within_s
    while not getattr(link, what) and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(getattr(link, what))


def test_an_encrypted_broker_is_believed_by_its_authority(encrypted: Mosquitto, certificates: Path) -> None:
    link = link_to(Broker("127.0.0.1", encrypted.port, True), Queue(), certificates / "ca.crt")

    assert becomes("is_subscribed", link)

    link.forget()


# paho leaves the socket of a failed handshake to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_encrypted_broker_of_an_unknown_authority_is_not_believed(
    encrypted: Mosquitto, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("sensorfusion"), "propagate", True)
    link = link_to(Broker("127.0.0.1", encrypted.port, True), Queue())

    assert not becomes("is_connected", link, within_s=1)

    link.stop()
    assert "certificate verify failed" in caplog.text
    gc.collect()


def test_nothing_is_acknowledged_over_a_newer_connection() -> None:
    arrived: Queue[Arrived] = Queue()
    with running() as broker:
        link = link_to(broker.broker(), arrived)
        assert becomes("is_subscribed", link)
        device = Publisher(broker)
        device.say("sf/v1/one/readings", b"1")
        first = arrived.get(timeout=PATIENCE_S)
        device.close()

        broker.stop()
        broker.start()
        again = arrived.get(timeout=PATIENCE_S)

        assert again.payload == first.payload
        assert (link.is_current(first), link.is_current(again)) == (False, True)
        assert link.acknowledge(first) is False
        assert link.acknowledge(again) is True
        link.stop()

        later: Queue[Arrived] = Queue()
        link = link_to(broker.broker(), later)
        assert becomes("is_subscribed", link)
        with pytest.raises(Empty):
            later.get(timeout=0.3)
        link.forget()
