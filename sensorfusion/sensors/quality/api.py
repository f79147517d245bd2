"""The API of a sensor's quality checks."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import answers
from sensorfusion.domain import quality_checks
from sensorfusion.sensors import queries
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.quality import services as quality


class Positive(serializers.FloatField):
    """A number above 0."""


class PositiveDescribed(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # its metaclass has no types
    target_class = Positive

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        schema: Any = auto_schema  # drf-spectacular's methods have no types
        described = schema._map_serializer_field(self.target, direction, bypass_extensions=True)
        return {**described, "exclusiveMinimum": 0}


# Without a docstring, which would describe those made from it.
class Closed(serializers.Serializer[Any]):
    pass


class ClosedDescribed(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # its metaclass has no types
    """Says that other members are refused."""

    target_class = Closed
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        schema: Any = auto_schema
        described = schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**described, "additionalProperties": False}


class LimitsSerializer(Closed):
    suspect = Positive(help_text="A value beyond this is suspect.")
    bad = Positive(help_text="A value beyond this is bad, and charts ignore it.")


class FlatSerializer(Closed):
    change = Positive(help_text="The least change of a working sensor…")
    within_s = Positive(max_value=quality_checks.LONGEST_FLAT_S, help_text="…within this many seconds.")


class ChecksSerializer(Closed):
    """The checks of a quantity, in its own unit; null disables a check."""

    step = LimitsSerializer(required=False, allow_null=True, help_text="Change per minute.")
    spike = LimitsSerializer(required=False, allow_null=True, help_text="Difference from both neighbours.")
    flat = FlatSerializer(required=False, allow_null=True)


class QualitySerializer(serializers.Serializer[Any]):
    """`checks` are the effective checks; `own` are those set for this sensor, null for a quantity without checks."""

    own = serializers.DictField(child=ChecksSerializer(allow_null=True))
    checks = serializers.DictField(child=ChecksSerializer(), read_only=True)
    changed_at = serializers.DateTimeField(read_only=True, allow_null=True)


class Quality(APIView):
    """A sensor's quality checks over time."""

    @extend_schema(
        operation_id="quality_get",
        summary="Show a sensor's quality checks",
        responses=answers({200: QualitySerializer}, 401, 404),
        tags=["sensors"],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        return Response(_told(self._sensor(request, uuid)))

    @extend_schema(
        operation_id="quality_set",
        summary="Replace a sensor's own quality checks",
        description="Quantities that are not named use the platform's checks again.",
        request=QualitySerializer,
        responses=answers({200: QualitySerializer}, 400, 401, 403, 404),
        tags=["sensors"],
    )
    def put(self, request: Request, uuid: UUID) -> Response:
        sensor = self._sensor(request, uuid)
        own = request.data.get("own") if isinstance(request.data, dict) else None
        quality.set_checks(by=operator_of(request), sensor=sensor, own=own, now=timezone.now())
        return Response(_told(sensor))

    def _sensor(self, request: Request, uuid: UUID) -> Sensor:
        return get_object_or_404(queries.visible_sensors(operator_of(request)).select_related("site"), uuid=uuid)


def _told(sensor: Sensor) -> dict[str, Any]:
    found = quality.settings_of(sensor=sensor)
    own = quality_checks.read(found.checks) if found else {}
    return {
        "own": quality_checks.write(own),
        "checks": quality_checks.write(quality_checks.effective(own)),
        "changed_at": found.changed_at if found else None,
    }
