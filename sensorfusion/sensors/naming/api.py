"""The API of the fields of a sensor's device."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import answers
from sensorfusion.sensors import queries
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.naming import services
from sensorfusion.sensors.naming.models import SourceField
from sensorfusion.sensors.naming.queries import fields_of
from sensorfusion.sensors.sites.membership import require_editor
from sensorfusion.web.checks.json_types import JsonTypes


class SourceFieldSerializer(serializers.ModelSerializer[SourceField]):
    """A field of the device, and the quantity that it feeds."""

    quantity = serializers.CharField(read_only=True, help_text="Empty: its values are ignored.")

    class Meta:
        model = SourceField
        fields = ["source", "quantity", "label", "first_at"]
        read_only_fields = fields


class ChangedFieldsSerializer(JsonTypes):
    quantities = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=64),
        help_text="The quantity of each field to change, by its source; empty or - ignores it.",
    )


class Fields(APIView):
    """The fields of a sensor's device, and the quantities that they feed."""

    @extend_schema(
        operation_id="fields_list",
        summary="List the fields of a sensor's device",
        description="Which quantity a field feeds is decided when it is first seen, and kept.",
        responses=answers({200: SourceFieldSerializer(many=True)}, 401, 404),
        tags=["sensors"],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        return _listed(self._sensor(request, uuid))

    @extend_schema(
        operation_id="fields_update",
        summary="Let fields of a sensor's device feed other quantities",
        description="From the next reading on; what is stored keeps its name. Two fields may swap their quantities.",
        request=ChangedFieldsSerializer,
        responses=answers({200: SourceFieldSerializer(many=True)}, 400, 401, 403, 404, 409),
        tags=["sensors"],
    )
    def patch(self, request: Request, uuid: UUID) -> Response:
        sensor = self._sensor(request, uuid)
        require_editor(by=operator_of(request), site=sensor.site)
        given = ChangedFieldsSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        services.set_fields(
            by=operator_of(request), sensor=sensor, quantities=given.validated_data.get("quantities", {})
        )
        return _listed(sensor)

    def _sensor(self, request: Request, uuid: UUID) -> Sensor:
        visible = queries.visible_sensors(operator_of(request)).select_related("site")
        return get_object_or_404(visible, uuid=uuid)


def _listed(sensor: Sensor) -> Response:
    body: Any = SourceFieldSerializer(fields_of(sensor), many=True).data
    return Response(body)
