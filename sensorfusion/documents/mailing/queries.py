"""Reads subscriptions: a person's own, and those for which a period is due."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from sensorfusion.accounts.models import Operator
from sensorfusion.documents.mailing.models import Every, ReportSubscription
from sensorfusion.readings.rollups.days import Calendar
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.queries import reached_by
from sensorfusion.sensors.rights.models import SiteRight


def subscriptions_of(operator: Operator) -> QuerySet[ReportSubscription]:
    """Select the subscriptions of a person to sensors that they may see, with sensor and site."""
    seen = ReportSubscription.objects.filter(
        reached_by(operator, "sensor__site"), operator=operator, sensor__site__rights__operator=operator
    )
    return seen.select_related("sensor__site").order_by("sensor__site__name", "sensor__name", "sensor_id", "id")


def chosen(operator: Operator, sensor: Sensor) -> list[Every]:
    """Return how often reports of a sensor come to a person."""
    found = set(subscriptions_of(operator).filter(sensor=sensor).values_list("every", flat=True))
    return [every for every in Every if every in found]


def has_chosen_pdf(operator: Operator, sensor: Sensor) -> bool:
    """Return whether any report of a sensor comes to a person with the PDF."""
    return subscriptions_of(operator).filter(sensor=sensor, with_pdf=True).exists()


def subscription_by(uuid: UUID) -> ReportSubscription | None:
    """Return a subscription whose reader may still see the sensor, with reader, sensor and site."""
    found = ReportSubscription.objects.filter(uuid=uuid, sensor__site__rights__operator=F("operator"))
    return found.select_related("operator", "sensor__site").first()


def without_right() -> QuerySet[ReportSubscription]:
    """Select the subscriptions whose readers may not see the sensor any more."""
    right = SiteRight.objects.filter(site=OuterRef("sensor__site"), operator=OuterRef("operator"))
    return ReportSubscription.objects.filter(~Exists(right))


def kinds() -> Iterator[tuple[Every, Calendar]]:
    """Yield the different kinds of subscriptions: how often, and by which calendar."""
    columns = ("every", "sensor__site__time_zone", "sensor__site__day_starts_h")
    for every, zone, hour in ReportSubscription.objects.order_by(*columns).values_list(*columns).distinct():
        yield Every(every), Calendar(zone, hour)


def of_kind(every: Every, calendar: Calendar) -> QuerySet[ReportSubscription]:
    """Select the subscriptions of one kind."""
    return ReportSubscription.objects.filter(
        every=every, sensor__site__time_zone=calendar.time_zone, sensor__site__day_starts_h=calendar.day_starts_h
    ).order_by("id")


def sent_before(every: Every, calendar: Calendar, last: date) -> QuerySet[ReportSubscription]:
    """Select the subscriptions of one kind whose newest message is about a period that ends before a day."""
    return of_kind(every, calendar).filter(mailed__last__lt=last).select_related("operator")
