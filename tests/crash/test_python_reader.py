"""The Python reader against the whole platform: followed through a killed server and a withdrawn right."""

import signal
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pyarrow
import pytest

from sensorfusion.clients.python import sensorfusion_reader
from sensorfusion.clients.python.sensorfusion_reader import ApiError, Reader, Subscription
from sensorfusion.clock import utc_now
from tests.crash.conftest import Start, eventually
from tests.crash.platform import Platform
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.crash
PASSWORD = "correct horse battery staple"


@dataclass
class Follower:
    """A program that iterates over a subscription in a thread, until that ends."""

    changes: Subscription
    seqs: list[int] = field(default_factory=list)
    error: ApiError | None = None

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._follow, daemon=True)
        self.thread.start()

    def _follow(self) -> None:
        try:
            self.seqs.extend(each.seq for each in self.changes)
        except ApiError as error:
            self.error = error


def post(platform: Platform, path: str, body: Any, credential: str = "") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {credential}"} if credential else {}
    answer = httpx2.post(f"{platform.url}/api/v1{path}", json=body, headers=headers, timeout=PATIENCE_S)
    said: dict[str, Any] = answer.raise_for_status().json() if answer.content else {}
    return said


def send(platform: Platform, key: str, count: int) -> None:
    for number in range(count):
        post(platform, "/readings", {"observed_at": utc_now().isoformat(), "temperature": 20 + number / 10}, key)


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_a_program_follows_through_a_killed_server_and_reads_what_it_saw(
    data: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sensorfusion_reader, "LONGEST_WAIT_S", 1.0)
    port = free_port()
    platform = start(data, "--port", port)
    token = post(platform, "/auth/register/", {"email": "ada@example.org", "password": PASSWORD, "name": "Ada"})[
        "token"
    ]
    made = post(platform, "/sensors/", {"name": "Shed"}, token)
    sensor, key = made["id"], made["key"]

    with Reader(platform.url, token) as reader:
        follower = Follower(reader.live())
        assert eventually(lambda: bool(follower.changes.last_id))
        send(platform, key, 3)
        assert eventually(lambda: len(follower.seqs) == 3)
        platform.stop(signal.SIGKILL)
        again = start(data, "--port", port)
        send(again, key, 4)
        assert eventually(lambda: len(follower.seqs) >= 7)
        follower.changes.close()

        assert follower.seqs == list(range(1, 8))
        assert [each["name"] for each in reader.sensors()] == ["Shed"]
        stored = list(reader.readings(sensor))
        assert [each.seq for each in stored] == follower.seqs
        assert reader.latest(sensor).values == stored[-1].values
        chart = reader.series(sensor, ["temperature"], resolution="raw")
        drawn = dict(zip(chart.times, chart.columns["temperature"]["mean"], strict=True))
        without_gaps = {at: value for at, value in drawn.items() if value is not None}
        assert without_gaps == {each.observed_at: each.values["temperature"] for each in stored}
        table = pyarrow.table(reader.table(sensor, ["temperature"], resolution="raw"))
        assert table["temperature"].to_pylist() == list(drawn.values())
        assert table["time"].to_pylist() == list(drawn)
    assert again.stop() == 0


def test_a_right_that_ends_ends_what_a_program_sees(data: Path, start: Start) -> None:
    platform = start(data)
    token = post(platform, "/auth/register/", {"email": "ada@example.org", "password": PASSWORD, "name": "Ada"})[
        "token"
    ]
    given = post(platform, "/auth/tokens/", {"label": "Program", "scope": "read"}, token)
    key = post(platform, "/sensors/", {"name": "Shed"}, token)["key"]
    with Reader(platform.url, given["token"]) as reader:
        follower = Follower(reader.live())
        send(platform, key, 1)
        assert eventually(lambda: bool(follower.changes.last_id))

        httpx2.delete(
            f"{platform.url}/api/v1/auth/tokens/{given['id']}/", headers={"Authorization": f"Bearer {token}"}
        ).raise_for_status()

        follower.thread.join(PATIENCE_S)
        assert follower.error
        assert follower.error.status == 401
    assert platform.stop() == 0
