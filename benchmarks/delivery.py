"""Child process: posts readings one at a time and times each viewer's frame. Prints the latencies as JSON."""

import argparse
import asyncio
import time

import msgspec
import uvloop

from benchmarks import bodies
from benchmarks.load import Connection, Load
from benchmarks.viewers import Viewer, handshake, text_frame

ARRIVED_WITHIN_S = 10.0


class Latencies(msgspec.Struct):
    """Milliseconds from sending a request to its answer, and to each viewer's frame."""

    answered: list[float]
    delivered: list[float]


class Watch:
    """The viewers' clock: times every arriving reading from when the last one was sent."""

    def __init__(self, viewers: int) -> None:
        self._viewers = viewers
        self._sent_at = 0.0
        self._awaited = viewers  # the snapshots, one sensor in each
        self.everybody = asyncio.Event()
        self.delivered_ms: list[float] = []

    def on_readings(self, number: int) -> None:
        if self._sent_at:
            self.delivered_ms.append((time.perf_counter() - self._sent_at) * 1e3)
        self._awaited -= number
        if not self._awaited:
            self.everybody.set()

    def send(self) -> None:
        self._awaited = self._viewers
        self.everybody.clear()
        self._sent_at = time.perf_counter()

    async def until_everybody(self) -> None:
        async with asyncio.timeout(ARRIVED_WITHIN_S):
            await self.everybody.wait()


class Answer(Load):
    """A load of one request at a time."""

    def __init__(self) -> None:
        super().__init__(iter(()))
        self.heard = asyncio.Event()
        self.answered_ms: list[float] = []

    def answered(self, status: bytes, body: bytes, took_s: float) -> None:
        if status != b"200":
            raise SystemExit(f"A post was answered {status.decode()}: {body.decode()}")
        self.answered_ms.append(took_s * 1e3)
        self.heard.set()


async def measure(options: argparse.Namespace) -> Latencies:
    loop = asyncio.get_running_loop()
    watch, answer = Watch(options.viewers), Answer()
    said = text_frame(options.say)

    def viewer() -> Viewer:
        request = handshake("/ws/live/", options.token)
        return Viewer(request, said, on_frame=lambda: None, on_readings=watch.on_readings, on_lost=lambda: None)

    for _ in range(options.viewers):
        _, connected = await loop.create_connection(viewer, "127.0.0.1", options.watch)
        await connected.shaken
    await watch.until_everybody()
    _, connection = await loop.create_connection(lambda: Connection(answer), "127.0.0.1", options.post)
    clock = bodies.instants()
    for _ in range(options.warm_up + options.posts):
        body = bodies.small_reading(next(clock))
        await _one(connection, answer, watch, bodies.head(options.key, len(body)) + body.encode())
        await asyncio.sleep(options.every)
    skipped = options.warm_up * options.viewers
    return Latencies(answer.answered_ms[options.warm_up :], watch.delivered_ms[skipped:])


async def _one(connection: Connection, answer: Answer, watch: Watch, request: bytes) -> None:
    answer.heard.clear()
    answer.requests = iter([request])
    watch.send()
    connection.send()
    async with asyncio.timeout(ARRIVED_WITHIN_S):
        await answer.heard.wait()
    await watch.until_everybody()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--post", type=int, required=True, help="port of the server that receives the readings")
    parser.add_argument("--watch", type=int, required=True, help="port of the server with the viewers")
    parser.add_argument("--key", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--say", required=True)
    parser.add_argument("--viewers", type=int, default=10)
    parser.add_argument("--posts", type=int, default=300)
    parser.add_argument("--warm-up", type=int, default=10)
    parser.add_argument("--every", type=float, default=0.033)
    print(msgspec.json.encode(uvloop.run(measure(parser.parse_args()))).decode())


if __name__ == "__main__":
    main()
