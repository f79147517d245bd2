"""`sensorfusion watch` in a terminal of its own: live, through a killed server, until its token ends."""

import os
import pty
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.crash.conftest import Start, eventually
from tests.crash.platform import Platform
from tests.crash.test_python_reader import PASSWORD, free_port, post
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.crash
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
NO_SUCH_TOKEN = "sft_" + "x" * 43


class Terminal:
    """Runs the program in a pseudo-terminal of 80 columns, and keeps all that it wrote."""

    def __init__(self, url: str, token: str, *arguments: str) -> None:
        self._end, inner = pty.openpty()
        given = {"SENSORFUSION_URL": url, "SENSORFUSION_TOKEN": token, "COLUMNS": "80", "LINES": "24", "TERM": "xterm"}
        command = [sys.executable, "-m", "sensorfusion", "watch", *arguments]
        self.process = subprocess.Popen(command, stdin=inner, stdout=inner, stderr=inner, env={**os.environ, **given})
        os.close(inner)
        self._written = bytearray()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        try:
            while part := os.read(self._end, 65_536):
                self._written += part
        except OSError:  # the program has ended
            pass

    def text(self) -> str:
        """Return what was written, without what moves the cursor and colours the text."""
        return _ESCAPES.sub("", self._written.decode(errors="replace")).replace("\u00a0", " ")

    def shows(self, text: str) -> bool:
        """Wait until a text is written that was not before the last `clear`."""
        return eventually(lambda: text in self.text())

    def clear(self) -> None:
        self._written.clear()

    def ended(self) -> int:
        status = self.process.wait(PATIENCE_S)
        self._reading.join(PATIENCE_S)
        return status

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._end)


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for each in opened:
        each.close()


def send(platform: Platform, key: str, temperature: float) -> None:
    post(platform, "/readings", {"temperature": temperature}, key)


def test_values_are_followed_through_a_killed_server(data: Path, start: Start, terminals: list[Terminal]) -> None:
    port = free_port()
    platform = start(data, "--port", port)
    account = {"email": "ada@example.org", "password": PASSWORD, "name": "Ada"}
    token = post(platform, "/auth/register/", account)["token"]
    key = post(platform, "/sensors/", {"name": "Shed"}, token)["key"]
    post(platform, "/sensors/", {"name": "Attic"}, token)
    send(platform, key, 21.4)
    terminals.append(terminal := Terminal(platform.url, token, "shed"))

    assert terminal.shows("21.4 °C")
    assert "Shed" in terminal.text()
    assert "Attic" not in terminal.text()
    send(platform, key, 21.6)
    assert terminal.shows("21.6 °C")

    terminal.clear()
    platform.stop(signal.SIGKILL)
    assert terminal.shows("The server cannot be reached since")
    terminal.clear()
    again = start(data, "--port", port)
    assert terminal.shows("1 sensor, all reporting")
    send(again, key, 21.8)
    assert terminal.shows("21.8 °C")

    terminal.process.send_signal(signal.SIGINT)
    assert terminal.ended() == 130
    assert "Traceback" not in terminal.text()


def test_it_ends_with_its_token(data: Path, start: Start, terminals: list[Terminal]) -> None:
    platform = start(data)
    account = {"email": "ada@example.org", "password": PASSWORD, "name": "Ada"}
    token = post(platform, "/auth/register/", account)["token"]
    post(platform, "/sensors/", {"name": "Shed"}, token)
    given = post(platform, "/auth/tokens/", {"label": "Terminal", "scope": "read"}, token)
    terminals.append(terminal := Terminal(platform.url, given["token"]))
    assert terminal.shows("Waiting for the first reading")

    address = f"{platform.url}/api/v1/auth/tokens/{given['id']}/"
    httpx2.delete(address, headers={"Authorization": f"Bearer {token}"}).raise_for_status()

    assert terminal.ended() == 4
    assert "The server refused it" in terminal.text()
    terminals.append(refused := Terminal(platform.url, NO_SUCH_TOKEN))
    assert refused.ended() == 4
    terminals.append(once := Terminal(platform.url, token, "--once"))
    assert once.ended() == 0
    assert "Shed" in once.text()
    assert platform.stop() == 0
    terminals.append(alone := Terminal(platform.url, token))
    assert alone.ended() == 3
