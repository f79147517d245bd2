"""How much is stored: of each site, of each sensor, and by the database as a whole.

Sites and sensors are measured in the background (`readings.storage.site_sizes`), so that no page counts readings.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from sensorfusion.readings.models import ChoreRun
from sensorfusion.readings.storage.site_sizes import MeasureSites
from sensorfusion.readings.stored import months
from sensorfusion.sensors.models import Sensor, Site


@dataclass(frozen=True, slots=True)
class Whole:
    """The sizes of the database and of the tables of readings in it, and of how many months these are."""

    database_bytes: int
    readings_bytes: int
    months: int

    @property
    def other_bytes(self) -> int:
        return max(0, self.database_bytes - self.readings_bytes)


def whole() -> Whole:
    """Return the sizes of the files; the database is asked, which does not read them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (database,) = cursor.fetchone()
    sizes = months.sizes(connection.connection)
    return Whole(int(database), sum(size for _, size, _ in sizes), len(sizes))


def sites_by_size(*, search: str = "") -> QuerySet[Any]:
    """Select sites by a part of their name or of a sensor's, the largest first.

    Each has `sensor_count`, `reading_count` and `stored_bytes`, of all its sensors.
    """
    found = Site.objects.all()
    if search:
        named = Sensor.objects.filter(site=OuterRef("pk"), name__icontains=search)
        found = found.filter(Q(name__icontains=search) | Exists(named))
    return found.annotate(
        sensor_count=Count("sensors"),
        reading_count=Coalesce(Sum("sensors__size__readings"), 0),
        stored_bytes=Coalesce(Sum("sensors__size__bytes"), 0),
    ).order_by("-stored_bytes", "name", "id")


def sensors_by_size(site: Site) -> QuerySet[Any]:
    """Select the sensors of a site, the largest first, each with `reading_count` and `stored_bytes`."""
    return (
        Sensor.objects.filter(site=site)
        .select_related("state")
        .annotate(reading_count=Coalesce("size__readings", 0), stored_bytes=Coalesce("size__bytes", 0))
        .order_by("-stored_bytes", "name", "id")
    )


def measured_at() -> datetime | None:
    """Return when the sizes were last looked at, None if never."""
    return ChoreRun.objects.filter(pk=MeasureSites.name).values_list("ran_at", flat=True).first()
