"""Numbers committed events of alerts by site, without gaps, and announces them to every process.

Only the watcher does so: one writer, so a reader that has seen a number has seen all before it.
"""

from typing import Final

import psycopg

from sensorfusion.events.control import CHANNEL

AT_ONCE: Final = 1_000
_NUMBER: Final = """
WITH new AS (
    SELECT event.id, alert.site_id, row_number() OVER (PARTITION BY alert.site_id ORDER BY event.id) AS place,
        count(*) OVER (PARTITION BY alert.site_id) AS many
    FROM (SELECT id, alert_id FROM alert_event WHERE seq IS NULL ORDER BY id LIMIT %(most)s) AS event
    JOIN alert ON alert.id = event.alert_id
), counted AS (
    INSERT INTO alert_count AS kept (site_id, seq) SELECT DISTINCT site_id, many FROM new
    ON CONFLICT (site_id) DO UPDATE SET seq = kept.seq + excluded.seq RETURNING site_id, seq
), numbered AS (
    UPDATE alert_event SET site_id = new.site_id, seq = counted.seq - new.many + new.place
    FROM new JOIN counted ON counted.site_id = new.site_id WHERE alert_event.id = new.id
)
SELECT pg_notify(%(channel)s, json_build_object('kind', 'Alerted', 'site', site_id, 'after', seq - many)::text)
FROM counted JOIN (SELECT DISTINCT site_id, many FROM new) AS sites USING (site_id)
"""


def number(connection: psycopg.Connection) -> None:
    """Number the events that have no number; in the transaction of the caller."""
    connection.execute(_NUMBER, {"most": AT_ONCE, "channel": CHANNEL})
