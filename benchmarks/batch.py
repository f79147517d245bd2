"""Batches of 1,000 readings over HTTP, against the best bulk insert from one bare client on the same database."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks import drive
from benchmarks.cpu import Window
from benchmarks.scale import Scale, alone, pick
from benchmarks.stand import Database, Failed, Server, Stand
from benchmarks.table import Line, ratios, show, spread

SIZE, CONNECTIONS = 1_000, 4
LEAST, GOAL = 0.75, 0.90
HEAD = ("case", "rows/s", "server µs/row", "client µs/row", "PostgreSQL µs/row", "elsewhere")


@dataclass(slots=True)
class Case:
    name: str
    rows: int
    seconds: list[float] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)

    def keep(self, seconds: float, window: Window) -> None:
        self.seconds.append(seconds)
        self.windows.append(window)

    @property
    def per_s(self) -> list[float]:
        return [self.rows / seconds for seconds in self.seconds]

    def micros(self, *processes: str) -> list[float]:
        return [sum(window.micros(name, self.rows) for name in processes) for window in self.windows]

    def cells(self) -> tuple[str, ...]:
        costs = [spread(self.micros(name), ".1f") for name in ("server", "client", "postgres")]
        elsewhere = spread([window.elsewhere for window in self.windows], ".1f")
        return self.name, spread(self.per_s), *costs, elsewhere


def run(stand: Stand, scale: Scale) -> Sequence[Line]:
    rounds, requests = pick(scale, full=7, quick=3, tiny=1), pick(scale, full=150, quick=50, tiny=5)
    database = stand.database()
    rows = requests * SIZE
    ours = Case(f"HTTP, {CONNECTIONS} connections", rows)
    bare = Case("bulk insert, lines made beforehand", rows)
    made = Case("bulk insert, lines made meanwhile", rows)
    with stand.platform(database) as server:
        _send(stand, database, server, 4)  # the first batch of a month creates its partition
        for _ in range(rounds):
            done = _send(stand, database, server, requests)
            ours.keep(done.result.seconds, done.window)
            bare.keep(*_insert(stand, database, requests, "ready"))
            made.keep(*_insert(stand, database, requests, "made"))
    show(f"Batches of {SIZE:,}", HEAD, [case.cells() for case in (ours, bare, made)])
    return [_line(ours, bare, judged=True), _line(ours, made, judged=False)]


def _line(ours: Case, bare: Case, *, judged: bool) -> Line:
    share = ratios(ours.per_s, bare.per_s)
    by_cpu = ratios(bare.micros("client", "postgres"), ours.micros("server", "postgres"))
    return Line(
        f"batches of {SIZE:,} over HTTP, {bare.name}",
        f"{LEAST:.0%} of bare rows/s" if judged else "–",
        f"{GOAL:.0%}" if judged else "–",
        f"{spread(ours.per_s)}/s of {spread(bare.per_s)}/s",
        f"{spread(share, '.0%')}; by CPU of all {spread(by_cpu, '.0%')}",
        sorted(share)[len(share) // 2] >= LEAST if judged else None,
    )


def _send(stand: Stand, database: Database, server: Server, requests: int) -> drive.Run:
    keys = [sensor.key for sensor in stand.cast.sensors[:CONNECTIONS]]
    before = database.readings()
    done = drive.load(stand, server, keys, connections=CONNECTIONS, seconds=120, batch=SIZE, requests=requests)
    stored = database.readings() - before
    if not stored == done.result.all_accepted == requests * SIZE:
        raise Failed(f"{requests * SIZE} readings were sent, {done.result.all_accepted} acknowledged, {stored} stored.")
    return done


def _insert(stand: Stand, database: Database, batches: int, how: str) -> tuple[float, Window]:
    with stand.child("bulk", database.url, how, batches, SIZE, CONNECTIONS) as process:
        assert process.stdout
        process.stdout.readline()
        meter = stand.meter(client=process.pid)
        process.stdout.readline()
        window = meter.stop()
        said = process.stdout.readline()
    if not said:
        raise Failed(f"The bulk insert failed:\n{stand.said_by('bulk')}")
    return float(said), window


if __name__ == "__main__":
    alone("batch", __doc__, run)
