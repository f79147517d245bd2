"""How a list of sensors is narrowed and ordered."""

from django_filters import rest_framework as filters

from sensorfusion.sensors.models import Sensor, Status, Transport


class SensorFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    site = filters.UUIDFilter(field_name="site__uuid", help_text="Only those of this site.")
    status = filters.MultipleChoiceFilter(choices=Status.choices)
    transport = filters.MultipleChoiceFilter(choices=Transport.choices)
    search = filters.CharFilter(field_name="name", lookup_expr="icontains", help_text="A part of the name.")
    ordering = filters.OrderingFilter(
        fields=[("name", "name"), ("created_at", "created_at"), ("last_seen", "last_seen")]
    )

    class Meta:
        model = Sensor
        fields = ["site", "status", "transport"]
