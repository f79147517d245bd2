"""Deleting sites and sensors with all they ever sent, also while readings come in. Rights are the caller's business."""

from collections.abc import Iterable

from django.db import transaction

from sensorfusion.events.control import announce
from sensorfusion.events.messages import AccessChanged
from sensorfusion.sensors.announcements import announce_sensor
from sensorfusion.sensors.models import Sensor, Site


@transaction.atomic
def erase_site(*, site: Site) -> None:
    """Delete a site, and end what its members see of it."""
    for membership in site.memberships.all():
        announce(AccessChanged(operator=membership.operator_id))
    sensors = list(site.sensors.order_by("pk"))
    _stop_writes(sensors)
    for sensor in sensors:
        announce_sensor(sensor)
    site.delete()


@transaction.atomic
def erase_sensor(*, sensor: Sensor) -> None:
    """Delete a sensor, and have its keys forgotten."""
    _stop_writes([sensor])
    announce_sensor(sensor)
    sensor.delete()


def _stop_writes(sensors: Iterable[Sensor]) -> None:
    """Wait for a writer that is storing readings of these sensors, and keep others away until they are deleted.

    Readings have no foreign key. Without this: the deletion removes the sensor's readings and comes to its state, which
    a writer holds; the writer adds a reading and commits; the deletion goes on, and the reading stays without a sensor.
    States come first, as they do for the writer, which goes on to the sensor's row to make it active.
    A state that is made after this look refers to a row held here, so its transaction fails when it would commit.
    """
    held = Sensor.objects.filter(pk__in=[sensor.pk for sensor in sensors]).order_by("pk").select_for_update()
    list(held.filter(state__isnull=False).select_related("state").select_for_update(of=("state",)))
    list(held.values_list("pk"))
