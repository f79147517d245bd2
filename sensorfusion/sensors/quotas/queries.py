"""How much of each quota a site and an operator have used."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext

from sensorfusion.accounts.models import ApiToken, Operator
from sensorfusion.domain.quotas.usage import MEGABYTE, Usage, size
from sensorfusion.sensors.models import Site, SiteRight

# A running import that saved no progress for this long ended with its server. A batch takes a moment; the database may
# be down for five minutes (`ingest.files.loading`).
IMPORT_GONE_AFTER: Final = timedelta(minutes=6)
UPLOAD_KEPT_FOR: Final = timedelta(days=7)

# In SQL, because the models of states and imports belong to the layers above.
_OF_SITE: Final = """
WITH today AS (SELECT (%(now)s::timestamptz AT TIME ZONE time_zone)::date AS day FROM sensors_site WHERE id = %(site)s)
SELECT
    coalesce((SELECT readings FROM site_usage JOIN today USING (day) WHERE site_id = %(site)s), 0),
    coalesce((SELECT imported FROM site_usage JOIN today USING (day) WHERE site_id = %(site)s), 0),
    coalesce((SELECT bytes FROM site_usage WHERE site_id = %(site)s AND bytes IS NOT NULL ORDER BY day DESC LIMIT 1),
             0),
    (SELECT count(*) FROM sensors_sensor WHERE site_id = %(site)s),
    coalesce((SELECT max((SELECT count(*) FROM jsonb_object_keys(state."values")))
              FROM sensor_state state JOIN sensors_sensor sensor ON sensor.id = state.sensor_id
              WHERE sensor.site_id = %(site)s), 0)
"""
_POLLS: Final = """
SELECT coalesce(min(polls), 0) FROM (
    SELECT count(poll.sensor_id) AS polls FROM site_right owner
    JOIN site_right owned ON owned.operator_id = owner.operator_id AND owned.may_own
    LEFT JOIN sensors_sensor sensor ON sensor.site_id = owned.site_id
    LEFT JOIN sensors_poll poll ON poll.sensor_id = sensor.id
    WHERE owner.site_id = %s AND owner.may_own GROUP BY owner.operator_id
) of_owners
"""
_IMPORTS: Final = """
SELECT count(*) FILTER (WHERE waits), coalesce(sum(size) FILTER (WHERE waits), 0)::bigint,
    count(*) FILTER (WHERE state = 'running' AND updated_at >= %(alive)s),
    coalesce((SELECT imported FROM operator_usage WHERE operator_id = %(operator)s AND day = %(today)s), 0)
FROM (
    SELECT *, state IN ('waiting', 'stopped') AND began_at >= %(kept)s AS waits
    FROM ingest_fileimport WHERE operator_id = %(operator)s
) imports
"""


def usage_of_site(site: Site, *, now: datetime) -> list[Usage]:
    """Return the usage of the quotas that everyone who sends for a site shares."""
    environment = settings.ENVIRONMENT
    readings, imported, stored, sensors, quantities = _row(_OF_SITE, {"site": site.pk, "now": now})
    return [
        Usage("readings_per_day", gettext("Readings today"), readings, environment.site_readings_per_day),
        Usage("imported_per_day", gettext("Readings imported today"), imported, environment.site_readings_per_day),
        Usage("stored_bytes", gettext("Storage"), stored, environment.site_stored_mb * MEGABYTE, size),
        Usage("sensors", gettext("Sensors"), sensors, environment.site_sensors),
        Usage("sensor_quantities", gettext("Quantities of one sensor"), quantities, environment.sensor_quantities),
        Usage("polls", gettext("Polled sensors of the owner"), polls_of(site), environment.operator_polls),
    ]


def usage_of_operator(operator: Operator, *, now: datetime) -> list[Usage]:
    """Return the usage of an operator's own quotas."""
    environment = settings.ENVIRONMENT
    return [
        Usage("sites", gettext("Your sites"), sites_of(operator), environment.operator_sites),
        Usage("tokens", gettext("Your API tokens"), tokens_of(operator, now=now), environment.operator_tokens),
        *imports_of(operator, now=now),
    ]


def imports_of(operator: Operator, *, now: datetime) -> list[Usage]:
    """Return the usage of the quotas of uploads waiting, their bytes, imports under way, and what they stored."""
    environment = settings.ENVIRONMENT
    since = {"kept": now - UPLOAD_KEPT_FOR, "alive": now - IMPORT_GONE_AFTER, "today": now.astimezone(UTC).date()}
    waiting, taken, running, imported = _row(_IMPORTS, {"operator": operator.pk, **since})
    return [
        Usage("uploads", gettext("Your uploads waiting"), waiting, environment.operator_uploads),
        Usage(
            "upload_bytes", gettext("Storage of your uploads"), taken, environment.operator_upload_mb * MEGABYTE, size
        ),
        Usage("imports", gettext("Your imports under way"), running, environment.operator_imports),
        Usage("imported", gettext("Readings you imported today"), imported, environment.operator_imported_per_day),
    ]


def polls_of(site: Site) -> int:
    """Return the number of polled sensors at the sites of the owner; of several owners, the one with the fewest."""
    (polls,) = _row(_POLLS, [site.pk])
    return int(polls)


def sites_of(operator: Operator) -> int:
    """Return the number of sites that an operator owns."""
    return SiteRight.objects.filter(operator=operator, may_own=True).count()


def tokens_of(operator: Operator, *, now: datetime) -> int:
    """Return the number of an operator's valid tokens."""
    return ApiToken.objects.filter(operator=operator, expires_at__gt=now).count()


def _row(statement: str, given: Any) -> Sequence[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        row: Sequence[Any] = cursor.fetchone()
    return row
