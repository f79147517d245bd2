"""Serializers of rules and alerts. Public ids are UUIDs named `id`; limits are in canonical units."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sensorfusion.accounts.serializers import PersonSerializer
from sensorfusion.alerts.messages.models import Maintenance
from sensorfusion.alerts.models import ALL_WEEKDAYS, Alert, AlertEvent, AlertRule, Severity
from sensorfusion.domain.alert_rules.conditions import Condition
from sensorfusion.domain.alert_rules.hours import MINUTES_OF_DAY
from sensorfusion.sensors.serializers import VisibleSensor, VisibleSite
from sensorfusion.web.checks.json_types import JsonTypes

RULE_FIELDS = [
    *("quantity", "than", "condition", "high", "low", "clear_high", "clear_low", "expected", "for_s", "clear_for_s"),
    *("within_s", "severity", "note", "weekdays", "starts_min", "ends_min", "repeat_s", "is_enabled"),
]


@extend_schema_field({"oneOf": [{"type": "string", "maxLength": 255}, {"type": "boolean"}, {"type": "null"}]})
class TextOrBoolean(serializers.Field[Any, Any, Any, Any]):
    """A text or a boolean."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str | bool):
            raise serializers.ValidationError("Write a text, or true or false.")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class RuleSerializer(JsonTypes, serializers.ModelSerializer[AlertRule]):
    """A rule; without a sensor it is for every sensor of the site that has the quantity."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    site = VisibleSite()
    sensor = VisibleSensor(required=False, allow_null=True)
    condition = serializers.ChoiceField(choices=[each.value for each in Condition])
    severity = serializers.ChoiceField(choices=Severity.choices, default=Severity.WARNING)
    expected = TextOrBoolean(required=False, allow_null=True, help_text="A text or a boolean that the value equals.")
    weekdays = serializers.IntegerField(
        default=ALL_WEEKDAYS, min_value=1, max_value=ALL_WEEKDAYS, help_text="Bits, Monday is the lowest."
    )
    starts_min = serializers.IntegerField(default=0, min_value=0, max_value=MINUTES_OF_DAY - 1)
    ends_min = serializers.IntegerField(default=MINUTES_OF_DAY, min_value=0, max_value=MINUTES_OF_DAY)

    class Meta:
        model = AlertRule
        fields = ["id", "site", "sensor", *RULE_FIELDS, "made_at", "changed_at"]
        read_only_fields = ["made_at", "changed_at"]


class PreviewSerializer(RuleSerializer):
    """A rule to try."""

    days = serializers.IntegerField(default=7, min_value=1, max_value=366)
    on = VisibleSensor(required=False, allow_null=True, help_text="The sensor to try it on.")

    class Meta(RuleSerializer.Meta):
        fields = [*RuleSerializer.Meta.fields, "days", "on"]


class AlertSerializer(serializers.ModelSerializer[Alert]):
    """An alert."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    rule = serializers.UUIDField(source="rule.uuid", read_only=True, allow_null=True)
    site = serializers.UUIDField(source="site.uuid", read_only=True)
    sensor = serializers.UUIDField(source="sensor.uuid", read_only=True)
    sensor_name = serializers.CharField(source="sensor.name", read_only=True)
    rule_was = serializers.DictField(read_only=True, help_text="The condition and its limits when it fired.")
    acknowledged_by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Alert
        fields = [
            *("id", "rule", "site", "sensor", "sensor_name", "quantity", "severity", "rule_was", "note", "began_at"),
            *("fired_at", "value", "extreme", "ended_at", "outcome", "acknowledged_by", "acknowledged_at"),
            "snoozed_until",
        ]
        read_only_fields = fields


class EventSerializer(serializers.ModelSerializer[AlertEvent]):
    """What happened to an alert."""

    by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = AlertEvent
        fields = ["at", "action", "by"]
        read_only_fields = fields


class OneAlertSerializer(AlertSerializer):
    """An alert with what happened to it."""

    events = serializers.SerializerMethodField()

    class Meta(AlertSerializer.Meta):
        fields = [*AlertSerializer.Meta.fields, "events"]
        read_only_fields = fields

    @extend_schema_field(EventSerializer(many=True))
    def get_events(self, alert: Alert) -> Any:
        return EventSerializer(alert.events.select_related("by").order_by("at", "id"), many=True).data


class SnoozeSerializer(JsonTypes):
    until = serializers.DateTimeField(help_text="Within 7 days.")


class MaintenanceSerializer(JsonTypes, serializers.ModelSerializer[Maintenance]):
    """A span in which alerts of a site, or of one of its sensors, are not told."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    site = VisibleSite()
    sensor = VisibleSensor(required=False, allow_null=True)

    class Meta:
        model = Maintenance
        fields = ["id", "site", "sensor", "starts_at", "ends_at"]


class AlertSettingsSerializer(JsonTypes):
    viewers_acknowledge = serializers.BooleanField(help_text="Whether viewers may acknowledge and snooze alerts.")
