"""Eight series of eight sensors over a year in one request: GET /api/v1/explore, with the clock of the server's work.

Readings of every minute would only take longer to load: a year is answered from days that are rolled up.
"""

import http.client
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from urllib.parse import urlencode

import msgspec

from benchmarks.scale import Scale, alone, pick
from benchmarks.stand import Database, Failed, Sensor, Server, Stand
from benchmarks.table import Line, show, spread
from sensorfusion.demo.bulk_history import Plan, load, roll_up

SERIES, QUANTITIES, LEAST_MS, GOAL_MS = 8, 10, 60, 40
HEAD = ("what", "resolution", "rows", "ms", "server ms", "PostgreSQL ms")


def run(stand: Stand, scale: Scale) -> Sequence[Line]:
    every_s = pick(scale, full=300, quick=900, tiny=86_400)
    rounds = pick(scale, full=15, quick=7, tiny=2)
    end = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=1)
    database, sensors = stand.database(), stand.cast.sensors[:SERIES]
    _fill(database, sensors, end, every_s)
    rows, lines = [], []
    with stand.platform(database) as server:
        for name, more in (("columns", {}), ("columns and statistics", {"figures": "1", "level": "10"})):
            cells, took = _measure(stand, server, _path(sensors, end, more), rounds)
            rows.append((name, *cells))
            lines.append(_line(name, took))
    show(f"GET /api/v1/explore: {SERIES} series of as many sensors over a year", HEAD, rows)
    return lines[:1]


def _line(name: str, took: Sequence[float]) -> Line:
    what = f"{SERIES} series of {SERIES} sensors over a year, {name}"
    return Line(what, f"≤ {LEAST_MS} ms", f"{GOAL_MS} ms", f"{spread(took)} ms", "–", median(took) <= LEAST_MS)


def _measure(stand: Stand, server: Server, path: str, rounds: int) -> tuple[tuple[str, ...], list[float]]:
    millis, windows, found = [], [], {}
    for number in range(rounds + 1):
        link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        meter, began = stand.meter(server), time.perf_counter()
        link.request("GET", path, headers={"Authorization": f"Bearer {stand.cast.token}"})
        answer = link.getresponse()
        said = answer.read()
        took_s, window = time.perf_counter() - began, meter.stop()
        link.close()
        if answer.status != 200:
            raise Failed(f"{path} was answered {answer.status}: {said[:500].decode()}")
        found = msgspec.json.decode(said)
        if len(found["series"]) != SERIES or not all(each["t"] for each in found["series"]):
            raise Failed("A series is empty.")
        if number:
            millis.append(took_s * 1e3)
            windows.append(window)
    count = sum(len(each["t"]) for each in found["series"])
    work = (spread([window.cpu_s[name] * 1e3 for window in windows]) for name in ("server", "postgres"))
    return (found["resolution"], f"{count:,}", spread(millis), *work), millis


def _path(sensors: Sequence[Sensor], end: datetime, more: dict[str, str]) -> str:
    span = {"from": _written(end - timedelta(days=365)), "to": _written(end), **more}
    series = [("series", f"{sensor.uuid}:temperature") for sensor in sensors]
    return f"/api/v1/explore?{urlencode([*series, *span.items()])}"


def _written(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _fill(database: Database, sensors: Sequence[Sensor], end: datetime, every_s: int) -> None:
    plan = Plan([each.id for each in sensors], end - timedelta(days=365), end, every_s, QUANTITIES, seed=1)
    with database.connect() as link:
        rows = load(link, plan, step=_ignore)
        roll_up(link, now=end, step=_ignore)
        link.execute("VACUUM (ANALYZE)")
    print(f"\n{rows:,} readings of {len(sensors)} sensors stored and rolled up", flush=True)


def _ignore(position: int, rows: int) -> None:
    pass


if __name__ == "__main__":
    alone("explore", __doc__, run)
