"""Cost of a reading sent by a weather console: requests/s of its door as a share of the JSON door's.

The console sends the same six values as the JSON reading; the gateway sends everything it has, four times as much.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks import drive
from benchmarks.drive import Run
from benchmarks.scale import Scale, alone, pick
from benchmarks.stand import Failed, Stand
from benchmarks.table import Line, ratios, show, spread

CONNECTIONS = 64
DOORS = {"json": "JSON, 6 values", "console": "Weather Underground, 6 values", "gateway": "Ecowitt, 26 values"}
# Allowed overhead of a console compared with JSON: it is decoded, converted and answered in Python.
LEAST, GOAL = 0.6, 0.8
HEAD = ("door", "requests/s", "p50 ms", "p99 ms", "server µs", "PostgreSQL µs", "elsewhere")


@dataclass(slots=True)
class Case:
    """The runs of one door."""

    door: str
    runs: list[Run] = field(default_factory=list)

    @property
    def per_s(self) -> list[float]:
        return [run.result.per_s for run in self.runs]

    def micros(self, process: str) -> list[float]:
        return [run.window.micros(process, run.result.answers) for run in self.runs]

    def cells(self) -> tuple[str, ...]:
        return (
            DOORS[self.door],
            spread(self.per_s),
            spread([run.result.p50_ms for run in self.runs], ".1f"),
            spread([run.result.p99_ms for run in self.runs], ".1f"),
            spread(self.micros("server")),
            spread(self.micros("postgres")),
            spread([run.window.elsewhere for run in self.runs], ".1f"),
        )


def run(stand: Stand, scale: Scale) -> Sequence[Line]:
    rounds = pick(scale, full=7, quick=3, tiny=1)
    seconds = pick(scale, full=5, quick=2, tiny=1)
    cases = {door: Case(door) for door in DOORS}
    keys = [sensor.key for sensor in stand.cast.sensors]
    database = stand.database()
    with stand.platform(database) as server:
        for number in range(rounds + 1):
            for door, case in cases.items():
                before = database.readings()
                done = drive.load(stand, server, keys, connections=CONNECTIONS, seconds=seconds, door=door)
                stored = database.readings() - before
                if stored != done.result.all_accepted:
                    raise Failed(f"{done.result.all_accepted} readings were acknowledged, {stored} are stored.")
                if number:  # the first round warms up
                    case.runs.append(done)
    show("Readings by the doors of weather consoles", HEAD, [case.cells() for case in cases.values()])
    return [_line(cases["console"], cases["json"])]


def _line(console: Case, json: Case) -> Line:
    share, by_cpu = ratios(console.per_s, json.per_s), ratios(json.micros("server"), console.micros("server"))
    return Line(
        f"one reading per request of a weather console, {CONNECTIONS} connections",
        f"{LEAST:.0%} of JSON",
        f"{GOAL:.0%}",
        f"{spread(console.per_s)}/s of {spread(json.per_s)}/s",
        f"{spread(share, '.0%')}; by server CPU {spread(by_cpu, '.0%')}",
        sorted(share)[len(share) // 2] >= LEAST,
    )


if __name__ == "__main__":
    alone("doors", __doc__, run)
