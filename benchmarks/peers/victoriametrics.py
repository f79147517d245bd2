"""VictoriaMetrics, as Debian packages it; it answers from memory and writes to the disk within seconds."""

import contextlib
import shutil
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlencode

import msgspec

from benchmarks.peers import lines
from benchmarks.peers.program import Program, Question, daemon, fetch, free_port
from benchmarks.stand import SENSORS, Server

PROGRAM = shutil.which("victoria-metrics")
WRITE = "/write?precision=ns"


class VictoriaMetrics(Program):
    name = "VictoriaMetrics"
    promise = "in memory"
    door = batch_door = "tagged"
    path = WRITE

    @classmethod
    def missing(cls) -> str:
        return "" if PROGRAM else "the package victoria-metrics is not installed"

    @contextlib.contextmanager
    def running(self) -> Iterator[Server]:
        assert PROGRAM
        data, port = self.stand.directory / "victoriametrics", free_port()
        shutil.rmtree(data, ignore_errors=True)
        options = [f"-storageDataPath={data}", f"-httpListenAddr=127.0.0.1:{port}", "-retentionPeriod=10y"]
        options += ["-search.latencyOffset=0s", "-search.disableCache"]  # charts are computed, not remembered
        with daemon(self.stand, [PROGRAM, *options], port, health="/health") as server:
            yield server

    def keys(self) -> Sequence[str]:
        return [f"s{number}" for number in range(SENSORS)]

    def stored(self, server: Server) -> int:
        fetch(server.port, "/internal/force_flush")
        later = int(time.time()) + 3600  # instants of a run may be ahead of the clock
        found = _found(fetch(server.port, _query("sum(count_over_time(weather_temperature[2d]))", time=later)))
        return int(found[0]["value"][1]) if found else 0

    def load_year(self, server: Server, end: datetime, minutes: int) -> None:
        lines.load_year(server.port, WRITE, self.keys()[0], end, minutes)
        fetch(server.port, "/internal/force_flush")

    def asked(self, question: Question) -> tuple[str, dict[str, str]]:
        names = "|".join(f"weather_{name}" for name in question.quantities)
        of = f'{{__name__=~"{names}",station="{self.keys()[0]}"}}'
        if not question.span:
            return _query(f"last_over_time({of}[1h])", time=int(question.end.timestamp())), {}
        step = int(question.step.total_seconds())
        begin, end = int((question.end - question.span).timestamp()) + step, int(question.end.timestamp())
        mean = f"avg_over_time({of}[{step}s])"
        query = urlencode({"query": mean, "start": begin, "end": end, "step": step})
        return f"/api/v1/query_range?{query}", {}

    def points(self, answer: bytes) -> int:
        return min((len(each.get("values", [0])) for each in _found(answer)), default=0)


def _query(text: str, **more: object) -> str:
    return f"/api/v1/query?{urlencode({'query': text, **more})}"


def _found(answer: bytes) -> list[dict[str, list[str]]]:
    found: list[dict[str, list[str]]] = msgspec.json.decode(answer)["data"]["result"]
    return found
