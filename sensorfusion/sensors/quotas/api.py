"""The API of a site's usage, for all its members."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import answers
from sensorfusion.domain.quotas.usage import Usage
from sensorfusion.sensors import queries
from sensorfusion.sensors.quotas.queries import usage_of_operator, usage_of_site


class UsageSerializer(serializers.Serializer[Any]):
    """How much is used of one quota."""

    name = serializers.CharField(help_text="What is counted, such as `readings_per_day`.")
    label = serializers.CharField(help_text="The same for people.")  # type: ignore[assignment]  # the wire's word
    used = serializers.IntegerField(help_text="How much is used.")
    limit = serializers.SerializerMethodField(help_text="How much may be used; null if there is no limit.")

    def get_limit(self, usage: Usage) -> int | None:
        return usage.limit or None


class SiteUsages(APIView):
    """What a site and its member have used of their quotas."""

    @extend_schema(
        operation_id="site_usage",
        summary="Show what is used of the quotas",
        description="The quotas of the site, then those of the operator of the request.",
        responses=answers({200: UsageSerializer(many=True)}, 401, 404),
        tags=["sites"],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        operator, now = operator_of(request), timezone.now()
        site = get_object_or_404(queries.visible_sites(operator), uuid=uuid)
        used = [*usage_of_site(site, now=now), *usage_of_operator(operator, now=now)]
        body: Any = UsageSerializer(used, many=True).data
        return Response(body)
