"""The quotas of the installation, and the sites that are nearest to theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext

from sensorfusion.domain.quotas.usage import MEGABYTE, Usage
from sensorfusion.domain.quotas.usage import number as plain_number
from sensorfusion.domain.quotas.usage import size as plain_size
from sensorfusion.events.prepared import fetch
from sensorfusion.web.values.numbers import localised

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


def number(count: int) -> str:
    return localised(plain_number(count))


def size(count: int) -> str:
    return localised(plain_size(count))


@dataclass(frozen=True, slots=True)
class Limit:
    """A quota: what it limits, and the setting that changes it."""

    label: str
    setting: str
    limit: int
    written: Callable[[int], str] = number

    @property
    def shown(self) -> str:
        return self.written(self.limit) if self.limit else gettext("none")


@dataclass(frozen=True, slots=True)
class SiteUsed:
    uuid: UUID
    site: str
    usage: Usage

    @property
    def percent(self) -> str:
        share = 100 * self.usage.share
        return f"{share:.0f} %" if share >= 1 else gettext("under 1 %")


def limits() -> list[Limit]:
    """Return all quotas as the settings of the server have them."""
    has = settings.ENVIRONMENT
    return [
        Limit(
            gettext("Readings of a site in a day, and imported ones"),
            "SITE_READINGS_PER_DAY",
            has.site_readings_per_day,
        ),
        Limit(gettext("Storage of a site"), "SITE_STORED_MB", has.site_stored_mb * MEGABYTE, size),
        Limit(gettext("Sensors of a site"), "SITE_SENSORS", has.site_sensors),
        Limit(gettext("Quantities of a sensor"), "SENSOR_QUANTITIES", has.sensor_quantities),
        Limit(gettext("Sites of an owner"), "OPERATOR_SITES", has.operator_sites),
        Limit(gettext("Polled sensors of an owner"), "OPERATOR_POLLS", has.operator_polls),
        Limit(gettext("API tokens of an operator"), "OPERATOR_TOKENS", has.operator_tokens),
        Limit(
            gettext("API requests of one in a minute"), "OPERATOR_REQUESTS_PER_MINUTE", has.operator_requests_per_minute
        ),
        Limit(gettext("Uploads of an operator that wait"), "OPERATOR_UPLOADS", has.operator_uploads),
        Limit(gettext("Storage of these uploads"), "OPERATOR_UPLOAD_MB", has.operator_upload_mb * MEGABYTE, size),
        Limit(gettext("Exports of an operator that wait or are kept"), "OPERATOR_EXPORTS", has.operator_exports),
        Limit(gettext("Imports of an operator at once"), "OPERATOR_IMPORTS", has.operator_imports),
        Limit(
            gettext("Readings that an operator imports in a day"),
            "OPERATOR_IMPORTED_PER_DAY",
            has.operator_imported_per_day,
        ),
    ]


def nearest(*, now: datetime) -> list[SiteUsed]:
    """Return what sites have used of their quotas, the largest share first."""
    has = settings.ENVIRONMENT
    of = {
        "readings_per_day": (gettext("Readings today"), has.site_readings_per_day, number),
        "imported_per_day": (gettext("Readings imported today"), has.site_readings_per_day, number),
        "stored_bytes": (gettext("Storage"), has.site_stored_mb * MEGABYTE, size),
        "sensors": (gettext("Sensors"), has.site_sensors, number),
    }
    most = {"readings": has.site_readings_per_day, "bytes": has.site_stored_mb * MEGABYTE, "sensors": has.site_sensors}
    rows = fetch(_USED, {"now": now, "shown": SHOWN_MOST, **most})
    return [
        SiteUsed(uuid, name, Usage(quota, of[quota][0], amount, of[quota][1], of[quota][2]))
        for uuid, name, quota, amount in rows
    ]
