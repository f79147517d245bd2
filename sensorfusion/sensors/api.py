"""The management API of sensors and their keys. Invisible objects are answered 404, never 403."""

from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import answers
from sensorfusion.sensors import queries, services
from sensorfusion.sensors.filters import SensorFilter
from sensorfusion.sensors.models import Key, Sensor, Status
from sensorfusion.sensors.serializers import (
    KeySerializer,
    NewKeySerializer,
    NewSensorSerializer,
    RotationSerializer,
    SensorSerializer,
)


class _VisibleSensors(generics.GenericAPIView[Sensor]):
    queryset = Sensor.objects.none()
    serializer_class = SensorSerializer
    lookup_field = "uuid"

    def get_queryset(self) -> QuerySet[Sensor]:
        return queries.sensors_with_last_seen(operator_of(self.request))


class Sensors(_VisibleSensors, generics.ListAPIView[Sensor]):
    """The sensors that the operator may see."""

    filterset_class = SensorFilter

    @extend_schema(
        operation_id="sensors_list",
        summary="List sensors",
        responses=answers({200: SensorSerializer(many=True)}, 400, 401),
        tags=["sensors"],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="sensors_create",
        summary="Register a sensor",
        description="The response contains its key, which is not shown again.",
        request=NewSensorSerializer,
        responses=answers({201: NewSensorSerializer}, 400, 401, 403, 409),
        tags=["sensors"],
    )
    def post(self, request: Request) -> Response:
        given = NewSensorSerializer(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        operator, now = operator_of(request), timezone.now()
        wanted = dict(given.validated_data)
        with transaction.atomic():
            site = wanted.pop("site", None) or services.first_site(by=operator, now=now)
            issued = services.add_sensor(by=operator, site=site, now=now, **wanted)
        body = NewSensorSerializer(issued.sensor, context={"text": issued.text}).data
        return Response(body, status=status.HTTP_201_CREATED)


@extend_schema_view(
    get=extend_schema(operation_id="sensors_get", summary="Show a sensor", tags=["sensors"]),
    put=extend_schema(operation_id="sensors_replace", summary="Replace the properties of a sensor", tags=["sensors"]),
    patch=extend_schema(
        operation_id="sensors_update", summary="Change, move, pause or resume a sensor", tags=["sensors"]
    ),
    delete=extend_schema(
        operation_id="sensors_delete",
        summary="Delete a sensor and all its readings",
        responses=answers({204: None}, 401, 403, 404),
        tags=["sensors"],
    ),
)
@extend_schema(responses=answers({200: SensorSerializer}, 400, 401, 403, 404, 409))
class OneSensor(_VisibleSensors, generics.RetrieveUpdateDestroyAPIView[Sensor]):
    """One sensor."""

    proven = ("DELETE",)

    def perform_update(self, serializer: BaseSerializer[Sensor]) -> None:
        wanted = dict(serializer.validated_data)
        wish = wanted.pop("status", None)
        paused = None if wish is None else wish == Status.PAUSED
        sensor = cast(Sensor, serializer.instance)
        services.update_sensor(by=operator_of(self.request), sensor=sensor, paused=paused, **wanted)

    def perform_destroy(self, instance: Sensor) -> None:
        services.delete_sensor(by=operator_of(self.request), sensor=instance)


class _Keys(APIView):
    def sensor(self, uuid: UUID) -> Sensor:
        return get_object_or_404(queries.visible_sensors(operator_of(self.request)), uuid=uuid)


class Keys(_Keys):
    """The keys of a sensor."""

    @extend_schema(
        operation_id="keys_list",
        summary="List a sensor's keys",
        responses=answers({200: KeySerializer(many=True)}, 401, 404),
        tags=["keys"],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        return Response(KeySerializer(queries.keys_of(self.sensor(uuid)), many=True).data)

    @extend_schema(
        operation_id="keys_create",
        summary="Create another key",
        description=(
            "The response contains its text, which is not shown again. Old keys work until they are revoked; "
            "`revoke_old` revokes them."
        ),
        request=RotationSerializer,
        responses=answers({201: NewKeySerializer}, 400, 401, 403, 404),
        tags=["keys"],
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        sensor = self.sensor(uuid)
        given = RotationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        issued = services.rotate_key(by=operator_of(request), sensor=sensor, now=timezone.now(), **given.validated_data)
        body = NewKeySerializer(issued.key, context={"text": issued.text}).data
        return Response(body, status=status.HTTP_201_CREATED)


class OneKey(_Keys):
    """One key of a sensor, identified by its public part."""

    @extend_schema(
        operation_id="keys_revoke",
        summary="Revoke a key",
        responses=answers({204: None}, 401, 403, 404, 409),
        tags=["keys"],
    )
    def delete(self, request: Request, uuid: UUID, prefix: str) -> Response:
        key = get_object_or_404(Key.objects.select_related("sensor__site"), sensor=self.sensor(uuid), prefix=prefix)
        services.revoke_key(by=operator_of(request), key=key, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
