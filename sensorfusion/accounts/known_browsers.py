"""Remembers in a browser for which accounts it was signed in, so that it is not locked out with others.

The cookie gives no right but to try a password. It holds digests of the addresses, signed, for a year. For each account
there is a second digest, with the User-Agent without its version numbers: a browser that lacks it is a new one, of
which the operator is told, also if it shows a cookie that was taken from another one.
"""

from typing import Final

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from sensorfusion.accounts.mailing.user_agents import without_versions
from sensorfusion.domain.texts.email_addresses import email_key
from sensorfusion.web.addresses import full_path

COOKIE: Final = "known"
KEPT_S: Final = 365 * 24 * 3600
MOST: Final = 5  # accounts
_SALT: Final = "sensorfusion known browser"


def knows(request: HttpRequest, email: str) -> bool:
    """Return whether this browser was signed in to the account before."""
    return bool(email) and _mark(email) in _marks(request)


def is_same_browser(request: HttpRequest, email: str) -> bool:
    """Return whether this browser, by its cookie and its User-Agent, was signed in to the account before."""
    return _mark_of_browser(request, email) in _marks(request)


def remember(response: HttpResponse, request: HttpRequest, email: str) -> None:
    """Set the cookie after a sign-in."""
    ours = [_mark(email), _mark_of_browser(request, email)]
    marks = [*ours, *(each for each in _marks(request) if each not in ours)][: 2 * MOST]
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


def _mark_of_browser(request: HttpRequest, email: str) -> str:
    browser = without_versions(request.headers.get("User-Agent", ""))
    return salted_hmac(f"{_SALT} agent", f"{email_key(email)} {browser}", algorithm="sha256").hexdigest()[:24]
