"""The events of alerts as the live stream reads them, on the event loop."""

from collections.abc import Collection, Mapping
from typing import Final

import msgspec

from sensorfusion.live.alert_feed import Place, SiteEvent
from sensorfusion.live.reads import Database

PAGE: Final = 200  # events of a site at once

_SITES: Final = """
SELECT seen.site_id, site.uuid::text, coalesce(count.seq, 0)
FROM site_right AS seen JOIN sensors_site AS site ON site.id = seen.site_id
LEFT JOIN alert_count AS count ON count.site_id = seen.site_id
WHERE seen.operator_id = %s
"""
_READERS: Final = "SELECT operator_id, site_id FROM site_right WHERE site_id = ANY(%s)"
# A sensor that moves to another site takes its history along.
_EVENTS: Final = """
SELECT asked.site, event.seq, json_strip_nulls(json_build_object(
    'type', 'alert', 'site', site.uuid, 'seq', event.seq, 'action', event.action, 'alert', event.alert,
    'sensor', event.sensor, 'quantity', event.quantity, 'severity', event.severity, 'value', event.value,
    'at', replace(to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000Z', 'Z')
))::text
FROM unnest(%s::bigint[], %s::bigint[]) AS asked (site, after)
JOIN sensors_site AS site ON site.id = asked.site
CROSS JOIN LATERAL (
    SELECT each.seq, each.action, each.at, alert.uuid AS alert, sensor.uuid AS sensor, alert.quantity, alert.severity,
        alert.value
    FROM alert_event AS each JOIN alert ON alert.id = each.alert_id
    JOIN sensors_sensor AS sensor ON sensor.id = alert.sensor_id AND sensor.site_id = asked.site
    WHERE each.site_id = asked.site AND each.seq > asked.after ORDER BY each.seq LIMIT %s
) AS event
ORDER BY asked.site, event.seq
"""


class AlertEvents:
    """The history of `live.alert_feed`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def places(self, operator: int) -> dict[int, Place]:
        """Return the sites that an operator may see, and how far their events are."""
        return {site: Place(uuid, seq) for site, uuid, seq in await self._database.rows(_SITES, operator)}

    async def readers(self, sites: Collection[int]) -> set[tuple[int, int]]:
        """Return which operators may see which of these sites."""
        return {(operator, site) for operator, site in await self._database.rows(_READERS, list(sites))}

    async def events(self, after: Mapping[int, int]) -> list[SiteEvent]:
        """Read a page of events after a seq of each site, in order; without any, there are no more."""
        rows = await self._database.rows(_EVENTS, list(after), list(after.values()), PAGE)
        return [SiteEvent(site, seq, msgspec.json.format(text.encode(), indent=-1)) for site, seq, text in rows]
