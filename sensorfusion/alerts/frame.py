"""The alerts that need someone, for the frame of every page: asked once for a page, where a template shows them."""

from typing import Final, NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from sensorfusion.accounts.models import Operator
from sensorfusion.events.prepared import fetch

MOST: Final = 100
# Those of `visible_alerts` that are active, neither acknowledged nor snoozed, and how far the events of all these sites
# are, in one snapshot. A sensor that moves to another site takes its history along.
_NEEDING: Final = """
SELECT seen.events, needing.sensor, needing.severity FROM (
    SELECT coalesce(sum(count.seq), 0)::bigint AS events, array_agg(granted.site_id) AS sites
    FROM site_right AS granted LEFT JOIN alert_count AS count ON count.site_id = granted.site_id
    WHERE granted.operator_id = %(operator)s
) AS seen LEFT JOIN LATERAL (
    SELECT sensor.uuid AS sensor, alert.severity, alert.fired_at, alert.id
    FROM alert JOIN sensors_sensor AS sensor ON sensor.id = alert.sensor_id AND sensor.site_id = alert.site_id
    WHERE alert.site_id = ANY(seen.sites) AND alert.ended_at IS NULL AND alert.acknowledged_at IS NULL
        AND (alert.snoozed_until IS NULL OR alert.snoozed_until <= %(now)s)
    ORDER BY alert.fired_at DESC, alert.id DESC LIMIT %(most)s
) AS needing ON true
ORDER BY needing.fired_at DESC, needing.id DESC
"""


class Needing(NamedTuple):
    """An active alert that is neither acknowledged nor snoozed."""

    sensor: UUID
    severity: str


class _Frame(NamedTuple):
    events: int
    needing: list[Needing]


def needing(request: HttpRequest) -> dict[str, object]:
    """Return the template context: the alerts that need the reader, the newest first, and how many events were known.

    The script of the page compares `alerts_seen` with the live stream, whose seqs count the events of each site.
    """
    found = SimpleLazyObject(lambda: _found(request))
    return {
        "alerts_needing": SimpleLazyObject(lambda: found.needing),
        "alerts_seen": SimpleLazyObject(lambda: found.events),
    }


def _found(request: HttpRequest) -> _Frame:
    operator = getattr(request, "user", None)
    if not isinstance(operator, Operator):
        return _Frame(0, [])
    rows = fetch(_NEEDING, {"operator": operator.pk, "now": timezone.now(), "most": MOST})
    return _Frame(rows[0][0], [Needing(*row) for _, *row in rows if row[1] is not None])
