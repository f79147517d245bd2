"""The API of notices, for owners and editors."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import answers
from sensorfusion.sensors import queries
from sensorfusion.sensors.models import Sensor, Site
from sensorfusion.sensors.notices import services
from sensorfusion.sensors.notices.models import Notice
from sensorfusion.sensors.notices.queries import notices_of, notices_of_site
from sensorfusion.sensors.notices.words import advice
from sensorfusion.sensors.sites.membership import require_editor


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """One kind of thing that arrived and was not understood, was refused, or is doubtful."""

    advice = serializers.SerializerMethodField(help_text="What to do, where the detail does not say it.")

    class Meta:
        model = Notice
        fields = ["id", "code", "subject", "detail", "advice", "count", "first_at", "last_at"]
        read_only_fields = fields

    def get_advice(self, notice: Notice) -> str:
        return advice(notice.code)


class SensorNotices(APIView):
    """What arrived for a sensor and was not understood."""

    @extend_schema(
        operation_id="notices_list",
        summary="List what arrived for a sensor and was not understood",
        description="The newest first; kept until they are cleared, or did not come again for 30 days.",
        responses=answers({200: NoticeSerializer(many=True)}, 401, 403, 404),
        tags=["sensors"],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        sensor = self._sensor(request, uuid)
        require_editor(by=operator_of(request), site=sensor.site)
        return _listed(notices_of(sensor, now=timezone.now()))

    @extend_schema(
        operation_id="notices_clear",
        summary="Clear a sensor's notices",
        responses=answers({204: None}, 401, 403, 404),
        tags=["sensors"],
    )
    def delete(self, request: Request, uuid: UUID) -> Response:
        services.clear_notices(by=operator_of(request), sensor=self._sensor(request, uuid))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _sensor(self, request: Request, uuid: UUID) -> Sensor:
        visible = queries.visible_sensors(operator_of(request)).select_related("site")
        return get_object_or_404(visible, uuid=uuid)


class SiteNotices(APIView):
    """What arrived for a site from devices and topics that no sensor stands for."""

    @extend_schema(
        operation_id="site_notices_list",
        summary="List what arrived for a site and belongs to no sensor",
        responses=answers({200: NoticeSerializer(many=True)}, 401, 403, 404),
        tags=["sites"],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        site = self._site(request, uuid)
        require_editor(by=operator_of(request), site=site)
        return _listed(notices_of_site(site, now=timezone.now()))

    @extend_schema(
        operation_id="site_notices_clear",
        summary="Clear a site's notices",
        responses=answers({204: None}, 401, 403, 404),
        tags=["sites"],
    )
    def delete(self, request: Request, uuid: UUID) -> Response:
        services.clear_notices_of_site(by=operator_of(request), site=self._site(request, uuid))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _site(self, request: Request, uuid: UUID) -> Site:
        return get_object_or_404(queries.visible_sites(operator_of(request)), uuid=uuid)


def _listed(notices: QuerySet[Notice]) -> Response:
    body: Any = NoticeSerializer(notices, many=True).data
    return Response(body)
