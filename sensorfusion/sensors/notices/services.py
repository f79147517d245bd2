"""Clearing notices: what comes again is noticed again."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from sensorfusion.accounts.models import Operator
from sensorfusion.domain.errors import ERRORS
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.notices.models import Notice
from sensorfusion.sensors.sites.membership import require_editor

Kind = tuple[str, str]  # code and subject


@transaction.atomic
def clear_notices(*, by: Operator, sensor: Sensor, kind: Kind | None = None) -> None:
    """Delete the notice of one kind, or all of a sensor.

    :raises Refusal: `not_allowed`.
    """
    require_editor(by=by, site=sensor.site)
    _delete(Notice.objects.filter(sensor=sensor), kind)


@transaction.atomic
def clear_notices_of_site(*, by: Operator, site: Site, kind: Kind | None = None) -> None:
    """Delete the notice of one kind, or all of a site's unknown devices and topics.

    :raises Refusal: `not_allowed`.
    """
    require_editor(by=by, site=site)
    _delete(Notice.objects.filter(site=site, sensor=None), kind)


def note(*, sensor: int, code: str, subject: str, now: datetime) -> None:
    """Record a notice about a sensor, or count it again."""
    given = {"sensor_id": sensor, "code": code, "subject": subject}
    known, is_new = Notice.objects.get_or_create(
        **given, defaults={"detail": ERRORS[code].message, "first_at": now, "last_at": now}
    )
    if not is_new:
        Notice.objects.filter(pk=known.pk).update(count=F("count") + 1, last_at=now)


def _delete(notices: QuerySet[Notice], kind: Kind | None) -> None:
    (notices.filter(code=kind[0], subject=kind[1]) if kind else notices).delete()
