"""Months of the reading table, made when the first reading of a month is about to be stored.

A month is made as a table of its own and then attached: attaching takes a lock that lets readers and writers of other
months go on (`CREATE TABLE … PARTITION OF` would stop them all), and there is no default partition that would have to
be searched.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import psycopg
from psycopg import sql

from sensorfusion.clock import Clock

Month = tuple[int, int]
# Any number that nobody else uses; two processes that need the same new month take turns.
_LOCK = 0x5E50_0001
AHEAD = 2  # months that are there before their time: a platform that is off at midnight still has the next one
# Held together by backups, and alone by whoever removes readings: pg_dump fails when a table of its snapshot goes away.
REMOVAL_LOCK = 0x5E50_0002


def month_of(instant: datetime) -> Month:
    """The month an instant (aware, UTC) belongs to."""
    return instant.year, instant.month


def months_of(instants: Sequence[datetime]) -> set[Month]:
    """The months that instants belong to; those of nearly every request to one, which its ends tell."""
    if not instants:
        return set()
    first, last = month_of(min(instants)), month_of(max(instants))
    return {first} if first == last else {month_of(each) for each in instants}


class Partitions:
    """Remembers which months exist, so that a write asks the catalogue only for months it has not seen."""

    def __init__(self) -> None:
        self._known: set[Month] = set()

    def ensure(self, connection: psycopg.Connection, months: Iterable[Month]) -> None:
        """Make what is missing, in a transaction of its own that ends here. The connection must not be inside one."""
        for month in sorted(set(months) - self._known):
            with connection.transaction():
                is_being_made(connection)
                if not exists(connection, month):
                    _make(connection, month)
            self._known.add(month)

    def forget(self) -> None:
        """Ask again next time: months may have been dropped meanwhile."""
        self._known.clear()


class MonthsAhead:
    """The chore that makes the next months, so that no reading waits for its month to be made."""

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
    """First instant of the month and of the next one."""
    year, number = month
    start = datetime(year, number, 1, tzinfo=UTC)
    return start, start.replace(year=year + 1, month=1) if number == 12 else start.replace(month=number + 1)


def is_being_made(connection: psycopg.Connection) -> None:
    """Keep everybody else from making months until the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def exists(connection: psycopg.Connection, month: Month) -> bool:
    """Say whether a month is there, attached or not."""
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [name_of(month)]).fetchone()
    return bool(row and row[0])


def _make(connection: psycopg.Connection, month: Month) -> None:
    table = sql.Identifier(name_of(month))
    connection.execute(sql.SQL("CREATE TABLE {} (LIKE reading INCLUDING DEFAULTS INCLUDING CONSTRAINTS)").format(table))
    attach(connection, month)


def attach(connection: psycopg.Connection, month: Month) -> None:
    """Make a month's table, which has its name already, a part of `reading`."""
    table = sql.Identifier(name_of(month))
    start, end = (sql.Literal(bound.isoformat()) for bound in bounds_of(month))
    connection.execute(
        sql.SQL("ALTER TABLE reading ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})").format(table, start, end)
    )
