"""Passwords of shares: a right one sets a signed cookie for the paths of that link alone.

That of a site's page opens the pages of its sensors too, which have other paths: its cookie has a name of its own.

Wrong ones are counted by the limits of sign-in (`accounts.attempts`), per network and per share.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core import signing
from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from sensorfusion.accounts.attempts import HOUR, MINUTE, PER_NETWORK, Limit, count_all, take_back
from sensorfusion.domain.networks import network_of
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sharing.models import Share, SiteShare
from sensorfusion.web.addresses import full_path

Locked: TypeAlias = Share | SiteShare

COOKIE: Final = "share"
LASTS: Final = timedelta(days=1)
PER_SHARE: Final = 100  # wrong passwords an hour, from anywhere (ASVS 2.2.1)
PER_SHARE_AND_NETWORK: Final = 20  # so that one network cannot use up what others have
_SALT: Final = "sensorfusion.sharing.unlocked"


def is_unlocked(share: Locked, cookies: Mapping[str, str]) -> bool:
    """Return whether a share has no password, or the browser has shown it, or that of its page, within a day."""
    if not share.password or _has_shown(share, cookies):
        return True
    return isinstance(share, Share) and share.page is not None and _has_shown(share.page, cookies)


def try_password(*, share: Locked, password: str, address: str, now: datetime) -> bool:
    """Return whether a password is the share's.

    :raises Refusal: `too_fast`.
    """
    network, name = network_of(address), _cookie_of(share) if isinstance(share, SiteShare) else share.pk
    counted = count_all(
        [
            Limit(f"network:{network}", PER_NETWORK, MINUTE),
            Limit(f"share:{name}:{network}", PER_SHARE_AND_NETWORK, HOUR),
            Limit(f"share:{name}", PER_SHARE, HOUR),
        ],
        now=now,
    )
    if counted.wait_s:
        detail = gettext("Too many wrong passwords. Try again later.")
        raise Refusal("too_fast", detail, retry_after_s=counted.wait_s)
    if not check_password(password, share.password):
        return False
    take_back(counted)
    return True


def unlock(response: HttpResponse, *, share: Locked, token: str) -> None:
    """Let the browser see a share for a day."""
    response.set_cookie(
        _cookie_of(share),
        signing.TimestampSigner(salt=_SALT).sign(_proof(share)),
        max_age=LASTS,
        path=full_path("/" if isinstance(share, SiteShare) else f"/s/{token}/"),
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",  # a link in an e-mail is opened from another site
    )


def _has_shown(share: Locked, cookies: Mapping[str, str]) -> bool:
    try:
        said = signing.TimestampSigner(salt=_SALT).unsign(cookies.get(_cookie_of(share), ""), max_age=LASTS)
    except signing.BadSignature:
        return False
    return said == _proof(share)


def _cookie_of(share: Locked) -> str:
    return f"page-{bytes(share.digest).hex()[:12]}" if isinstance(share, SiteShare) else COOKIE


def _proof(share: Locked) -> str:
    """Return what names this share and this password, and tells neither."""
    return salted_hmac(_SALT, bytes(share.digest) + share.password.encode(), algorithm="sha256").hexdigest()
