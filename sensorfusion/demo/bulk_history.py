"""Bulk loader for a long history: whole months of readings, then states, then rollups.

The loader is for sensors without readings; no other process may write readings for them meanwhile.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final, Protocol

import psycopg

from sensorfusion.demo.synthetic_weather import Sample, Station, days, in_order
from sensorfusion.domain.liveness import KEPT_DELTAS
from sensorfusion.readings.rollups.chores import RollUp
from sensorfusion.readings.rollups.dirty_hours import advance
from sensorfusion.readings.stored import bulk
from sensorfusion.readings.stored.partitions import month_of

Connection = psycopg.Connection[Any]
Step = Callable[[int, int], None]

_STATE = """
INSERT INTO sensor_state (sensor_id, seq, observed_at, received_at, stored_until, "values", older, deltas)
SELECT id, %(seq)s, %(observed_at)s, %(received_at)s, %(observed_at)s, %(values)s, '{}', %(deltas)s
FROM sensors_sensor WHERE id = %(sensor)s
"""
# Synthetic weather contains nothing for quality control to find, and checking millions of readings would take long.
_JUDGED = """
INSERT INTO quality_progress (sensor_id, judged_seq, judged_at)
SELECT id, %(seq)s, %(received_at)s FROM sensors_sensor WHERE id = %(sensor)s
"""
_ACTIVE = "UPDATE sensors_sensor SET status = 'active' WHERE id = ANY(%s) AND status = 'pending'"
_ROLLUPS = ("rollup_5m", "rollup_1h", "rollup_1d", "rollup_1mo")


@dataclass(frozen=True, slots=True)
class Plan:
    """The sensors, time range and density of a history."""

    sensors: Sequence[int]
    start: datetime
    end: datetime
    every_s: int
    quantities: int
    seed: int

    @property
    def rows(self) -> int:
        """The approximate number of readings; gaps make it a little smaller."""
        return int((self.end - self.start).total_seconds() / self.every_s) * len(self.sensors)


class Source(Protocol):
    """What a sensor observed."""

    def day(self, start: datetime) -> list[Sample]:
        """Return the readings of the day that begins at `start` (UTC), in order of arrival."""


@dataclass(slots=True)
class _Sensor:
    id: int
    station: Source
    seq: int = 0
    newest: Sample | None = None
    received_s: int = 0

    def line(self, sample: Sample) -> str:
        self.seq += 1
        self.received_s = max(self.received_s, sample.received_s)
        if self.newest is None or sample.observed_s > self.newest.observed_s:
            self.newest = sample
        return f"{_text(sample.observed_s)}\t{_text(sample.received_s)}\t{self.seq}\t{self.id}\t{sample.values}\n"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes on disk of the tables and indexes that hold readings."""

    heap: int
    key: int
    by_seq: int
    rollups: dict[str, int] = field(default_factory=dict)

    def of_each(self, rows: int) -> list[tuple[str, float]]:
        """Return bytes per reading, by part."""
        parts = {"heap": self.heap, "primary key": self.key, "index by seq": self.by_seq, **self.rollups}
        return [(name, size / max(rows, 1)) for name, size in [*parts.items(), ("together", sum(parts.values()))]]


def load(connection: Connection, plan: Plan, *, step: Step, sources: Sequence[Source] = ()) -> int:
    """Load the history of sensors that have none and return the number of readings; call `roll_up` next.

    :param sources: what the sensors observed, in the order of the plan's; else synthetic weather.

    The connection must be in autocommit mode. Months are committed one by one, the states after the last one.
    """
    rows = 0
    sources = sources or [
        Station(seed=plan.seed, number=place, every_s=plan.every_s, quantities=plan.quantities)
        for place in range(len(plan.sensors))
    ]
    sensors = [_Sensor(sensor, source) for sensor, source in zip(plan.sensors, sources, strict=True)]
    for month, of_month in groupby(days(plan.start, plan.end), key=month_of):
        for count in bulk.load_month(connection, month, _lines(plan, sensors, of_month)):
            rows += count
            step(rows, rows)
    with connection.transaction():
        for sensor in sensors:
            _keep_state(connection, sensor, plan.every_s)
        connection.execute(_ACTIVE, [list(plan.sensors)])
    bulk.analyze(connection)
    connection.execute("ANALYZE sensor_state")
    return rows


def roll_up(connection: Connection, *, now: datetime, step: Step) -> None:
    """Roll up all dirty hours like the chores, but without pauses."""
    more = True
    while more:
        with connection.transaction(), connection.cursor() as cursor:
            more = advance(cursor, now=now)
    row = connection.execute("SELECT count(*) FROM dirty_hour").fetchone()
    total, done, chore = row[0] if row else 0, 0, RollUp()
    while count := chore.batch(connection):
        done += count
        step(done * 1000 // max(total, 1), done)
    for table in _ROLLUPS:
        connection.execute(f"VACUUM (ANALYZE) {table}")


def sizes(connection: Connection) -> Sizes:
    """Measure the tables and indexes that hold readings, for all sensors."""
    rollups = {}
    for table in _ROLLUPS:
        size = connection.execute("SELECT pg_total_relation_size(%s::regclass)", [table]).fetchone()
        rollups[table] = int(size[0]) if size else 0
    return Sizes(*bulk.sizes(connection), rollups)


def _lines(plan: Plan, sensors: Sequence[_Sensor], of_month: Iterator[datetime]) -> Iterator[str]:
    first, last = plan.start.timestamp(), plan.end.timestamp()
    for day in of_month:
        for place, sample in in_order([sensor.station.day(day) for sensor in sensors]):
            if first <= sample.observed_s < last and sample.received_s <= last + 1:
                yield sensors[place].line(sample)


def _keep_state(connection: Connection, sensor: _Sensor, every_s: int) -> None:
    if sensor.newest is None:
        return
    state = {
        "sensor": sensor.id,
        "seq": sensor.seq,
        "observed_at": datetime.fromtimestamp(sensor.newest.observed_s, UTC),
        "received_at": datetime.fromtimestamp(sensor.received_s, UTC),
        "values": sensor.newest.values,
        "deltas": str([float(every_s)] * KEPT_DELTAS),
    }
    connection.execute(_STATE, state)
    connection.execute(_JUDGED, state)


def _text(second: int) -> str:
    """Format an instant, with a cache, because consecutive lines of about twenty sensors share the same instant."""
    text = _texts.get(second)
    if text is None:
        if len(_texts) > 10_000:
            _texts.clear()
        text = _texts[second] = (_EPOCH + timedelta(seconds=second)).isoformat()
    return text


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_texts: dict[int, str] = {}
