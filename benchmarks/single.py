"""One reading per POST, 64 connections, acknowledged after COMMIT, against a bare application on the same server."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks import drive
from benchmarks.drive import Run
from benchmarks.scale import Scale, alone, pick
from benchmarks.stand import Database, Failed, Server, Stand
from benchmarks.table import Line, ratios, show, spread

CONNECTIONS = 64
LEAST, GOAL = 0.40, 0.60
HEAD = ("client", "case", "requests/s", "p50 ms", "p99 ms", "server µs", "PostgreSQL µs", "client µs", "elsewhere")


@dataclass(slots=True)
class Case:
    """The runs of one server under one generator."""

    client: str
    name: str
    runs: list[Run] = field(default_factory=list)

    @property
    def per_s(self) -> list[float]:
        return [run.result.per_s for run in self.runs]

    def micros(self, process: str) -> list[float]:
        return [run.window.micros(process, run.result.answers) for run in self.runs]

    def cells(self) -> tuple[str, ...]:
        server = "peer" if self.name.startswith("bare") else "server"
        return (
            self.client,
            self.name,
            spread(self.per_s),
            spread([run.result.p50_ms for run in self.runs], ".1f"),
            spread([run.result.p99_ms for run in self.runs], ".1f"),
            spread(self.micros(server)),
            spread(self.micros("postgres")) if server == "server" else "–",
            spread(self.micros("client")) if self.client == "Python" else "–",
            spread([run.window.elsewhere for run in self.runs], ".1f"),
        )


def run(stand: Stand, scale: Scale) -> Sequence[Line]:
    rounds = pick(scale, full=7, quick=3, tiny=1)
    seconds = pick(scale, full=5, quick=2, tiny=1)
    bench = _Bench(stand, seconds)
    with stand.platform(bench.database) as server, stand.peer() as peer:
        bench.warm_up(server, peer)
        for _ in range(rounds):
            bench.round(server, peer)
    show("One reading per POST", HEAD, [case.cells() for case in bench.cases.values()])
    return bench.lines()


class _Bench:
    def __init__(self, stand: Stand, seconds: int) -> None:
        self._stand = stand
        self._seconds = seconds
        self.database: Database = stand.database()
        self._keys = [sensor.key for sensor in stand.cast.sensors]
        self.cases: dict[tuple[str, str], Case] = {}

    def warm_up(self, server: Server, peer: Server) -> None:
        for each in (server, peer):
            drive.load(self._stand, each, self._keys, connections=CONNECTIONS, seconds=min(1, self._seconds))

    def round(self, server: Server, peer: Server) -> None:
        """Run every case once, the two of each pair one right after the other."""
        self._pair("Python", server, peer)
        self._keep("Python", "SensorFusion, 1 sensor", self._ours(server, self._keys[:1]))
        if drive.WRK and self._seconds > 1:  # wrk counts whole seconds, and is useless for less than two
            self._pair("wrk", server, peer)

    def _pair(self, client: str, server: Server, peer: Server) -> None:
        self._keep(client, f"SensorFusion, {len(self._keys)} sensors", self._ours(server, self._keys, client))
        self._keep(client, "bare uvicorn", self._load(peer, self._keys, client))

    def _keep(self, client: str, name: str, done: Run) -> None:
        self.cases.setdefault((client, name), Case(client, name)).runs.append(done)

    def _ours(self, server: Server, keys: Sequence[str], client: str = "Python") -> Run:
        before = self.database.readings()
        done = self._load(server, keys, client)
        stored = self.database.readings() - before
        unheard = CONNECTIONS if client == "wrk" else 0  # wrk ends before its last answers
        if not done.result.all_accepted <= stored <= done.result.all_accepted + unheard:
            raise Failed(f"{done.result.all_accepted} readings were acknowledged, {stored} are stored.")
        return done

    def _load(self, server: Server, keys: Sequence[str], client: str) -> Run:
        if client == "wrk":
            return drive.wrk(self._stand, server, keys, connections=CONNECTIONS, seconds=self._seconds)
        return drive.load(self._stand, server, keys, connections=CONNECTIONS, seconds=self._seconds)

    def lines(self) -> list[Line]:
        return [self._line(client) for client in ("Python", "wrk") if (client, "bare uvicorn") in self.cases]

    def _line(self, client: str) -> Line:
        ours, bare = self.cases[client, f"SensorFusion, {len(self._keys)} sensors"], self.cases[client, "bare uvicorn"]
        share = ratios(ours.per_s, bare.per_s)
        by_cpu = ratios(bare.micros("peer"), ours.micros("server"))
        return Line(
            f"one reading per POST, {CONNECTIONS} connections, {client} client",
            f"{LEAST:.0%} of bare",
            f"{GOAL:.0%}",
            f"{spread(ours.per_s)}/s of {spread(bare.per_s)}/s",
            f"{spread(share, '.0%')}; by server CPU {spread(by_cpu, '.0%')}",
            sorted(share)[len(share) // 2] >= LEAST,
        )


if __name__ == "__main__":
    alone("single", __doc__, run)
