"""Serializers of shares. A link is told once, to the operator who made it; afterwards only the page of links has it."""

from typing import Any

from rest_framework import serializers

from sensorfusion.accounts.serializers import PersonSerializer
from sensorfusion.sensors.serializers import VisibleSensor
from sensorfusion.sharing.forms import PASSWORD_LONGEST, PASSWORD_SHORTEST
from sensorfusion.sharing.models import NAME_LONGEST, ORIGINS_MOST, QUANTITIES_MOST, Grid, History, Share
from sensorfusion.web.checks.json_types import JsonTypes
from sensorfusion.web.checks.plain_text import plain
from sensorfusion.web.checks.quantity_name import quantity_name


class PlaceField(serializers.ChoiceField):
    """The name of a grid: `hidden`, `wide` or `narrow`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[(each.name.lower(), each.label) for each in Grid], **options)

    def to_internal_value(self, data: Any) -> Any:
        return Grid[super().to_internal_value(data).upper()]

    def to_representation(self, value: Any) -> Any:
        return Grid(value).name.lower()


class ShareSerializer(JsonTypes, serializers.ModelSerializer[Share]):
    """A link to chosen quantities of a sensor."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    sensor = VisibleSensor(help_text="The public id of the sensor.")
    name = serializers.CharField(
        max_length=NAME_LONGEST, validators=[plain], help_text="The heading of the page that it shows."
    )
    quantities = serializers.ListField(
        child=serializers.CharField(max_length=64, validators=[quantity_name]),
        min_length=1,
        max_length=QUANTITIES_MOST,
        help_text="The names of the quantities that it shows, in their order; the sensor has sent each of them.",
    )
    history = serializers.ChoiceField(
        choices=History.choices, required=False, help_text="The longest range of the charts; default: 24h."
    )
    place = PlaceField(
        source="grid",
        required=False,
        help_text="Whether the page tells the middle of a square of 1° (wide) or 0.1° (narrow); default: hidden.",
    )
    password = serializers.CharField(
        write_only=True,
        required=False,
        trim_whitespace=False,
        min_length=PASSWORD_SHORTEST,
        max_length=PASSWORD_LONGEST,
        help_text="The page asks for it once a day. It cannot be changed.",
    )
    has_password = serializers.SerializerMethodField()
    expires_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="The instant from which it shows nothing; null: none."
    )
    origins = serializers.ListField(
        child=serializers.CharField(max_length=280),
        required=False,
        max_length=ORIGINS_MOST,
        help_text="The sites that may embed it, such as https://example.org; default: none.",
    )
    is_open = serializers.BooleanField(
        read_only=True, help_text="False once it has expired, or its maker may no longer change the sensor."
    )
    made_by = PersonSerializer(read_only=True)

    class Meta:
        model = Share
        fields = [
            *(
                "id",
                "sensor",
                "name",
                "quantities",
                "history",
                "place",
                "password",
                "has_password",
                "expires_at",
                "origins",
            ),
            *("is_open", "views", "made_by", "made_at"),
        ]
        read_only_fields = ["views", "made_at"]

    def get_has_password(self, share: Share) -> bool:
        return bool(share.password)


class NewShareSerializer(ShareSerializer):
    """A new link, with its address, which the API does not show again."""

    url = serializers.SerializerMethodField(help_text="The link itself; anybody who has it sees what it shows.")

    class Meta(ShareSerializer.Meta):
        fields = [*ShareSerializer.Meta.fields, "url"]

    def get_url(self, share: Share) -> str:
        return str(self.context["url"])
