"""Look-ups of sites and sensors for pages: anything that the reader may not see is answered 404."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from sensorfusion.accounts.models import Operator
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.queries import may_edit, sensor_for, site_for


def site_or_404(operator: Operator, uuid: UUID) -> Site:
    """Return the site with this public id.

    :raises Http404: if the operator may not see it, or there is none.
    """
    site = site_for(operator=operator, uuid=uuid)
    if site is None:
        raise Http404
    return site


def sensor_or_404(operator: Operator, uuid: UUID) -> Sensor:
    """Return the sensor with this public id, with its site.

    :raises Http404: if the operator may not see it, or there is none.
    """
    sensor = sensor_for(operator=operator, uuid=uuid)
    if sensor is None:
        raise Http404
    return sensor


def editable_sensor(operator: Operator, uuid: UUID) -> Sensor:
    """Return the sensor with this public id if the operator may change it.

    :raises Http404: if the operator may not see it, or there is none.
    :raises PermissionDenied: if the operator is a viewer of its site.
    """
    sensor = sensor_or_404(operator, uuid)
    if not may_edit(operator=operator, site=sensor.site):
        raise PermissionDenied
    return sensor
