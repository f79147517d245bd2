"""The endpoints of the account API that change sites: registering creates one, closing the account deletes some."""

from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from sensorfusion.accounts import api as accounts_api
from sensorfusion.accounts.authentication import operator_of
from sensorfusion.accounts.schema import answers
from sensorfusion.accounts.serializers import PasswordField, RegistrationSerializer, SignedInSerializer
from sensorfusion.accounts.services import check_password, open_program_session
from sensorfusion.accounts.signing_in.factors import require_code
from sensorfusion.accounts.signing_in.forms import LONGEST_CODE
from sensorfusion.accounts.throttles import AttemptThrottle, ForgivesSuccess
from sensorfusion.sensors import services
from sensorfusion.sensors.signing_up.services import require_open, sign_up
from sensorfusion.web.checks.json_types import JsonTypes

SENT: Final = "A link is on its way, if the address may have an account here. It works for a day."


class ClosingSerializer(JsonTypes):
    password = PasswordField()
    code = serializers.CharField(max_length=LONGEST_CODE, required=False, allow_blank=True, default="")


class LinkSentSerializer(serializers.Serializer[Any]):
    """Says that the account is made when the link in a message is followed."""

    detail = serializers.CharField()


class Register(APIView):
    """Create an account with a first site."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (AttemptThrottle,)

    @extend_schema(
        operation_id="auth_register",
        summary="Register",
        description=(
            "Creates an account and a first site, and signs in. Where e-mail is configured, nothing is created yet, "
            "and the answer is 202, whether or not the address has an account: a link is sent to it."
        ),
        request=RegistrationSerializer,
        responses=answers({201: SignedInSerializer, 202: LinkSentSerializer}, 400, 403, 409, 429),
        tags=["auth"],
    )
    def post(self, request: Request) -> Response:
        require_open()
        given = RegistrationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        operator = sign_up(**given.validated_data, now=now)
        if operator is None:
            return Response(LinkSentSerializer({"detail": SENT}).data, status=status.HTTP_202_ACCEPTED)
        issued = open_program_session(operator=operator, now=now)
        return Response(SignedInSerializer(issued).data, status=status.HTTP_201_CREATED)


class Me(ForgivesSuccess, accounts_api.Me):
    """The authenticated operator."""

    administered = ("PATCH", "DELETE")

    def get_throttles(self) -> list[BaseThrottle]:
        # Closing requires the password, so attempts are rate-limited against guessing.
        of_attempts = [AttemptThrottle()] if self.request.method == "DELETE" else []
        return [*of_attempts, *super().get_throttles()]

    @extend_schema(
        operation_id="auth_me_delete",
        summary="Close my account",
        description=(
            'Takes `{"password": …}`, and the `code` of a second factor if there is one. Deletes the account, and the '
            "sites that have no other members. Refused with 409 if a site with other members would have no owner."
        ),
        responses=answers({204: None}, 400, 401, 409, 429),
        tags=["auth"],
    )
    def delete(self, request: Request) -> Response:
        given = ClosingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        operator, password = operator_of(request), given.validated_data["password"]
        check_password(operator=operator, password=password)
        require_code(operator, given.validated_data["code"], now=timezone.now())
        services.close_account(operator=operator, password=password)
        return Response(status=status.HTTP_204_NO_CONTENT)
