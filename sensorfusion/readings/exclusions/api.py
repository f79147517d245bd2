"""The API of exclusions, and of deleting readings."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import answers
from sensorfusion.readings.api import Readings, SensorView
from sensorfusion.readings.exclusions.services import delete_readings, exclude, exclusions_of, restore
from sensorfusion.readings.models import Exclusion
from sensorfusion.readings.parameters import FROM, TO, instant
from sensorfusion.sensors.sites.membership import require_editor
from sensorfusion.web.checks.json_types import JsonTypes

_INSTANT = timedelta(microseconds=1)


class ExclusionSerializer(JsonTypes, serializers.ModelSerializer[Exclusion]):
    """A span of a sensor's readings that charts, records and rollups ignore."""

    start = serializers.DateTimeField(source="starts_at", help_text="First excluded instant.")
    end = serializers.DateTimeField(
        source="ends_at", required=False, help_text="End of the span, exclusive; default: only the instant `start`."
    )
    quantity = serializers.CharField(max_length=64, allow_null=True, required=False, help_text="Null: all quantities.")
    reason = serializers.CharField(max_length=200)
    made_by = serializers.SerializerMethodField()
    restored_by = serializers.SerializerMethodField()

    class Meta:
        model = Exclusion
        fields = [
            "id", "quantity", "start", "end", "reason", "made_by", "made_at", "restored_by", "restored_at",
        ]  # fmt: skip
        read_only_fields = ["id", "made_at", "restored_at"]

    def get_made_by(self, exclusion: Exclusion) -> str | None:
        return str(exclusion.made_by) if exclusion.made_by else None

    def get_restored_by(self, exclusion: Exclusion) -> str | None:
        return str(exclusion.restored_by) if exclusion.restored_by else None

    def to_representation(self, instance: Exclusion) -> dict[str, Any]:
        return {**super().to_representation(instance), "quantity": instance.quantity or None}


class DeletedSerializer(serializers.Serializer[Any]):
    deleted = serializers.IntegerField(help_text="Number of deleted readings.")


class Exclusions(SensorView):
    """The present and past exclusions of a sensor."""

    @extend_schema(
        operation_id="exclusions_list",
        summary="List the exclusions of a sensor",
        description="The newest first, including restored ones.",
        responses=answers({200: ExclusionSerializer(many=True)}, 401, 404),
        tags=["readings"],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        return Response(ExclusionSerializer(exclusions_of(sensor=self.sensor(uuid)), many=True).data)

    @extend_schema(
        operation_id="exclusions_create",
        summary="Exclude readings from charts, records and rollups",
        request=ExclusionSerializer,
        responses=answers({201: ExclusionSerializer}, 400, 401, 403, 404, 409),
        tags=["readings"],
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        sensor = self.sensor(uuid)
        require_editor(by=operator_of(request), site=sensor.site)  # before validation, so that 403 precedes 400
        given = ExclusionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        made = exclude(
            by=operator_of(request),
            sensor=sensor,
            start=wanted["starts_at"],
            end=wanted.get("ends_at") or wanted["starts_at"] + _INSTANT,
            quantity=wanted.get("quantity") or "",
            reason=wanted["reason"],
            now=timezone.now(),
        )
        return Response(ExclusionSerializer(made).data, status=status.HTTP_201_CREATED)


class RestoredExclusion(SensorView):
    """Restores the readings of an exclusion."""

    @extend_schema(
        operation_id="exclusions_restore",
        summary="Restore excluded readings",
        request=None,
        responses=answers({200: ExclusionSerializer}, 401, 403, 404, 409),
        tags=["readings"],
    )
    def post(self, request: Request, uuid: UUID, number: int) -> Response:
        found = exclusions_of(sensor=self.sensor(uuid)).select_related("sensor__site", "made_by", "restored_by")
        exclusion = get_object_or_404(found, pk=number)
        restored = restore(by=operator_of(request), exclusion=exclusion, now=timezone.now())
        return Response(ExclusionSerializer(restored).data)


class StoredReadings(Readings):
    """A sensor's stored readings: list or delete them."""

    @extend_schema(
        operation_id="readings_delete",
        summary="Delete the readings of a span permanently",
        description="Both ends are required. Exclude readings instead if you may want to restore them.",
        parameters=[FROM, TO],
        responses=answers({200: DeletedSerializer}, 400, 401, 403, 404, 409),
        tags=["readings"],
    )
    def delete(self, request: Request, uuid: UUID) -> Response:
        sensor = self.sensor(uuid)
        require_editor(by=operator_of(request), site=sensor.site)
        start, end = _given(request, "from"), _given(request, "to")
        deleted = delete_readings(by=operator_of(request), sensor=sensor, start=start, end=end, now=timezone.now())
        return Response({"deleted": deleted})


def _given(request: Request, name: str) -> datetime:
    at = instant(request, name)
    if at is None:
        raise ValidationError({name: "Give both from and to: deleted readings cannot be restored."})
    return at
