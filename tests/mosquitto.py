"""A real Mosquitto for tests, on a free port of this machine, with its data in a directory of its own."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from sensorfusion.ingest.mqtt.broker import Broker
from tests.patience import PATIENCE_S

PROGRAM = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")

_CONFIGURATION = """\
user root
listener {port} 127.0.0.1
persistence true
persistence_location {directory}/
autosave_interval 3600
max_inflight_messages 1000
max_queued_messages 100000
{more}
"""


class Mosquitto:
    """One broker, which can be killed and started again on the same port with its data."""

    def __init__(self, more: Sequence[str] = ("allow_anonymous true",)) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="sf-mosquitto-"))
        self.port = _free_port()
        self._more = "\n".join(more).format(directory=self.directory)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def broker(self, user: str = "", password: str = "") -> Broker:
        return Broker("127.0.0.1", self.port, False, user, password)

    def start(self) -> None:
        assert PROGRAM
        configuration = self.directory / "mosquitto.conf"
        for name in ("passwords", "access"):  # some brokers require these files to start
            (self.directory / name).touch()
        configuration.write_text(_CONFIGURATION.format(port=self.port, directory=self.directory, more=self._more))
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen([PROGRAM, "-c", configuration], stdout=log, stderr=log)
        self._wait_until_it_answers()

    def reload(self) -> None:
        """Make it reload its accounts."""
        assert self._process
        self._process.send_signal(signal.SIGHUP)

    def save(self) -> None:
        """Make it write its data to disk, and wait until it has."""
        assert self._process
        kept = self.directory / "mosquitto.db"
        before = kept.stat().st_mtime_ns if kept.exists() else 0
        self._process.send_signal(signal.SIGUSR1)
        deadline = time.monotonic() + PATIENCE_S
        while not kept.exists() or kept.stat().st_mtime_ns == before:
            assert time.monotonic() < deadline, self.log
            time.sleep(0.02)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    @property
    def log(self) -> str:
        return (self.directory / "log").read_text()

    def _end(self, number: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(number)
            self._process.wait(PATIENCE_S)
            self._process = None

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise AssertionError(self.log) from None
            time.sleep(0.02)


@contextmanager
def running(*more: str) -> Iterator[Mosquitto]:
    """Run a broker during the block; without an installed broker the test is skipped, or fails under CI."""
    if not PROGRAM:
        if os.environ.get("CI"):
            pytest.fail("There is no Mosquitto: apt install mosquitto")
        pytest.skip("there is no Mosquitto on this machine")
    server = Mosquitto(more or ("allow_anonymous true",))
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.directory, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
