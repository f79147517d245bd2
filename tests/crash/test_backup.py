"""Backups of a running platform, and platforms started on restored data."""

import asyncio
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import httpx2
import psycopg
import pytest

from sensorfusion.postgres.embedded import EmbeddedPostgres
from tests.crash.conftest import Start
from tests.crash.platform import command, environment, processes_on
from tests.journeys.people import FIRST, Owner, Station, until
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.crash
ACCOUNT = {"email": "owner@example.org", "password": "correct horse battery staple"}


async def backed_up_while_sending(station: Station, data: Path, to: Path) -> set[int]:
    """Take a backup while the station sends; return the numbers of the readings acknowledged before it began."""
    sending = asyncio.create_task(station.send())
    await until(lambda: len(station.acknowledged) >= 50)
    before = set(station.acknowledged)
    done = await asyncio.to_thread(command, "backup", to, "--data", data)
    assert done.returncode == 0, done.stderr
    assert len(station.acknowledged) > len(before)
    station.stop()
    await sending
    return before


def test_platform_starts_on_a_backup_that_was_taken_while_readings_came_in(
    data: Path, directory: Path, start: Start
) -> None:
    platform = start(data)
    owner = Owner.register(platform.url)
    before = asyncio.run(backed_up_while_sending(Station(owner), data, directory / "all.sfb"))
    platform.stop()

    done = command("restore", directory / "all.sfb", "--data", directory / "again")
    assert done.returncode == 0, done.stderr
    shutil.copytree(data / "static", directory / "again" / "static", copy_function=shutil.copy2)
    again = start(directory / "again")

    owner.url = again.url
    stored = owner.stored()
    assert before <= {reading_number(reading) for reading in stored}
    newest = max(reading["seq"] for reading in stored)
    answer = httpx2.post(
        f"{again.url}/api/v1/readings", json={"temperature": 21.4}, headers={"Authorization": f"Bearer {owner.key}"}
    )
    assert (answer.json()["accepted"], answer.json()["seq"] > newest) == (1, True)
    assert httpx2.post(f"{again.url}/api/v1/auth/login/", json=ACCOUNT).status_code == 200
    assert again.stop() == 0
    refused = command("restore", directory / "all.sfb", "--data", directory / "again")
    assert "The database is not empty" in refused.stderr


def test_backup_moves_from_the_embedded_database_to_another_and_back(directory: Path) -> None:
    data, moved = directory / "data", directory / "moved"
    assert command("migrate", "--data", data).returncode == 0
    saved = command("backup", directory / "one.sfb", "--data", data)
    assert saved.returncode == 0, saved.stderr
    server = EmbeddedPostgres(directory / "theirs", durable=False)
    url = server.start()
    try:
        put = command("restore", directory / "one.sfb", "--data", moved, given={"DATABASE_URL": url})
        assert put.returncode == 0, put.stderr
        with psycopg.connect(url) as link:
            assert link.execute("SELECT count(*) FROM reading").fetchone() == (0,)
        back = command("backup", directory / "two.sfb", "--data", moved, given={"DATABASE_URL": url})
        assert back.returncode == 0, back.stderr
    finally:
        server.stop()

    again = command("restore", directory / "two.sfb", "--data", directory / "again")

    assert again.returncode == 0, again.stderr
    assert (directory / "again" / "secret_key").read_text() == (data / "secret_key").read_text()
    assert processes_on(directory) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_ordinary_user_saves_and_puts_back(directory: Path) -> None:
    shutil.chown(directory, "nobody")
    reading = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *reading]
    for words in (
        ["migrate", "--data", "data"],
        ["backup", "all.sfb", "--data", "data"],
        ["restore", "all.sfb", "--data", "again"],
    ):
        done = subprocess.run(
            [*as_nobody, sys.executable, "-m", "sensorfusion", *words],
            capture_output=True,
            text=True,
            cwd=directory,
            env=environment(),
            timeout=PATIENCE_S,
        )
        assert done.returncode == 0, done.stderr

    assert (directory / "again" / "postgres" / "PG_VERSION").stat().st_uid == (directory / "again").stat().st_uid
    assert (directory / "all.sfb").owner() == "nobody"


def reading_number(reading: dict[str, object]) -> int:
    """Return the number of a reading, which the station derived its time from."""
    return int(datetime.fromisoformat(str(reading["observed_at"])).timestamp()) - FIRST
