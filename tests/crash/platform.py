"""The whole platform in a child process, started as operators start it, to be stopped, killed and observed."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx2
import psutil
from psycopg.conninfo import conninfo_to_dict

from sensorfusion.events.postgres import conninfo
from tests.patience import PATIENCE_S

# Settings of the test session's own database that must not reach the processes under test.
_OURS = ("DATABASE_URL", "SENSORFUSION_DATA", "SECRET_KEY", "REDIS_URL", "PUBLIC_URL", "ALLOWED_HOSTS", "DEBUG")
ROOT = Path(__file__).parents[2]


def environment(**given: str) -> dict[str, str]:
    """Return the environment without the session's own settings, with `given` added."""
    kept = {name: value for name, value in os.environ.items() if name not in _OURS}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **given}


def database_url() -> str:
    """The address of this session's database."""
    to = conninfo_to_dict(conninfo())
    password = f":{to['password']}" if to.get("password") else ""
    host = f"?host={to['host']}" if to.get("host") else ""
    host += f"&port={to['port']}" if to.get("port") else ""
    return f"postgresql://{to['user']}{password}@/{to['dbname']}{host}"


def command(
    *arguments: str | Path, given: Mapping[str, str] = {}, words: str = ""
) -> "subprocess.CompletedProcess[str]":
    """Run one `sensorfusion` command with `words` as its input, and wait for it."""
    return subprocess.run(
        [sys.executable, "-m", "sensorfusion", *arguments],
        capture_output=True,
        input=words,
        text=True,
        env=environment(**given),
        timeout=PATIENCE_S,
    )


class Platform:
    """One `sensorfusion up` on a free port; `lines` is its output so far."""

    def __init__(self, data: Path, *options: str, prefix: Sequence[str] = (), given: Mapping[str, str] = {}) -> None:
        self.data = data
        self.lines: list[str] = []
        self._said: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "sensorfusion", "up", "--port", "0", "--data", data, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(**given),
            start_new_session=True,  # its own session, like a terminal's
        )
        threading.Thread(target=self._listen, daemon=True).start()
        self.url = self._wait_until_ready()

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def get(self, path: str) -> httpx2.Response:
        return httpx2.get(self.url + path, timeout=PATIENCE_S)

    def hear(self, text: str) -> str:
        """Wait for a line of the output that contains `text`, also among the earlier ones."""
        heard = next((line for line in self.lines if text in line), None)
        while heard is None:
            line = self._said.get(timeout=PATIENCE_S)
            assert line is not None, self.said
            self.lines.append(line)
            heard = line if text in line else None
        return heard

    def stop(self, number: signal.Signals = signal.SIGTERM, *, everybody: bool = False) -> int:
        """Send a signal, to the whole process group if `everybody`, and return the exit status."""
        if everybody:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        status = self.process.wait(PATIENCE_S)
        while (line := self._said.get(timeout=PATIENCE_S)) is not None:
            self.lines.append(line)
        return status

    def kill(self) -> None:
        """Kill it if it is still running."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE_S)

    def _listen(self) -> None:
        assert self.process.stdout
        with self.process.stdout as stream:
            for line in stream:
                self._said.put(line.rstrip("\n"))
        self._said.put(None)

    def _wait_until_ready(self) -> str:
        while (line := self._said.get(timeout=PATIENCE_S)) is not None:
            self.lines.append(line)
            if line.startswith("Ready: "):
                return line.removeprefix("Ready: ").rstrip("/")
        raise AssertionError(f"The platform ended with {self.process.wait()}:\n{self.said}")


def processes_on(data: Path) -> list[psutil.Process]:
    """Return the running processes that name this data directory: the platform's and PostgreSQL's."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        words = process.info["cmdline"] or []
        if process.info["status"] != psutil.STATUS_ZOMBIE and any(str(data) in word for word in words):
            found.append(process)
    return found


def postmaster(data: Path) -> psutil.Process:
    return psutil.Process(int((data / "postgres" / "postmaster.pid").read_text().split()[0]))
