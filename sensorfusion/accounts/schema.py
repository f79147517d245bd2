"""Shared parts of the OpenAPI schema: authentication and the format of errors."""

from typing import Any

from drf_spectacular.authentication import SessionScheme as BrowserSession
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from sensorfusion.web.problems import CONTENT_TYPE

_REASONS = {
    400: "The request is invalid; `fields` names the errors.",
    401: "The credentials are missing or wrong.",
    403: "You may not do this.",
    404: "It does not exist, or you may not see it.",
    409: "This conflicts with existing data.",
    429: "Too many attempts; Retry-After says how many seconds to wait.",
}


class RefusalSerializer(serializers.Serializer[Any]):
    """An error with its reason: problem details (RFC 9457)."""

    type = serializers.CharField(help_text="Always about:blank: `code` says what is wrong.")
    title = serializers.CharField(help_text="The name of the HTTP status.")
    status = serializers.IntegerField(help_text="The HTTP status.")
    code = serializers.CharField(help_text="Stable error code.")
    detail = serializers.CharField(help_text="Explanation for people.")
    fields = serializers.DictField(  # type: ignore[assignment]  # the wire's word, which DRF uses for its own
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Errors of each field of the request.",
    )


def answers(success: dict[Any, Any], *refusals: int) -> dict[Any, Any]:
    """Return the responses of an endpoint: its successes by status, and the given error statuses."""
    refused = {(each, CONTENT_TYPE): OpenApiResponse(RefusalSerializer, _REASONS[each]) for each in refusals}
    return {**success, **refused}


class SessionScheme(BrowserSession):  # type: ignore[no-untyped-call]  # its metaclass has no types
    """A browser's session, as drf-spectacular describes Django's own."""

    target_class = "sensorfusion.accounts.authentication.ProvenSession"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its metaclass has no types
    """How a token is sent. drf-spectacular finds it once this module is imported, as every `api.py` does."""

    target_class = "sensorfusion.accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An API token, from `/api/v1/auth/login/` or `/api/v1/auth/tokens/`.",
        }
