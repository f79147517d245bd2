"""Remembers in a browser for which accounts it was signed in, so that it is not locked out with others.

The cookie gives no right but to try a password. It holds digests of the addresses, signed.
"""

from typing import Final

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.web.addresses import full_path

COOKIE: Final = "known"
KEPT_S: Final = 365 * 24 * 3600
MOST: Final = 5  # accounts
_SALT: Final = "sensorfusion known browser"


def knows(request: HttpRequest, email: str) -> bool:
    """Return whether this browser was signed in to the account before."""
    return bool(email) and _mark(email) in _marks(request)


def remember(response: HttpResponse, request: HttpRequest, email: str) -> None:
    """Set the cookie after a sign-in."""
    marks = [_mark(email), *(each for each in _marks(request) if each != _mark(email))][:MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps(marks, salt=_SALT),
        max_age=KEPT_S,
        path=full_path("/"),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def _marks(request: HttpRequest) -> list[str]:
    try:
        marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT_S)
    except signing.BadSignature:
        return []
    return [each for each in marks if isinstance(each, str)] if isinstance(marks, list) else []


def _mark(email: str) -> str:
    return salted_hmac(_SALT, email_key(email), algorithm="sha256").hexdigest()[:24]
