"""Ten million stored readings: queries and ingest against the same database without them.

Twenty sensors have a year of readings of ten quantities every minute. Charts, records and reports of one of them are
requested from this database and from one that holds that sensor only; readings are sent to it and to an empty one.
"""

import contextlib
import http.client
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from urllib.parse import urlencode

from benchmarks import drive, latency
from benchmarks import plans as explained
from benchmarks.scale import Scale, alone, pick
from benchmarks.stand import Database, Failed, Sensor, Server, Stand
from benchmarks.table import Line, ratios, show, spread
from sensorfusion.demo.bulk_history import Plan, load, roll_up, sizes

STATIONS, QUANTITIES, EVERY_S = 20, 10, 60
A_DAY, A_YEAR = timedelta(days=1), timedelta(days=365)
FULL_ROWS, QUICK_ROWS, TINY_ROWS = STATIONS * 525_600, 500_000, 2_000
MOST = 1.2  # times the duration without the other sensors' readings
CHART_MS = 50
POINTS = 1_000
CONNECTIONS = 64
ASKED_HEAD = ("asked", "full ms", "alone ms", "ratio", "KB")
SENT_HEAD = ("sent", "full", "empty", "ratio")


@dataclass(slots=True)
class Asked:
    """One request, and how long it took with all sensors' readings and with only its own sensor's."""

    name: str
    path: Callable[[Sensor], str]
    most_ms: float | None = None
    full: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    size: int = 0

    @property
    def ratio(self) -> float:
        return median(self.full) / median(self.alone)

    def cells(self) -> tuple[str, ...]:
        return (
            self.name,
            spread(self.full, ".1f"),
            spread(self.alone, ".1f"),
            f"{self.ratio:.2f}",
            f"{self.size / 1e3:,.1f}",
        )

    def line(self) -> Line:
        is_quick = self.most_ms is None or median(self.full) <= self.most_ms
        return Line(
            f"{self.name}, among all readings",
            f"≤ {MOST} times alone" + (f", ≤ {self.most_ms:.0f} ms" if self.most_ms else ""),
            "1.05",
            f"{spread(self.full, '.1f')} ms of {spread(self.alone, '.1f')} ms",
            f"{self.ratio:.2f}",
            self.ratio <= MOST and is_quick,
        )


def run(stand: Stand, scale: Scale, *, rows: int = 0, plans: bool = False) -> Sequence[Line]:
    rows = rows or pick(scale, full=FULL_ROWS, quick=QUICK_ROWS, tiny=TINY_ROWS)
    rounds = pick(scale, full=9, quick=5, tiny=2)
    end = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=1)
    days = max(rows / STATIONS / (86_400 / EVERY_S), 0.1)
    full, own, empty = (stand.database() for _ in range(3))
    stations = stand.cast.sensors[:STATIONS]
    _fill(full, stations, end, days)
    _fill(own, stations[:1], end, days)
    asked = _asked(end, min(timedelta(days=days), A_YEAR))
    with (
        stand.platform(full, name="full") as among,
        stand.platform(own, name="alone") as single,
        stand.platform(empty, name="empty") as bare,
    ):
        for number in range(rounds + 1):
            for each in asked:
                _ask(stand, each, among, single, number)
        show(f"{full.readings():,} readings", ASKED_HEAD, [each.cells() for each in asked])
        if plans:
            explained.show(stand, full, {each.name: each.path(stations[0]) for each in asked})
        lines = [each.line() for each in asked]
        return [*lines, *_sent(stand, stations, among, bare, scale)]


def _fill(database: Database, sensors: Sequence[Sensor], end: datetime, days: float) -> None:
    plan = Plan([each.id for each in sensors], end - timedelta(days=days), end, EVERY_S, QUANTITIES, seed=1)
    began = time.perf_counter()
    with database.connect() as link:
        rows = load(link, plan, step=_ignore)
        stored_s = time.perf_counter() - began
        roll_up(link, now=end, step=_ignore)
        rolled_s = time.perf_counter() - began - stored_s
        each = ", ".join(f"{part} {size:.0f}" for part, size in sizes(link).of_each(rows))
        link.execute("CHECKPOINT")
    print(f"\n{rows:,} readings of {len(sensors)} sensors stored at {rows / stored_s:,.0f}/s", end="")
    print(f", rolled up at {rows / rolled_s:,.0f}/s; bytes for each: {each}", flush=True)


def _asked(end: datetime, span: timedelta) -> list[Asked]:
    def chart(name: str, length: timedelta) -> Asked:
        query = {"from": _instant(end - min(length, span)), "to": _instant(end), "points": POINTS}
        return Asked(name, lambda sensor: f"/api/v1/sensors/{sensor.uuid}/series?{urlencode(query)}", CHART_MS)

    month = {"year": end.year, "month": end.month}
    return [
        chart("chart of a day", A_DAY),
        chart("chart of a month", timedelta(days=30)),
        chart("chart of a year", A_YEAR),
        Asked("newest values", lambda sensor: f"/api/v1/sensors/{sensor.uuid}/latest"),
        Asked("a page of 1,000 readings", lambda sensor: f"/api/v1/sensors/{sensor.uuid}/readings?limit=1000"),
        Asked("records", lambda sensor: f"/api/v1/sensors/{sensor.uuid}/records"),
        Asked("report of a month", lambda sensor: f"/api/v1/sensors/{sensor.uuid}/climate?{urlencode(month)}"),
        Asked("report of a year", lambda sensor: f"/api/v1/sensors/{sensor.uuid}/climate?year={end.year}"),
    ]


def _ask(stand: Stand, asked: Asked, among: Server, single: Server, number: int) -> None:
    """Query both, one right after the other, in turns; the first round fills caches and is discarded."""
    path = asked.path(stand.cast.sensors[0])
    both = [(among, asked.full), (single, asked.alone)]
    for server, kept in both if number % 2 else reversed(both):
        took_ms, asked.size = _get(server, path, stand.cast.token)
        if number:
            kept.append(took_ms)


def _get(server: Server, path: str, token: str) -> tuple[float, int]:
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    with contextlib.closing(link):
        began = time.perf_counter()
        link.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        answer = link.getresponse()
        said = answer.read()
        took_ms = (time.perf_counter() - began) * 1e3
    if answer.status != 200:
        raise Failed(f"{path} was answered {answer.status}: {said[:500].decode()}")
    return took_ms, len(said)


def _sent(stand: Stand, stations: Sequence[Sensor], among: Server, bare: Server, scale: Scale) -> Iterator[Line]:
    """Send to both: many at once, and one after the other with viewers."""
    rounds, seconds = pick(scale, full=7, quick=3, tiny=1), pick(scale, full=5, quick=3, tiny=1)
    keys = [station.key for station in stations]
    rates: dict[str, list[float]] = {"full": [], "empty": []}
    # By a sensor of its own: the viewers would also receive the other sensors' readings when quality control updates
    # them.
    frames = {server.name: latency.Case(server.name, server, server, place=STATIONS) for server in (among, bare)}
    for number in range(rounds + 1):
        for server in (among, bare):
            done = drive.load(stand, server, keys, connections=CONNECTIONS, seconds=seconds)
            if number:
                rates[server.name].append(done.result.per_s)
    for _ in range(rounds):
        for case in frames.values():
            case.measure(stand, pick(scale, full=300, quick=100, tiny=5))
    slower = ratios(rates["empty"], rates["full"])
    p50s = {name: case.share(0.5) for name, case in frames.items()}
    later = ratios(p50s["full"], p50s["empty"])
    rows = [
        ("one reading per POST, /s", spread(rates["full"]), spread(rates["empty"]), spread(slower, ".2f")),
        ("POST to frame, p50 ms", spread(p50s["full"], ".1f"), spread(p50s["empty"], ".1f"), spread(later, ".2f")),
    ]
    show("Sent to a full database and to an empty one", SENT_HEAD, rows)
    for (what, ours, theirs, shown), values in zip(rows, (slower, later), strict=True):
        is_good = median(values) <= MOST
        yield Line(
            f"{what}, into a full database", f"≤ {MOST} times empty", "1.05", f"{ours} of {theirs}", shown, is_good
        )


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _ignore(position: int, rows: int) -> None:
    pass


if __name__ == "__main__":
    alone("history", __doc__, run)
