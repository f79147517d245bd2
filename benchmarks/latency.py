"""Latency from a POST to the frame on a viewer's socket, under light load; in one process, and in two with Redis."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from benchmarks.delivery import Latencies
from benchmarks.scale import Scale, alone, pick
from benchmarks.stand import Failed, Server, Stand
from benchmarks.table import Line, percentile, show, spread

VIEWERS = 10
P50_MS, P99_MS, GOAL_P50_MS = 5.0, 20.0, 3.0
TWO_PROCESSES = 2.0  # the factor allowed where the reading goes through Redis
HEAD = ("case", "answer p50", "answer p99", "frame p50", "frame p99", "frame max", "frames")


@dataclass(slots=True)
class Case:
    name: str
    post: Server
    watch: Server
    allowed: float = 1.0
    place: int = 0  # index into the stand's sensors
    runs: list[Latencies] = field(default_factory=list)

    def measure(self, stand: Stand, posts: int) -> None:
        sensor = stand.cast.sensors[self.place]
        say = msgspec.json.encode({"action": "subscribe", "id": 1, "sensors": [sensor.uuid]}).decode()
        options = ["--post", self.post.port, "--watch", self.watch.port, "--key", sensor.key, "--say", say]
        options += ["--token", stand.cast.token, "--viewers", VIEWERS, "--posts", posts]
        with stand.child("delivery", *options) as process:
            assert process.stdout
            said = process.stdout.read()
        if not said:
            raise Failed(f"Not everything was delivered:\n{stand.said_by('delivery')}")
        found = msgspec.json.decode(said, type=Latencies)
        if len(found.delivered) != posts * VIEWERS:
            raise Failed(f"{len(found.delivered)} frames for {posts} readings and {VIEWERS} viewers.")
        self.runs.append(found)

    def share(self, share: float) -> list[float]:
        return [percentile(sorted(run.delivered), share) for run in self.runs]

    def cells(self) -> tuple[str, ...]:
        answers = [[percentile(sorted(run.answered), share) for run in self.runs] for share in (0.5, 0.99)]
        shown = [*answers, self.share(0.5), self.share(0.99), [max(run.delivered) for run in self.runs]]
        return (
            self.name,
            *(spread(values, ".1f") for values in shown),
            f"{sum(len(run.delivered) for run in self.runs):,}",
        )

    def line(self) -> Line:
        p50s, p99s = self.share(0.5), self.share(0.99)
        p50, p99 = sorted(p50s)[len(p50s) // 2], sorted(p99s)[len(p99s) // 2]
        return Line(
            f"POST to socket frame, {VIEWERS} viewers, {self.name}",
            f"p50 ≤ {P50_MS * self.allowed:.0f} ms, p99 ≤ {P99_MS * self.allowed:.0f} ms",
            f"p50 ≤ {GOAL_P50_MS * self.allowed:.0f} ms",
            f"p50 {spread(p50s, '.1f')}, p99 {spread(p99s, '.1f')} ms",
            "–",
            p50 <= P50_MS * self.allowed and p99 <= P99_MS * self.allowed,
        )


def run(stand: Stand, scale: Scale) -> Sequence[Line]:
    rounds, posts = pick(scale, full=5, quick=2, tiny=1), pick(scale, full=300, quick=100, tiny=5)
    with contextlib.ExitStack() as stack:
        database = stand.database()
        alone_server = stack.enter_context(stand.platform(database))
        shared = stand.database()
        redis_url = stack.enter_context(stand.redis())
        first, second = (
            stack.enter_context(stand.platform(shared, redis_url=redis_url, name=name)) for name in ("first", "second")
        )
        cases = [
            Case("one process", alone_server, alone_server),
            Case("two processes and Redis", first, second, TWO_PROCESSES),
        ]
        for _ in range(rounds):
            for case in cases:
                case.measure(stand, posts)
    show("Milliseconds from a POST", HEAD, [case.cells() for case in cases])
    return [case.line() for case in cases]


if __name__ == "__main__":
    alone("latency", __doc__, run)
