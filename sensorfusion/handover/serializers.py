"""Offers of sensors as JSON."""

from rest_framework import serializers

from sensorfusion.sensors.models import SensorOffer
from sensorfusion.sensors.serializers import VisibleSite
from sensorfusion.web.checks.json_types import JsonTypes
from sensorfusion.web.checks.plain_text import plain


class OfferSerializer(serializers.ModelSerializer[SensorOffer]):
    """An offer of a sensor."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    sensor_name = serializers.CharField(source="sensor.name", read_only=True)
    offered_by = serializers.SerializerMethodField(help_text="The name, or the e-mail address of who has none.")
    ends_at = serializers.DateTimeField(read_only=True)
    status = serializers.SerializerMethodField(help_text="`offered` or `declined`.")

    class Meta:
        model = SensorOffer
        fields = ["id", "sensor_name", "email", "offered_by", "offered_at", "ends_at", "status"]
        read_only_fields = fields

    def get_offered_by(self, offer: SensorOffer) -> str | None:
        return str(offer.offered_by) if offer.offered_by else None

    def get_status(self, offer: SensorOffer) -> str:
        return "declined" if offer.declined_at else "offered"


class NewOfferSerializer(JsonTypes):
    email = serializers.EmailField(help_text="Of an account, or of a person who has none yet.")


class AcceptanceSerializer(JsonTypes):
    site = VisibleSite(help_text="Where the sensor goes: a site that you may change.")
    name = serializers.CharField(
        max_length=100, required=False, default="", allow_blank=True, validators=[plain], help_text="Empty: as it is."
    )
    revoke_keys = serializers.BooleanField(
        default=False, help_text="The device then needs a new key before it sends again."
    )
