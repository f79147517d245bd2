"""The endpoints of handing a sensor over: the offer of a sensor, for owners of its site, and what is offered to one."""

from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError as Invalid
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import answers
from sensorfusion.handover import services
from sensorfusion.handover.serializers import AcceptanceSerializer, NewOfferSerializer, OfferSerializer
from sensorfusion.sensors import queries
from sensorfusion.sensors.models import Sensor, SensorOffer
from sensorfusion.sensors.serializers import SensorSerializer
from sensorfusion.sensors.transfer import offers

TAG: Final = ["sensors"]


class OfSensor(APIView):
    """The offer of a sensor."""

    administered = ("GET", "POST", "DELETE")

    @extend_schema(
        operation_id="sensor_offer_get",
        summary="Show to whom a sensor is offered",
        responses=answers({200: OfferSerializer}, 401, 403, 404),
        tags=TAG,
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        return Response(OfferSerializer(_offer(_owned(request, uuid))).data)

    @extend_schema(
        operation_id="sensor_offer_make",
        summary="Offer a sensor to another operator",
        description=(
            "To the person with an e-mail address, who need not have an account yet. Nothing changes before they "
            "accept; then the sensor moves to a site of theirs with its history. Another offer of it is replaced."
        ),
        request=NewOfferSerializer,
        responses=answers({201: OfferSerializer}, 400, 401, 403, 404, 409),
        tags=TAG,
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        sensor = _owned(request, uuid)
        given = NewOfferSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            made = offers.offer(by=operator_of(request), sensor=sensor, now=timezone.now(), **given.validated_data)
        except Invalid as error:
            raise ValidationError(error.message_dict) from None
        return Response(OfferSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="sensor_offer_withdraw",
        summary="Withdraw the offer of a sensor",
        responses=answers({204: None}, 401, 403, 404),
        tags=TAG,
    )
    def delete(self, request: Request, uuid: UUID) -> Response:
        found = _offer(_owned(request, uuid))
        offers.withdraw(by=operator_of(request), offer=found)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Mine(APIView):
    """The sensors that are offered to the operator."""

    administered = ("GET",)

    @extend_schema(
        operation_id="sensor_offers_list",
        summary="List the sensors that are offered to me",
        responses=answers({200: OfferSerializer(many=True)}, 401, 403),
        tags=TAG,
    )
    def get(self, request: Request) -> Response:
        found = offers.offers_to(operator_of(request), now=timezone.now())
        return Response(OfferSerializer(found, many=True).data)


class Accept(APIView):
    """Take a sensor."""

    administered = ("POST",)

    @extend_schema(
        operation_id="sensor_offers_accept",
        summary="Accept a sensor",
        description="It moves to the site with everything that it measured. Its keys go on working unless revoked.",
        request=AcceptanceSerializer,
        responses=answers({200: SensorSerializer}, 400, 401, 403, 404, 409),
        tags=TAG,
    )
    def post(self, request: Request, offer: UUID) -> Response:
        found, operator = _offered(request, offer), operator_of(request)
        given = AcceptanceSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        services.accept(operator=operator, offer=found, now=timezone.now(), **given.validated_data)
        return Response(SensorSerializer(_seen(request, found.sensor.uuid)).data)


class Decline(APIView):
    """Refuse a sensor."""

    administered = ("POST",)

    @extend_schema(
        operation_id="sensor_offers_decline",
        summary="Decline a sensor",
        request=None,
        responses=answers({204: None}, 401, 403, 404, 409),
        tags=TAG,
    )
    def post(self, request: Request, offer: UUID) -> Response:
        offers.decline(operator=operator_of(request), offer=_offered(request, offer), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _seen(request: Request, uuid: UUID) -> Sensor:
    seen = queries.sensors_with_last_seen(operator_of(request))
    found: Sensor = get_object_or_404(seen, uuid=uuid)
    return found


def _owned(request: Request, uuid: UUID) -> Sensor:
    sensor = _seen(request, uuid)
    if not queries.may_own(operator=operator_of(request), site=sensor.site):
        raise PermissionDenied("Only an owner of the site may do this.")
    return sensor


def _offer(sensor: Sensor) -> SensorOffer:
    found = offers.offer_of(sensor, now=timezone.now())
    if found is None:
        raise NotFound
    return found


def _offered(request: Request, uuid: UUID) -> SensorOffer:
    found: SensorOffer = get_object_or_404(offers.offers_to(operator_of(request), now=timezone.now()), uuid=uuid)
    return found
