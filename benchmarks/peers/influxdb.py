"""InfluxDB 1.6, as Debian packages it; a write is answered when the log is synced."""

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlencode

import msgspec

from benchmarks.peers import lines
from benchmarks.peers.program import Program, Question, daemon, fetch, free_port
from benchmarks.stand import SENSORS, Server

PROGRAM = shutil.which("influxd")
WRITE = "/write?db=bench&precision=ns"
_CONFIGURATION = """\
reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
  dir = "{data}/meta"
[data]
  dir = "{data}/data"
  wal-dir = "{data}/wal"
  wal-fsync-delay = "0s"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:{http}"
  log-enabled = false
"""


class InfluxDB(Program):
    name = "InfluxDB"
    promise = "synced"
    door = batch_door = "tagged"
    path = WRITE

    @classmethod
    def missing(cls) -> str:
        return "" if PROGRAM else "the package influxdb is not installed"

    @contextlib.contextmanager
    def running(self) -> Iterator[Server]:
        assert PROGRAM
        data, port = self.stand.directory / "influxdb", free_port()
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir()
        configuration = data / "influxdb.conf"
        configuration.write_text(_CONFIGURATION.format(data=data, http=port, rpc=free_port()))
        with daemon(self.stand, [PROGRAM, "-config", configuration], port, health="/ping") as server:
            fetch(port, _query("CREATE DATABASE bench"), b"")
            yield server

    def keys(self) -> Sequence[str]:
        return [f"s{number}" for number in range(SENSORS)]

    def stored(self, server: Server) -> int:
        rows = _series(fetch(server.port, _query("SELECT count(temperature) FROM weather")))
        return int(rows[0][1] or 0) if rows else 0

    def load_year(self, server: Server, end: datetime, minutes: int) -> None:
        lines.load_year(server.port, WRITE, self.keys()[0], end, minutes)

    def asked(self, question: Question) -> tuple[str, dict[str, str]]:
        of = f"FROM weather WHERE station = '{self.keys()[0]}'"
        if not question.span:
            return _query(f"SELECT {_each('last', question)} {of}"), {}
        begin, end = ((at.timestamp()) for at in (question.end - question.span, question.end))
        between = f"time >= {int(begin)}s AND time < {int(end)}s GROUP BY time({int(question.step.total_seconds())}s)"
        return _query(f"SELECT {_each('mean', question)} {of} AND {between}"), {}

    def points(self, answer: bytes) -> int:
        rows = _series(answer)
        return len([row for row in rows if None not in row])


def _each(function: str, question: Question) -> str:
    return ", ".join(f"{function}({name}) AS {name}" for name in question.quantities)


def _query(text: str) -> str:
    return f"/query?{urlencode({'db': 'bench', 'epoch': 's', 'q': text})}"


def _series(answer: bytes) -> list[list[float | None]]:
    results = msgspec.json.decode(answer)["results"]
    rows: list[list[float | None]] = results[0].get("series", [{"values": []}])[0]["values"]
    return rows
