"""Serializers of webhooks and deliveries. The secret is told once, to the owner who made it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sensorfusion.accounts.serializers import PersonSerializer
from sensorfusion.sensors.serializers import VisibleSensor, VisibleSite
from sensorfusion.web.checks.json_types import JsonTypes
from sensorfusion.web.checks.plain_text import plain
from sensorfusion.webhooks.models import NAME_LONGEST, TEST, URL_LONGEST, Attempt, Delivery, Event, Webhook

SENSORS_MOST = 500  # to choose
READINGS_MOST = 1_000  # of a delivery
EVERY_S_MOST = 3_600


class ChosenSensors(serializers.ListField):
    """Sensors by their public ids; null for all of the site."""

    def get_attribute(self, instance: Webhook) -> Any:
        return None if instance.of_all else list(instance.sensors.all())


class WebhookSerializer(JsonTypes, serializers.ModelSerializer[Webhook]):
    """A receiver of a site's events."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    site = VisibleSite(help_text="The public id of the site. It stays.")
    name = serializers.CharField(max_length=NAME_LONGEST, validators=[plain])
    url = serializers.CharField(max_length=URL_LONGEST, help_text="The address that is sent to; it begins with https.")
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=Event.choices),
        min_length=1,
        max_length=len(Event),
        help_text="What it is told.",
    )
    sensors = ChosenSensors(
        child=VisibleSensor(),
        required=False,
        allow_null=True,
        min_length=1,
        max_length=SENSORS_MOST,
        help_text="The sensors that it is told of; null or left out: all of the site, also later ones.",
    )
    readings_most = serializers.IntegerField(
        required=False, min_value=1, max_value=READINGS_MOST, help_text="Readings in one delivery; default: 200."
    )
    readings_every_s = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=EVERY_S_MOST,
        help_text="Seconds between two deliveries of readings, unless `readings_most` are there before; default: 10.",
    )
    is_on = serializers.BooleanField(
        required=False, help_text="False: paused. When it is resumed, it sends what came meanwhile. Default: true."
    )
    is_allowed = serializers.BooleanField(
        read_only=True,
        help_text="False once `made_by` owns the site no more: it sends nothing until an owner changes it.",
    )
    made_by = PersonSerializer(read_only=True, help_text="Who made it, or was the last to change it.")

    class Meta:
        model = Webhook
        fields = [
            *("id", "site", "name", "url", "events", "sensors", "readings_most", "readings_every_s", "is_on"),
            *("is_allowed", "old_secret_until", "made_by", "made_at"),
        ]
        read_only_fields = ["old_secret_until", "made_at"]


class NewWebhookSerializer(WebhookSerializer):
    """A new webhook, with its secret, which the API does not show again."""

    secret = serializers.SerializerMethodField(help_text="Signs every delivery.")

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]

    def get_secret(self, webhook: Webhook) -> str:
        return str(self.context["secret"])


class NewSecretSerializer(serializers.Serializer[Any]):
    """A new secret, which the API does not show again."""

    secret = serializers.CharField()
    old_secret_until = serializers.DateTimeField(help_text="Until then the old one signs, too.")


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """One attempt at a delivery."""

    is_accepted = serializers.BooleanField(read_only=True, allow_null=True, help_text="Null until it is known.")

    class Meta:
        model = Attempt
        fields = ["at", "is_accepted", "said"]
        read_only_fields = fields


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """What was or will be sent to a webhook."""

    id = serializers.UUIDField(source="uuid", read_only=True, help_text="Also its idempotency key.")
    event = serializers.ChoiceField(choices=[*Event.choices, (TEST, "Test")], read_only=True)
    state = serializers.ChoiceField(choices=["waiting", "sent", "given_up"], read_only=True)
    readings_most = serializers.SerializerMethodField(help_text="At most so many readings are in it.")
    tries = AttemptSerializer(many=True, read_only=True)

    class Meta:
        model = Delivery
        fields = [
            "id",
            "event",
            "state",
            "readings_most",
            "made_at",
            "next_attempt_at",
            "sent_at",
            "given_up_at",
            "tries",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.IntegerField())
    def get_readings_most(self, delivery: Delivery) -> int:
        return sum(until - after for _, after, until in delivery.ranges)


class ReplaySerializer(JsonTypes):
    since = serializers.DateTimeField(help_text="Deliveries that were made then or later are sent again.")


class ReplayedSerializer(serializers.Serializer[Any]):
    deliveries = serializers.IntegerField(help_text="How many are sent again.")
