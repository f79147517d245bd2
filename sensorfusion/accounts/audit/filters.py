"""Filters of the audit log."""

from django_filters import rest_framework as filters

from sensorfusion.accounts.audit.models import Action, AuditEntry


class AuditFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    action = filters.MultipleChoiceFilter(choices=Action.choices)
    search = filters.CharFilter(field_name="subject", lookup_expr="icontains", help_text="Part of what it was done to.")

    class Meta:
        model = AuditEntry
        fields = ["action"]
