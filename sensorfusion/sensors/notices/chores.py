"""The chore that deletes notices of what did not come again for a month."""

import psycopg

from sensorfusion.clock import Clock
from sensorfusion.sensors.notices.queries import KEPT

_FORGET = "DELETE FROM sensors_notice WHERE last_at < %s"


class ForgetNotices:
    """Deletes old notices once a day; pages do not show them meanwhile."""

    name = "forget notices"
    every_s = 24 * 3600.0

    def __init__(self, now: Clock) -> None:
        self._now = now

    def run(self, connection: psycopg.Connection) -> bool:
        connection.execute(_FORGET, [self._now() - KEPT])
        return False
