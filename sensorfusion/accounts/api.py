"""Endpoints for sign-in and sign-out, the operator's own account, and API tokens.

Registering and closing an account also changes sites, and tokens may be bound to sites: those endpoints are in
`sensors.sites`.
"""

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sensorfusion.accounts import queries, services
from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.models import ApiToken
from sensorfusion.accounts.rate_limit import OperatorThrottle
from sensorfusion.accounts.schema import answers
from sensorfusion.accounts.serializers import (
    OperatorSerializer,
    PasswordChangeSerializer,
    SignedInSerializer,
    SignInSerializer,
    TokenSerializer,
)
from sensorfusion.accounts.throttles import AttemptThrottle, ForgivesSuccess


class Login(ForgivesSuccess):
    """Exchange e-mail and password for a token."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (AttemptThrottle,)

    @extend_schema(
        operation_id="auth_login",
        summary="Sign in",
        description="Returns a token that is valid for 30 days. An account with a second factor needs its `code`.",
        request=SignInSerializer,
        responses=answers({200: SignedInSerializer}, 400, 401, 409, 429),
        tags=["auth"],
    )
    def post(self, request: Request) -> Response:
        given = SignInSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        issued = services.sign_in(**given.validated_data, now=timezone.now())
        response = Response(SignedInSerializer(issued).data)
        response.operator = issued.token.operator  # type: ignore[attr-defined]  # read by ForgivesSuccess
        return response


class Logout(APIView):
    """End the token that was sent, or the browser's session."""

    @extend_schema(
        operation_id="auth_logout",
        summary="Sign out",
        description="Ends the token this request is made with.",
        request=None,
        responses=answers({204: None}, 401),
        tags=["auth"],
    )
    def post(self, request: Request) -> Response:
        if isinstance(request.auth, ApiToken):
            services.end_token(token=request.auth)
        else:
            services.end_session(request=request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Password(ForgivesSuccess):
    """Change the password."""

    administered = ("POST",)
    throttle_classes = (AttemptThrottle, OperatorThrottle)

    @extend_schema(
        operation_id="auth_password",
        summary="Change the password",
        description="Ends every other token of the operator.",
        request=PasswordChangeSerializer,
        responses=answers({204: None}, 400, 401, 429),
        tags=["auth"],
    )
    def post(self, request: Request) -> Response:
        given = PasswordChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        keep = request.auth if isinstance(request.auth, ApiToken) else None
        services.change_password(operator=operator_of(request), **given.validated_data, keep=keep)
        if keep is None:
            update_session_auth_hash(request._request, operator_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Me(APIView):
    """The authenticated operator."""

    @extend_schema(
        operation_id="auth_me",
        summary="Who am I",
        responses=answers({200: OperatorSerializer}, 401),
        tags=["auth"],
    )
    def get(self, request: Request) -> Response:
        return Response(OperatorSerializer(operator_of(request)).data)

    @extend_schema(
        operation_id="auth_me_update",
        summary="Change my name, units or unwanted e-mail",
        request=OperatorSerializer,
        responses=answers({200: OperatorSerializer}, 400, 401),
        tags=["auth"],
    )
    def patch(self, request: Request) -> Response:
        given = OperatorSerializer(operator_of(request), data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        operator = services.update_profile(operator=operator_of(request), **given.validated_data)
        return Response(OperatorSerializer(operator).data)


class _OwnTokens(generics.GenericAPIView[ApiToken]):
    administered = ("GET", "POST", "DELETE")
    queryset = ApiToken.objects.none()
    serializer_class = TokenSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[ApiToken]:
        return queries.tokens_of(operator_of(self.request))


class ListedTokens(_OwnTokens, generics.ListAPIView[ApiToken]):
    """The operator's API tokens. `sensors.sites.token_api` adds the endpoint that makes one."""

    @extend_schema(
        operation_id="auth_tokens_list",
        summary="List my tokens",
        responses=answers({200: TokenSerializer(many=True)}, 401),
        tags=["auth"],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class OneToken(_OwnTokens, generics.DestroyAPIView[ApiToken]):
    """One of the operator's API tokens."""

    @extend_schema(
        operation_id="auth_tokens_delete",
        summary="End a token",
        responses=answers({204: None}, 401, 404),
        tags=["auth"],
    )
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().delete(request, *args, **kwargs)

    def perform_destroy(self, instance: ApiToken) -> None:
        services.end_token(token=instance)
