"""Kills the worker during its work, with a second worker, a rebuild and writers running: rollups stay correct."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from sensorfusion.alerts.evaluation.watcher import LOCK
from sensorfusion.events.postgres import conninfo
from sensorfusion.ingest.steps.batch import Draft, Source
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest
from sensorfusion.readings.rollups import rebuild as rebuilding
from sensorfusion.readings.rollups.chores import RollUp
from sensorfusion.sensors.models import Sensor
from tests.advisory_locks import holders
from tests.conftest import Cast
from tests.crash.conftest import eventually as soon
from tests.crash.platform import database_url, environment
from tests.patience import PATIENCE_S

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]
START = datetime(2026, 10, 20, tzinfo=UTC)
NOW = datetime(2026, 11, 20, tzinfo=UTC)
HOURS = 24 * 8
KILLS = 2


def worker(data: Path) -> "subprocess.Popen[bytes]":
    given = environment(DATABASE_URL=database_url(), SENSORFUSION_DATA=str(data), SECRET_KEY="k")
    return subprocess.Popen([sys.executable, "-m", "sensorfusion", "worker"], env=given, stdout=subprocess.DEVNULL)


def send(writer: WriterConnection, sensor: Sensor, minutes: range, value: float) -> None:
    drafts = [
        Draft(START + timedelta(minutes=minute), {"temperature": value, "rain_total": float(minute % 50)})
        for minute in minutes
    ]
    writer.store([WriteRequest(Source(sensor.pk, str(sensor.uuid)), NOW, drafts)])


def eventually(link: psycopg.Connection, claim: Callable[[int, int], bool]) -> bool:
    """Wait until the claim holds for the number of dirty hours and the number of rolled-up hours."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        row = link.execute("SELECT (SELECT count(*) FROM dirty_hour), (SELECT count(*) FROM rollup_1h)").fetchone()
        if row and claim(*row):
            return True
        time.sleep(0.01)
    return False


@pytest.fixture
def workers() -> Iterator[list["subprocess.Popen[bytes]"]]:
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait(PATIENCE_S)


@pytest.fixture
def ended() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_killed_workers_a_rebuild_and_writers_leave_rollups_as_the_readings_say(
    cast: Cast, directory: Path, workers: list["subprocess.Popen[bytes]"], ended: threading.Event
) -> None:
    def write() -> None:
        with WriterConnection(conninfo()) as writer:
            turn = 0
            while not ended.is_set():
                turn += 1
                begin = turn * 977 % (HOURS * 60 - 40)
                send(writer, cast.sensor, range(begin, begin + 40, 7), float(turn % 30))

    with WriterConnection(conninfo()) as writer:
        for begin in range(0, HOURS * 60, 1440):
            send(writer, cast.sensor, range(begin, begin + 1440, 2), 20.0)
    sending = threading.Thread(target=write)
    sending.start()
    with psycopg.connect(conninfo(), autocommit=True) as link:
        for kill in range(KILLS):
            workers += [worker(directory) for _ in range(KILLS - kill)]
            assert eventually(link, lambda marks, hours, least=30 * kill: marks > 0 and hours > least)  # type: ignore[misc]
            rebuilding.rebuild(link, cast.sensor.pk, START, START + timedelta(hours=48))
            RollUp().batch(link)
            for process in workers:
                process.send_signal(signal.SIGKILL)
                process.wait(PATIENCE_S)

        last = worker(directory)
        workers.append(last)
        ended.set()
        sending.join()
        assert eventually(link, lambda marks, hours: marks == 0 and hours >= HOURS - 2)
        stretches = rebuilding.stretches(link, cast.sensor.pk, since=None)
        found = [each for stretch in stretches for each in rebuilding.check(link, cast.sensor.pk, stretch)]

    assert found == []
    assert stretches
    last.terminate()
    assert last.wait(PATIENCE_S) == 0


def test_a_worker_judges_alert_rules(cast: Cast, directory: Path, workers: list["subprocess.Popen[bytes]"]) -> None:
    workers.append(worker(directory))

    assert soon(lambda: holders(LOCK) == 1)
    workers[0].terminate()
    assert workers[0].wait(PATIENCE_S) == 0
    assert soon(lambda: holders(LOCK) == 0)
