"""Readings of 200 bytes to thousands of sockets: the server's cost per delivery, against a loop of `send()`."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks import bodies
from benchmarks.audience import READINGS, Audience, Connected, Poster, audience, in_stream, of_events, of_platform
from benchmarks.cpu import Window
from benchmarks.scale import Scale, alone, pick
from benchmarks.stand import Server, Stand
from benchmarks.table import Line, ratios, show, spread

LEAST, GOAL = 0.8, 1.4
COALESCED_LEAST, COALESCED_GOAL = 500_000, 1_000_000
# Longer than the hub coalesces, so that every reading is sent in a frame of its own, as the peer does.
PAUSE_S = 0.025
# Readings in one request of the coalesced case, and how many requests may be undelivered at once.
TOGETHER, AHEAD = 100, 3
Connect = Callable[[Stand, Server, int, int], Connected]
HEAD = ("sockets", "server", "µs/delivery", "deliveries/s", "elsewhere")


@dataclass(slots=True)
class Side:
    """One server with its viewers, and how to make it send to them."""

    name: str
    server: Server
    viewers: Audience
    post: Callable[[], None]
    windows: list[Window] = field(default_factory=list)
    deliveries: int = 0

    def run(self, stand: Stand, posts: int) -> None:
        """Send `posts` readings one after the other, each when all viewers have the one before."""
        meter = stand.meter(self.server)
        for _ in range(posts):
            at = time.perf_counter()
            expected = self.viewers.count(READINGS) + self.viewers.size
            self.post()
            self.viewers.wait_until(READINGS, expected)
            time.sleep(max(0.0, PAUSE_S - (time.perf_counter() - at)))
        self.windows.append(meter.stop())
        self.deliveries = posts * self.viewers.size

    @property
    def micros(self) -> list[float]:
        return [window.micros(self.server.name, self.deliveries) for window in self.windows]

    def cells(self) -> tuple[str, ...]:
        return (
            f"{self.viewers.size:,}",
            self.name,
            spread(self.micros, ".1f"),
            spread([self.deliveries / window.wall_s for window in self.windows]),
            spread([window.elsewhere for window in self.windows], ".1f"),
        )


def run(stand: Stand, scale: Scale) -> Sequence[Line]:
    sizes = pick(scale, full=(1_000, 5_000), quick=(1_000,), tiny=(20,))
    lines = [line for size in sizes for line in _one_by_one(stand, scale, size)]
    return [*lines, *_coalesced(stand, scale)]


def _one_by_one(stand: Stand, scale: Scale, size: int) -> list[Line]:
    rounds = pick(scale, full=7, quick=3, tiny=1)
    deliveries = pick(scale, full=60_000, quick=40_000, tiny=60)
    with contextlib.ExitStack() as stack:
        sides = [stack.enter_context(side) for side in _sides(stand, size)]
        for side in sides:
            side.run(stand, 3)
            side.windows.clear()
        for _ in range(rounds):
            for side in sides:
                side.run(stand, max(3, deliveries // size))
    show(f"Deliveries one by one, {size:,} sockets", HEAD, [side.cells() for side in sides])
    return [_line(side, sides[-1], judged=side is sides[0]) for side in sides[:-1]]


def _line(ours: Side, bare: Side, *, judged: bool) -> Line:
    share = ratios(bare.micros, ours.micros)
    return Line(
        f"fan-out of 200-byte readings to {ours.viewers.size:,} sockets, {ours.name}",
        f"{LEAST} of bare, by CPU" if judged else "–",
        f"{GOAL}" if judged else "–",
        f"{spread(ours.micros, '.1f')} µs; bare {spread(bare.micros, '.1f')} µs",
        spread(share, ".2f"),
        sorted(share)[len(share) // 2] >= LEAST if judged else None,
    )


def _sides(stand: Stand, size: int) -> "list[contextlib.AbstractContextManager[Side]]":
    return [
        _ours(stand, size, "prebuilt frames"),
        _ours(stand, size, "uvicorn's protocol", ws="websockets-sansio"),
        _ours(stand, size, "server-sent events", connect=of_events),
        _bare(stand, size),
    ]


def _processes(size: int) -> int:
    return 4 if size > 2_000 else 2


@contextlib.contextmanager
def _ours(stand: Stand, size: int, name: str, *, ws: str = "", connect: Connect = of_platform) -> Iterator[Side]:
    clock = bodies.instants()
    with (
        stand.platform(stand.database(), ws=ws, name=name) as server,
        connect(stand, server, size, _processes(size)) as viewers,
    ):
        poster = Poster(server, key=stand.cast.sensors[0].key)
        yield Side(name, server, viewers, lambda: poster.post(bodies.small_reading(next(clock))))


@contextlib.contextmanager
def _bare(stand: Stand, size: int) -> Iterator[Side]:
    clock, sensor = bodies.instants(), stand.cast.sensors[0]
    with stand.peer() as server, audience(stand, server, size, processes=_processes(size)) as viewers:
        poster = Poster(server, path="/publish")
        yield Side("bare uvicorn", server, viewers, lambda: poster.post(in_stream(sensor, 18231, next(clock))))


def _coalesced(stand: Stand, scale: Scale) -> list[Line]:
    """Send many readings at once, each batch in a frame."""
    size = pick(scale, full=1_000, quick=1_000, tiny=20)
    posts, rounds = pick(scale, full=100, quick=30, tiny=3), pick(scale, full=5, quick=2, tiny=1)
    with (
        stand.platform(stand.database()) as server,
        of_platform(stand, server, size, processes=_processes(size)) as viewers,
    ):
        many = _Many(stand, server, viewers)
        many.run(min(posts, 5))
        windows = [many.run(posts) for _ in range(rounds)]
    per_s = [posts * TOGETHER * size / window.wall_s for window in windows]
    micros = [window.micros("server", posts * TOGETHER * size) for window in windows]
    per_core = [1e6 / each for each in micros if each]
    rows = [(f"{size:,}", str(TOGETHER), spread(per_s), spread(micros, ".3f"), spread(per_core))]
    head = ("sockets", "readings a frame", "readings/s", "µs/reading", "readings per second of one core")
    show("Many readings at once", head, rows)
    return [
        Line(
            f"the same when {TOGETHER} readings arrive at once, {size:,} sockets",
            f"{COALESCED_LEAST:,}/s",
            f"{COALESCED_GOAL:,}/s",
            f"{spread(per_s)}/s",
            f"{spread(per_core)} per second of one core",
            sorted(per_s)[len(per_s) // 2] >= COALESCED_LEAST,
        )
    ]


class _Many:
    """Batches to all viewers, a few ahead of what has been delivered."""

    def __init__(self, stand: Stand, server: Server, viewers: Audience) -> None:
        self._stand, self._server, self._viewers = stand, server, viewers
        self._clock = bodies.instants()
        self._poster = Poster(server, key=stand.cast.sensors[0].key)

    def run(self, posts: int) -> Window:
        batches = [
            bodies.batch([bodies.small_reading(next(self._clock)) for _ in range(TOGETHER)]) for _ in range(posts)
        ]
        each = TOGETHER * self._viewers.size
        before = self._viewers.count(READINGS)
        meter = self._stand.meter(self._server)
        for number, batch in enumerate(batches):
            self._viewers.wait_until(READINGS, before + (number - AHEAD) * each)
            self._poster.post(batch)
        self._viewers.wait_until(READINGS, before + posts * each)
        return meter.stop()


if __name__ == "__main__":
    alone("fanout", __doc__, run)
