"""Notes of a sensor. Callers have looked the sensor up among those that the reader may see."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from sensorfusion.readings.models import Note
from sensorfusion.sensors.models import Sensor

SHOWN_MOST: Final = 50  # of a page: the newest
INSTANT: Final = timedelta(microseconds=1)


def notes_of(*, sensor: Sensor) -> QuerySet[Note]:
    """Select all notes of a sensor, the newest first, with their authors."""
    return Note.objects.filter(sensor=sensor).select_related("made_by").order_by("-starts_at", "-id")


def notes_within(*, sensor: Sensor, start: datetime | None = None, end: datetime | None = None) -> QuerySet[Note]:
    """Select the notes that touch [start, end), the newest first; without a bound all on that side."""
    return _touching(notes_of(sensor=sensor), start, end)


def notes_among(*, sensors: Iterable[int], start: datetime, end: datetime) -> QuerySet[Note]:
    """Select the notes of several sensors, by their primary keys, that touch [start, end), the newest first."""
    return _touching(Note.objects.filter(sensor__in=list(sensors)).order_by("-starts_at", "-id"), start, end)


def _touching(notes: QuerySet[Note], start: datetime | None, end: datetime | None) -> QuerySet[Note]:
    before = Q() if end is None else Q(starts_at__lt=end)
    # A span that ends where the range begins is before it; an instant there is in it.
    after = Q() if start is None else Q(last__gt=start) | Q(starts_at__gte=start)
    return notes.alias(last=Coalesce("ends_at", "starts_at")).filter(before, after)
