"""The chore that deletes answers that are not repeated any more."""

import psycopg

from sensorfusion.accounts.idempotency.answers import LIFE
from sensorfusion.clock import Clock


class ForgetAnswers:
    """Deletes answers that are older than a day."""

    name = "forget answers"
    every_s = 3600.0

    def __init__(self, now: Clock) -> None:
        self._now = now

    def run(self, connection: psycopg.Connection) -> bool:
        connection.execute("DELETE FROM accounts_keptanswer WHERE created_at <= %s", [self._now() - LIFE])
        return False
