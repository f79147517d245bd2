"""Checks that a quota leaves room for one more; each raises `Refusal` (`limit_reached`) if it does not.

Callers are in a transaction, in which the row of the site or of the operators is held until what was counted is there,
so that two requests at once do not both take the last place.
"""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext

from sensorfusion.accounts.models import Operator
from sensorfusion.accounts.services import hold as hold_operators
from sensorfusion.domain.quotas.usage import require_room
from sensorfusion.sensors.models import Sensor, Site, SiteRight
from sensorfusion.sensors.quotas.queries import imports_of, polls_of, sites_of
from sensorfusion.sensors.sites.membership import hold


def require_room_for_sensor(*, site: Site) -> None:
    limit = settings.ENVIRONMENT.site_sensors
    if limit:
        hold(site)
        require_room(used=Sensor.objects.filter(site=site).count(), limit=limit, of=gettext("Sensors of a site"))


def require_room_for_site(*, by: Operator) -> None:
    limit = settings.ENVIRONMENT.operator_sites
    if limit:
        hold_operators(by.pk)
        require_room(used=sites_of(by), limit=limit, of=gettext("Sites of an owner"))


def require_room_for_poll(*, site: Site) -> None:
    hold_operators(*SiteRight.objects.filter(site=site, may_own=True).values_list("operator_id", flat=True))
    require_room(
        used=polls_of(site),
        limit=settings.ENVIRONMENT.operator_polls,
        of=gettext("Polled sensors at the sites of an owner"),
    )


def require_room_for_upload(*, by: Operator, size: int, now: datetime) -> None:
    hold_operators(by.pk)
    waiting, stored, *_ = imports_of(by, now=now)
    require_room(used=waiting.used, limit=waiting.limit, of=gettext("Your uploads that wait for their import"))
    require_room(
        used=stored.used,
        limit=stored.limit,
        more=size,
        of=gettext("Your uploads that wait for their import"),
        written=stored.written,
    )


def require_room_for_import(*, by: Operator, now: datetime) -> None:
    hold_operators(by.pk)
    running = imports_of(by, now=now)[2]
    require_room(used=running.used, limit=running.limit, of=gettext("Your imports under way"))
