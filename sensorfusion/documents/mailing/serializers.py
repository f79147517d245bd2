"""The serializer of subscriptions to reports."""

from rest_framework import serializers

from sensorfusion.documents.mailing.models import Every, ReportSubscription
from sensorfusion.sensors.serializers import VisibleSensor
from sensorfusion.web.checks.json_types import JsonTypes


class ReportSubscriptionSerializer(JsonTypes, serializers.ModelSerializer[ReportSubscription]):
    """A report of a sensor that comes to you by e-mail."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    sensor = VisibleSensor(help_text="The public id of the sensor.")
    every = serializers.ChoiceField(choices=Every.choices, help_text="The length of what each report is about.")
    with_pdf = serializers.BooleanField(
        required=False, help_text="Whether the message has the report as a PDF, where the server can write it."
    )

    class Meta:
        model = ReportSubscription
        fields = ["id", "sensor", "every", "with_pdf", "made_at"]
        read_only_fields = ["made_at"]
        validators: list[object] = []  # a report that comes already is no error
