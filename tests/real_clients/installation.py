"""A whole installation of its own to send to, and environments for clients that must not be mixed with ours."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = ROOT / "build" / "clients"
EMAIL, PASSWORD = "clients@example.org", "correct horse battery staple"
READY_WITHIN_S = 90.0


class Wrong(Exception):
    """A client was not served as it should be; the message says which and how."""


@dataclass(frozen=True, slots=True)
class Station:
    """A sensor to send for."""

    id: str
    key: str


class Installation:
    """A server, and what an operator does by the command line."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = directory / "server.log"
        self._environment = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL")
        } | {"SENSORFUSION_DATA": str(directory / "data")}

    @contextmanager
    def running(self) -> Iterator[None]:
        with self.log.open("w") as log:
            command = [sys.executable, "-m", "sensorfusion", "up", "--port", str(self.port)]
            server = subprocess.Popen(command, env=self._environment, cwd=ROOT, stdout=log, stderr=log)
            try:
                self._wait(server)
                yield
            finally:
                server.terminate()
                server.wait(30)

    def station(self, name: str) -> Station:
        """Register a sensor."""
        said = json.loads(self._command("add_sensor", "--operator", EMAIL, "--name", name))
        return Station(said["id"], said["key"])

    def operator(self) -> None:
        self._command("create_operator", "--email", EMAIL, "--password-stdin", given=PASSWORD + "\n")

    def latest(self, station: Station) -> dict[str, Any]:
        """Return a sensor's newest values, as the API says them."""
        token = self._ask("/api/v1/auth/login/", {"email": EMAIL, "password": PASSWORD})["token"]
        answer = self._ask(f"/api/v1/sensors/{station.id}/latest/", token=token)
        values: dict[str, Any] = answer["values"]
        return values

    def _ask(self, path: str, body: dict[str, str] | None = None, token: str = "") -> dict[str, Any]:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = json.dumps(body).encode() if body else None
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data, headers), timeout=10) as answer:
            said: dict[str, Any] = json.load(answer)
        return said

    def _command(self, *words: str, given: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "sensorfusion", *words],
            env=self._environment,
            cwd=ROOT,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Wrong(f"{words[0]} failed: {done.stderr[-500:]}")
        return done.stdout

    def _wait(self, server: "subprocess.Popen[bytes]") -> None:
        until = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < until and server.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/readyz", timeout=2).close()
                return
            except OSError:
                time.sleep(0.2)
        raise Wrong(f"The server did not start: {self.log.read_text()[-1000:]}")


@contextmanager
def installed() -> Iterator[Installation]:
    """Run an installation with one operator, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="sensorfusion-clients-") as directory:
        installation = Installation(Path(directory))
        with installation.running():
            installation.operator()
            yield installation


def environment(name: str, *packages: str) -> Path:
    """Make an environment that holds some packages, once; return its directory of programs."""
    home = ENVIRONMENTS / name
    if not (home / "complete").exists():
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([home / "bin" / "pip", "install", "-q", *packages], check=True)
        (home / "complete").touch()
    return home / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
