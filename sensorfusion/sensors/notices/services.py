"""Clearing notices: what comes again is noticed again."""

from django.db import transaction
from django.db.models import QuerySet

from sensorfusion.accounts.models import Operator
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


def _delete(notices: QuerySet[Notice], kind: Kind | None) -> None:
    (notices.filter(code=kind[0], subject=kind[1]) if kind else notices).delete()
