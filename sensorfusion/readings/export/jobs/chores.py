"""The chore that ends export jobs: by age, and those whose operator may not have the file any more.

Their files are deleted by each process in its own data directory: `files.tidy`.
"""

from datetime import timedelta
from typing import Final

import psycopg

from sensorfusion.clock import Clock
from sensorfusion.readings.export.jobs.services import KEPT_FOR

LISTED_FOR: Final = timedelta(days=30)  # after their end, so that people learn what became of them

_EXPIRE: Final = """
UPDATE export_job SET state = 'expired', bytes = 0, run = NULL WHERE state = 'done' AND ended_at <= %(kept)s
"""
_FORGET: Final = """
DELETE FROM export_job AS job WHERE ended_at <= %(listed)s OR EXISTS (
    SELECT FROM unnest(job.sensors) AS named(uuid) WHERE NOT EXISTS (
        SELECT FROM sensor_right AS granted
        WHERE granted.sensor_uuid = named.uuid AND granted.operator_id = job.operator_id
    )
) OR (job.site_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM site_right AS granted
    WHERE granted.site_id = job.site_id AND granted.operator_id = job.operator_id AND granted.may_own
))
"""


class ForgetExports:
    """Ends old jobs, and deletes those whose operator may not have the file any more."""

    name = "forget exports"
    every_s = 60.0

    def __init__(self, now: Clock) -> None:
        self._now = now

    def run(self, connection: psycopg.Connection) -> bool:
        now = self._now()
        connection.execute(_EXPIRE, {"kept": now - KEPT_FOR})
        connection.execute(_FORGET, {"listed": now - LISTED_FOR})
        return False
