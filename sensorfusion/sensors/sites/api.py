"""The management API of sites and their members. Invisible objects are answered 404, never 403."""

from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.models import Role
from sensorfusion.accounts.schema import answers
from sensorfusion.sensors import queries, services
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.serializers import (
    InvitationSerializer,
    MemberSerializer,
    NewInvitationSerializer,
    SiteSerializer,
)
from sensorfusion.sensors.sites import membership
from sensorfusion.sensors.sites.filters import SiteFilter
from sensorfusion.sensors.sites.invitations import invite

REVOKE_KEYS = OpenApiParameter(
    "revoke_keys", OpenApiTypes.BOOL, description="Also revoke the keys that the member made at this site."
)


class _VisibleSites(generics.GenericAPIView[Site]):
    queryset = Site.objects.none()
    serializer_class = SiteSerializer
    lookup_field = "uuid"

    def get_queryset(self) -> QuerySet[Site]:
        return queries.sites_with_role(operator_of(self.request))


class Sites(_VisibleSites, generics.ListAPIView[Site]):
    """The sites that the operator is a member of."""

    filterset_class = SiteFilter

    @extend_schema(
        operation_id="sites_list",
        summary="List sites",
        responses=answers({200: SiteSerializer(many=True)}, 400, 401),
        tags=["sites"],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="sites_create",
        summary="Create a site",
        description="You become its owner.",
        responses=answers({201: SiteSerializer}, 400, 401, 409),
        tags=["sites"],
    )
    def post(self, request: Request) -> Response:
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        made = services.create_site(by=operator_of(request), now=timezone.now(), **given.validated_data)
        body = SiteSerializer(self.get_queryset().get(pk=made.pk)).data
        return Response(body, status=status.HTTP_201_CREATED)


@extend_schema_view(
    get=extend_schema(operation_id="sites_get", summary="Show a site", tags=["sites"]),
    put=extend_schema(operation_id="sites_replace", summary="Replace the properties of a site", tags=["sites"]),
    patch=extend_schema(operation_id="sites_update", summary="Change a site", tags=["sites"]),
    delete=extend_schema(
        operation_id="sites_delete",
        summary="Delete a site, its sensors and all their readings",
        responses=answers({204: None}, 401, 403, 404),
        tags=["sites"],
    ),
)
@extend_schema(responses=answers({200: SiteSerializer}, 400, 401, 403, 404))
class OneSite(_VisibleSites, generics.RetrieveUpdateDestroyAPIView[Site]):
    """One site."""

    administered = ("DELETE",)

    def perform_update(self, serializer: BaseSerializer[Site]) -> None:
        site = cast(Site, serializer.instance)
        services.update_site(by=operator_of(self.request), site=site, **serializer.validated_data)

    def perform_destroy(self, instance: Site) -> None:
        services.delete_site(by=operator_of(self.request), site=instance)


class _Members(APIView):
    administered = ("GET", "POST", "PATCH", "DELETE")

    def site(self, uuid: UUID) -> Site:
        return get_object_or_404(queries.visible_sites(operator_of(self.request)), uuid=uuid)


class Members(_Members):
    """The members of a site."""

    @extend_schema(
        operation_id="members_list",
        summary="List members",
        responses=answers({200: MemberSerializer(many=True)}, 401, 404),
        tags=["members"],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        return Response(MemberSerializer(membership.members(self.site(uuid)), many=True).data)

    @extend_schema(
        operation_id="members_add",
        summary="Invite a member",
        description="They are a member when they accept. An address without an account may be invited, too.",
        request=NewInvitationSerializer,
        responses=answers({201: InvitationSerializer}, 400, 401, 403, 404, 409),
        tags=["members"],
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        site = self.site(uuid)
        given = NewInvitationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        email, role = given.validated_data["email"], Role(given.validated_data["role"])
        made = invite(by=operator_of(request), site=site, email=email, role=role, now=timezone.now())
        return Response(InvitationSerializer(made).data, status=status.HTTP_201_CREATED)


class OneMember(_Members):
    """One member of a site, identified by the operator's public id."""

    @extend_schema(
        operation_id="members_update",
        summary="Change a member's role",
        request=MemberSerializer,
        responses=answers({200: MemberSerializer}, 400, 401, 403, 404, 409),
        tags=["members"],
    )
    def patch(self, request: Request, uuid: UUID, operator: UUID) -> Response:
        member = get_object_or_404(membership.members(self.site(uuid)), operator__uuid=operator)
        given = MemberSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        role = Role(given.validated_data["role"])
        changed = membership.change_role(by=operator_of(request), membership=member, role=role)
        return Response(MemberSerializer(changed).data)

    @extend_schema(
        operation_id="members_remove",
        summary="Remove a member, or leave",
        description="The keys that they made go on working unless they are revoked; lists of keys say who made them.",
        parameters=[REVOKE_KEYS],
        responses=answers({204: None}, 400, 401, 403, 404, 409),
        tags=["members"],
    )
    def delete(self, request: Request, uuid: UUID, operator: UUID) -> Response:
        member = get_object_or_404(membership.members(self.site(uuid)), operator__uuid=operator)
        membership.remove_member(
            by=operator_of(request), membership=member, now=timezone.now(), revoke_keys=_revokes_keys(request)
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


def _revokes_keys(request: Request) -> bool:
    """Return whether keys are to be revoked too; other values than true and false are refused, not taken for false."""
    text = request.query_params.get("revoke_keys", "false")
    if text not in ("true", "false"):
        raise serializers.ValidationError({"revoke_keys": "Give true or false."})
    return text == "true"
