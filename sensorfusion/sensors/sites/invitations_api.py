"""The endpoints of invitations: those of a site, for its owners, and one's own."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.models import Invitation
from sensorfusion.accounts.schema import answers
from sensorfusion.sensors import queries
from sensorfusion.sensors.models import Site
from sensorfusion.sensors.serializers import InvitationSerializer, MemberSerializer
from sensorfusion.sensors.sites import invitations


class OfSite(APIView):
    """The invitations of a site."""

    administered = ("GET",)

    @extend_schema(
        operation_id="site_invitations_list",
        summary="List the invitations of a site",
        responses=answers({200: InvitationSerializer(many=True)}, 401, 403, 404),
        tags=["members"],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        site = own_site(request, uuid)
        return Response(InvitationSerializer(invitations.invitations_of(site, now=timezone.now()), many=True).data)


class OneOfSite(APIView):
    """One invitation of a site."""

    administered = ("DELETE",)

    @extend_schema(
        operation_id="site_invitations_withdraw",
        summary="Withdraw an invitation",
        responses=answers({204: None}, 401, 403, 404),
        tags=["members"],
    )
    def delete(self, request: Request, uuid: UUID, invitation: UUID) -> Response:
        site = own_site(request, uuid)
        found = get_object_or_404(invitations.invitations_of(site, now=timezone.now()), uuid=invitation)
        invitations.withdraw(by=operator_of(request), invitation=found)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Mine(APIView):
    """The invitations that wait for the operator."""

    administered = ("GET",)

    @extend_schema(
        operation_id="invitations_list",
        summary="List my invitations",
        responses=answers({200: InvitationSerializer(many=True)}, 401, 403),
        tags=["members"],
    )
    def get(self, request: Request) -> Response:
        found = invitations.invitations_to(operator_of(request), now=timezone.now())
        return Response(InvitationSerializer(found, many=True).data)


class Accept(APIView):
    """Become a member."""

    administered = ("POST",)

    @extend_schema(
        operation_id="invitations_accept",
        summary="Accept an invitation",
        request=None,
        responses=answers({200: MemberSerializer}, 401, 403, 404, 409),
        tags=["members"],
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        now = timezone.now()
        made = invitations.accept(operator=operator_of(request), invitation=mine(request, uuid), now=now)
        return Response(MemberSerializer(made).data)


class Decline(APIView):
    """Refuse an invitation."""

    administered = ("POST",)

    @extend_schema(
        operation_id="invitations_decline",
        summary="Decline an invitation",
        request=None,
        responses=answers({204: None}, 401, 403, 404, 409),
        tags=["members"],
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        now = timezone.now()
        invitations.decline(operator=operator_of(request), invitation=mine(request, uuid), now=now)
        return Response(status=status.HTTP_204_NO_CONTENT)


def own_site(request: Request, uuid: UUID) -> Site:
    """Return the site if the operator owns it."""
    operator = operator_of(request)
    site = get_object_or_404(queries.visible_sites(operator), uuid=uuid)
    if not queries.may_own(operator=operator, site=site):
        raise PermissionDenied("Only an owner of the site may do this.")
    return site


def mine(request: Request, uuid: UUID) -> Invitation:
    """Return an invitation that waits for the operator."""
    return get_object_or_404(invitations.invitations_to(operator_of(request), now=timezone.now()), uuid=uuid)
