"""Processor time of processes, each including its descendants."""

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

# The columns of /proc/stat after "cpu": user nice system idle iowait irq softirq steal …
_IDLE, _STEAL_END = (3, 4), 8


def spent_s(pid: int) -> float:
    """Return the processor seconds of a process and its descendants, including those that have ended."""
    process = psutil.Process(pid)
    total = 0.0
    for each in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended just now: its time is now counted for its parent
            times = each.cpu_times()
            own = _exactly_s(each.pid)
            total += times.children_user + times.children_system + (own or times.user + times.system)
    return total


def _exactly_s(pid: int) -> float:
    """Return the processor time of a process to the nanosecond, with that of its threads that have ended.

    A request of Django is served by a thread that ends with it. 0 where the kernel has no such clock.
    """
    clock = (~pid << 3) | 2  # Linux: the clock of another process's scheduled time
    try:
        return time.clock_gettime(clock)
    except OSError:  # it ended, or it is another system
        return 0.0


@dataclass(frozen=True, slots=True)
class Window:
    """Processor time of some named processes in a window; `elsewhere` is how many cores all other processes used."""

    wall_s: float
    cpu_s: Mapping[str, float]
    elsewhere: float

    def micros(self, name: str, count: int) -> float:
        """Microseconds of one process per item, for `count` items."""
        return self.cpu_s.get(name, 0.0) / max(count, 1) * 1e6


class Meter:
    """Reads the processes' time at the start and at the end of a window."""

    def __init__(self, processes: Mapping[str, int]) -> None:
        self._processes = processes
        self.start()

    def start(self) -> None:
        self._before = {name: spent_s(pid) for name, pid in self._processes.items()}
        self._busy = _busy_s()
        self._at = time.perf_counter()

    def stop(self) -> Window:
        wall_s = time.perf_counter() - self._at
        busy_s = _busy_s() - self._busy
        cpu_s = {name: spent_s(pid) - self._before[name] for name, pid in self._processes.items()}
        return Window(wall_s, cpu_s, max(0.0, busy_s - sum(cpu_s.values())) / wall_s)


def _busy_s() -> float:
    """Seconds in which the machine's cores were busy, or taken away by its host."""
    path = Path("/proc/stat")
    if not path.exists():
        return 0.0
    numbers = [int(word) for word in path.read_text().split("\n", 1)[0].split()[1 : _STEAL_END + 1]]
    return sum(number for place, number in enumerate(numbers) if place not in _IDLE) / 100
