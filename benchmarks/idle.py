"""What a server without anything to do costs: processor time of the server and of PostgreSQL."""

import time
from collections.abc import Sequence

from benchmarks.cpu import Window
from benchmarks.scale import Scale, alone, pick
from benchmarks.stand import Server, Stand
from benchmarks.table import Line, show, spread

LEAST_MS, GOAL_MS = 4, 1


def run(stand: Stand, scale: Scale) -> Sequence[Line]:
    settled_s = pick(scale, full=20.0, quick=10.0, tiny=0.5)  # chores of the start have run then
    for_s = pick(scale, full=60.0, quick=30.0, tiny=0.5)
    windows = []
    for _ in range(pick(scale, full=3, quick=1, tiny=1)):
        with stand.platform(stand.database()) as server:
            time.sleep(settled_s)
            windows.append(_rested(stand, server, for_s))
    ours, database = ([_ms(each, name) for each in windows] for name in ("server", "postgres"))
    both = [sum(pair) for pair in zip(ours, database, strict=True)]
    rows = [("SensorFusion", spread(ours, ".2f")), ("PostgreSQL", spread(database, ".2f"))]
    show("A server without anything to do", ("process", "ms/s"), rows)
    return [
        Line(
            "CPU of an idle server and PostgreSQL",
            f"≤ {LEAST_MS} ms/s",
            f"{GOAL_MS} ms/s",
            f"{spread(both, '.2f')} ms/s",
            "–",
            sorted(both)[len(both) // 2] <= LEAST_MS,
        )
    ]


def _rested(stand: Stand, server: Server, for_s: float) -> Window:
    meter = stand.meter(server)
    time.sleep(for_s)
    return meter.stop()


def _ms(window: Window, name: str) -> float:
    return 1000 * window.cpu_s[name] / window.wall_s


if __name__ == "__main__":
    alone("idle", __doc__, run)
