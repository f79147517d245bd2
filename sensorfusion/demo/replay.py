"""Replays the demo's stations: posts their current values over HTTP with their keys, like any sensor.

Readings that cannot be sent wait in memory, in order and bounded, and are sent in batches when the server is back. The
replayer ends when it is told to, or with the process that started it.
"""

import asyncio
import contextlib
import logging
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from random import Random
from types import TracebackType
from typing import TypedDict

import httpx2

from sensorfusion.clock import Clock
from sensorfusion.demo import demo_files, stations
from sensorfusion.demo.interpolation import Track

EVERY_S = 3.0
# Two hours of readings every three seconds; when full, the oldest are dropped.
SPOOL_READINGS = 2400
BATCH = 500
ANSWER_WITHIN_S = 10.0
# Delays between retries while the server does not answer; it starts within seconds.
RETRY_S = (1.0, 2.0, 5.0, 10.0)
# Delay after a refusal that needs a person: a paused sensor, a revoked key.
REFUSED_S = 30.0
TRACK_LASTS = timedelta(days=1)

_log = logging.getLogger(__name__)


class Reading(TypedDict):
    """A reading in the format of the API."""

    observed_at: str
    values: Mapping[str, float | bool]


class NoDemo(Exception):
    """There are no demo stations; the message says what to do."""


class Spool:
    """Readings that wait to be sent, oldest first."""

    def __init__(self, capacity: int = SPOOL_READINGS) -> None:
        self._waiting: deque[Reading] = deque(maxlen=capacity)
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, reading: Reading) -> None:
        self.dropped += len(self._waiting) == self._waiting.maxlen
        self._waiting.append(reading)

    def first(self, count: int) -> list[Reading]:
        return [self._waiting[index] for index in range(min(count, len(self._waiting)))]

    def remove(self, sent: Sequence[Reading]) -> None:
        """Remove sent readings; some of them may have been dropped meanwhile."""
        for reading in sent:
            if self._waiting and self._waiting[0] is reading:
                self._waiting.popleft()


class Voice:
    """The sender of one station: its queue of readings, its retries and its log messages."""

    def __init__(
        self, code: str, data: Path, client: httpx2.AsyncClient, *, keys_file: str = demo_files.KEYS_FILE
    ) -> None:
        self.code = code
        self._keys_file = keys_file
        self._data = data
        self._client = client
        self._spool = Spool()
        self._has_readings = asyncio.Event()
        self._failures = 0
        self._trouble = ""

    def add(self, reading: Reading) -> None:
        self._spool.add(reading)
        self._has_readings.set()

    async def speak(self) -> None:
        """Send readings as they are added, for ever."""
        while True:
            await self._has_readings.wait()
            await asyncio.sleep(await self._send())

    async def _send(self) -> float:
        """Send the first batch of the queue; return the seconds to wait before the next attempt."""
        batch = self._spool.first(BATCH)
        try:
            answer = await self._post(batch)
        except httpx2.HTTPError as error:
            return self._failed(f"no answer ({type(error).__name__})")
        if answer.status_code == 429 or answer.status_code >= 500:
            retry_after = answer.headers.get("retry-after", "")
            return self._failed(f"the server cannot accept it now ({answer.status_code})", retry_after=retry_after)
        self._answered(batch)
        if answer.is_success:
            self._tell("")
            return 0.0
        self._tell(f"refused with {answer.status_code}: {answer.text[:200]}")
        return REFUSED_S if answer.status_code in (401, 403) else 0.0

    async def _post(self, batch: Sequence[Reading]) -> httpx2.Response:
        # Looked up for each request: `demo` replaces keys that no longer work.
        key = demo_files.keys(self._data, self._keys_file)[self.code].key
        headers = {"Authorization": f"Bearer {key}"}
        return await self._client.post("/api/v1/readings", json={"readings": batch}, headers=headers)

    def _answered(self, batch: Sequence[Reading]) -> None:
        self._failures = 0
        self._spool.remove(batch)
        if not self._spool:
            self._has_readings.clear()

    def _failed(self, trouble: str, *, retry_after: str = "") -> float:
        self._tell(f"{trouble}; readings are kept and sent later")
        wait_s = RETRY_S[min(self._failures, len(RETRY_S) - 1)]
        self._failures += 1
        return float(retry_after) if retry_after.isdecimal() else wait_s

    def _tell(self, trouble: str) -> None:
        """Log changes only: an outage of an hour takes two lines."""
        if trouble and not self._trouble:
            _log.warning("%s: %s", self.code, trouble)
        elif self._trouble and not trouble:
            lost = f", without {self._spool.dropped} readings that exceeded the limit" if self._spool.dropped else ""
            _log.info("%s: sending again%s", self.code, lost)
            self._spool.dropped = 0
        self._trouble = trouble


class Year:
    """The shifted year; only the days around now are in memory."""

    def __init__(self) -> None:
        self._tracks: Mapping[str, Track] = {}
        self._around: datetime | None = None

    def track(self, code: str, *, now: datetime) -> Track:
        if self._around is None or abs(now - self._around) > TRACK_LASTS:
            self._tracks = stations.tracks(stations.lines(), around=now)
            self._around = now
        return self._tracks[code]


async def replay(
    url: str,
    data: Path,
    stop: asyncio.Event,
    *,
    now: Clock,
    every_s: float = EVERY_S,
    only: Sequence[str] = (),
    random: Random | None = None,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> None:
    """Post each station's values every `every_s` seconds, one station after the other, until `stop` is set.

    :raises NoDemo: there are no keys to post with.
    """
    codes = [code for code in demo_files.keys(data) if not only or code in only]
    if not codes:
        raise NoDemo("There are no demo stations. Create them first: sensorfusion demo")
    async with (
        httpx2.AsyncClient(base_url=url, timeout=ANSWER_WITHIN_S, trust_env=False, transport=transport) as client,
        asyncio.TaskGroup() as group,
    ):
        voices = [Voice(code, data, client) for code in codes]
        speaking = [group.create_task(voice.speak(), name=f"speak {voice.code}") for voice in voices]
        await _observe(voices, stop, every_s, now, random or Random())
        for task in speaking:
            task.cancel()


async def _observe(voices: Sequence[Voice], stop: asyncio.Event, every_s: float, now: Clock, random: Random) -> None:
    """Add a reading to each station in turn, spread evenly over time."""
    year = Year()
    last = {voice.code: now() for voice in voices}
    for voice in cycle(voices):
        at = now()
        values = year.track(voice.code, now=at).values(since=last[voice.code], until=at, random=random)
        if values:
            voice.add({"observed_at": at.isoformat(), "values": values})
        last[voice.code] = at
        if await _stopped(stop, every_s / len(voices)):
            return


async def _stopped(stop: asyncio.Event, within_s: float) -> bool:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), within_s)
    return stop.is_set()


class Child(subprocess.Popen[bytes]):
    """A process that is terminated at the end of its `with` block."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.terminate()
        super().__exit__(kind, error, trace)


def start_replayer(url: str, *, every_s: float = EVERY_S) -> Child:
    """Start `replay` as a process of its own.

    It ends at the end of its standard input, which the kernel closes however this process ends. It has a session of
    its own, so that Ctrl-C in the terminal reaches only this process.
    """
    command = (sys.executable, "-m", "sensorfusion", "simulate", "--url", url, "--every", str(every_s))
    return Child([*command, "--until-input-ends"], stdin=subprocess.PIPE, start_new_session=True)
