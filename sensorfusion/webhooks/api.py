"""The API of webhooks, for owners of a site. What an operator may not see is answered 404."""

from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import answers
from sensorfusion.sensors.sites.membership import require_owner
from sensorfusion.webhooks import services
from sensorfusion.webhooks.models import Webhook
from sensorfusion.webhooks.queries import owned_webhooks, visible_webhooks
from sensorfusion.webhooks.serializers import NewSecretSerializer, NewWebhookSerializer, WebhookSerializer

TAG: Final = ["webhooks"]


class WebhookFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    site = filters.UUIDFilter(field_name="site__uuid", help_text="Only webhooks of this site.")

    class Meta:
        model = Webhook
        fields = ["site"]


class Webhooks(generics.ListAPIView[Webhook]):
    """The webhooks of the sites that the operator owns."""

    administered = ("GET", "POST")

    queryset = Webhook.objects.none()
    serializer_class = WebhookSerializer
    filterset_class = WebhookFilter

    def get_queryset(self) -> QuerySet[Webhook]:
        return owned_webhooks(operator_of(self.request))

    @extend_schema(
        operation_id="webhooks_list",
        summary="List webhooks",
        description="Those of the sites that you own, the newest first.",
        responses=answers({200: WebhookSerializer(many=True)}, 400, 401),
        tags=TAG,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="webhooks_create",
        summary="Make a webhook",
        description="It begins now. The response contains its secret, which the API does not show again.",
        request=WebhookSerializer,
        responses=answers({201: NewWebhookSerializer}, 400, 401, 403, 409),
        tags=TAG,
    )
    def post(self, request: Request) -> Response:
        operator = operator_of(request)
        given = WebhookSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        issued = services.make_webhook(by=operator, now=timezone.now(), **given.validated_data)
        made = found(request, issued.webhook.uuid)
        told = NewWebhookSerializer(made, context={"secret": issued.secret})
        return Response(told.data, status=status.HTTP_201_CREATED)


class OneWebhook(APIView):
    """One webhook."""

    administered = ("GET", "PATCH", "DELETE")

    @extend_schema(
        operation_id="webhooks_get",
        summary="Show a webhook",
        responses=answers({200: WebhookSerializer}, 401, 403, 404),
        tags=TAG,
    )
    def get(self, request: Request, webhook: UUID) -> Response:
        return Response(WebhookSerializer(found(request, webhook)).data)

    @extend_schema(
        operation_id="webhooks_update",
        summary="Change, pause or resume a webhook",
        description="The site stays. It sends by your right from now on; what waits is tried at once.",
        request=WebhookSerializer(partial=True),
        responses=answers({200: WebhookSerializer}, 400, 401, 403, 404),
        tags=TAG,
    )
    def patch(self, request: Request, webhook: UUID) -> Response:
        held = found(request, webhook)
        given = WebhookSerializer(held, data=request.data, partial=True, context={"request": request})
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        if fields.pop("site", held.site) != held.site:
            raise ValidationError({"site": "A webhook stays at its site."})
        services.change_webhook(by=operator_of(request), webhook=held, now=timezone.now(), **fields)
        return Response(WebhookSerializer(found(request, webhook)).data)

    @extend_schema(
        operation_id="webhooks_delete",
        summary="Delete a webhook",
        description="What waits for it is not sent.",
        responses=answers({204: None}, 401, 403, 404),
        tags=TAG,
    )
    def delete(self, request: Request, webhook: UUID) -> Response:
        services.delete_webhook(by=operator_of(request), webhook=found(request, webhook))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Rotate(APIView):
    """Replaces the secret of a webhook."""

    administered = ("POST",)

    @extend_schema(
        operation_id="webhooks_rotate",
        summary="Replace the secret of a webhook",
        description="For 24 hours each delivery has a second signature, with the old one.",
        request=None,
        responses=answers({200: NewSecretSerializer}, 401, 403, 404),
        tags=TAG,
    )
    def post(self, request: Request, webhook: UUID) -> Response:
        held = found(request, webhook)
        issued = services.rotate_secret(by=operator_of(request), webhook=held, now=timezone.now())
        told = {"secret": issued.secret, "old_secret_until": issued.webhook.old_secret_until}
        return Response(NewSecretSerializer(told).data)


def found(request: Request, webhook: UUID) -> Webhook:
    """Return a webhook of a site that the operator owns.

    :raises Http404: if the operator may not see the site. :raises Refusal: `not_allowed`.
    """
    operator = operator_of(request)
    held: Webhook = get_object_or_404(visible_webhooks(operator), uuid=webhook)
    require_owner(by=operator, site=held.site)
    return held
