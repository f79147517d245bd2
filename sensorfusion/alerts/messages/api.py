"""The API of maintenance windows. What an operator may not see is answered 404, never 403."""

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
from sensorfusion.alerts.messages import maintenance
from sensorfusion.alerts.messages.models import Maintenance
from sensorfusion.alerts.serializers import MaintenanceSerializer

_TAG: Final = ["alerts"]


class MaintenanceFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    site = filters.UUIDFilter(field_name="site__uuid", help_text="Only windows of this site.")

    class Meta:
        model = Maintenance
        fields = ["site"]


class Windows(generics.ListAPIView[Maintenance]):
    """The maintenance windows of the operator's sites that are not over."""

    queryset = Maintenance.objects.none()
    serializer_class = MaintenanceSerializer
    filterset_class = MaintenanceFilter

    def get_queryset(self) -> QuerySet[Maintenance]:
        return maintenance.spans_of(operator_of(self.request), now=timezone.now())

    @extend_schema(
        operation_id="maintenance_list",
        summary="List maintenance windows",
        responses=answers({200: MaintenanceSerializer(many=True)}, 400, 401),
        tags=_TAG,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="maintenance_create",
        summary="Add a maintenance window",
        description="What begins in it is not told. What still lasts at its end is told then.",
        request=MaintenanceSerializer,
        responses=answers({201: MaintenanceSerializer}, 400, 401, 403, 409),
        tags=_TAG,
    )
    def post(self, request: Request) -> Response:
        given = MaintenanceSerializer(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        made = maintenance.add_maintenance(by=operator_of(request), now=timezone.now(), **given.validated_data)
        return Response(MaintenanceSerializer(made).data, status=status.HTTP_201_CREATED)


class OneWindow(APIView):
    """One maintenance window."""

    @extend_schema(
        operation_id="maintenance_delete",
        summary="End a maintenance window",
        description="What it held back and still lasts is told now.",
        responses=answers({204: None}, 401, 403, 404),
        tags=_TAG,
    )
    def delete(self, request: Request, span: UUID) -> Response:
        operator = operator_of(request)
        found = get_object_or_404(maintenance.spans_of(operator, now=timezone.now()), uuid=span)
        maintenance.end_maintenance(by=operator, span=found)
        return Response(status=status.HTTP_204_NO_CONTENT)
