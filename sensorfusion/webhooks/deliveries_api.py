"""The API of what was or will be sent to a webhook: the log, tests, and sending again."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import answers
from sensorfusion.webhooks import services
from sensorfusion.webhooks.api import TAG, found
from sensorfusion.webhooks.models import Delivery
from sensorfusion.webhooks.queries import deliveries_of
from sensorfusion.webhooks.serializers import DeliverySerializer, ReplayedSerializer, ReplaySerializer


class Deliveries(generics.ListAPIView[Delivery]):
    """The deliveries of a webhook."""

    administered = ("GET",)

    queryset = Delivery.objects.none()
    serializer_class = DeliverySerializer

    def get_queryset(self) -> QuerySet[Delivery]:
        return deliveries_of(found(self.request, self.kwargs["webhook"]))

    @extend_schema(
        operation_id="webhooks_deliveries",
        summary="List what was or will be sent to a webhook",
        description="The newest first, each with its attempts and what the receiver answered.",
        responses=answers({200: DeliverySerializer(many=True)}, 400, 401, 403, 404),
        tags=TAG,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class Test(APIView):
    """Sends a test."""

    administered = ("POST",)

    @extend_schema(
        operation_id="webhooks_test",
        summary="Send a test to a webhook",
        description="It is tried once, also while the webhook is paused; the log has what was answered.",
        request=None,
        responses=answers({202: DeliverySerializer}, 401, 403, 404, 429),
        tags=TAG,
    )
    def post(self, request: Request, webhook: UUID) -> Response:
        held = found(request, webhook)
        queued = services.test_webhook(by=operator_of(request), webhook=held, now=timezone.now())
        return Response(DeliverySerializer(queued).data, status=status.HTTP_202_ACCEPTED)


class Replay(APIView):
    """Sends again what was made since an instant."""

    administered = ("POST",)

    @extend_schema(
        operation_id="webhooks_replay",
        summary="Send deliveries since an instant again",
        description="In their order, with the idempotency keys that they had.",
        request=ReplaySerializer,
        responses=answers({200: ReplayedSerializer}, 400, 401, 403, 404),
        tags=TAG,
    )
    def post(self, request: Request, webhook: UUID) -> Response:
        held = found(request, webhook)
        given = ReplaySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        chosen = services.since(given.validated_data["since"])
        many = services.replay(by=operator_of(request), deliveries=chosen, webhook=held, now=timezone.now())
        return Response({"deliveries": many})


class ReplayOne(APIView):
    """Sends one delivery again."""

    administered = ("POST",)

    @extend_schema(
        operation_id="webhooks_replay_one",
        summary="Send a delivery again",
        description="With the idempotency key that it had. One that waits stays as it is.",
        request=None,
        responses=answers({200: DeliverySerializer}, 401, 403, 404),
        tags=TAG,
    )
    def post(self, request: Request, webhook: UUID, delivery: UUID) -> Response:
        held = found(request, webhook)
        one = get_object_or_404(deliveries_of(held), uuid=delivery)
        chosen = Delivery.objects.filter(pk=one.pk)
        services.replay(by=operator_of(request), deliveries=chosen, webhook=held, now=timezone.now())
        return Response(DeliverySerializer(deliveries_of(held).get(pk=one.pk)).data)
