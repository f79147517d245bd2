"""Runs a load generator against a server and measures the processor time of both, and of PostgreSQL."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from benchmarks import bodies
from benchmarks.cpu import Meter, Window
from benchmarks.load import Result
from benchmarks.stand import Failed, Server, Stand

WRK = shutil.which("wrk")


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its result and its cost."""

    result: Result
    window: Window


def load(
    stand: Stand,
    server: Server,
    keys: Sequence[str],
    *,
    connections: int,
    seconds: float,
    batch: int = 1,
    requests: int = 0,
    per_s: float = 0.0,
    door: str = "json",
    path: str = "",
) -> Run:
    """Run our own generator: for a fixed time, or until `requests` prebuilt requests are sent."""
    file = _keys_file(stand, keys)
    options = ["--port", server.port, "--keys", file, "--connections", connections, "--seconds", seconds]
    options += [
        "--door",
        door,
        "--path",
        path,
        "--batch",
        batch,
        "--requests",
        requests,
        "--per-s",
        per_s,
        "--warm-up",
        0 if requests else min(0.5, seconds / 4),
    ]
    with stand.child("load", *options) as process:
        assert process.stdout
        meter: Meter | None = None
        window: Window | None = None
        for line in process.stdout:
            if line.strip() == "begin":
                meter = stand.meter(server, client=process.pid)
            elif line.strip() == "end" and meter:
                window = meter.stop()
            elif window:
                return Run(_checked(msgspec.json.decode(line, type=Result)), window)
    raise Failed(f"The load generator ended early:\n{stand.said_by('load')}")


def _keys_file(stand: Stand, keys: Sequence[str]) -> Path:
    path = stand.directory / f"keys-{len(keys)}.txt"
    path.write_text("\n".join(keys))
    return path


def _checked(result: Result) -> Result:
    if result.unanswered or not set(result.statuses) <= {"200", "201", "204"}:
        raise Failed(
            f"Not every request was answered 200, 201 or 204: {result.statuses}, {result.unanswered} without an answer."
        )
    return result


class _Wrk(msgspec.Struct):
    seconds: float
    answers: int
    accepted: int
    p50_ms: float
    p99_ms: float
    bad: int
    errors: int


def wrk(stand: Stand, server: Server, keys: Sequence[str], *, connections: int, seconds: int) -> Run:
    """Run wrk with the same requests; it ends before its last answers, so more is stored than it counts."""
    assert WRK
    head = bodies.head("%KEY%", bodies.BYTES).decode()
    before, _, after = bodies.reading("|").partition("|")
    command: list[str | Path] = [
        WRK,
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "-s",
        Path(__file__).with_name("post.lua"),
    ]
    address = f"http://127.0.0.1:{server.port}"
    meter = stand.meter(server)
    done = subprocess.run(
        [*command, address, "--", head, before, after, *keys],
        capture_output=True,
        text=True,
        timeout=seconds + 30,
        check=False,
    )
    window = meter.stop()
    said = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if done.returncode or not said:
        raise Failed(f"wrk failed: {done.stdout}{done.stderr}")
    found = msgspec.json.decode(said[0].removeprefix("RESULT "), type=_Wrk)
    if found.bad or found.errors:
        raise Failed(f"Not every request of wrk was answered 200: {found.bad} were not, {found.errors} failed.")
    return Run(
        Result(
            seconds=found.seconds,
            answers=found.answers,
            accepted=found.accepted,
            p50_ms=found.p50_ms,
            p99_ms=found.p99_ms,
            all_answers=found.answers,
            all_accepted=found.accepted,
            statuses={"200": found.answers},
        ),
        window,
    )
