"""Child process: the best bulk insert that can handle conflicts, from one client that does nothing else.

Each batch is a COPY into a temporary table and an INSERT … SELECT … ON CONFLICT into a table like ours, in one
transaction. The lines are built before the clock starts, or, with `made`, from instants and dictionaries while it runs.
Prints `begin`, `end` and the seconds.
"""

import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
import psycopg

from benchmarks.bodies import STEP

TABLE = "reading_peer"
_VALUES = {
    "temperature": -11.43,
    "humidity": 60.25,
    "pressure": 1013.254,
    "wind_speed": 13.47,
    "wind_gust": 15.81,
    "wind_direction": 212.75,
}
_MAKE = f"""
CREATE TABLE IF NOT EXISTS {TABLE} (LIKE reading INCLUDING ALL) PARTITION BY RANGE (observed_at);
CREATE TABLE IF NOT EXISTS {TABLE}_now PARTITION OF {TABLE} FOR VALUES FROM ('2000-01-01') TO ('2100-01-01');
CREATE TEMPORARY TABLE arrived (LIKE reading) ON COMMIT DELETE ROWS;
"""
_COPY = 'COPY arrived (observed_at, received_at, seq, sensor_id, "values", flags) FROM STDIN'
_INSERT = f"""
INSERT INTO {TABLE} SELECT * FROM arrived
ON CONFLICT (sensor_id, observed_at) DO UPDATE
SET "values" = {TABLE}."values" || excluded."values", received_at = excluded.received_at, seq = excluded.seq
WHERE NOT {TABLE}."values" @> excluded."values"
"""


Row = tuple[datetime, int, int, dict[str, float]]
_json = msgspec.json.Encoder().encode


def main(url: str, how: str, batches: int, size: int, sensors: int) -> None:
    rows = _batches(batches, size, sensors)
    texts: Iterable[bytes] = map(_lines, rows)
    if how != "made":
        texts = list(texts)
    texts = iter(texts)
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(_MAKE.encode())
        _store(link, next(texts))
        print("begin", flush=True)
        began = time.perf_counter()
        for text in texts:
            _store(link, text)
        took_s = time.perf_counter() - began
        print("end", flush=True)
        print(took_s, flush=True)
        sys.stdin.read()  # the backend stays until its processor time has been read


def _store(link: psycopg.Connection, text: bytes) -> None:
    with link.transaction(), link.cursor() as cursor:
        with cursor.copy(_COPY) as copy:
            copy.write(text)
        cursor.execute(_INSERT.encode(), prepare=True)


def _batches(batches: int, size: int, sensors: int) -> list[list[Row]]:
    """Build one batch more than is counted; the rows alternate between the sensors, as in the platform's requests."""
    at = datetime.now(UTC)
    return [
        [
            (at + place * STEP, place, number % sensors + 1, dict(_VALUES))
            for place in range(number * size, (number + 1) * size)
        ]
        for number in range(batches + 1)
    ]


def _lines(rows: list[Row]) -> bytes:
    return b"".join([_line(*row) for row in rows])


def _line(at: datetime, seq: int, sensor: int, values: dict[str, float]) -> bytes:
    instant = at.isoformat().encode()
    return b"%b\t%b\t%d\t%d\t%b\t\\N\n" % (instant, instant, seq, sensor, _json(values))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
