"""The API of shared pages of sites, for those who may change the site."""

from collections.abc import Mapping
from dataclasses import replace
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
from sensorfusion.domain.refusals import Refusal
from sensorfusion.reports.queries import stations
from sensorfusion.sensors.sites.membership import require_editor
from sensorfusion.sharing.models import SiteShare
from sensorfusion.sharing.sites.queries import editable_pages, link_of, page_of_site, visible_pages
from sensorfusion.sharing.sites.serializers import NewSiteShareSerializer, SiteShareSerializer
from sensorfusion.sharing.sites.services import Part, Shown, end_page, share_site, shown_by

_TAG: Final = ["shares"]


class SiteShareFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    site = filters.UUIDFilter(field_name="site__uuid", help_text="Only the page of this site.")

    class Meta:
        model = SiteShare
        fields = ["site"]


class SiteShares(generics.ListAPIView[SiteShare]):
    """The pages of the sites that the operator may change."""

    queryset = SiteShare.objects.none()
    serializer_class = SiteShareSerializer
    filterset_class = SiteShareFilter

    def get_queryset(self) -> QuerySet[SiteShare]:
        return editable_pages(operator_of(self.request), now=timezone.now())

    @extend_schema(
        operation_id="site_shares_list",
        summary="List shared pages of sites",
        description="Those of the sites that you may change, the newest first.",
        responses=answers({200: SiteShareSerializer(many=True)}, 400, 401),
        tags=_TAG,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="site_shares_create",
        summary="Share a site",
        description="The response contains its address, which the API does not show again. A site has one page.",
        request=SiteShareSerializer,
        responses=answers({201: NewSiteShareSerializer}, 400, 401, 403, 409),
        tags=_TAG,
    )
    def post(self, request: Request) -> Response:
        given = SiteShareSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        site, operator = fields.pop("site"), operator_of(request)
        require_editor(by=operator, site=site)
        if page_of_site(site):
            raise Refusal("limit_reached", "The site is shared already. Change its page.")
        shown = _changed(Shown(name="", parts=()), fields)
        page = share_site(by=operator, site=site, shown=shown, now=timezone.now())
        url = request.build_absolute_uri(reverse("site-page", args=[link_of(page)]))
        told = NewSiteShareSerializer(_found(request, page.uuid), context={"url": url})
        return Response(told.data, status=status.HTTP_201_CREATED)


class OneSiteShare(APIView):
    """The page of a site."""

    @extend_schema(
        operation_id="site_shares_get",
        summary="Show a shared page of a site",
        responses=answers({200: SiteShareSerializer}, 401, 403, 404),
        tags=_TAG,
    )
    def get(self, request: Request, page: UUID) -> Response:
        return Response(SiteShareSerializer(_found(request, page)).data)

    @extend_schema(
        operation_id="site_shares_update",
        summary="Change what a shared page of a site shows",
        description="Open pages follow at once, and you are its maker from then on. The site stays.",
        request=SiteShareSerializer(partial=True),
        responses=answers({200: SiteShareSerializer}, 400, 401, 403, 404, 409),
        tags=_TAG,
    )
    def patch(self, request: Request, page: UUID) -> Response:
        found = _found(request, page)
        given = SiteShareSerializer(found, data=request.data, partial=True, context={"request": request})
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        if fields.pop("site", found.site) != found.site:
            raise ValidationError({"site": "A page stays with its site."})
        shown = _changed(shown_by(found), fields)
        share_site(by=operator_of(request), site=found.site, shown=shown, now=timezone.now())
        return Response(SiteShareSerializer(_found(request, page)).data)

    @extend_schema(
        operation_id="site_shares_end",
        summary="Make a site private",
        description="Its open pages go dark at once.",
        responses=answers({204: None}, 401, 403, 404),
        tags=_TAG,
    )
    def delete(self, request: Request, page: UUID) -> Response:
        end_page(by=operator_of(request), page=_found(request, page))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _found(request: Request, page: UUID) -> SiteShare:
    """Return the page of a site that the operator may change.

    :raises Http404: if the operator may not see the site. :raises Refusal: `not_allowed`.
    """
    operator = operator_of(request)
    found: SiteShare = get_object_or_404(visible_pages(operator, now=timezone.now()), uuid=page)
    require_editor(by=operator, site=found.site)
    return found


def _changed(shown: Shown, fields: Mapping[str, Any]) -> Shown:
    if "parts" not in fields:
        return replace(shown, **fields)
    parts = [
        Part(each["sensor"], each.get("name") or each["sensor"].name, each["quantities"]) for each in fields["parts"]
    ]
    _require_known(parts, before={part.sensor.pk: part.quantities for part in shown.parts})
    return replace(shown, **{**fields, "parts": parts})


def _require_known(parts: list[Part], *, before: Mapping[int, Any]) -> None:
    """:raises ValidationError: for quantities that a sensor has never sent, such as misspelt ones."""
    for part, station in zip(parts, stations([each.sensor for each in parts], now=timezone.now()), strict=True):
        unknown = sorted({*part.quantities} - station.newest.values.keys() - {*before.get(part.sensor.pk, ())})
        if unknown:
            raise ValidationError({"sensors": f"{part.sensor.name} has sent no {', '.join(unknown)}."})
