"""The quotas of the installation, and the sites that are nearest to theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings

from sensorfusion.domain.quotas.usage import MEGABYTE, Usage, number, size
from sensorfusion.events.prepared import fetch

SHOWN_MOST: Final = 20

# One row for each site and quota, those with the largest used share first.
_USED: Final = """
WITH stored AS (
    SELECT sensor.site_id, count(*) AS sensors, coalesce(sum(size.bytes), 0) AS bytes
    FROM sensors_sensor AS sensor LEFT JOIN sensor_size AS size ON size.sensor_id = sensor.id GROUP BY sensor.site_id
), used AS (
    SELECT site.id, site.uuid, site.name, coalesce(today.readings, 0) AS readings,
        coalesce(today.imported, 0) AS imported, coalesce(stored.bytes, 0)::bigint AS bytes,
        coalesce(stored.sensors, 0) AS sensors
    FROM sensors_site AS site
    LEFT JOIN site_usage AS today
        ON today.site_id = site.id AND today.day = (%(now)s::timestamptz AT TIME ZONE site.time_zone)::date
    LEFT JOIN stored ON stored.site_id = site.id
)
SELECT used.uuid, used.name, of.quota, of.amount FROM used CROSS JOIN LATERAL (VALUES
    ('readings_per_day', used.readings, %(readings)s::bigint),
    ('imported_per_day', used.imported, %(readings)s::bigint),
    ('stored_bytes', used.bytes, %(bytes)s::bigint), ('sensors', used.sensors, %(sensors)s::bigint)
) AS of (quota, amount, most)
WHERE of.most > 0 AND of.amount > 0
ORDER BY of.amount::float8 / of.most DESC, used.name, used.id, of.quota LIMIT %(shown)s
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """A quota: what it limits, and the setting that changes it."""

    label: str
    setting: str
    limit: int
    written: Callable[[int], str] = number

    @property
    def shown(self) -> str:
        return self.written(self.limit) if self.limit else "none"


@dataclass(frozen=True, slots=True)
class SiteUsed:
    uuid: UUID
    site: str
    usage: Usage

    @property
    def percent(self) -> str:
        share = 100 * self.usage.share
        return f"{share:.0f} %" if share >= 1 else "under 1 %"


def limits() -> list[Limit]:
    """Return all quotas as the settings of the server have them."""
    has = settings.ENVIRONMENT
    return [
        Limit("Readings of a site in a day, and imported ones", "SITE_READINGS_PER_DAY", has.site_readings_per_day),
        Limit("Storage of a site", "SITE_STORED_MB", has.site_stored_mb * MEGABYTE, size),
        Limit("Sensors of a site", "SITE_SENSORS", has.site_sensors),
        Limit("Quantities of a sensor", "SENSOR_QUANTITIES", has.sensor_quantities),
        Limit("Sites of an owner", "OPERATOR_SITES", has.operator_sites),
        Limit("Polled sensors of an owner", "OPERATOR_POLLS", has.operator_polls),
        Limit("API tokens of an operator", "OPERATOR_TOKENS", has.operator_tokens),
        Limit("API requests of one in a minute", "OPERATOR_REQUESTS_PER_MINUTE", has.operator_requests_per_minute),
        Limit("Uploads of an operator that wait", "OPERATOR_UPLOADS", has.operator_uploads),
        Limit("Storage of these uploads", "OPERATOR_UPLOAD_MB", has.operator_upload_mb * MEGABYTE, size),
        Limit("Exports of an operator that wait or are kept", "OPERATOR_EXPORTS", has.operator_exports),
        Limit("Imports of an operator at once", "OPERATOR_IMPORTS", has.operator_imports),
        Limit("Readings that an operator imports in a day", "OPERATOR_IMPORTED_PER_DAY", has.operator_imported_per_day),
    ]


def nearest(*, now: datetime) -> list[SiteUsed]:
    """Return what sites have used of their quotas, the largest share first."""
    has = settings.ENVIRONMENT
    of = {
        "readings_per_day": ("Readings today", has.site_readings_per_day, number),
        "imported_per_day": ("Readings imported today", has.site_readings_per_day, number),
        "stored_bytes": ("Storage", has.site_stored_mb * MEGABYTE, size),
        "sensors": ("Sensors", has.site_sensors, number),
    }
    most = {"readings": has.site_readings_per_day, "bytes": has.site_stored_mb * MEGABYTE, "sensors": has.site_sensors}
    rows = fetch(_USED, {"now": now, "shown": SHOWN_MOST, **most})
    return [
        SiteUsed(uuid, name, Usage(quota, of[quota][0], amount, of[quota][1], of[quota][2]))
        for uuid, name, quota, amount in rows
    ]
