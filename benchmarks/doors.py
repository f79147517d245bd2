"""Cost of a reading at each door that takes one reading per request, and of batches, as a share of the JSON door's.

All clients send the same six values, except the gateway, which sends everything it has, four times as much.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks import drive
from benchmarks.drive import Run
from benchmarks.scale import Scale, alone, pick
from benchmarks.stand import Database, Failed, Server, Stand
from benchmarks.table import Line, ratios, show, spread

CONNECTIONS = 64
SIZE, AT_ONCE = 1_000, 4  # readings of a batch, and connections that send batches
DOORS = {
    "json": "JSON",
    "lines": "InfluxDB, line protocol",
    "telemetry": "ThingsBoard",
    "senml": "SenML",
    "console": "Weather Underground",
    "gateway": "Ecowitt, 26 values",
}
BATCHES = {"json": f"JSON, batches of {SIZE:,}", "lines": f"InfluxDB, batches of {SIZE:,}"}
# Allowed CPU time of a reading, of the server and PostgreSQL, as a multiple of JSON's.
MOST, GOAL = 1.15, 1.0
MOST_OF_BATCHES = 1.5
HEAD = ("door", "readings/s", "server µs", "PostgreSQL µs", "of JSON, by CPU", "elsewhere")


@dataclass(slots=True)
class Case:
    """The runs of one door."""

    title: str
    batch: int = 1
    runs: list[Run] = field(default_factory=list)

    @property
    def per_s(self) -> list[float]:
        return [run.result.readings_per_s for run in self.runs]

    def micros(self, *processes: str) -> list[float]:
        """Return the CPU time of a reading in each run."""
        return [sum(run.window.micros(each, run.result.accepted) for each in processes) for run in self.runs]

    def of(self, json: "Case") -> list[float]:
        return ratios(self.micros("server", "postgres"), json.micros("server", "postgres"))

    def cells(self, json: "Case") -> tuple[str, ...]:
        digits = ".1f"
        return (
            self.title,
            spread(self.per_s),
            spread(self.micros("server"), digits),
            spread(self.micros("postgres"), digits),
            spread(self.of(json), ".2f"),
            spread([run.window.elsewhere for run in self.runs], digits),
        )


def run(stand: Stand, scale: Scale) -> Sequence[Line]:
    rounds = pick(scale, full=7, quick=3, tiny=1)
    seconds = pick(scale, full=4, quick=2, tiny=1)
    singles = {door: Case(title) for door, title in DOORS.items()}
    batches = {door: Case(title, SIZE) for door, title in BATCHES.items()}
    database = stand.database()
    with stand.platform(database) as server:
        for number in range(rounds + 1):
            for cases in (singles, batches):
                for door, case in cases.items():
                    done = _load(stand, database, server, door, case.batch, seconds)
                    if number:  # the first round warms up
                        case.runs.append(done)
    cells = [case.cells(cases["json"]) for cases in (singles, batches) for case in cases.values()]
    show("Readings by each door", HEAD, cells)
    return [
        _line("one reading per POST in line protocol", singles["lines"], singles["json"], MOST),
        _line("one reading per request of a weather console", singles["console"], singles["json"], MOST),
        _line("batches in line protocol", batches["lines"], batches["json"], MOST_OF_BATCHES),
    ]


def _load(stand: Stand, database: Database, server: Server, door: str, batch: int, seconds: int) -> Run:
    keys = [sensor.key for sensor in stand.cast.sensors]
    before = database.readings()
    connections = CONNECTIONS if batch == 1 else AT_ONCE
    done = drive.load(stand, server, keys, connections=connections, seconds=seconds, batch=batch, door=door)
    stored = database.readings() - before
    if stored != done.result.all_accepted:
        raise Failed(f"{DOORS[door]}: {done.result.all_accepted} readings were acknowledged, {stored} are stored.")
    return done


def _line(claim: str, case: Case, json: Case, most: float) -> Line:
    share = case.of(json)
    return Line(
        claim,
        f"{most} × JSON",
        f"{GOAL} ×",
        f"{spread(case.micros('server', 'postgres'), '.1f')} of {spread(json.micros('server', 'postgres'), '.1f')} µs",
        f"{spread(share, '.2f')} ×",
        sorted(share)[len(share) // 2] <= most,
    )


if __name__ == "__main__":
    alone("doors", __doc__, run)
