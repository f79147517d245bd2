"""One reading per POST from 64 connections, and batches of 1,000, to each program in turns."""

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks import drive
from benchmarks.drive import Run
from benchmarks.peers.program import Program
from benchmarks.scale import Scale, pick
from benchmarks.stand import Failed, Server, Stand
from benchmarks.table import ratios, show, spread

CONNECTIONS, AT_ONCE, SIZE, VALUES = 64, 4, 1_000, 6
SEEN_WITHIN_S = 30.0
HEAD = ("program", "an answer says", "readings/s", "p50 ms", "p99 ms", "CPU µs", "SensorFusion's CPU", "elsewhere")


@dataclass(slots=True)
class Case:
    """One program and its runs; the first case is the platform, with which all others are compared."""

    program: Program
    server: Server
    runs: list[Run] = field(default_factory=list)

    def run(self, seconds: int, *, batch: int) -> None:
        before = self.program.stored(self.server)
        done = drive.load(
            self.program.stand,
            self.server,
            self.program.keys(),
            connections=CONNECTIONS if batch == 1 else AT_ONCE,
            seconds=seconds,
            batch=batch,
            door=self.program.door if batch == 1 else self.program.batch_door,
            path=self.program.path,
        )
        self._check(before, done.result.all_accepted)
        self.runs.append(done)

    def _check(self, before: int, accepted: int) -> None:
        """Wait until all that was acknowledged is there; new series of some programs appear a moment later."""
        deadline = time.monotonic() + SEEN_WITHIN_S
        while (stored := self.program.stored(self.server) - before) != accepted:
            if time.monotonic() > deadline:
                raise Failed(f"{self.program.name} acknowledged {accepted} readings and has {stored}.")
            time.sleep(0.1)

    @property
    def micros(self) -> list[float]:
        """CPU time of a reading, in the program and in its database."""
        return [
            sum(run.window.micros(name, run.result.accepted) for name in self.program.processes) for run in self.runs
        ]

    def cells(self, ours: "Case") -> tuple[str, ...]:
        return (
            self.program.name,
            self.program.promise,
            spread([run.result.readings_per_s for run in self.runs]),
            spread([run.result.p50_ms for run in self.runs], ".1f"),
            spread([run.result.p99_ms for run in self.runs], ".1f"),
            spread(self.micros, ".1f"),
            spread(ratios(ours.micros, self.micros), ".2f") + " ×",
            spread([run.window.elsewhere for run in self.runs], ".1f"),
        )


def run(stand: Stand, scale: Scale, kinds: Sequence[type[Program]]) -> None:
    seconds, rounds = pick(scale, full=5, quick=2, tiny=1), pick(scale, full=7, quick=3, tiny=1)
    for title, batch in (("One reading per POST", 1), (f"Batches of {SIZE:,} in line protocol", SIZE)):
        taking = [kind for kind in kinds if (kind.door if batch == 1 else kind.batch_door)]
        with contextlib.ExitStack() as stack:
            programs = [kind(stand) for kind in taking]
            cases = [Case(program, stack.enter_context(program.running())) for program in programs]
            for case in cases:
                case.run(1, batch=batch)
                case.runs.clear()
            for _ in range(rounds):
                for case in cases:
                    case.run(seconds, batch=batch)
        show(f"{title}, {VALUES} values each", HEAD, [case.cells(cases[0]) for case in cases])
