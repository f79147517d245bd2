"""The chore that deletes counts of failed attempts that no window covers any more, networks not seen for long, and what
was kept of accounts that were not confirmed."""

from datetime import timedelta
from typing import Final

import psycopg

from sensorfusion.accounts.attempts import HOUR
from sensorfusion.accounts.signing_up.models import LINK_VALID_FOR
from sensorfusion.clock import Clock

NETWORKS_KEPT: Final = timedelta(days=180)


class ForgetAttempts:
    """Deletes what counts no longer."""

    name = "forget attempts"
    every_s = 3600.0

    def __init__(self, now: Clock) -> None:
        self._now = now

    def run(self, connection: psycopg.Connection) -> bool:
        now = self._now()
        connection.execute("DELETE FROM accounts_failures WHERE since < %s", [now - HOUR])
        connection.execute("DELETE FROM accounts_knownnetwork WHERE last_at < %s", [now - NETWORKS_KEPT])
        connection.execute("DELETE FROM pending_account WHERE asked_at < %s", [now - LINK_VALID_FOR])
        return False
