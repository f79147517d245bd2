"""Maintenance of a site or of one of its sensors: made by editors, and ended by them before its time."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from sensorfusion.accounts.models import Operator
from sensorfusion.alerts.messages.models import Maintenance, Untold
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.sites.membership import require_editor

LONGEST: Final = timedelta(days=30)
SPANS_MOST: Final = 100  # of a site, that are not over


@transaction.atomic
def add_maintenance(
    *, by: Operator, site: Site, sensor: Sensor | None = None, starts_at: datetime, ends_at: datetime, now: datetime
) -> Maintenance:
    """Tell of no alerts in a span.

    :raises Refusal: `not_allowed`, `bad_span` or `limit_reached`.
    """
    require_editor(by=by, site=site)
    if not starts_at < ends_at <= starts_at + LONGEST or ends_at <= now:
        why = gettext("Choose an end within 30 days after the beginning, and not past.")
        raise Refusal("bad_span", why, field="ends_at")
    if sensor is not None and sensor.site_id != site.pk:
        raise Refusal("bad_span", gettext("The sensor is at another site."), field="sensor")
    if Maintenance.objects.filter(site=site, ends_at__gt=now).count() >= SPANS_MOST:
        why = gettext("A site has at most {count} maintenance windows.").format(count=SPANS_MOST)
        raise Refusal("limit_reached", why)
    return Maintenance.objects.create(site=site, sensor=sensor, starts_at=starts_at, ends_at=ends_at, made_by=by)


@transaction.atomic
def end_maintenance(*, by: Operator, span: Maintenance) -> None:
    """Delete a window; what it held back and still lasts is told now.

    :raises Refusal: `not_allowed`.
    """
    require_editor(by=by, site=span.site)
    held = Untold.objects.filter(event__alert__site=span.site, held_until__isnull=False)
    held.update(held_until=span.starts_at)  # other windows hold it back again
    span.delete()


def spans_of(operator: Operator, *, now: datetime) -> QuerySet[Maintenance]:
    """Select the windows at the operator's sites that are not over."""
    found = Maintenance.objects.filter(site__rights__operator=operator, ends_at__gt=now)
    return found.select_related("site", "sensor").order_by("starts_at", "id")
