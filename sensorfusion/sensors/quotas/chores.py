"""The chore that tells the editors of a site when a quota is nearly or wholly used up, and forgets old counts."""

from datetime import timedelta
from typing import Any, Final

import psycopg
from django.conf import settings
from django.utils.translation import gettext_noop

from sensorfusion.clock import Clock
from sensorfusion.domain.quotas.usage import MEGABYTE, NEAR, Usage, size
from sensorfusion.domain.texts.folding import fold

KEPT: Final = timedelta(days=400)

_NEAR_LIMIT: Final = """
SELECT site.id, coalesce(today.readings, 0), coalesce(today.imported, 0), coalesce(stored.bytes, 0),
    coalesce(sensors.count, 0)
FROM sensors_site site
LEFT JOIN site_usage today
    ON today.site_id = site.id AND today.day = (%(now)s::timestamptz AT TIME ZONE site.time_zone)::date
LEFT JOIN LATERAL (
    SELECT bytes FROM site_usage measured WHERE measured.site_id = site.id AND measured.bytes IS NOT NULL
    ORDER BY measured.day DESC LIMIT 1
) stored ON true
LEFT JOIN (SELECT site_id, count(*) FROM sensors_sensor GROUP BY site_id) sensors ON sensors.site_id = site.id
WHERE greatest(today.readings, today.imported) >= nullif(%(readings)s, 0) OR stored.bytes >= nullif(%(bytes)s, 0)
    OR sensors.count >= nullif(%(sensors)s, 0)
"""
# Told again is what goes on for an hour, or has another figure by then.
_NOTE: Final = """
INSERT INTO sensors_notice AS known (site_id, code, subject, subject_folded, detail, count, first_at, last_at)
SELECT id, %(code)s, %(subject)s, %(folded)s, %(detail)s, 1, %(now)s, %(now)s FROM sensors_site WHERE id = %(site)s
ON CONFLICT (site_id, code, subject) WHERE sensor_id IS NULL DO UPDATE
SET detail = excluded.detail, count = known.count + 1, last_at = excluded.last_at
WHERE known.last_at <= excluded.last_at - interval '1 hour'
"""
_FORGET: Final = """
DELETE FROM site_usage usage WHERE day < %s OR NOT EXISTS (SELECT FROM sensors_site WHERE id = usage.site_id)
"""

_FORGET_OPERATORS: Final = """
DELETE FROM operator_usage usage
WHERE day < %s OR NOT EXISTS (SELECT FROM accounts_operator WHERE id = usage.operator_id)
"""


class TellQuotas:
    """Writes notices from 80 % of a quota on."""

    name = "tell quotas"
    every_s = 60.0

    def __init__(self, now: Clock) -> None:
        self._now = now

    def run(self, connection: psycopg.Connection) -> bool:
        now = self._now()
        for forget in (_FORGET, _FORGET_OPERATORS):
            connection.execute(forget, [(now - KEPT).date()])
        for site, *used in connection.execute(_NEAR_LIMIT, {"now": now, **_near()}).fetchall():
            for usage in _usages(*used):
                if usage.level:
                    connection.execute(_NOTE, {"site": site, "now": now, **_said(usage)})
        return False


def _usages(readings: int, imported: int, stored: int, sensors: int) -> list[Usage]:
    environment = settings.ENVIRONMENT
    return [
        Usage("readings_per_day", gettext_noop("Readings of the day"), readings, environment.site_readings_per_day),
        Usage(
            "imported_per_day",
            gettext_noop("Readings imported on the day"),
            imported,
            environment.site_readings_per_day,
        ),
        Usage("stored_bytes", gettext_noop("Storage"), stored, environment.site_stored_mb * MEGABYTE, size),
        Usage("sensors", gettext_noop("Sensors"), sensors, environment.site_sensors),
    ]


def _near() -> dict[str, int]:
    readings, _, stored, sensors = (round(usage.limit * NEAR) for usage in _usages(0, 0, 0, 0))
    return {"readings": readings, "bytes": stored, "sensors": sensors}


def _said(usage: Usage) -> dict[str, Any]:
    return {"code": usage.level, "subject": usage.label, "folded": fold(usage.label), "detail": usage.detail}
