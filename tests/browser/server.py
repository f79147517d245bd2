"""One platform for all browser tests, on one port, so that pages can reconnect after a restart."""

import re
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.crash.platform import Platform, command


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


class Server:
    """A platform, with the demo site unless it has other options, that can be stopped and started again."""

    def __init__(self, data: Path, *options: str, given: Mapping[str, str] = {}) -> None:
        self._data, self._options, self._given = data, options or ("--demo",), given
        self._port = free_port()
        self._platform = self._started()

    @property
    def url(self) -> str:
        return self._platform.url

    @property
    def demo(self) -> tuple[str, str]:
        """E-mail and password of the demo's operator, as printed at the start."""
        found = re.search(r"Sign in as (\S+) with the password (\S+)", self._platform.said)
        assert found, self._platform.said
        return found[1], found[2]

    def make_administrator(self, *, email: str, name: str, password: str) -> None:
        """Create an operator who administers the installation, as people do with a terminal."""
        given = {**self._given, "SENSORFUSION_DATA": str(self._data)}
        about = ["--email", email, "--name", name, "--admin", "--password-stdin"]
        done = command("create_operator", *about, given=given, words=f"{password}\n")
        assert done.returncode == 0, done.stderr

    def stop(self) -> None:
        if self._platform.process.poll() is None:
            self._platform.stop()

    def start(self) -> None:
        """Start it unless it is running."""
        if self._platform.process.poll() is not None:
            self._platform = self._started()

    def end(self) -> None:
        """Stop it in any state."""
        try:
            self.stop()
        except (subprocess.TimeoutExpired, OSError):
            self._platform.kill()

    def _started(self) -> Platform:
        return Platform(self._data, "--port", self._port, *self._options, given=self._given)
