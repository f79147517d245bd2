"""Charts of a year and of a day of one-minute readings, and the newest values, asked of each program in turns."""

import contextlib
import http.client
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from benchmarks.chart import QUANTITIES
from benchmarks.cpu import Window
from benchmarks.peers.program import Program, Question
from benchmarks.scale import Scale, pick
from benchmarks.stand import Failed, Server, Stand
from benchmarks.table import ratios, show, spread

HEAD = ("question", "program", "points", "bytes", "ms", "CPU ms", "SensorFusion's ms")
ANSWERED_WITHIN_S = 120


@dataclass(slots=True)
class Case:
    """One question to one program."""

    title: str
    program: Program
    server: Server
    question: Question
    points: int = 0
    size: int = 0
    millis: list[float] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)

    def run(self, *, keep: bool) -> None:
        path, headers = self.program.asked(self.question)
        link = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=ANSWERED_WITHIN_S)
        meter = self.program.stand.meter(self.server)
        began = time.perf_counter()
        link.request("GET", path, headers=headers)
        answer = link.getresponse()
        said = answer.read()
        took_s, window = time.perf_counter() - began, meter.stop()
        link.close()
        self._check(answer.status, said)
        if keep:
            self.millis.append(took_s * 1e3)
            self.windows.append(window)

    def _check(self, status: int, said: bytes) -> None:
        if status != 200:
            raise Failed(f"{self.program.name} answered {status}: {said[:500].decode()}")
        self.points, self.size = self.program.points(said), len(said)
        if self.points < self.question.buckets:
            raise Failed(f"{self.title}: {self.program.name} has {self.points} of {self.question.buckets} points.")

    def cells(self, ours: "Case") -> tuple[str, ...]:
        cpu_ms = [sum(window.cpu_s[name] for name in self.program.processes) * 1e3 for window in self.windows]
        share = spread(ratios(ours.millis, self.millis), ".2f") + " ×"
        said = (f"{self.points:,}", f"{self.size:,}")
        return self.title, self.program.name, *said, spread(self.millis, ".1f"), spread(cpu_ms, ".1f"), share


def run(stand: Stand, scale: Scale, kinds: Sequence[type[Program]]) -> None:
    minutes = pick(scale, full=525_600, quick=525_600, tiny=3_000)
    rounds = pick(scale, full=15, quick=5, tiny=1)
    end = datetime.now(UTC).replace(second=0, microsecond=0)
    with contextlib.ExitStack() as stack:
        asking = []
        for kind in kinds:
            program = kind(stand)
            server = stack.enter_context(program.running())
            began = time.perf_counter()
            program.load_year(server, end, minutes)
            print(f"{program.name}: {minutes:,} readings loaded in {time.perf_counter() - began:.0f} s", flush=True)
            asking.append((program, server))
        rows = [
            row
            for title, question in _questions(end, minutes).items()
            for row in _compared([Case(title, *each, question) for each in asking], rounds)
        ]
    show(f"Asked of {minutes:,} readings with {len(QUANTITIES)} quantities", HEAD, rows)


def _questions(end: datetime, minutes: int) -> dict[str, Question]:
    all_of_it, day = timedelta(minutes=minutes), min(timedelta(days=1), timedelta(minutes=minutes))
    daily, five = timedelta(days=1), timedelta(minutes=5)
    return {
        "a year by days, 1 quantity": Question(QUANTITIES[:1], end, all_of_it, daily),
        "a year by days, 10 quantities": Question(QUANTITIES, end, all_of_it, daily),
        "a day by 5 minutes, 1 quantity": Question(QUANTITIES[:1], end, day, five),
        "a day by 5 minutes, 6 quantities": Question(QUANTITIES[:6], end, day, five),
        "newest values": Question(QUANTITIES, end),
    }


def _compared(cases: Sequence[Case], rounds: int) -> list[tuple[str, ...]]:
    for number in range(rounds + 1):
        for case in cases:
            case.run(keep=number > 0)
    return [case.cells(cases[0]) for case in cases]
