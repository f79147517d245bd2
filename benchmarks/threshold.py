"""From how many rows on COPY beats arrays: microseconds per row of `WriterConnection.store`, both ways.

Tells the right value of `COPY_FROM_ROWS` in sensorfusion/ingest/storing/statements.py. It has no required figure.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from benchmarks.bodies import STEP
from benchmarks.cpu import spent_s
from benchmarks.scale import Scale, alone, pick
from benchmarks.stand import Database, Failed, Stand
from benchmarks.table import Line, show, spread
from sensorfusion.domain.normalise import MAX_QUANTITIES
from sensorfusion.ingest.steps.batch import Draft, Outcome, Source
from sensorfusion.ingest.storing import statements
from sensorfusion.ingest.storing.connection import WriterConnection
from sensorfusion.ingest.storing.rows import WriteRequest

GROUPS = (1, 16, 64, 128, 256, 512, 1_000)
WAYS = {"arrays": 10**9, "COPY": 1}
HEAD = ("rows", "sensors", "way", "µs/row", "client µs/row", "PostgreSQL µs/row")
_VALUES = {
    "temperature": -11.43,
    "humidity": 60.25,
    "pressure": 1013.254,
    "wind_speed": 13.47,
    "wind_gust": 15.81,
    "wind_direction": 212.75,
}
# Enough sensors that each row of the largest group can have its own.
_MORE = """
INSERT INTO sensors_sensor (uuid, site_id, name, description, model, transport, status, created_at)
SELECT gen_random_uuid(), site_id, 'More ' || number, '', '', transport, 'active', created_at
FROM (SELECT * FROM sensors_sensor LIMIT 1) AS one, generate_series(1, %s) AS number
"""


@dataclass(slots=True)
class Case:
    rows: int
    sensors: int
    way: str
    wall: list[float] = field(default_factory=list)
    client: list[float] = field(default_factory=list)
    backend: list[float] = field(default_factory=list)

    def cells(self) -> tuple[str, ...]:
        costs = (spread(values, ".1f") for values in (self.wall, self.client, self.backend))
        return f"{self.rows:,}", f"{self.sensors:,}", self.way, *costs


def run(stand: Stand, scale: Scale) -> Sequence[Line]:
    rounds, rows = pick(scale, full=5, quick=3, tiny=1), pick(scale, full=10_000, quick=4_000, tiny=200)
    groups = pick(scale, full=GROUPS, quick=GROUPS, tiny=(1, 64))
    database = stand.database()
    bench = _Bench(database, max(groups))
    shapes = [(size, sensors) for size in groups for sensors in sorted({1, min(64, size), size})]
    cases = [Case(size, sensors, way) for size, sensors in shapes for way in WAYS]
    with bench.writer:
        for number in range(rounds + 1):
            for case in cases:
                bench.measure(case, 2 if number == 0 else max(2, rows // case.rows), keep=number > 0)
    show("Storing a group", HEAD, [case.cells() for case in cases])
    return []


class _Bench:
    def __init__(self, database: Database, sensors: int) -> None:
        with database.connect() as link:
            link.execute(_MORE.encode(), [sensors])
            self._sensors = [row[0] for row in link.execute("SELECT id FROM sensors_sensor ORDER BY id")]
        self._clock: Iterator[datetime] = _clock()
        self.writer = WriterConnection(database.url, most_names=MAX_QUANTITIES)
        self._store(self._group(len(self._sensors), len(self._sensors)))
        self._backend = database.number(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )

    def measure(self, case: Case, groups: int, *, keep: bool) -> None:
        statements.COPY_FROM_ROWS = WAYS[case.way]
        prepared = [self._group(case.rows, case.sensors) for _ in range(groups)]
        wall_s, client_s, backend_s = time.perf_counter(), time.thread_time(), spent_s(self._backend)
        for group in prepared:
            self._store(group)
        if keep:
            each = 1e6 / groups / case.rows
            case.wall.append((time.perf_counter() - wall_s) * each)
            case.client.append((time.thread_time() - client_s) * each)
            case.backend.append((spent_s(self._backend) - backend_s) * each)

    def _store(self, group: list[WriteRequest]) -> None:
        stored = self.writer.store(group)
        if any(not isinstance(answer, Outcome) or answer.duplicates for answer in stored.answers):
            raise Failed(f"A group was not stored: {stored.answers}")

    def _group(self, rows: int, sensors: int) -> list[WriteRequest]:
        """Build one write request per sensor, which together have `rows` readings."""
        now = datetime.now(UTC)
        share, more = divmod(rows, sensors)
        return [
            WriteRequest(
                Source(sensor, "0"),
                now,
                [Draft(next(self._clock), dict(_VALUES)) for _ in range(share + (place < more))],
            )
            for place, sensor in enumerate(self._sensors[:sensors])
        ]


def _clock() -> Iterator[datetime]:
    at = datetime.now(UTC)
    return (at + step * STEP for step in count())


if __name__ == "__main__":
    alone("threshold", __doc__, run)
