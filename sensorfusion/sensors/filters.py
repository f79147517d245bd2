"""Filters and ordering of sensor lists."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from sensorfusion.sensors.models import Sensor, Status, Transport


class SteadyOrdering(filters.OrderingFilter):  # type: ignore[misc]  # django-filter has no types
    """Adds the id as the last ordering, so that pages of a list neither repeat nor skip objects that compare equal."""

    def filter(self, found: QuerySet[Any], asked: Sequence[str] | None) -> QuerySet[Any]:
        ordered: QuerySet[Any] = super().filter(found, asked)
        return ordered if "id" in ordered.query.order_by else ordered.order_by(*ordered.query.order_by, "id")


class SensorFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    site = filters.UUIDFilter(field_name="site__uuid", help_text="Only sensors of this site.")
    status = filters.MultipleChoiceFilter(choices=Status.choices)
    transport = filters.MultipleChoiceFilter(choices=Transport.choices)
    search = filters.CharFilter(field_name="name", lookup_expr="icontains", help_text="Part of the name.")
    ordering = SteadyOrdering(fields=[("name", "name"), ("created_at", "created_at"), ("last_seen", "last_seen")])

    class Meta:
        model = Sensor
        fields = ["site", "status", "transport"]
