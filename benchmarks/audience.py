"""Thousands of viewers in a few processes, and the client that posts the readings they receive."""

import contextlib
import http.client
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import msgspec

from benchmarks import bodies
from benchmarks.stand import Failed, Sensor, Server, Stand
from benchmarks.viewers import FIELDS, FRAMES, LOST, READINGS, READY, mapped

_numbers = count()
CONNECTED_WITHIN_S, DELIVERED_WITHIN_S = 120.0, 30.0


class Audience:
    """The viewers of one server."""

    def __init__(self, size: int, counts: Path, processes: int) -> None:
        self.size = size
        counts.write_bytes(bytes(8 * FIELDS * processes))
        self._counts = mapped(counts)

    def count(self, field: int) -> int:
        return sum(self._counts[field::FIELDS])

    def wait_until(self, field: int, number: int, *, within_s: float = DELIVERED_WITHIN_S) -> None:
        """Return when the counter has reached `number`.

        :raises Failed: if it does not within the time, or a connection is lost.
        """
        deadline = time.monotonic() + within_s
        while self.count(field) < number:
            if time.monotonic() > deadline:
                raise Failed(f"{self.count(field):,} of {number:,} arrived within {within_s:.0f} s.")
            time.sleep(0.0005)
        if self.count(LOST):
            raise Failed(f"{self.count(LOST)} of {self.size} connections were lost.")


Connected = contextlib.AbstractContextManager[Audience]


@contextlib.contextmanager
def audience(
    stand: Stand,
    server: Server,
    size: int,
    *,
    processes: int = 2,
    token: str = "",
    say: object = None,
    protocol: str = "websocket",
    path: str = "/ws/live/",
    greeting: int = 0,
) -> Iterator[Audience]:
    """Connect viewers to a server; `greeting` is the number of frames each of them receives first.

    `protocol` is one of those of `benchmarks.viewers`; `path` is what they ask for, for MQTT a topic.
    """
    counts = stand.directory / f"counts-{server.port}-{next(_numbers)}"
    watching = Audience(size, counts, processes)
    said = msgspec.json.encode(say).decode() if say else ""
    with contextlib.ExitStack() as stack:
        for slot in range(processes):
            number = size // processes + (slot < size % processes)
            options = ["--port", server.port, "--token", token, "--say", said, "--number", number]
            options += ["--protocol", protocol, "--path", path]
            stack.enter_context(stand.child("viewers", *options, "--counts", counts, "--slot", slot))
        try:
            watching.wait_until(READY, size, within_s=CONNECTED_WITHIN_S)
            watching.wait_until(FRAMES, size * greeting, within_s=CONNECTED_WITHIN_S)
        except Failed as failed:
            raise Failed(f"The viewers of {server.name}: {failed}\n{stand.said_by('viewers')}") from None
        yield watching


def of_platform(stand: Stand, server: Server, size: int, processes: int = 2) -> Connected:
    """Connect viewers that follow the first sensor; each receives a snapshot."""
    say = {"action": "subscribe", "id": 1, "sensors": [stand.cast.sensors[0].uuid]}
    return audience(stand, server, size, token=stand.cast.token, say=say, greeting=1, processes=processes)


def of_events(stand: Stand, server: Server, size: int, processes: int = 2) -> Connected:
    """Connect viewers that follow the first sensor by server-sent events."""
    events = f"/api/v1/stream?sensor={stand.cast.sensors[0].uuid}"
    token = stand.cast.token
    return audience(stand, server, size, token=token, protocol="events", path=events, greeting=1, processes=processes)


class Poster:
    """Sends requests one at a time over one connection."""

    def __init__(self, server: Server, *, key: str = "", path: str = bodies.READINGS, status: int = 200) -> None:
        self._path, self._status = path, status
        self._link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DELIVERED_WITHIN_S)
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def post(self, body: str) -> None:
        """Send a body and return when it is answered.

        :raises Failed: if the status is another than expected.
        """
        self._link.request("POST", self._path, body.encode(), self._headers)
        answer = self._link.getresponse()
        said = answer.read()
        if answer.status != self._status:
            raise Failed(f"A post was answered {answer.status}: {said.decode()}")


def in_stream(sensor: Sensor, seq: int, instant: str) -> str:
    """Return a small reading as JSON of the live stream, so that peers send the same bytes."""
    reading = (
        f'{{"sensor":"{sensor.uuid}","seq":{seq},"observed_at":"{instant}","received_at":"{instant}",'
        '"values":{"temperature":21.43,"humidity":60.2}}'
    )
    return f'{{"type":"readings","readings":[{reading}]}}'


__all__ = ["READINGS", "Audience", "Connected", "Poster", "audience", "in_stream", "of_events", "of_platform"]
