"""Snapshots of the read path, in which prepared statements (`events.prepared`) have generic plans.

Readings and rollups are partitioned by month, so planning a statement takes longer than executing it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# Otherwise PostgreSQL plans the first five executions for their parameters, and some again, as a plan for one month
# looks cheaper than one for all months, whose partitions are pruned when it is executed. For the same reason a generic
# plan looks so expensive that PostgreSQL starts workers or a compiler for it, which take longer than the 30 rows do.
_SNAPSHOT = """
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL plan_cache_mode = force_generic_plan;
SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off
"""


@contextmanager
def snapshot() -> Iterator[None]:
    """Run all statements in one snapshot: rollups, their calendar and readings must be consistent.

    Otherwise this race loses readings: we plan to read an hour raw; it is rolled up, and retention removes its
    readings; our query finds none.
    """
    if connection.in_atomic_block:  # the caller chose its isolation level
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_SNAPSHOT)
        yield
