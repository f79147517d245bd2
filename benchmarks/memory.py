"""Memory of an idle socket, in one process."""

import contextlib
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from benchmarks.audience import Audience, audience, of_platform
from benchmarks.scale import Scale, alone, pick
from benchmarks.stand import Server, Stand
from benchmarks.table import Line, show, spread

LEAST_KIB, GOAL_KIB = 30, 26
# Connected before counting starts: memory that the first sockets cause once (code, pools) is not counted.
FIRST = 100
SETTLED_AFTER_S = 1.0


def run(stand: Stand, scale: Scale) -> Sequence[Line]:
    size, rounds = pick(scale, full=1_000, quick=1_000, tiny=50), pick(scale, full=3, quick=1, tiny=1)
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(rounds):  # a new process each time: freed memory would be used again
        with stand.platform(stand.database()) as server:
            ours.append(_per_socket_kib(server, size, lambda number, at: of_platform(stand, at, number)))
        with stand.peer() as server:
            bare.append(_per_socket_kib(server, size, lambda number, at: audience(stand, at, number)))
    rows = [("SensorFusion", spread(ours, ".1f")), ("bare uvicorn", spread(bare, ".1f"))]
    show(f"Memory of each of {size:,} idle sockets", ("server", "KiB"), rows)
    return [
        Line(
            f"memory per idle socket, {size:,} sockets",
            f"≤ {LEAST_KIB} KiB",
            f"{GOAL_KIB} KiB",
            f"{spread(ours, '.1f')} KiB; bare {spread(bare, '.1f')} KiB",
            spread([one / other for one, other in zip(ours, bare, strict=True) if other], ".2f"),
            sorted(ours)[len(ours) // 2] <= LEAST_KIB,
        )
    ]


Connect = Callable[[int, Server], "contextlib.AbstractContextManager[Audience]"]


def _per_socket_kib(server: Server, size: int, connect: Connect) -> float:
    with connect(FIRST, server):
        time.sleep(SETTLED_AFTER_S)
        before = _private_kib(server.pid)
        with connect(size, server):
            time.sleep(SETTLED_AFTER_S)
            return (_private_kib(server.pid) - before) / size


def _private_kib(pid: int) -> float:
    """Memory that no other process shares; the resident size where the kernel does not report it."""
    path = Path(f"/proc/{pid}/smaps_rollup")
    if not path.exists():
        return psutil.Process(pid).memory_info().rss / 1024
    return sum(int(found) for found in re.findall(r"(?m)^Private_\w+: +(\d+) kB", path.read_text()))


if __name__ == "__main__":
    alone("memory", __doc__, run)
