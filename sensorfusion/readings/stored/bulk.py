"""Loads whole months of readings that no other process writes, and measures what they take.

The table of a new month is filled by itself, indexed when it is full, and then attached: that is half the work, and no
query sees half a month. Existing months are appended to.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import psycopg
from psycopg import sql

from sensorfusion.readings.stored.partitions import Month, attach, exists, is_being_made, name_of

Connection = psycopg.Connection[Any]

LINES_AT_ONCE: Final = 2_000
_COLUMNS = 'observed_at, received_at, seq, sensor_id, "values"'  # of the lines
# The suffixes that PostgreSQL gives to the names of a table's indexes.
_INDEXES: Final = (("INDEX", "_pkey"), ("INDEX", "_sensor_id_seq_idx"))
_SIZES = """
SELECT coalesce(sum(pg_relation_size(relid)) FILTER (WHERE relkind = 'r'), 0)::bigint,
       coalesce(sum(pg_relation_size(relid)) FILTER (WHERE relkind = 'i' AND is_key), 0)::bigint,
       coalesce(sum(pg_relation_size(relid)) FILTER (WHERE relkind = 'i' AND NOT is_key), 0)::bigint
FROM (
    SELECT table_.oid AS relid, 'r' AS relkind, false AS is_key FROM pg_class table_
    WHERE table_.oid IN (SELECT relid FROM pg_partition_tree('reading'))
    UNION ALL
    SELECT indexrelid, 'i', indisprimary FROM pg_index
    WHERE indrelid IN (SELECT relid FROM pg_partition_tree('reading'))
) AS parts
"""


def load_month(connection: Connection, month: Month, lines: Iterator[str]) -> Iterator[int]:
    """Store the lines of one month; yield the number of lines sent since the last yield."""
    if exists(connection, month):
        with connection.transaction():
            yield from _copy(connection, sql.Identifier("reading"), lines, "")
        return
    table = sql.Identifier(f"loading_{name_of(month)}")
    connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))  # left by an interrupted load
    with connection.transaction():
        connection.execute(
            sql.SQL("CREATE TABLE {} (LIKE reading INCLUDING DEFAULTS INCLUDING CONSTRAINTS)").format(table)
        )
        yield from _copy(connection, table, lines, " WITH (FREEZE)")
        connection.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (sensor_id, observed_at)").format(table))
        connection.execute(sql.SQL("CREATE INDEX ON {} (sensor_id, seq)").format(table))
    with connection.transaction():
        _attach(connection, month, table)


def _attach(connection: Connection, month: Month, table: sql.Identifier) -> None:
    is_being_made(connection)
    if exists(connection, month):  # another process created it meanwhile
        connection.execute(sql.SQL("INSERT INTO reading SELECT * FROM {}").format(table))
        connection.execute(sql.SQL("DROP TABLE {}").format(table))
        return
    for kind, end in (("TABLE", ""), *_INDEXES):
        old, new = sql.Identifier(f"loading_{name_of(month)}{end}"), sql.Identifier(f"{name_of(month)}{end}")
        connection.execute(sql.SQL("ALTER {} {} RENAME TO {}").format(sql.SQL(kind), old, new))
    attach(connection, month)


def _copy(connection: Connection, table: sql.Identifier, lines: Iterator[str], how: str) -> Iterator[int]:
    statement = sql.SQL("COPY {} ({}) FROM STDIN{}").format(table, sql.SQL(_COLUMNS), sql.SQL(how))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        while some := list(islice(lines, LINES_AT_ONCE)):
            copy.write("".join(some))
            yield len(some)


def analyze(connection: Connection) -> None:
    """Let PostgreSQL count what was loaded."""
    connection.execute("ANALYZE reading")


def sizes(connection: Connection) -> tuple[int, int, int]:
    """Return the bytes of all readings, of the index by instant, and of the index by seq."""
    row = connection.execute(_SIZES).fetchone()
    assert row
    heap, key, by_seq = row
    return heap, key, by_seq
