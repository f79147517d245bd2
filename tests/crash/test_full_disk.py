"""The disk with the database is full: devices keep their readings, /readyz says why, and space makes all whole again.

The disk is a small tmpfs, which needs the right to mount.
"""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.crash.conftest import Start, eventually
from tests.crash.platform import Platform
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.crash

DISK_MB = 320
BATCH = 1000
ENOUGH = 200  # batches, some ten times what the rest of the disk has room for


@pytest.fixture
def disk(directory: Path) -> Iterator[Path]:
    place = directory / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=755", "tmpfs", place], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"A small disk cannot be mounted: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


class Sender:
    """Sends batches of readings, and keeps which instants were acknowledged."""

    def __init__(self, platform: Platform) -> None:
        self._url = platform.url
        given = {"email": "ada@example.org", "password": "a long enough one", "site": "Orchard"}
        self._token = self._post("auth/register/", given, "").json()["token"]
        self.sensor, key = self._sensor()
        self._key = key
        self._next = 1_700_000_000
        self.acknowledged: set[int] = set()

    def send(self, count: int = BATCH) -> httpx2.Response:
        instants = range(self._next, self._next + count)
        self._next += count
        readings = [{"observed_at": at, "values": {f"q{each}": at % 1009 for each in range(20)}} for at in instants]
        answer = self._post("readings", readings, self._key)
        if answer.status_code == 200:
            self.acknowledged |= set(instants)
        return answer

    def until_refused(self) -> httpx2.Response:
        return next(answer for answer in (self.send() for _ in range(ENOUGH)) if answer.status_code != 200)

    def is_taken(self) -> bool:
        return self.send(1).status_code == 200

    def stored(self) -> set[int]:
        found: set[int] = set()
        after: int | None = 0
        while after is not None:
            page = self._get(f"sensors/{self.sensor}/readings?after_seq={after}&limit=10000&format=json").json()
            found |= {_epoch(each["observed_at"]) for each in page["readings"]}
            after = page["readings"][-1]["seq"] if page["next"] else None
        return found

    def _sensor(self) -> tuple[str, str]:
        made = self._post("sensors/", {"name": "Roof"}, self._token).json()
        return made["id"], made["key"]

    def _post(self, path: str, body: Any, token: str) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx2.post(f"{self._url}/api/v1/{path}", json=body, headers=headers, timeout=PATIENCE_S)

    def _get(self, path: str) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self._token}"}
        return httpx2.get(f"{self._url}/api/v1/{path}", headers=headers, timeout=PATIENCE_S)


def _epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def fill(disk: Path) -> Path:
    """Take all the room of a disk with one file."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError:
            return ballast


def on_the_disk(disk: Path, start: Start) -> Path:
    return disk / "data"


def with_its_journal_there(disk: Path, start: Start) -> Path:
    data = disk.parent / "data"
    start(data).stop()
    journal = data / "postgres" / "pg_wal"
    shutil.copytree(journal, disk / "pg_wal", copy_function=shutil.copy2)
    for each in (disk / "pg_wal", *(disk / "pg_wal").rglob("*")):
        shutil.chown(each, journal.owner(), journal.group())
    (disk / "pg_wal").chmod(0o700)
    shutil.rmtree(journal)
    journal.symlink_to(disk / "pg_wal")
    return data


@pytest.mark.parametrize("laid_out", [on_the_disk, with_its_journal_there])
def test_full_disk_loses_nothing_that_was_acknowledged(
    disk: Path, start: Start, laid_out: Callable[[Path, Start], Path]
) -> None:
    platform = start(laid_out(disk, start))
    sender = Sender(platform)
    assert sender.send().status_code == 200

    ballast = fill(disk)
    refused = sender.until_refused()
    not_ready = platform.get("/readyz")
    again = sender.send()
    ballast.unlink()

    assert [each.status_code for each in (refused, again, not_ready)] == [503, 503, 503], refused.text
    assert [int(each.headers["retry-after"]) >= 1 for each in (refused, again)] == [True, True]
    # Where the journal itself has no room, PostgreSQL ends, and is started again until there is some.
    assert "0 MB left: make room." in not_ready.json()["detail"]
    assert eventually(sender.is_taken), platform.said
    assert eventually(lambda: platform.get("/readyz").status_code == 200)
    assert sender.acknowledged <= sender.stored()
