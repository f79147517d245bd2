"""Reads and changes a sensor's quality checks over time."""

from datetime import datetime

from django.db import transaction

from sensorfusion.accounts.models import Operator
from sensorfusion.domain import quality_checks
from sensorfusion.domain.quality_checks import Own
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.quality.models import QualitySettings
from sensorfusion.sensors.sites.membership import require_editor


def settings_of(*, sensor: Sensor) -> QualitySettings | None:
    """Return a sensor's own checks with their author, None if it uses the platform's."""
    return QualitySettings.objects.select_related("changed_by").filter(sensor=sensor).first()


def own_checks(*, sensor: Sensor) -> Own:
    """Return the sensor's checks that differ from the platform's."""
    found = settings_of(sensor=sensor)
    return quality_checks.read(found.checks) if found else {}


@transaction.atomic
def set_checks(*, by: Operator, sensor: Sensor, own: object, now: datetime) -> Own:
    """Replace a sensor's own checks; an empty mapping restores the platform's.

    Readings of the last month are checked again, older ones keep their flags.

    :raises Refusal: `not_allowed` or `bad_checks`.
    """
    require_editor(by=by, site=sensor.site)
    checks = quality_checks.read(own)
    QualitySettings.objects.update_or_create(
        sensor=sensor, defaults={"checks": quality_checks.write(checks), "changed_at": now, "changed_by": by}
    )
    return checks
