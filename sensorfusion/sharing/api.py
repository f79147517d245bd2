"""The API of shares, for those who may change the sensor. What an operator may not see is answered 404."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
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
from sensorfusion.reports.queries import stations
from sensorfusion.sensors.models import Sensor
from sensorfusion.sensors.sites.membership import require_editor
from sensorfusion.sharing.models import Share
from sensorfusion.sharing.queries import editable_shares, visible_shares
from sensorfusion.sharing.serializers import NewShareSerializer, ShareSerializer
from sensorfusion.sharing.services import change_share, end_share, make_share

_TAG: Final = ["shares"]
# People who have the link or its password must not find another sensor there.
_KEPT: Final = {"sensor": "A link stays with its sensor.", "password": "A link keeps its password. Make another link."}


class ShareFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    site = filters.UUIDFilter(field_name="sensor__site__uuid", help_text="Only links to sensors of this site.")
    sensor = filters.UUIDFilter(field_name="sensor__uuid", help_text="Only links to this sensor.")

    class Meta:
        model = Share
        fields = ["site", "sensor"]


class Shares(generics.ListAPIView[Share]):
    """The links to the sensors that the operator may change."""

    queryset = Share.objects.none()
    serializer_class = ShareSerializer
    filterset_class = ShareFilter

    def get_queryset(self) -> QuerySet[Share]:
        return editable_shares(operator_of(self.request), now=timezone.now())

    @extend_schema(
        operation_id="shares_list",
        summary="List shared links",
        description="Those of the sensors that you may change, the newest first. Views are counted every half minute.",
        responses=answers({200: ShareSerializer(many=True)}, 400, 401),
        tags=_TAG,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="shares_create",
        summary="Make a shared link",
        description="The response contains its address, which the API does not show again.",
        request=ShareSerializer,
        responses=answers({201: NewShareSerializer}, 400, 401, 403, 409),
        tags=_TAG,
    )
    def post(self, request: Request) -> Response:
        operator = operator_of(request)
        given = ShareSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        require_editor(by=operator, site=fields["sensor"].site)
        _require_known(fields["sensor"], fields["quantities"])
        made = make_share(by=operator, now=timezone.now(), **fields)
        address = request.build_absolute_uri(reverse("share", args=[made.text]))
        told = NewShareSerializer(_found(request, made.share.uuid), context={"url": address})
        return Response(told.data, status=status.HTTP_201_CREATED)


class OneShare(APIView):
    """One link."""

    @extend_schema(
        operation_id="shares_get",
        summary="Show a shared link",
        responses=answers({200: ShareSerializer}, 401, 403, 404),
        tags=_TAG,
    )
    def get(self, request: Request, share: UUID) -> Response:
        found = _found(request, share)
        return Response(ShareSerializer(found).data)

    @extend_schema(
        operation_id="shares_update",
        summary="Change what a shared link shows",
        description="Open pages follow at once. The sensor and the password stay.",
        request=ShareSerializer(partial=True),
        responses=answers({200: ShareSerializer}, 400, 401, 403, 404),
        tags=_TAG,
    )
    def patch(self, request: Request, share: UUID) -> Response:
        found = _found(request, share)
        given = ShareSerializer(found, data=request.data, partial=True, context={"request": request})
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        if fields.get("sensor") == found.sensor:
            del fields["sensor"]
        if kept := {name: why for name, why in _KEPT.items() if name in fields}:
            raise ValidationError(kept)
        _require_known(found.sensor, set(fields.get("quantities", ())) - set(found.quantities))
        change_share(by=operator_of(request), share=found, now=timezone.now(), **fields)
        return Response(ShareSerializer(_found(request, share)).data)

    @extend_schema(
        operation_id="shares_revoke",
        summary="Revoke a shared link",
        description="Its open pages go dark at once.",
        responses=answers({204: None}, 401, 403, 404),
        tags=_TAG,
    )
    def delete(self, request: Request, share: UUID) -> Response:
        end_share(by=operator_of(request), share=_found(request, share))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _found(request: Request, share: UUID) -> Share:
    """Return a share of a sensor that the operator may change.

    :raises Http404: if the operator may not see the sensor. :raises Refusal: `not_allowed`.
    """
    operator = operator_of(request)
    found: Share = get_object_or_404(visible_shares(operator, now=timezone.now()), uuid=share)
    require_editor(by=operator, site=found.sensor.site)
    return found


def _require_known(sensor: Sensor, names: Sequence[str] | set[str]) -> None:
    """:raises ValidationError: for quantities that the sensor has never sent, such as misspelt ones."""
    (station,) = stations([sensor], now=timezone.now())
    unknown = sorted(set(names) - station.newest.values.keys())
    if unknown:
        raise ValidationError({"quantities": f"The sensor has sent no {', '.join(unknown)}."})
