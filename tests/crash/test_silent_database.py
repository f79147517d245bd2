"""A database host that dies without a word, and comes back; and a terminal that is closed."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.conftest import Cast
from tests.crash.conftest import Start, eventually
from tests.crash.platform import Platform
from tests.ingest.conftest import key_for, read
from tests.patience import PATIENCE_S
from tests.tcp_proxy import Proxy, proxy

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

# What is promised. A machine that is busy with other tests may need longer.
WHOLE_WITHIN_S = 3.0
ENDS_WITHIN_S = 10.0
SLACK_S = 10.0


@pytest.fixture
def between(transactional_db: None) -> Iterator[Proxy]:
    with proxy() as running:
        yield running


class Device:
    """Sends readings, and keeps which of them were acknowledged."""

    def __init__(self, platform: Platform, key: str) -> None:
        self._platform, self._key = platform, key
        self.acknowledged: list[int] = []
        self.refused: list[int] = []
        self._next = 1700000000

    def send(self) -> int:
        """Send one reading; return the status."""
        self._next += 1
        answer = httpx2.post(
            f"{self._platform.url}/api/v1/readings",
            json={"observed_at": self._next, "temperature": 1},
            headers={"Authorization": f"Bearer {self._key}"},
            timeout=PATIENCE_S,
        )
        (self.acknowledged if answer.status_code == 200 else self.refused).append(self._next)
        return answer.status_code

    def is_taken(self) -> bool:
        return self.send() == 200


def test_host_that_dies_in_mid_statement_and_comes_back(cast: Cast, between: Proxy, data: Path, start: Start) -> None:
    platform = start(data, given={"DATABASE_URL": between.url})
    device = Device(platform, key_for(cast.sensor))
    assert device.send() == 200

    between.silence()
    with ThreadPoolExecutor() as senders:
        statuses = set(senders.map(lambda _: device.send(), range(8)))
    not_ready = platform.get("/readyz").json()
    between.speak()
    back_at = time.monotonic()

    assert eventually(device.is_taken)
    assert time.monotonic() - back_at < WHOLE_WITHIN_S + SLACK_S
    assert eventually(lambda: platform.get("/readyz").status_code == 200)
    assert statuses == {503}
    assert not_ready["code"] in ("no_database", "not_storing")
    assert set(device.acknowledged) <= set(read("SELECT extract(epoch FROM observed_at)::int FROM reading"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_process_ends_in_time_although_the_database_is_silent(
    cast: Cast, between: Proxy, data: Path, start: Start, number: signal.Signals
) -> None:
    platform = start(data, given={"DATABASE_URL": between.url})
    device = Device(platform, key_for(cast.sensor))
    assert device.send() == 200

    between.silence()
    with ThreadPoolExecutor() as senders:
        waiting: list[Any] = [senders.submit(device.send) for _ in range(3)]
        waiting += [senders.submit(platform.get, "/sign-in/")]
        time.sleep(0.5)  # they wait for the database by then
        began = time.monotonic()
        platform.process.send_signal(number)
        platform.process.wait(PATIENCE_S)
        took_s = time.monotonic() - began

    assert took_s < ENDS_WITHIN_S + SLACK_S
    assert all(each.exception() or each.result() != 200 for each in waiting)


def test_closed_terminal_stops_as_ctrl_c_does(data: Path, start: Start) -> None:
    platform = start(data)

    assert platform.stop(signal.SIGHUP, everybody=True) == 0

    assert platform.lines[-1] == "Stopped."
    assert "Traceback" not in platform.said


@pytest.mark.redis
def test_closed_terminal_stops_several_workers_too(data: Path, start: Start, redis_url: str) -> None:
    platform = start(data, "--workers", "2", given={"REDIS_URL": redis_url})

    assert platform.stop(signal.SIGHUP, everybody=True) == 0

    assert platform.lines[-1] == "Stopped."
    assert "Traceback" not in platform.said
