"""The chore that bounds the log of deliveries: by age, and by number for each webhook. What waits stays."""

from datetime import timedelta
from typing import Final

import psycopg

from sensorfusion.clock import Clock

SENT_KEPT: Final = timedelta(days=7)
GIVEN_UP_KEPT: Final = timedelta(days=30)
MOST: Final = 20_000  # of a webhook
AT_ONCE: Final = 5_000  # deleted in one transaction

_OLD: Final = """
SELECT id FROM (
    SELECT delivery.id, delivery.sent_at, delivery.given_up_at,
        row_number() OVER (PARTITION BY delivery.webhook_id ORDER BY delivery.id DESC) AS place
    FROM webhook_delivery AS delivery
) AS each
WHERE sent_at <= %(sent)s OR given_up_at <= %(given_up)s
    OR (place > %(most)s AND coalesce(sent_at, given_up_at) IS NOT NULL)
ORDER BY id LIMIT %(at_once)s
"""


class ForgetDeliveries:
    """Deletes old deliveries with their attempts."""

    name = "forget deliveries of webhooks"
    every_s = 3600.0

    def __init__(self, now: Clock) -> None:
        self._now = now

    def run(self, connection: psycopg.Connection) -> bool:
        now = self._now()
        given = {"sent": now - SENT_KEPT, "given_up": now - GIVEN_UP_KEPT, "most": MOST, "at_once": AT_ONCE}
        with connection.transaction():
            old = [row[0] for row in connection.execute(_OLD, given)]
            connection.execute("DELETE FROM webhook_attempt WHERE delivery_id = ANY(%s)", [old])
            connection.execute("DELETE FROM webhook_delivery WHERE id = ANY(%s)", [old])
        return len(old) == AT_ONCE
