"""The API of a sensor's destinations: members read the status, editors change. What may not be seen is answered 404."""

from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError as Invalid
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import answers
from sensorfusion.clock import utc_now
from sensorfusion.send_on import services
from sensorfusion.send_on.models import Destination
from sensorfusion.send_on.queries import destinations_of
from sensorfusion.send_on.serializers import (
    AddedDestinationSerializer,
    ChangedDestinationSerializer,
    DestinationSerializer,
    SaidSerializer,
)
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.queries import visible_sensors

TAG: Final = ["send on"]


class Destinations(APIView):
    """The networks that a sensor's readings are sent on to."""

    @extend_schema(
        operation_id="send_on_list",
        summary="List where readings are sent on to",
        description="With the status of each. Secrets are not shown.",
        responses=answers({200: DestinationSerializer(many=True)}, 401, 404),
        tags=TAG,
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        listed = destinations_of(_sensor(request, uuid))
        return Response(DestinationSerializer(listed, many=True, context={"now": timezone.now()}).data)

    @extend_schema(
        operation_id="send_on_add",
        summary="Send readings on to a network",
        description="From the newest reading on. For those who may change the sensor.",
        request=AddedDestinationSerializer,
        responses=answers({201: DestinationSerializer}, 400, 401, 403, 404, 409),
        tags=TAG,
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        sensor, operator = _sensor(request, uuid), operator_of(request)
        given = AddedDestinationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            made = services.add_destination(by=operator, sensor=sensor, now=timezone.now(), **given.validated_data)
        except Invalid as error:
            raise ValidationError(error.message_dict) from None
        return Response(_shown(sensor, made.uuid), status=status.HTTP_201_CREATED)


class OneDestination(APIView):
    """One network that a sensor's readings are sent on to."""

    @extend_schema(
        operation_id="send_on_get",
        summary="Show where readings are sent on to",
        responses=answers({200: DestinationSerializer}, 401, 404),
        tags=TAG,
    )
    def get(self, request: Request, uuid: UUID, destination: UUID) -> Response:
        return Response(_shown(_sensor(request, uuid), destination))

    @extend_schema(
        operation_id="send_on_change",
        summary="Pause or resume sending on, or change its interval",
        description="It sends by your right from now on.",
        request=ChangedDestinationSerializer,
        responses=answers({200: DestinationSerializer}, 400, 401, 403, 404),
        tags=TAG,
    )
    def patch(self, request: Request, uuid: UUID, destination: UUID) -> Response:
        sensor = _sensor(request, uuid)
        held = _found(sensor, destination)
        given = ChangedDestinationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        by, now = operator_of(request), timezone.now()
        try:
            services.change_destination(by=by, destination=held, now=now, **given.validated_data)
        except Invalid as error:
            raise ValidationError(error.message_dict) from None
        return Response(_shown(sensor, destination))

    @extend_schema(
        operation_id="send_on_remove",
        summary="Stop sending on to a network",
        description="Its account is forgotten here; what was sent stays there.",
        responses=answers({204: None}, 401, 403, 404),
        tags=TAG,
    )
    def delete(self, request: Request, uuid: UUID, destination: UUID) -> Response:
        held = _found(_sensor(request, uuid), destination)
        services.remove_destination(by=operator_of(request), destination=held)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SendNow(APIView):
    """Sends at once."""

    @extend_schema(
        operation_id="send_on_now",
        summary="Send the newest reading on at once",
        description="Also while it is paused. The response says what the network answered.",
        request=None,
        responses=answers({200: SaidSerializer}, 401, 403, 404, 429),
        tags=TAG,
    )
    def post(self, request: Request, uuid: UUID, destination: UUID) -> Response:
        held = _found(_sensor(request, uuid), destination)
        said = services.send_now(by=operator_of(request), destination=held, now=utc_now)
        return Response(SaidSerializer(said).data)


def _sensor(request: Request, uuid: UUID) -> Sensor:
    return get_object_or_404(visible_sensors(operator_of(request)).select_related("site"), uuid=uuid)


def _found(sensor: Sensor, destination: UUID) -> Destination:
    return get_object_or_404(destinations_of(sensor), uuid=destination)


def _shown(sensor: Sensor, destination: UUID) -> Any:
    return DestinationSerializer(_found(sensor, destination), context={"now": timezone.now()}).data
