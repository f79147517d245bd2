"""The chore that deletes entries of the audit log after a year."""

import psycopg

from sensorfusion.accounts.audit.queries import KEPT
from sensorfusion.clock import Clock

_FORGET = "DELETE FROM accounts_auditentry WHERE at <= %s"


class ForgetAudit:
    """Deletes old entries once a day; pages do not show them meanwhile."""

    name = "forget audit entries"
    every_s = 24 * 3600.0

    def __init__(self, now: Clock) -> None:
        self._now = now

    def run(self, connection: psycopg.Connection) -> bool:
        connection.execute(_FORGET, [self._now() - KEPT])
        return False
