"""Attacks on a server of our own on this machine, and what they cost it and others.

While each attack runs, another client goes on asking for `/healthz` and posting readings. Its answers, the server's
memory and its processor time are compared with a quiet run of the same length. Run by `make siege`; every attack is
bounded in number and time, and only reaches 127.0.0.1.

`make siege ARGS=--quick` is the half that .ci/run takes: shorter attacks, judged by failures, memory and the share of
answers that the other client still gets, which a busy machine does not change.
"""

import argparse
import contextlib
import gzip
import http.client
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import psutil

from benchmarks.cpu import spent_s
from benchmarks.stand import Server, Stand
from benchmarks.table import show

LASTS_S: Final = 6.0
QUICK_LASTS_S: Final = 2.5
CONNECTIONS: Final = 300
# A client beside the attack may wait for a thread of the interpreter, and for the machine's other core.
MOST_LATENCY_TIMES: Final = 25.0
LEAST_NOTICED_MS: Final = 60.0
MOST_MEMORY_MIB: Final = 160.0
# Of the answers of a quiet run, those that another client gets at least.
LEAST_SHARE: Final = 0.1

Attack = Callable[[Server, str, float], None]


@dataclass(slots=True)
class Beside:
    """What another client sees meanwhile."""

    waits_ms: list[float] = field(default_factory=list)
    failures: int = 0

    @property
    def worst_ms(self) -> float:
        return max(self.waits_ms, default=float("inf"))


def main() -> None:
    is_quick = _options().quick
    attacks = {name: each for name, each in ATTACKS.items() if name in QUICK or not is_quick}
    lasts_s = QUICK_LASTS_S if is_quick else LASTS_S
    with Stand() as stand, stand.platform(stand.database()) as server:
        key = stand.cast.sensors[0].key
        ask(server, stand.cast.sensors[1].key, until=time.monotonic() + 1)  # the first requests load code
        rows, bad = [], []
        quiet = measured(server, stand.cast.sensors[1].key, nothing, key, lasts_s)
        for name, attack in {"nothing": nothing, **attacks}.items():
            took = measured(server, stand.cast.sensors[1].key, attack, key, lasts_s)
            rows.append((name, *took.shown(quiet)))
            bad += [name] * (not (took.is_survived(quiet) if is_quick else took.is_within(quiet)))
        show("Attacks", ("attack", "median ms", "worst ms", "failures", "CPU s", "memory MiB"), rows)
    if bad:
        sys.exit(f"Beyond the limits: {', '.join(bad)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the half that takes a minute, and depends on no times")
    return parser.parse_args()


@dataclass(frozen=True, slots=True)
class Took:
    beside: Beside
    cpu_s: float
    memory_mib: float

    def shown(self, quiet: "Took") -> tuple[str, ...]:
        waits = self.beside.waits_ms or [float("inf")]
        return (
            f"{statistics.median(waits):.1f}",
            f"{self.beside.worst_ms:.0f}",
            str(self.beside.failures),
            f"{self.cpu_s:.2f} ({self.cpu_s / max(quiet.cpu_s, 0.01):.1f} x)",
            f"{self.memory_mib:+.0f}",
        )

    def is_within(self, quiet: "Took") -> bool:
        most_ms = max(LEAST_NOTICED_MS, quiet.beside.worst_ms) * MOST_LATENCY_TIMES
        return (
            not self.beside.failures
            and statistics.median(self.beside.waits_ms) <= most_ms
            and self.memory_mib <= MOST_MEMORY_MIB
        )

    def is_survived(self, quiet: "Took") -> bool:
        """Judge without times: the other client was answered, if more slowly, and memory stayed bounded."""
        answered = len(self.beside.waits_ms) - self.beside.failures
        return (
            not self.beside.failures
            and answered >= LEAST_SHARE * len(quiet.beside.waits_ms)
            and self.memory_mib <= MOST_MEMORY_MIB
        )


def nothing(_server: Server, _key: str, lasts_s: float) -> None:
    time.sleep(lasts_s)


def measured(server: Server, others_key: str, attack: Attack, key: str, lasts_s: float) -> Took:
    """Run an attack while another client sends, and measure until both have ended."""
    process = psutil.Process(server.pid)
    memory, cpu = process.memory_info().rss, spent_s(server.pid)
    attacking = threading.Thread(target=attack, args=(server, key, lasts_s))
    attacking.start()
    beside = ask(server, others_key, until=time.monotonic() + lasts_s)
    attacking.join()
    return Took(beside, spent_s(server.pid) - cpu, (process.memory_info().rss - memory) / 2**20)


def ask(server: Server, key: str, *, until: float) -> Beside:
    """Ask for /healthz and post a reading, one after the other, ten times a second."""
    beside = Beside()
    while time.monotonic() < until:
        for method, path in (("GET", "/healthz"), ("POST", "/api/v1/readings")):
            began = time.monotonic()
            try:
                beside.failures += request(server, method, path, b'{"temperature":21.5}', key) != 200
            except OSError:
                beside.failures += 1
            beside.waits_ms.append((time.monotonic() - began) * 1000)
        time.sleep(0.1)
    return beside


def request(server: Server, method: str, path: str, body: bytes, key: str, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    with contextlib.closing(connection):
        given = {"Authorization": f"Bearer {key}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection.request(method, path, body if method == "POST" else None, given)
        return connection.getresponse().status


def held(sent: bytes, *, count: int = CONNECTIONS, more: bytes = b"", pieces: int = 0) -> Attack:
    """Open connections that send something and then stay as they are."""

    def attack(server: Server, key: str, lasts_s: float) -> None:
        with contextlib.ExitStack() as stack:
            opened = [stack.enter_context(one) for one in connections(server, count)]
            for one in opened:
                with contextlib.suppress(OSError):
                    one.sendall(sent)
                    for _piece in range(pieces):
                        one.sendall(more)
            time.sleep(lasts_s)

    return attack


def connections(server: Server, count: int) -> Iterator[socket.socket]:
    for _ in range(count):
        yield socket.create_connection(("127.0.0.1", server.port), timeout=2)


def posted(path: str, body: bytes, *, times: int = 4, key: str = "", **headers: str) -> Attack:
    """Send one body several times, with the sensor's key unless another one is named."""
    packed = gzip.compress(body)

    def attack(server: Server, own: str, lasts_s: float) -> None:
        for _ in range(times):
            with contextlib.suppress(OSError):
                request(server, "POST", path.format(key=own), packed, key or own, Content_Encoding="gzip", **headers)

    return attack


_HEAD: Final = b"POST /api/v1/readings HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer nonsense\r\n"
_MILLION: Final = 1_000_000
ATTACKS: Final[Mapping[str, Attack]] = {
    "silent connections": held(b""),
    "half a head": held(_HEAD),
    "half a body, 8 MB announced": held(_HEAD + b"Content-Length: 8388608\r\n\r\n", more=b"x" * 65_536, pieces=16),
    "endless headers": held(_HEAD, count=20, more=b"X: y\r\n" * 10_000, pieces=30),
    "an endless path": held(b"GET /", count=20, more=b"x" * 65_536, pieces=30),
    "sockets with a wrong key": held(
        b"GET /ws/ingest/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer nonsense\r\nConnection: Upgrade\r\n"
        b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    ),
    "gzip without a key": posted("/api/v1/readings", b" " * 32 * _MILLION, times=50, key="nonsense"),
    "a million values, ChirpStack": posted("/in/chirpstack", b'{"object":{"a":[' + b"1," * _MILLION + b"1]}}"),
    "a million values, ThingsBoard": posted("/api/v1/{key}/telemetry", b"[" + b"[1]," * _MILLION + b"1]"),
    "as many values as are read": posted("/api/v1/{key}/telemetry", b"[" + b'{"a":1},' * 9_999 + b"{}]"),
    "a million fields, Influx": posted("/api/v2/write", b"m " + b"a=1," * _MILLION + b"a=1"),
    "quotes, Influx": posted("/api/v2/write", b'm a="' + b'\\"' * 3 * _MILLION + b'"'),
    "lists in lists": posted("/api/v1/readings", b"[" + b"[]," * _MILLION + b"[]]"),
}

# One of each kind: what holds connections, memory without a key, work before a key is known, work with one.
QUICK: Final = (
    "silent connections",
    "half a body, 8 MB announced",
    "endless headers",
    "sockets with a wrong key",
    "gzip without a key",
    "lists in lists",
)

if __name__ == "__main__":
    main()
