"""Filters and ordering of the list of sites."""

from django_filters import rest_framework as filters

from sensorfusion.accounts.models import Role
from sensorfusion.sensors.filters import SteadyOrdering
from sensorfusion.sensors.models import Site


class SiteFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    role = filters.MultipleChoiceFilter(choices=Role.choices, help_text="Only sites where you have this role.")
    search = filters.CharFilter(field_name="name", lookup_expr="icontains", help_text="Part of the name.")
    ordering = SteadyOrdering(fields=[("name", "name"), ("created_at", "created_at")])

    class Meta:
        model = Site
        fields = ["role"]
