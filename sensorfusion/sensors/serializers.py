"""Serializers of sites, members, sensors and keys. Public ids are UUIDs named `id`."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.models import Invitation, Membership, Role
from sensorfusion.accounts.serializers import PersonSerializer
from sensorfusion.domain.fields import declared
from sensorfusion.domain.quantities.settings import (
    COLOURS,
    LONGEST_LABEL,
    LONGEST_UNIT,
    MOST_DECIMALS,
    MOST_DIGITS,
    MOST_PLACES,
)
from sensorfusion.sensors import queries
from sensorfusion.sensors.fields import SensorDetails
from sensorfusion.sensors.models import Key, Sensor, Site, Status
from sensorfusion.sensors.sites.fields import SiteDetails
from sensorfusion.web.checks.json_types import JsonTypes
from sensorfusion.web.checks.quantity_name import quantity_name


def _written(model: type[Model], details: type, *others: str) -> list[str]:
    """Name what editors write, in the order of the model."""
    names = {*declared(details), *others}
    return [column.name for column in model._meta.concrete_fields if column.name in names]


class SiteSerializer(JsonTypes, serializers.ModelSerializer[Site]):
    """A site, as one of its members sees it."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    role = serializers.ChoiceField(choices=Role.choices, read_only=True, help_text="Your role.")
    sensor_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Site
        fields = ["id", *_written(Site, SiteDetails), "role", "sensor_count", "created_at"]
        read_only_fields = ["created_at"]


class MemberSerializer(JsonTypes, serializers.ModelSerializer[Membership]):
    """A member of a site, with the role."""

    operator = PersonSerializer(read_only=True)
    status = serializers.SerializerMethodField(help_text="Always `member`; of an invitation it is `invited`.")

    class Meta:
        model = Membership
        fields = ["operator", "role", "since", "status"]
        read_only_fields = ["since"]

    def get_status(self, membership: Membership) -> str:
        return "member"


class NewInvitationSerializer(JsonTypes):
    email = serializers.EmailField(help_text="Of an account, or of a person who has none yet.")
    role = serializers.ChoiceField(choices=Role.choices, default=Role.VIEWER)


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    """An invitation to a site."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    site = serializers.UUIDField(source="site.uuid", read_only=True)
    site_name = serializers.CharField(source="site.name", read_only=True)
    invited_by = serializers.SerializerMethodField(help_text="The name, or the e-mail address of who has none.")
    status = serializers.SerializerMethodField(help_text="`invited` or `declined`.")

    class Meta:
        model = Invitation
        fields = ["id", "site", "site_name", "email", "role", "invited_by", "invited_at", "status"]
        read_only_fields = fields

    def get_invited_by(self, invitation: Invitation) -> str | None:
        return str(invitation.invited_by) if invitation.invited_by else None

    def get_status(self, invitation: Invitation) -> str:
        return "declined" if invitation.declined_at else "invited"


class VisibleSite(serializers.SlugRelatedField[Site]):
    """A site by its public id; validation fails for sites that the operator may not see."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="uuid", queryset=Site.objects.none(), **options)

    def get_queryset(self) -> QuerySet[Site]:
        return queries.visible_sites(operator_of(self.context["request"]))


class VisibleSensor(serializers.SlugRelatedField[Sensor]):
    """A sensor by its public id; validation fails for sensors that the operator may not see."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="uuid", queryset=Sensor.objects.none(), **options)

    def get_queryset(self) -> QuerySet[Sensor]:
        return queries.visible_sensors(operator_of(self.context["request"])).select_related("site")


class MeaningSerializer(JsonTypes):
    quantity = serializers.CharField(allow_blank=True, max_length=64, help_text="Empty: the name is ignored.")
    unit = serializers.CharField(required=False, allow_blank=True, max_length=32)


class QuantitySettingsSerializer(JsonTypes):
    """How a quantity of a sensor is shown; what is left out follows the catalogue, the device and the reader."""

    label = serializers.CharField(  # type: ignore[assignment]  # a serializer has a label of its own
        required=False, allow_blank=True, max_length=LONGEST_LABEL
    )
    unit = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_UNIT,
        help_text="The unit to show; of a quantity in no known unit, the unit of its numbers.",
    )
    decimals = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=MOST_DECIMALS)
    digits = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=MOST_DIGITS,
        help_text="Significant digits, in place of decimals.",
    )
    place = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=MOST_PLACES,
        help_text="Its place among the quantities; those without one follow.",
    )
    colour = serializers.ChoiceField(required=False, allow_blank=True, choices=COLOURS)
    hidden = serializers.BooleanField(required=False)
    low = serializers.FloatField(
        required=False,
        allow_null=True,
        help_text="Lower end of the allowed band, in the unit in which the values are stored.",
    )
    high = serializers.FloatField(required=False, allow_null=True)


@extend_schema_field({"type": "string", "maxLength": 64, "pattern": "^([A-Za-z][A-Za-z0-9_.:-]*)?$"})
class QuantityOrNone(serializers.CharField):
    """The name of a quantity, or nothing."""


@extend_schema_serializer(deprecate_fields=["paths"])
class SensorSerializer(JsonTypes, serializers.ModelSerializer[Sensor]):
    """A sensor."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    site = VisibleSite(help_text="The public id of its site.")
    status = serializers.ChoiceField(
        choices=Status.choices,
        required=False,
        help_text="Write `paused` to refuse its readings, `active` to accept them again.",
    )
    names = serializers.DictField(
        child=MeaningSerializer(), required=False, help_text="The quantities of the device's own names, by name."
    )
    paths = serializers.DictField(
        source="names", child=MeaningSerializer(), required=False, help_text="The former name of `names`, until 0.2."
    )
    primary_quantity = QuantityOrNone(
        max_length=64,
        required=False,
        allow_blank=True,
        validators=[quantity_name],
        help_text="The quantity of its large number; empty: chosen by its kind.",
    )
    quantities = serializers.DictField(
        child=QuantitySettingsSerializer(), required=False, help_text="How its quantities are shown, by quantity."
    )
    last_seen = serializers.DateTimeField(read_only=True, allow_null=True, help_text="Time of the last arrival.")

    class Meta:
        model = Sensor
        fields = ["id", *_written(Sensor, SensorDetails, "site", "status"), "paths", "created_at", "last_seen"]
        read_only_fields = ["created_at"]
        validators: list[Any] = []  # the service rejects taken names, also in a race

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(self._with_one_name(data) if isinstance(data, Mapping) else data)

    def _with_one_name(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Let `paths` and `names` be sent together if at most one of them is a change.

        A client written for `paths` may send a sensor back as it was answered, with `paths` changed.
        """
        if not {"names", "paths"} <= data.keys() or data["names"] == data["paths"]:
            return data
        stored = getattr(self.instance, "names", None)
        if stored not in (data["names"], data["paths"]):
            raise serializers.ValidationError({"paths": ["paths is the former name of names: send only names."]})
        former = "names" if data["names"] == stored else "paths"
        return {name: value for name, value in data.items() if name != former}

    def validate_status(self, status: str) -> str:
        if status == Status.PENDING:
            raise serializers.ValidationError("A sensor is pending until it sends: write paused or active.")
        return status


class NewSensorSerializer(SensorSerializer):
    """A new sensor, with its key, which is not shown again."""

    site = VisibleSite(required=False, help_text="The public id of its site; default: the oldest one you own.")
    status = serializers.ChoiceField(choices=Status.choices, read_only=True)
    key = serializers.SerializerMethodField(help_text="The secret for sending its readings; it is not shown again.")

    class Meta(SensorSerializer.Meta):
        fields = [*SensorSerializer.Meta.fields, "key"]

    def get_key(self, sensor: Sensor) -> str:
        return str(self.context["text"])


class KeySerializer(serializers.ModelSerializer[Key]):
    """A key without its secret."""

    made_by = serializers.SerializerMethodField(help_text="Name of the operator; null if it is not known.")

    class Meta:
        model = Key
        fields = ["prefix", "made_by", "created_at", "last_used_at", "revoked_at"]
        read_only_fields = fields

    def get_made_by(self, key: Key) -> str | None:
        return str(key.made_by) if key.made_by else None


class NewKeySerializer(KeySerializer):
    """A new key, with its text, which is not shown again."""

    key = serializers.SerializerMethodField(help_text="The secret for sending readings; it is not shown again.")

    class Meta(KeySerializer.Meta):
        fields = [*KeySerializer.Meta.fields, "key"]
        read_only_fields = fields

    def get_key(self, key: Key) -> str:
        return str(self.context["text"])


class RotationSerializer(JsonTypes):
    revoke_old = serializers.BooleanField(default=False, help_text="Revoke the sensor's other keys immediately.")
