"""Serializers of shared pages of sites. The link of a page that is not public is told once, as that of a share."""

from typing import Any

from rest_framework import serializers

from sensorfusion.accounts.serializers import PersonSerializer
from sensorfusion.sensors.serializers import VisibleSensor, VisibleSite
from sensorfusion.sharing.forms import PASSWORD_LONGEST, PASSWORD_SHORTEST
from sensorfusion.sharing.models import (
    ABOUT_LONGEST,
    NAME_LONGEST,
    ORIGINS_MOST,
    QUANTITIES_MOST,
    SLUG_LONGEST,
    History,
    SiteShare,
)
from sensorfusion.sharing.serializers import PlaceField
from sensorfusion.sharing.sites.services import PARTS_MOST
from sensorfusion.web.checks.json_types import JsonTypes
from sensorfusion.web.checks.plain_text import plain
from sensorfusion.web.checks.quantity_name import quantity_name


class PartSerializer(JsonTypes):
    """A sensor of a page."""

    sensor = VisibleSensor(help_text="The public id of a sensor of the site.")
    name = serializers.CharField(
        max_length=NAME_LONGEST, validators=[plain], required=False, help_text="On the page; default: the sensor's."
    )
    quantities = serializers.ListField(
        child=serializers.CharField(max_length=64, validators=[quantity_name]),
        min_length=1,
        max_length=QUANTITIES_MOST,
        help_text="The names of the quantities that it shows; the sensor has sent each of them.",
    )


class PartsField(serializers.ListField):
    """The sensors of a page. The description says how many there may be, which it does not of a nested serializer."""

    def to_representation(self, data: Any) -> Any:
        return super().to_representation(data.all())


class SiteShareSerializer(JsonTypes):
    """The shared page of a site."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    site = VisibleSite(help_text="The public id of the site; a site has one page.")
    name = serializers.CharField(max_length=NAME_LONGEST, validators=[plain], help_text="The heading of the page.")
    about = serializers.CharField(
        max_length=ABOUT_LONGEST, validators=[plain], required=False, allow_blank=True, help_text="Below the heading."
    )
    slug = serializers.CharField(
        max_length=SLUG_LONGEST,
        required=False,
        allow_null=True,
        help_text="Makes the page public at /p/<slug>/; null: it is shown by its link only, which is the default.",
    )
    history = serializers.ChoiceField(
        choices=History.choices, required=False, help_text="The longest range of the charts; default: 24h."
    )
    place = PlaceField(
        source="grid",
        required=False,
        help_text="Whether places are told, as the middle of a square of 1° (wide) or 0.1° (narrow); default: hidden.",
    )
    password = serializers.CharField(
        write_only=True,
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        min_length=PASSWORD_SHORTEST,
        max_length=PASSWORD_LONGEST,
        help_text="Asked for once a day; not for public pages. Empty removes it.",
    )
    has_password = serializers.SerializerMethodField()
    expires_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="The instant from which it shows nothing; null: none."
    )
    origins = serializers.ListField(
        child=serializers.CharField(max_length=280),
        required=False,
        max_length=ORIGINS_MOST,
        help_text="The sites that may embed its cards, such as https://example.org; default: none.",
    )
    sensors = PartsField(source="parts", child=PartSerializer(), min_length=1, max_length=PARTS_MOST)
    is_open = serializers.BooleanField(
        read_only=True, help_text="False once it has expired, or its maker may no longer change the site."
    )
    views = serializers.IntegerField(read_only=True)
    made_by = PersonSerializer(read_only=True, help_text="The operator who saved it last.")
    made_at = serializers.DateTimeField(read_only=True)

    def get_has_password(self, page: SiteShare) -> bool:
        return bool(page.password)

    def validate_sensors(self, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if not all({"sensor", "quantities"} <= part.keys() for part in parts):
            raise serializers.ValidationError("Name the sensor and its quantities in each.")
        return parts


class NewSiteShareSerializer(SiteShareSerializer):
    """A new page, with its address, which the API does not show again."""

    url = serializers.SerializerMethodField(help_text="The address of the page.")

    def get_url(self, page: SiteShare) -> str:
        return str(self.context["url"])
