"""Charts of 1,000 points over a day, a month and a year of one-minute readings with ten quantities, and their climate.

GET …/series, …/records, …/climate, …/latest and …/readings of one sensor whose readings are rolled up, one after the
other on a new connection. `--plans` prints PostgreSQL's plan of the main query of each.
"""

import http.client
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from urllib.parse import urlencode

import msgspec
import psycopg

from benchmarks import plans as explained
from benchmarks.cpu import Window
from benchmarks.scale import Scale, alone, pick
from benchmarks.stand import Database, Failed, Sensor, Server, Stand
from benchmarks.table import Line, show, spread
from sensorfusion.clock import utc_now
from sensorfusion.readings.rollups.chores import Advance, RollUp
from sensorfusion.readings.stored.partitions import Partitions, month_of

POINTS, LEAST_MS, GOAL_MS = 1_000, 50, 20
QUANTITIES = (
    "temperature", "humidity", "pressure", "dew_point", "wind_speed",
    "wind_gust", "wind_direction", "rain_rate", "solar_irradiance", "uv_index",
)  # fmt: skip
NOTED = ("temperature", "humidity", "pressure", "wind_speed", "wind_gust", "rain_rate")
HEAD = ("what", "quantities", "span", "resolution", "points", "ms", "server ms", "PostgreSQL ms")
_RESOLUTIONS = {"series": "", "records": "1d", "climate": "1d", "latest": "raw", "readings": "raw"}
_LISTS = ("t", "records", "days", "readings", "values")  # the member of an answer that is counted
_COPY = 'COPY reading (observed_at, received_at, seq, sensor_id, "values", flags) FROM STDIN'
_STATE = """
INSERT INTO sensor_state (sensor_id, seq, observed_at, received_at, stored_until, "values", older, deltas)
SELECT sensor_id, seq, observed_at, received_at, observed_at, "values", '{}', %s
FROM reading WHERE sensor_id = %s AND seq = %s
"""
# Readings that are judged in the background while charts are drawn double a chart's time.
_JUDGED = "INSERT INTO quality_progress (sensor_id, judged_seq, judged_at) VALUES (%s, %s, now())"


@dataclass(slots=True)
class Case:
    """One request. `what` is the last part of its path; only series have a span."""

    what: str
    quantities: Sequence[str]
    span: timedelta
    resolution: str = ""
    points: int = 0
    millis: list[float] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.what}, {len(self.quantities)} quantities, {self.span.days:,} d"

    def cells(self) -> tuple[str, ...]:
        return (
            self.what,
            str(len(self.quantities)),
            f"{self.span.total_seconds() / 86400:,.0f} d",
            self.resolution,
            f"{self.points:,}",
            spread(self.millis),
            *(spread([window.cpu_s[name] * 1e3 for window in self.windows]) for name in ("server", "postgres")),
        )


def run(stand: Stand, scale: Scale, *, plans: bool = False) -> Sequence[Line]:
    minutes = pick(scale, full=525_600, quick=525_600, tiny=3_000)
    rounds = pick(scale, full=7, quick=3, tiny=1)
    database, sensor = stand.database(), stand.cast.sensors[0]
    end = datetime.now(UTC).replace(second=0, microsecond=0)
    load(database, sensor, end, minutes)
    year = timedelta(minutes=minutes)
    spans = (year, min(year, timedelta(days=30)), timedelta(days=1))
    widths = (QUANTITIES[:1], QUANTITIES[:3], QUANTITIES)
    cases = [Case("series", names, span) for span in spans for names in widths]
    cases += [Case("records", NOTED, year), Case("climate", QUANTITIES, timedelta(days=30))]
    cases += [Case("latest", QUANTITIES, timedelta()), Case("readings", QUANTITIES, timedelta())]
    with stand.platform(database) as server:
        for number in range(rounds + 1):
            for case in cases:
                _ask(stand, server, sensor, case, end, keep=number > 0)
    show(
        f"GET …/sensors/<id>/… of {minutes:,} readings with {len(QUANTITIES)} quantities",
        HEAD,
        [case.cells() for case in cases],
    )
    if plans:
        explained.show(stand, database, {case.name: _path(sensor, case, end) for case in cases})
    return [
        _line(cases[2], f"chart of {POINTS:,} points over {minutes:,} readings, all ten quantities"),
        _line(cases[0], f"chart of {POINTS:,} points over {minutes:,} readings, one quantity"),
        _line(cases[5], f"chart of {POINTS:,} points over a month of them, all ten quantities"),
        _line(cases[8], f"chart of {POINTS:,} points over a day of them, all ten quantities"),
        _line(cases[9], f"records of {len(NOTED)} quantities with their instants"),
        _line(cases[10], "report of a month, all ten quantities"),
        _line(cases[11], "newest values of a sensor"),
        _line(cases[12], "a page of 1,000 readings"),
    ]


def _line(case: Case, name: str) -> Line:
    return Line(
        name,
        f"≤ {LEAST_MS} ms",
        f"{GOAL_MS} ms",
        f"{spread(case.millis)} ms",
        "–",
        median(case.millis) <= LEAST_MS,
    )


def _ask(stand: Stand, server: Server, sensor: Sensor, case: Case, end: datetime, *, keep: bool) -> None:
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    meter = stand.meter(server)
    began = time.perf_counter()
    link.request("GET", _path(sensor, case, end), headers={"Authorization": f"Bearer {stand.cast.token}"})
    answer = link.getresponse()
    said = answer.read()
    took_s = time.perf_counter() - began
    window = meter.stop()
    link.close()
    if answer.status != 200:
        raise Failed(f"{case.what} was answered {answer.status}: {said[:500].decode()}")
    found = msgspec.json.decode(said)
    case.resolution = found.get("resolution", _RESOLUTIONS[case.what])
    case.points = len(next(found[name] for name in _LISTS if name in found))
    if not case.points:
        raise Failed(f"{case.what} is empty.")
    if keep:
        case.millis.append(took_s * 1e3)
        case.windows.append(window)


def _path(sensor: Sensor, case: Case, end: datetime) -> str:
    return f"/api/v1/sensors/{sensor.uuid}/{case.what}?{urlencode(_query(case, end))}"


def _query(case: Case, end: datetime) -> dict[str, object]:
    if case.what == "climate":
        return {"year": end.year, "month": end.month}
    if case.what in ("latest", "readings"):
        return {}
    query: dict[str, object] = {"quantities": ",".join(case.quantities)}
    if case.what == "series":
        query |= {"from": _written(end - case.span), "to": _written(end), "points": POINTS}
    return query


def _written(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def load(database: Database, sensor: Sensor, end: datetime, minutes: int) -> None:
    """Store one-minute readings until `end`, rolled up and judged."""
    began = time.perf_counter()
    with database.connect() as link:
        Partitions().ensure(link, {month_of(end - timedelta(minutes=back)) for back in range(0, minutes + 1, 1440)})
        Partitions().ensure(link, {month_of(end - timedelta(minutes=minutes))})
        with link.cursor() as cursor, cursor.copy(_COPY) as copy:
            for lines in _lines(sensor.id, end, minutes):
                copy.write(lines)
        link.execute(_STATE.encode(), ["[" + ",".join(["60.0"] * 11) + "]", sensor.id, minutes])
        link.execute(_JUDGED.encode(), [sensor.id, minutes])
        link.execute("UPDATE sensors_sensor SET status = 'active' WHERE id = %s", [sensor.id])
        loaded_s = time.perf_counter() - began
        _roll_up(link)
        _settle(link)
    rolled_s = time.perf_counter() - began - loaded_s
    print(f"\n{minutes:,} readings loaded in {loaded_s:.1f} s and rolled up in {rolled_s:.1f} s", flush=True)


def _roll_up(link: psycopg.Connection) -> None:
    """Run the background chores that would have run in the course of a year."""
    advance, roll_up = Advance(utc_now), RollUp()
    while advance.run(link) or roll_up.run(link):
        pass


def _settle(link: psycopg.Connection) -> None:
    """Run what autovacuum would have done to tables that filled up over a year."""
    link.execute("VACUUM (ANALYZE) reading")
    for table in ("sensor_state", "rollup_5m", "rollup_1h", "rollup_1d", "rollup_1mo", "dirty_hour"):
        link.execute(f"VACUUM (ANALYZE) {table}".encode())


def value_at(minute: int, place: int) -> float:
    """Return the value of a quantity, by its place in QUANTITIES, in a minute since the first."""
    return (minute % 1440 * (place + 3) % 977) / 20 + 1


def _lines(sensor: int, end: datetime, minutes: int) -> Iterator[str]:
    """Yield COPY lines, a day in each piece; every quantity has a daily course, so that neighbours differ."""
    start = end - timedelta(minutes=minutes)
    for first in range(0, minutes, 1440):
        lines = []
        for minute in range(first, min(first + 1440, minutes)):
            instant = (start + timedelta(minutes=minute)).isoformat()
            values = ",".join(f'"{name}":{value_at(minute, place):.2f}' for place, name in enumerate(QUANTITIES))
            lines.append(f"{instant}\t{instant}\t{minute + 1}\t{sensor}\t{{{values}}}\t\\N\n")
        yield "".join(lines)


if __name__ == "__main__":
    alone("chart", __doc__, run, plans="print EXPLAIN (ANALYZE, BUFFERS) of each main query")
