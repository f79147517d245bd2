"""Rules and alerts that an operator may see, and what the operator may do with them."""

from datetime import datetime
from typing import Final

from django.db.models import F, Q, QuerySet

from sensorfusion.accounts.limits import may_write
from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.models import Alert, AlertEvent, AlertRule, AlertSettings, Watch
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.queries import editable_sites, may_edit, reached_by, role_at

SENSORS_MOST: Final = 200  # to choose from

# A sensor that moves to another site takes its history along: members of the old one see nothing more of it.
_AT_ITS_SITE: Final = Q(sensor=None) | Q(sensor__site=F("site"))


def visible_rules(operator: Operator) -> QuerySet[AlertRule]:
    """Select the rules of the operator's sites by site, each with `may_edit`."""
    found = AlertRule.objects.filter(reached_by(operator, "site"), _AT_ITS_SITE, site__rights__operator=operator)
    found = found.annotate(may_edit=F("site__rights__may_edit")).select_related("site", "sensor")
    return found.order_by("site__name", "site_id", "id")


def visible_alerts(operator: Operator) -> QuerySet[Alert]:
    """Select the alerts of the operator's sites, the newest first."""
    found = Alert.objects.filter(reached_by(operator, "site"), _AT_ITS_SITE, site__rights__operator=operator)
    return found.select_related("site", "sensor", "rule", "acknowledged_by").order_by("-fired_at", "-id")


def active(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """Select the alerts that have not ended."""
    return alerts.filter(ended_at=None)


def events_of(alert: Alert) -> QuerySet[AlertEvent]:
    """Select what happened to an alert, in order."""
    return AlertEvent.objects.filter(alert=alert).select_related("by").order_by("at", "id")


def may_acknowledge(*, operator: Operator, site: Site) -> bool:
    """Return whether the operator may acknowledge and snooze: editors, and viewers if the owner allows it."""
    if may_edit(operator=operator, site=site):
        return True
    return may_write(operator) and viewers_may(site) and role_at(operator=operator, site=site) is not None


def viewers_may(site: Site) -> bool:
    """Return whether viewers of a site may acknowledge its alerts."""
    return AlertSettings.objects.filter(site=site, viewers_acknowledge=True).exists()


def watchable(operator: Operator) -> QuerySet[Sensor]:
    """Select the sensors that the operator may make rules for, by name, each with its state and site."""
    seen = Sensor.objects.filter(site__in=editable_sites(operator).order_by()).select_related("state", "site")
    return seen.order_by("name", "id")[:SENSORS_MOST]


def may_make_rules(operator: Operator) -> bool:
    """Return whether there is a site whose rules the operator may make."""
    return editable_sites(operator).exists()


def last_look() -> datetime | None:
    """Return when the rules were last judged, to some seconds."""
    return Watch.objects.values_list("looked_at", flat=True).first()
