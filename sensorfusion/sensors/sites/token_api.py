"""The endpoint that makes API tokens, which may be bound to sites."""

from datetime import timedelta

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from sensorfusion.accounts import api as accounts_api
from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.models import TokenScope
from sensorfusion.accounts.schema import answers
from sensorfusion.accounts.serializers import NewTokenSerializer, TokenRequestSerializer
from sensorfusion.accounts.services import issue_token
from sensorfusion.sensors.serializers import VisibleSite


class BoundTokenRequestSerializer(TokenRequestSerializer):
    sites = VisibleSite(
        many=True, required=False, help_text="Public ids of the only sites that it reaches; default: all of yours."
    )


class Tokens(accounts_api.ListedTokens):
    """The operator's API tokens."""

    @extend_schema(
        operation_id="auth_tokens_create",
        summary="Make a token",
        description=(
            "Its text is returned only this once. A token that is made with another one ends with it at the latest, "
            "and has no wider scope and no other sites."
        ),
        request=BoundTokenRequestSerializer,
        responses=answers({201: NewTokenSerializer}, 400, 401, 403, 409),
        tags=["auth"],
    )
    def post(self, request: Request) -> Response:
        given = BoundTokenRequestSerializer(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        issued = issue_token(
            operator=operator_of(request),
            label=wanted["label"],
            scope=TokenScope(wanted["scope"]),
            life=timedelta(days=wanted["days"]),
            sites=[site.pk for site in wanted["sites"]] if "sites" in wanted else None,
            now=timezone.now(),
        )
        body = NewTokenSerializer(issued.token, context={"text": issued.text}).data
        return Response(body, status=status.HTTP_201_CREATED)
