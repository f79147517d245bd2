"""A load generator: HTTP POSTs over kept-alive connections, each sending its next request when it has its answer.

Raw sockets and prebuilt requests make it as cheap as Python allows; it runs in a process of its own. Prints `begin` and
`end` around the counted time, then the result as JSON. By hand:

    python -m benchmarks.load --port 8000 --keys keys.txt --connections 64 --seconds 10
"""

import argparse
import asyncio
import re
import time
from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import cast

import msgspec
import uvloop

from benchmarks import bodies
from benchmarks.table import percentile

ANSWER_WITHIN_S = 15.0
_LENGTH = re.compile(rb"(?i)content-length: *(\d+)")
_NO_CONTENT = re.compile(rb"HTTP/1.1 204()")
_ACCEPTED = re.compile(rb'"accepted":(\d+)')
DOORS = {
    "json": bodies.singles,
    "console": bodies.console_uploads,
    "gateway": bodies.gateway_uploads,
    "lines": bodies.line_uploads,
    "telemetry": bodies.telemetry_uploads,
    "senml": bodies.senml_uploads,
}
# Doors of other programs, by address and size of a batch.
OTHERS = {"tagged": bodies.tagged_uploads, "recipe": bodies.recipe_uploads}
BATCHES = {"json": bodies.batches, "lines": bodies.line_batches}


class Result(msgspec.Struct):
    """Result of a run: `answers`, `accepted` and percentiles of the counted window, the rest of the whole run."""

    seconds: float = 0.0
    answers: int = 0
    accepted: int = 0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    all_answers: int = 0
    all_accepted: int = 0
    statuses: dict[str, int] = {}
    unanswered: int = 0

    @property
    def per_s(self) -> float:
        return self.answers / self.seconds if self.seconds else 0.0

    @property
    def readings_per_s(self) -> float:
        return self.accepted / self.seconds if self.seconds else 0.0


class Load:
    """State shared by the connections of one run."""

    def __init__(self, requests: Iterator[bytes], *, batch: int = 1, per_s: float = 0.0) -> None:
        self.requests = requests
        self._batch = batch
        self._step_s = 1 / per_s if per_s else 0.0
        self._due_s = time.perf_counter()
        self.under_way = 0
        self.counting = False
        self.latencies_s = array("d")
        self.accepted = self.all_accepted = 0
        self.statuses: Counter[bytes] = Counter()
        self.ended = asyncio.Event()

    def next_request(self) -> bytes | None:
        return next(self.requests, None)

    def wait_s(self) -> float:
        """Return how long the next request must wait; what is late is sent at once."""
        self._due_s += self._step_s
        return self._due_s - time.perf_counter() if self._step_s else 0.0

    def answered(self, status: bytes, body: bytes, took_s: float) -> None:
        self.statuses[status] += 1
        found = _ACCEPTED.search(body)
        says_all = status in (b"204", b"201") or body in (b"success\n", b"OK\n", b"")
        accepted = int(found[1]) if found else self._batch * says_all
        self.all_accepted += accepted
        if self.counting:
            self.latencies_s.append(took_s)
            self.accepted += accepted

    def stop(self) -> None:
        self.requests = iter(())

    def done(self) -> None:
        self.under_way -= 1
        if not self.under_way:
            self.ended.set()


class Connection(asyncio.Protocol):
    """One connection: request, answer, request."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._received = b""
        self._sent_at = 0.0
        self._idle = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def send(self) -> None:
        request = self._load.next_request()
        self._idle = request is None
        if request is None:
            self._load.done()
            return
        wait_s = self._load.wait_s()
        if wait_s > 0:
            asyncio.get_running_loop().call_later(wait_s, self._write, request)
        else:
            self._write(request)

    def _write(self, request: bytes) -> None:
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._received:
            data = self._received + data
        end = data.find(b"\r\n\r\n") + 4
        length = (_LENGTH.search(data, 0, end) or _NO_CONTENT.match(data)) if end > 3 else None
        if not length or len(data) < end + int(length[1] or 0):
            self._received = data
            return
        self._received = b""
        self._load.answered(data[9:12], data[end:], time.perf_counter() - self._sent_at)
        self.send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._idle:
            self._load.statuses[b"lost"] += 1
            self._load.done()

    def close(self) -> None:
        self._idle = True
        self._transport.close()


async def run(options: argparse.Namespace, requests: Iterator[bytes]) -> Result:
    loop = asyncio.get_running_loop()
    load = Load(requests, batch=options.batch, per_s=options.per_s)
    connections = [
        (await loop.create_connection(lambda: Connection(load), "127.0.0.1", options.port))[1]
        for _ in range(options.connections)
    ]
    load.under_way = len(connections)
    for connection in connections:
        connection.send()
    await asyncio.sleep(options.warm_up)
    began = _mark(load, counting=True)
    if options.requests:
        await asyncio.wait_for(load.ended.wait(), options.seconds)
        seconds = _mark(load, counting=False) - began
    else:
        await asyncio.sleep(options.seconds)
        seconds = _mark(load, counting=False) - began
        load.stop()
    unanswered = 0
    try:
        await asyncio.wait_for(load.ended.wait(), ANSWER_WITHIN_S)
    except TimeoutError:
        unanswered = load.under_way
    for connection in connections:
        connection.close()
    return _result(load, seconds, unanswered)


def _mark(load: Load, *, counting: bool) -> float:
    load.counting = counting
    print("begin" if counting else "end", flush=True)
    return time.perf_counter()


def _result(load: Load, seconds: float, unanswered: int) -> Result:
    latencies_s = sorted(load.latencies_s)
    return Result(
        seconds=seconds,
        answers=len(latencies_s),
        accepted=load.accepted,
        p50_ms=percentile(latencies_s, 0.5) * 1e3 if latencies_s else 0.0,
        p99_ms=percentile(latencies_s, 0.99) * 1e3 if latencies_s else 0.0,
        all_answers=sum(load.statuses.values()),
        all_accepted=load.all_accepted,
        statuses={status.decode(): number for status, number in load.statuses.items()},
        unanswered=unanswered,
    )


def _requests(options: argparse.Namespace) -> Iterator[bytes]:
    keys = options.keys.read_text().split()
    if options.door in OTHERS:
        return OTHERS[options.door](keys, options.path, options.batch)
    return DOORS[options.door](keys) if options.batch == 1 else BATCHES[options.door](keys, options.batch)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--keys", type=Path, required=True, help="a file with a sensor's key on each line")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=10.0, help="seconds to count, or to wait for --requests")
    parser.add_argument("--warm-up", type=float, default=1.0, help="seconds before counting")
    parser.add_argument("--batch", type=int, default=1, help="readings in each request")
    parser.add_argument(
        "--per-s", type=float, default=0.0, help="requests in a second, in place of as many as possible"
    )
    parser.add_argument("--requests", type=int, default=0, help="so many, prepared before the first is sent")
    parser.add_argument("--door", choices=[*DOORS, *OTHERS], default="json", help="protocol of the readings")
    parser.add_argument("--path", default="", help="address of the doors of other programs")
    options = parser.parse_args()
    requests = _requests(options)
    if options.requests:
        requests = iter(list(islice(requests, options.requests)))
    result = uvloop.run(run(options, requests))
    print(msgspec.json.encode(result).decode())


if __name__ == "__main__":
    main()
