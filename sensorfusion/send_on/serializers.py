"""Serializers of destinations. Secrets are written, and never read."""

from typing import Any

from rest_framework import serializers

from sensorfusion.accounts.serializers import PersonSerializer
from sensorfusion.send_on.models import Destination
from sensorfusion.send_on.services import INTERVAL_MOST_S
from sensorfusion.send_on.status import status_of
from sensorfusion.send_on.targets.catalogue import TARGETS
from sensorfusion.web.checks.json_types import JsonTypes

NETWORKS = [(slug, target.name) for slug, target in TARGETS.items()]


class AddedDestinationSerializer(JsonTypes):
    """A network that a sensor's readings are to be sent on to."""

    network = serializers.ChoiceField(choices=NETWORKS)
    account = serializers.DictField(
        child=serializers.CharField(max_length=4000, allow_blank=True),
        help_text="What the network asks for, by the names in docs/send-on.md; with its secrets.",
    )
    interval_s = serializers.IntegerField(
        required=False, min_value=1, max_value=INTERVAL_MOST_S, help_text="Default: what suits the network."
    )
    is_on = serializers.BooleanField(required=False, help_text="Default: true.")


class ChangedDestinationSerializer(JsonTypes):
    """What can be changed. For another account, remove the destination and add it again."""

    interval_s = serializers.IntegerField(required=False, min_value=1, max_value=INTERVAL_MOST_S)
    is_on = serializers.BooleanField(required=False)


class DestinationSerializer(serializers.ModelSerializer[Destination]):
    """A network that a sensor's readings are sent on to, and how that goes."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    network = serializers.ChoiceField(choices=NETWORKS, read_only=True)
    account = serializers.DictField(child=serializers.CharField(), read_only=True, help_text="Without its secrets.")
    is_allowed = serializers.BooleanField(
        read_only=True,
        help_text="False once `made_by` may not change the sensor: it sends nothing until it is changed.",
    )
    made_by = PersonSerializer(read_only=True, help_text="Who added it, or was the last to change it.")
    status = serializers.SerializerMethodField(help_text="In words.")
    sent_at = serializers.DateTimeField(
        source="progress.sent_at", default=None, read_only=True, allow_null=True, help_text="When something was taken."
    )
    observed_at = serializers.DateTimeField(
        source="progress.observed_at", default=None, read_only=True, allow_null=True, help_text="Of what was taken."
    )
    next_at = serializers.DateTimeField(
        source="progress.next_at", default=None, read_only=True, allow_null=True, help_text="Not before; null: at once."
    )
    failing_since = serializers.DateTimeField(
        source="progress.failing_since", default=None, read_only=True, allow_null=True
    )
    trouble = serializers.CharField(
        source="progress.trouble", default="", read_only=True, help_text="What was wrong the last time."
    )
    left_out = serializers.CharField(
        source="progress.left_out", default="", read_only=True, help_text="What was not sent the last time, and why."
    )

    class Meta:
        model = Destination
        fields = [
            *("id", "network", "account", "interval_s", "is_on", "is_allowed", "made_by", "made_at", "status"),
            *("sent_at", "observed_at", "next_at", "failing_since", "trouble", "left_out"),
        ]
        read_only_fields = fields

    def get_status(self, destination: Any) -> str:
        zone = destination.sensor.site.time_zone
        return status_of(destination, time_zone=zone, now=self.context["now"])


class SaidSerializer(serializers.Serializer[Any]):
    """What came of sending at once."""

    is_sent = serializers.BooleanField()
    said = serializers.CharField(help_text="What happened, in words.")
