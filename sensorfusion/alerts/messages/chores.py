"""The chore that deletes messages about alerts after a month, and maintenance that is long over."""

from datetime import timedelta
from typing import Final

import psycopg

from sensorfusion.clock import Clock

KEPT: Final = timedelta(days=30)

_OLD: Final = "SELECT id FROM alert_message WHERE created_at <= %s AND coalesce(sent_at, given_up_at) IS NOT NULL"
_FORGET: Final = (
    f"DELETE FROM alert_notice WHERE message_id IN ({_OLD})",
    f"DELETE FROM alert_attempt WHERE message_id IN ({_OLD})",
    "DELETE FROM alert_message WHERE created_at <= %s AND coalesce(sent_at, given_up_at) IS NOT NULL",
    "DELETE FROM alert_maintenance WHERE ends_at <= %s",
)


class ForgetAlertMessages:
    """Deletes old messages with what they told and how they were tried."""

    name = "forget alert messages"
    every_s = 3600.0

    def __init__(self, now: Clock) -> None:
        self._now = now

    def run(self, connection: psycopg.Connection) -> bool:
        with connection.transaction():
            for statement in _FORGET:
                connection.execute(statement, [self._now() - KEPT])
        return False
