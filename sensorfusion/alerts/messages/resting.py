"""What is not told for a while: alerts of sites and sensors under maintenance."""

from collections.abc import Iterable
from datetime import datetime

from sensorfusion.alerts.messages.models import Maintenance
from sensorfusion.alerts.models import Alert


def held_until(alerts: Iterable[Alert], *, now: datetime) -> dict[int, datetime]:
    """Return until when alerts under maintenance are not told, by alert."""
    listed = list(alerts)
    sites = {each.site_id for each in listed}
    spans = list(Maintenance.objects.filter(site__in=sites, starts_at__lte=now, ends_at__gt=now))
    found = {}
    for alert in listed:
        ends = [each.ends_at for each in spans if each.site_id == alert.site_id and _is_of(each, alert)]
        if ends:
            found[alert.pk] = max(ends)
    return found


def _is_of(span: Maintenance, alert: Alert) -> bool:
    return span.sensor_id in (None, alert.sensor_id)
