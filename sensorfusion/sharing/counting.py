"""Counts the views of shares: in memory, written by one statement for all shares at most every half minute."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Final, Literal

from django.db import connection

WRITTEN_EVERY_S: Final = 30.0
AGAIN: Final = "again"  # in the address of what an open page fetches: it is no other view

_ADD = """
UPDATE {table} AS shown SET views = views + seen.many
FROM unnest(%s::bigint[], %s::bigint[]) AS seen (share, many) WHERE shown.id = seen.share
"""


class Views:
    """The views that this process has not written yet; a stopped process loses those of half a minute."""

    def __init__(
        self, *, table: Literal["share", "site_share"] = "share", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock, self._add = clock, _ADD.format(table=table)
        self._lock = threading.Lock()
        self._seen: Counter[int] = Counter()
        self._written_at = clock()

    def note(self, share: int) -> None:
        """Count one view, and write all when it is time."""
        with self._lock:
            self._seen[share] += 1
            is_due = self._clock() - self._written_at >= WRITTEN_EVERY_S
        if is_due:
            self.write()

    def write(self) -> None:
        """Add what was counted to the rows."""
        with self._lock:
            seen, self._seen = self._seen, Counter()
            self._written_at = self._clock()
        if seen:
            ids = sorted(seen)  # in one order, so that two processes cannot wait for each other's rows
            with connection.cursor() as cursor:
                cursor.execute(self._add, [ids, [seen[each] for each in ids]])


VIEWS: Final = Views()
VIEWS_OF_PAGES: Final = Views(table="site_share")
