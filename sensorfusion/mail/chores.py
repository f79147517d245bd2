"""The chore that deletes what became of messages after a month."""

from datetime import timedelta
from typing import Final

import psycopg

from sensorfusion.clock import Clock

KEPT: Final = timedelta(days=30)

_FORGET: Final = "DELETE FROM mail_outbox WHERE created_at <= %s AND (sent_at IS NOT NULL OR given_up_at IS NOT NULL)"


class ForgetMail:
    """Deletes old rows of the outbox."""

    name = "forget mail"
    every_s = 3600.0

    def __init__(self, now: Clock) -> None:
        self._now = now

    def run(self, connection: psycopg.Connection) -> bool:
        connection.execute(_FORGET, [self._now() - KEPT])
        return False
