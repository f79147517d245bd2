"""What a page's address names, if the reader may see it: nothing else exists for them."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.queries import may_edit, sensor_for, site_for


def site_or_404(operator: Operator, uuid: UUID) -> Site:
    """Return the site of this address.

    :raises Http404: for an outsider, as for an address that never was.
    """
    site = site_for(operator=operator, uuid=uuid)
    if site is None:
        raise Http404
    return site


def sensor_or_404(operator: Operator, uuid: UUID) -> Sensor:
    """Return the sensor of this address, with its site.

    :raises Http404: for an outsider, as for an address that never was.
    """
    sensor = sensor_for(operator=operator, uuid=uuid)
    if sensor is None:
        raise Http404
    return sensor


def editable_sensor(operator: Operator, uuid: UUID) -> Sensor:
    """Return the sensor of this address to somebody who may change it.

    :raises Http404: for an outsider.
    :raises PermissionDenied: for a viewer of its site.
    """
    sensor = sensor_or_404(operator, uuid)
    if not may_edit(operator=operator, site=sensor.site):
        raise PermissionDenied
    return sensor
