"""The API of reports by e-mail: the operator's own subscriptions, to sensors that they may see."""

from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import answers
from sensorfusion.documents.mailing import services
from sensorfusion.documents.mailing.models import Every, ReportSubscription
from sensorfusion.documents.mailing.queries import subscriptions_of
from sensorfusion.documents.mailing.serializers import ReportSubscriptionSerializer

TAG: Final = ["reports by e-mail"]


class SubscriptionFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    site = filters.UUIDFilter(field_name="sensor__site__uuid", help_text="Only reports of this site's sensors.")
    sensor = filters.UUIDFilter(field_name="sensor__uuid", help_text="Only reports of this sensor.")

    class Meta:
        model = ReportSubscription
        fields = ["site", "sensor"]


class ReportSubscriptions(generics.ListAPIView[ReportSubscription]):
    """The reports that come to the operator."""

    queryset = ReportSubscription.objects.none()
    serializer_class = ReportSubscriptionSerializer
    filterset_class = SubscriptionFilter

    def get_queryset(self) -> QuerySet[ReportSubscription]:
        return subscriptions_of(operator_of(self.request)).order_by("-made_at", "-id")

    @extend_schema(
        operation_id="report_subscriptions_list",
        summary="List the reports that come to you by e-mail",
        description="Your own, the newest first, of the sensors that you may see.",
        responses=answers({200: ReportSubscriptionSerializer(many=True)}, 400, 401),
        tags=TAG,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="report_subscriptions_create",
        summary="Have a report sent to you",
        description="It begins with the day, week or month that is not over. One that comes already is answered 200; "
        "`with_pdf` changes whether it comes with the PDF.",
        request=ReportSubscriptionSerializer,
        responses=answers({200: ReportSubscriptionSerializer, 201: ReportSubscriptionSerializer}, 400, 401, 403, 409),
        tags=TAG,
    )
    def post(self, request: Request) -> Response:
        operator = operator_of(request)
        given = ReportSubscriptionSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        sensor, every = given.validated_data["sensor"], Every(given.validated_data["every"])
        with_pdf = given.validated_data.get("with_pdf")
        is_new = services.subscribe(by=operator, sensor=sensor, every=every, now=timezone.now(), with_pdf=with_pdf)
        found = subscriptions_of(operator).get(sensor=sensor, every=every)
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(ReportSubscriptionSerializer(found).data, status=code)


class OneReportSubscription(APIView):
    """One report that comes to the operator."""

    @extend_schema(
        operation_id="report_subscriptions_get",
        summary="Show a subscription to a report",
        responses=answers({200: ReportSubscriptionSerializer}, 401, 404),
        tags=TAG,
    )
    def get(self, request: Request, subscription: UUID) -> Response:
        return Response(ReportSubscriptionSerializer(_found(request, subscription)).data)

    @extend_schema(
        operation_id="report_subscriptions_delete",
        summary="Stop a report",
        description="A message that waits is not sent.",
        responses=answers({204: None}, 401, 403, 404),
        tags=TAG,
    )
    def delete(self, request: Request, subscription: UUID) -> Response:
        services.stop(subscription=_found(request, subscription))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _found(request: Request, subscription: UUID) -> ReportSubscription:
    found: ReportSubscription = get_object_or_404(subscriptions_of(operator_of(request)), uuid=subscription)
    return found
