"""Repeats what still lasts, if its rule says so and it is neither acknowledged nor snoozed."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, Q

from sensorfusion.alerts.messages.models import Untold
from sensorfusion.alerts.models import Alert, AlertEvent, Watch


@transaction.atomic
def repeat(*, now: datetime) -> int:
    """Note that alerts are told again; return how many. After a time without a server each is told once.

    In a restored backup nothing is repeated that was so before, until its sensor was heard again.
    """
    due = [each for each in _lasting(now) if _last_told(each) + timedelta(seconds=each.rule.repeat_s) <= now]  # type: ignore[union-attr]
    for alert in due:
        event = AlertEvent.objects.create(alert=alert, at=now, action=AlertEvent.REPEATED)
        Untold.objects.create(event=event)
    return len(due)


def _lasting(now: datetime) -> list[Alert]:
    """Lock the alerts that may be repeated: they are not acknowledged or ended meanwhile."""
    found = Alert.objects.filter(ended_at=None, acknowledged_at=None, rule__repeat_s__gt=0)
    found = found.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=now), sensor__site=F("site"))
    began_at = Watch.objects.values("began_at")[:1]
    found = found.filter(Q(fired_at__gte=began_at) | Q(sensor__state__received_at__gt=began_at))
    return list(found.select_related("rule").select_for_update(of=("self",), skip_locked=True).order_by("id"))


def _last_told(alert: Alert) -> datetime:
    told = alert.events.filter(action__in=AlertEvent.BEGINS).aggregate(last=Max("at"))["last"]
    return told or alert.fired_at
