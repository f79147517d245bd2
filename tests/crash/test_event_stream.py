"""Server-sent events across a stopped and a killed server: everything that was acknowledged, and each reading once."""

import json
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from sensorfusion.clock import utc_now
from tests.crash.conftest import Start, eventually
from tests.crash.platform import Platform
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.crash
ACCOUNT = {"email": "ada@example.org", "password": "correct horse battery staple", "name": "Ada"}


class Listener:
    """A client that reads events in a thread, and reconnects with the last id when it is asked to."""

    def __init__(self, token: str) -> None:
        self.seqs: list[int] = []
        self._token = token
        self._last_id = ""
        self._reading: threading.Thread | None = None

    def connect(self, url: str) -> None:
        begun = threading.Event()
        self._reading = threading.Thread(target=self._read, args=(url, begun), daemon=True)
        self._reading.start()
        assert begun.wait(PATIENCE_S)

    def has_ended(self) -> bool:
        assert self._reading
        self._reading.join(PATIENCE_S)
        return not self._reading.is_alive()

    def _read(self, url: str, begun: threading.Event) -> None:
        resumed = {"Last-Event-ID": self._last_id} if self._last_id else {}
        headers = {"Authorization": f"Bearer {self._token}", **resumed}
        try:
            with httpx2.stream("GET", f"{url}/api/v1/stream", headers=headers, timeout=PATIENCE_S) as answer:
                for message in self._messages(answer):
                    begun.set()
                    self.seqs += [reading["seq"] for reading in message.get("readings", ())]
        except httpx2.TransportError:  # of the one that was killed
            pass

    def _messages(self, answer: httpx2.Response) -> Iterator[dict[str, Any]]:
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name == "id":
                self._last_id = value
            elif name == "data":
                yield json.loads(value)


def send(platform: Platform, key: str, count: int) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    for number in range(count):
        body = {"observed_at": utc_now().isoformat(), "temperature": 20 + number / 10}
        httpx2.post(
            f"{platform.url}/api/v1/readings", json=body, headers=headers, timeout=PATIENCE_S
        ).raise_for_status()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_listener_has_everything_once_after_a_restart(end: signal.Signals, data: Path, start: Start) -> None:
    platform = start(data)
    token = httpx2.post(f"{platform.url}/api/v1/auth/register/", json=ACCOUNT).raise_for_status().json()["token"]
    as_ada = {"Authorization": f"Bearer {token}"}
    made = httpx2.post(f"{platform.url}/api/v1/sensors/", json={"name": "Shed"}, headers=as_ada).raise_for_status()
    key = made.json()["key"]
    listener = Listener(token)
    listener.connect(platform.url)
    send(platform, key, 3)
    assert eventually(lambda: len(listener.seqs) == 3)

    platform.stop(end)
    assert listener.has_ended()
    again = start(data)
    send(again, key, 2)
    listener.connect(again.url)
    send(again, key, 2)

    assert eventually(lambda: len(listener.seqs) >= 7)
    assert listener.seqs == list(range(1, 8))
    assert again.stop() == 0
