"""Authentication by API token, `Authorization: Bearer sft_…` (or `Token sft_…`, as others write it), or by session.

A view names the methods that take the scope `administer` in its attribute `administered`. A browser's session is as
good as such a token, and may be used by a stranger at the desk: for those methods, and for what a view names in
`proven`, its operator must have signed in or confirmed within the last 15 minutes.
"""

from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from sensorfusion.accounts.models import ApiToken, Operator, TokenScope
from sensorfusion.accounts.queries import LookUp, token_for
from sensorfusion.accounts.services import note_use
from sensorfusion.accounts.signing_in.recent import is_proven
from sensorfusion.accounts.tries.tokens import tried_token
from sensorfusion.domain.refusals import Refusal

_SCHEMES = ("bearer", "token")


class TokenAuthentication(BaseAuthentication):
    """Identifies the operator by the token, which is refused for what its scope does not include.

    A view whose method `look_up_token` reads more together with the token, such as the sensor of its path, saves a
    statement for each.
    """

    def authenticate(self, request: Request) -> tuple[Operator, ApiToken] | None:
        scheme, _, text = get_authorization_header(request).decode("latin-1").strip().partition(" ")
        if scheme.lower() not in _SCHEMES:
            return None
        now = timezone.now()
        look_up: LookUp = getattr(_view(request), "look_up_token", token_for)
        address = request.META.get("REMOTE_ADDR", "")
        token = tried_token(text=text.strip(), address=address, now=now, look_up=look_up)
        if token is None:
            raise AuthenticationFailed(_why_not(text.strip()), code="unknown_token")
        _require_scope(TokenScope(token.scope), request)
        note_use(token=token, now=now)
        return token.operator, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class ProvenSession(SessionAuthentication):
    """Identifies the operator by the session of a browser."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        found = super().authenticate(request)
        if found and request.method in _dangerous(request) and not is_proven(request._request):
            raise Refusal("confirm_first")
        return found


def _dangerous(request: Request) -> set[str]:
    view = _view(request)
    return {*getattr(view, "administered", ()), *getattr(view, "proven", ())} - {*SAFE_METHODS}


def _require_scope(scope: TokenScope, request: Request) -> None:
    if request.method not in SAFE_METHODS and not scope.may_write:
        raise PermissionDenied("This token may not change anything. Use one that may write.", code="read_only_token")
    if not scope.may_read:
        raise PermissionDenied("This token may only send readings.", code="narrow_token")
    if request.method in getattr(_view(request), "administered", ()) and scope is not TokenScope.ADMINISTER:
        raise PermissionDenied("This takes a token with the scope administer.", code="narrow_token")


def _view(request: Request) -> Any:
    return (request.parser_context or {}).get("view")


def _why_not(text: str) -> str:
    if text.startswith("sf_"):
        return "This is a sensor's key, which is for sending readings. Sign in and use the token from there."
    return "The token is unknown or has expired. Sign in again."


def operator_of(request: Request) -> Operator:
    """Return the operator of a request for which anonymous access was already refused."""
    if not isinstance(request.user, Operator):
        raise TypeError("the view has no IsAuthenticated permission")
    return request.user
