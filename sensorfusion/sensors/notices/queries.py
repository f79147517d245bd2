"""Notices of a sensor or a site, for its owners and editors."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sensorfusion.accounts.models import Operator
from sensorfusion.domain.texts.translation import gettext
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.notices.models import Notice
from sensorfusion.sensors.notices.words import FOR_VIEWERS, heard_of
from sensorfusion.sensors.queries import reached_by

KEPT: Final = timedelta(days=30)
OF_QUOTAS: Final = ("quota_near", "quota")  # of a site; the others are of devices that no sensor has


def notices_of(sensor: Sensor, *, now: datetime) -> QuerySet[Notice]:
    """Select the notices of a sensor, the newest first."""
    return _recent(now).filter(sensor=sensor)


def notices_of_site(site: Site, *, now: datetime) -> QuerySet[Notice]:
    """Select the notices of a site, the newest first, without devices that have a sensor by now."""
    return _without_registered(_recent(now).filter(site=site, sensor=None))


def headlines_of(operator: Operator, sensors: Collection[int], *, now: datetime) -> dict[int, str]:
    """Return what is said in place of "Waiting for the first reading" of sensors of which something arrived."""
    at_sites = reached_by(operator, "sensor__site")
    found = _recent(now).filter(at_sites, sensor__in=sensors, sensor__site__rights__operator=operator)
    heard: dict[int, list[Notice]] = {}
    for each in found.annotate(may_edit=F("sensor__site__rights__may_edit")):
        if each.sensor_id is not None:
            heard.setdefault(each.sensor_id, []).append(each)
    return {sensor: _headline(notices) for sensor, notices in heard.items()}


def _headline(notices: Sequence[Notice]) -> str:
    heard = heard_of(notices)
    return heard.headline if heard and notices[0].may_edit else gettext(FOR_VIEWERS)  # type: ignore[attr-defined]  # the query annotates it


def with_unknown_devices(sites: QuerySet[Site], *, now: datetime) -> QuerySet[Site]:
    """Add the number of its notices to each site, as `unknown_devices`."""
    of_devices = _recent(now).filter(site=OuterRef("pk"), sensor=None).exclude(code__in=OF_QUOTAS)
    of_site = _without_registered(of_devices).order_by()
    counts = of_site.values("site").annotate(count=Count("pk")).values("count")
    return sites.annotate(unknown_devices=Coalesce(Subquery(counts), 0))


def _without_registered(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    at_site = Sensor.objects.filter(site=OuterRef("site"))
    named = Q(name_folded=OuterRef("subject_folded")) | Q(external_id_folded=OuterRef("subject_folded"))
    return notices.exclude(Q(code="unknown_sensor") & Exists(at_site.filter(named)))


def _recent(now: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(last_at__gte=now - KEPT).order_by("-last_at", "-id")
