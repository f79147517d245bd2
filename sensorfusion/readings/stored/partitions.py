"""Monthly partitions of the reading table, created before the first reading of a month is stored.

A month is created as a table and then attached: ATTACH takes a lock that does not block readers and writers of other
months (`CREATE TABLE … PARTITION OF` would block all of them). There is no default partition, because every ATTACH
would have to scan it.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import psycopg
from psycopg import sql

from sensorfusion.clock import Clock

Month = tuple[int, int]
# Any number unused as an advisory lock; it serializes processes that need the same new month.
_LOCK = 0x5E50_0001
AHEAD = 2  # months created in advance, so that a platform that is down at midnight still has the next one
# Backups hold it shared, and removals exclusively: pg_dump fails when a table of its snapshot is dropped.
REMOVAL_LOCK = 0x5E50_0002


def month_of(instant: datetime) -> Month:
    """Return the month of an instant (aware, UTC)."""
    return instant.year, instant.month


def months_of(instants: Sequence[datetime]) -> set[Month]:
    """Return the months of the instants. Nearly every request is within one, which its minimum and maximum show."""
    if not instants:
        return set()
    first, last = month_of(min(instants)), month_of(max(instants))
    return {first} if first == last else {month_of(each) for each in instants}


class Partitions:
    """Caches which months exist, so that writes query the catalogue only for months they have not seen."""

    def __init__(self) -> None:
        self._known: set[Month] = set()

    def ensure(self, connection: psycopg.Connection, months: Iterable[Month]) -> None:
        """Create missing months, each in its own transaction. The connection must not be inside one."""
        for month in sorted(set(months) - self._known):
            with connection.transaction():
                is_being_made(connection)
                if not exists(connection, month):
                    _make(connection, month)
            self._known.add(month)

    def forget(self) -> None:
        """Clear the cache: months may have been dropped."""
        self._known.clear()


class MonthsAhead:
    """The chore that creates the next months in advance, so that no write has to wait for it."""

    name = "months ahead"
    every_s = 6 * 3600.0

    def __init__(self, now: Clock) -> None:
        self._now = now

    def run(self, connection: psycopg.Connection) -> bool:
        month = month_of(self._now())
        months = [month, *(month := following(month) for _ in range(AHEAD))]
        Partitions().ensure(connection, months)
        return False


def following(month: Month) -> Month:
    return month_of(bounds_of(month)[1])


def name_of(month: Month) -> str:
    return f"reading_{month[0]:04d}_{month[1]:02d}"


def bounds_of(month: Month) -> tuple[datetime, datetime]:
    """Return the first instants of the month and of the next one."""
    year, number = month
    start = datetime(year, number, 1, tzinfo=UTC)
    return start, start.replace(year=year + 1, month=1) if number == 12 else start.replace(month=number + 1)


def is_being_made(connection: psycopg.Connection) -> None:
    """Block other processes from creating months until the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def exists(connection: psycopg.Connection, month: Month) -> bool:
    """Return whether a month's table exists, attached or not."""
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [name_of(month)]).fetchone()
    return bool(row and row[0])


def _make(connection: psycopg.Connection, month: Month) -> None:
    table = sql.Identifier(name_of(month))
    connection.execute(sql.SQL("CREATE TABLE {} (LIKE reading INCLUDING DEFAULTS INCLUDING CONSTRAINTS)").format(table))
    attach(connection, month)


def attach(connection: psycopg.Connection, month: Month) -> None:
    """Attach a month's table, which already has its final name, to `reading`."""
    table = sql.Identifier(name_of(month))
    start, end = (sql.Literal(bound.isoformat()) for bound in bounds_of(month))
    connection.execute(
        sql.SQL("ALTER TABLE reading ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})").format(table, start, end)
    )
