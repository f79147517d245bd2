"""What is announced whenever anything of a sensor changes."""

from sensorfusion.events.control import announce
from sensorfusion.events.messages import KeyChanged, SensorChanged
from sensorfusion.sensors.models import Sensor


def announce_sensor(sensor: Sensor) -> None:
    """Announce that a sensor changed, and have what the doors remember of it with its keys forgotten."""
    announce(SensorChanged(sensor=sensor.pk, site=sensor.site_id))
    announce(KeyChanged(sensor=sensor.pk))
