"""Deletes sites and sensors with all their readings, also while readings come in. Callers check permissions."""

from collections.abc import Iterable

from django.db import transaction

from sensorfusion.events.control import announce
from sensorfusion.events.messages import AccessChanged
from sensorfusion.sensors.announcements import announce_sensor
from sensorfusion.sensors.models import Sensor, Site


@transaction.atomic
def erase_site(*, site: Site) -> None:
    """Delete a site, and revoke its members' access in open live streams."""
    for membership in site.memberships.all():
        announce(AccessChanged(operator=membership.operator_id))
    sensors = list(site.sensors.order_by("pk"))
    _stop_writes(sensors)
    for sensor in sensors:
        announce_sensor(sensor)
    site.delete()


@transaction.atomic
def erase_sensor(*, sensor: Sensor) -> None:
    """Delete a sensor, and invalidate cached look-ups of its keys."""
    _stop_writes([sensor])
    announce_sensor(sensor)
    sensor.delete()


def _stop_writes(sensors: Iterable[Sensor]) -> None:
    """Block writers of these sensors' readings until the transaction ends; wait for writes in progress.

    Readings have no foreign key. Without these locks, a reading could survive its sensor: the deletion removes the
    readings and then blocks on the state row, which a writer has locked; the writer adds a reading and commits; the
    deletion continues. States are locked first, as by writers, which then lock the sensor's row to make it active; so
    there is no deadlock. A state created after this query refers to a sensor row locked here, so its transaction fails
    to commit.
    """
    held = Sensor.objects.filter(pk__in=[sensor.pk for sensor in sensors]).order_by("pk").select_for_update()
    list(held.filter(state__isnull=False).select_related("state").select_for_update(of=("state",)))
    list(held.values_list("pk"))
