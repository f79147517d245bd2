"""Notices of a sensor or a site, for its owners and editors."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.notices.models import Notice

KEPT: Final = timedelta(days=30)


def notices_of(sensor: Sensor, *, now: datetime) -> QuerySet[Notice]:
    """Select the notices of a sensor, the newest first."""
    return _recent(now).filter(sensor=sensor)


def notices_of_site(site: Site, *, now: datetime) -> QuerySet[Notice]:
    """Select the notices of a site, the newest first, without devices that have a sensor by now."""
    return _without_registered(_recent(now).filter(site=site, sensor=None))


def with_unknown_devices(sites: QuerySet[Site], *, now: datetime) -> QuerySet[Site]:
    """Add the number of its notices to each site, as `unknown_devices`."""
    of_site = _without_registered(_recent(now).filter(site=OuterRef("pk"), sensor=None)).order_by()
    counts = of_site.values("site").annotate(count=Count("pk")).values("count")
    return sites.annotate(unknown_devices=Coalesce(Subquery(counts), 0))


def _without_registered(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    at_site = Sensor.objects.filter(site=OuterRef("site"))
    named = Q(name=OuterRef("subject")) | Q(external_id__iexact=OuterRef("subject"))
    return notices.exclude(Q(code="unknown_sensor") & Exists(at_site.filter(named)))


def _recent(now: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(last_at__gte=now - KEPT).order_by("-last_at", "-id")
