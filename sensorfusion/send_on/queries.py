"""The destinations of a sensor, with their progress."""

from django.db.models import Exists, OuterRef, QuerySet

from sensorfusion.send_on.models import Destination
from sensorfusion.sensors.models import Sensor, SiteRight


def destinations_of(sensor: Sensor) -> QuerySet[Destination]:
    """Select the destinations of a sensor, the oldest first.

    Each has `is_allowed`: whether the operator by whose right it sends may still change the sensor; `planning` says it
    in SQL.
    """
    rights = SiteRight.objects.filter(site=OuterRef("sensor__site"), operator=OuterRef("made_by"), may_edit=True)
    found = Destination.objects.filter(sensor=sensor).annotate(is_allowed=Exists(rights))
    return found.select_related("sensor__site", "made_by", "progress").order_by("made_at", "id")
