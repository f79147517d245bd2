"""Announcements of changes to sensors."""

from sensorfusion.events.control import announce
from sensorfusion.events.messages import KeyChanged, SensorChanged
from sensorfusion.sensors.models import Sensor


def announce_sensor(sensor: Sensor) -> None:
    """Announce that a sensor changed, and invalidate the doors' cache entries of the sensor and its keys."""
    announce(SensorChanged(sensor=sensor.pk, site=sensor.site_id))
    announce(KeyChanged(sensor=sensor.pk))
