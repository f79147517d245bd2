"""The replayer: what it posts, what it does while the server cannot accept it, how it ends."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx2
import msgspec
import psutil
import pytest

from sensorfusion.clock import utc_now
from sensorfusion.demo import demo_files, replay, stations
from sensorfusion.demo.demo_files import StationKey
from sensorfusion.demo.replay import NoDemo, Reading, Spool, start_replayer
from sensorfusion.demo.site import prepare
from sensorfusion.ingest.doors.readings import ReadingsDoor
from sensorfusion.ingest.files.rows import Line
from tests.ingest.conftest import MAX_BODY_BYTES, serve, stored, until
from tests.patience import PATIENCE_S

NOW = datetime(2026, 7, 4, 18, 20, tzinfo=UTC)
SENSOR = UUID("1f2e3d4c-0000-4000-8000-000000000000")
TICK_S = 0.002
Answer = Callable[[], httpx2.Response]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    demo_files.keep_keys(tmp_path, {code: StationKey(SENSOR, f"key of {code}") for code in ("EWR", "JFK")})
    return tmp_path


class Server:
    """A server that gives the configured answers, repeats the last one, and records what it accepts."""

    def __init__(self, *answers: httpx2.Response | httpx2.TransportError) -> None:
        self._answers = list(answers)
        self.taken: dict[str, list[dict[str, Any]]] = {}
        self.refused = 0
        self.is_told = asyncio.Event()

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        answer = self._answers.pop(0) if self._answers else httpx2.Response(200)
        if isinstance(answer, httpx2.TransportError):
            self.refused += 1
            raise answer
        if answer.is_success:
            key = request.headers["authorization"]
            self.taken.setdefault(key, []).extend(msgspec.json.decode(request.content)["readings"])
        else:
            self.refused += 1
        self.is_told.set()
        return answer


class Clock:
    """A clock that advances by three seconds with every call."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=3)
        return self.now


async def run(server: Server, data: Path, *, enough: Callable[[], bool], only: Sequence[str] = ()) -> None:
    stop = asyncio.Event()
    transport = httpx2.MockTransport(server)
    task = asyncio.create_task(
        replay.replay(
            "http://sensors.test",
            data,
            stop,
            every_s=TICK_S,
            only=only,
            now=Clock(),
            random=Random(1),
            transport=transport,
        )
    )
    await until(lambda: enough() or task.done())
    stop.set()
    await task


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "RETRY_S", (0.001,))
    monkeypatch.setattr(replay, "REFUSED_S", 0.001)


@pytest.fixture(autouse=True, scope="module")
def one_look_at_the_file() -> Any:
    """Reading the file takes a third of a second, so it is read only once here."""
    lines = list(stations.lines())
    patch = pytest.MonkeyPatch()
    patch.setattr(stations, "lines", lambda: lines)
    yield
    patch.undo()


def count(server: Server) -> int:
    return sum(map(len, server.taken.values()))


async def test_each_station_posts_the_weather_of_the_moved_year_with_its_key(data: Path) -> None:
    server = Server()

    await run(server, data, enough=lambda: count(server) >= 6)

    assert set(server.taken) == {"Bearer key of EWR", "Bearer key of JFK"}
    reading = server.taken["Bearer key of JFK"][0]
    assert abs(datetime.fromisoformat(reading["observed_at"]) - NOW) < timedelta(minutes=1)
    # At Kennedy airport on 4 July 2013: 80.96 °F at 18:00 UTC and 82.04 °F an hour later.
    assert reading["values"]["temperature"] == pytest.approx(27.4, abs=0.1)
    assert reading["values"]["rain"] == reading["values"]["rain_rate"] == 0.0


async def test_only_the_stations_that_were_asked_for_speak(data: Path) -> None:
    server = Server()

    await run(server, data, enough=lambda: count(server) >= 2, only=["EWR"])

    assert set(server.taken) == {"Bearer key of EWR"}


async def test_what_could_not_be_sent_is_sent_later_in_order(data: Path) -> None:
    away: list[httpx2.Response | httpx2.TransportError] = [
        httpx2.ConnectError("refused"),
        httpx2.ReadTimeout("slow"),
        httpx2.Response(503),
        httpx2.Response(500),
        httpx2.Response(429),
    ]
    server = Server(*away)

    await run(server, data, enough=lambda: count(server) >= 30, only=["EWR"])

    instants = [reading["observed_at"] for reading in server.taken["Bearer key of EWR"]]
    assert server.refused == 5
    assert instants == sorted(instants)
    steps = {datetime.fromisoformat(later) - datetime.fromisoformat(earlier) for earlier, later in pairwise(instants)}
    assert steps == {timedelta(seconds=3)}


async def test_retry_after_is_honoured(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        slept.append(seconds)
        await sleep(min(seconds, 0.001))

    server = Server(httpx2.Response(503, headers={"Retry-After": "7"}))
    monkeypatch.setattr(asyncio, "sleep", noted)

    await run(server, data, enough=lambda: count(server) >= 1, only=["EWR"])

    assert 7.0 in slept


@pytest.mark.parametrize("status", [400, 401, 403, 422])
async def test_what_is_refused_for_good_is_not_sent_again(data: Path, status: int) -> None:
    server = Server(httpx2.Response(status, text="no"))

    await run(server, data, enough=lambda: count(server) >= 3, only=["EWR"])

    first = datetime.fromisoformat(server.taken["Bearer key of EWR"][0]["observed_at"])
    assert first > NOW + timedelta(seconds=6)


async def test_a_key_that_was_replaced_is_picked_up(data: Path) -> None:
    server = Server()

    def replaced() -> bool:
        if "Bearer key of EWR" in server.taken:
            demo_files.keep_keys(data, {"EWR": StationKey(SENSOR, "new key")})
        return "Bearer new key" in server.taken

    await run(server, data, enough=replaced, only=["EWR"])

    assert "Bearer new key" in server.taken


async def test_without_a_demo_there_is_nobody_to_stand_in_for(tmp_path: Path) -> None:
    with pytest.raises(NoDemo, match="sensorfusion demo"):
        await run(Server(), tmp_path, enough=lambda: False)


def reading(number: int) -> Reading:
    return {"observed_at": str(number), "values": {}}


def test_a_full_spool_drops_the_oldest_and_counts_them() -> None:
    spool = Spool(capacity=3)
    for number in range(5):
        spool.add(reading(number))

    assert [each["observed_at"] for each in spool.first(10)] == ["2", "3", "4"]
    assert spool.dropped == 2


def test_what_was_sent_leaves_the_spool_even_if_some_of_it_was_dropped_meanwhile() -> None:
    spool = Spool(capacity=3)
    for number in range(3):
        spool.add(reading(number))
    batch = spool.first(2)
    spool.add(reading(3))

    spool.remove(batch)

    assert [each["observed_at"] for each in spool.first(10)] == ["2", "3"]


def test_the_days_around_now_are_known_at_any_time_of_the_year() -> None:
    lines: list[Line] = list(stations.lines())
    for now in (
        datetime(2026, 12, 31, 12, tzinfo=UTC),
        datetime(2028, 2, 29, 12, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    ):
        for track in stations.tracks(lines, around=now).values():
            values = track.values(since=now - timedelta(seconds=3), until=now, random=Random(1))
            assert {"temperature", "humidity", "wind_speed", "sea_level_pressure"} <= values.keys()


@pytest.mark.django_db(transaction=True)
async def test_the_real_door_takes_what_the_stations_say(tmp_path: Path) -> None:
    await asyncio.to_thread(lambda: prepare(data=tmp_path, now=NOW))
    stop = asyncio.Event()
    async for server in serve(key=""):
        transport = httpx2.ASGITransport(app=ReadingsDoor(server.pipeline, max_body_bytes=MAX_BODY_BYTES))
        posting = replay.replay("http://sensors.test", tmp_path, stop, now=utc_now, every_s=0.01, transport=transport)
        task = asyncio.create_task(posting)
        await until(lambda: len(server.heard) >= 6 or task.done())  # noqa: B023 - there is one server
        stop.set()
        await task

    assert len(set(stored("sensor_id"))) == 3
    assert set(stored("flags")) == {None}


PARENT = """
import sys, time
from sensorfusion.demo.replay import start_replayer
child = start_replayer("http://127.0.0.1:9")
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.crash
def test_the_replayer_ends_with_the_process_that_started_it_even_when_that_is_killed(data: Path) -> None:
    environment = {**os.environ, "SENSORFUSION_DATA": str(data), "DATABASE_URL": "postgresql:///nowhere"}
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, env=environment)
    assert parent.stdout
    with parent:
        child = int(parent.stdout.readline())
        parent.kill()
        parent.wait()

    assert ended(child)


def ended(pid: int, *, within_s: float = PATIENCE_S) -> bool:
    """Wait for the end of a process that may have no parent to reap it."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.crash
def test_leaving_the_replayer_stops_it(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENSORFUSION_DATA", str(data))
    monkeypatch.setenv("DATABASE_URL", "postgresql:///nowhere")

    with start_replayer("http://127.0.0.1:9") as child:
        pass

    assert child.returncode in (0, -signal.SIGTERM)  # the latter if it was still starting
