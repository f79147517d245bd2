"""Passwords of shares: a right one sets a signed cookie for the paths of that link alone.

Wrong ones are counted by the limits of sign-in (`accounts.attempts`), per network and per share.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core import signing
from django.http import HttpResponse
from django.utils.crypto import salted_hmac

from sensorfusion.accounts.attempts import HOUR, MINUTE, PER_NETWORK, Limit, count_all, take_back
from sensorfusion.domain.networks import network_of
from sensorfusion.domain.refusals import Refusal
from sensorfusion.sharing.models import Share
from sensorfusion.web.addresses import full_path

COOKIE: Final = "share"
LASTS: Final = timedelta(days=1)
PER_SHARE: Final = 100  # wrong passwords an hour, from anywhere (ASVS 2.2.1)
PER_SHARE_AND_NETWORK: Final = 20  # so that one network cannot use up what others have
_SALT: Final = "sensorfusion.sharing.unlocked"


def is_unlocked(share: Share, cookies: Mapping[str, str]) -> bool:
    """Return whether a share has no password, or the browser has shown it within a day."""
    if not share.password:
        return True
    try:
        said = signing.TimestampSigner(salt=_SALT).unsign(cookies.get(COOKIE, ""), max_age=LASTS)
    except signing.BadSignature:
        return False
    return said == _proof(share)


def try_password(*, share: Share, password: str, address: str, now: datetime) -> bool:
    """Return whether a password is the share's.

    :raises Refusal: `too_fast`.
    """
    network = network_of(address)
    counted = count_all(
        [
            Limit(f"network:{network}", PER_NETWORK, MINUTE),
            Limit(f"share:{share.pk}:{network}", PER_SHARE_AND_NETWORK, HOUR),
            Limit(f"share:{share.pk}", PER_SHARE, HOUR),
        ],
        now=now,
    )
    if counted.wait_s:
        raise Refusal("too_fast", "Too many wrong passwords. Try again later.", retry_after_s=counted.wait_s)
    if not check_password(password, share.password):
        return False
    take_back(counted)
    return True


def unlock(response: HttpResponse, *, share: Share, token: str) -> None:
    """Let the browser see a share for a day."""
    response.set_cookie(
        COOKIE,
        signing.TimestampSigner(salt=_SALT).sign(_proof(share)),
        max_age=LASTS,
        path=full_path(f"/s/{token}/"),
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",  # a link in an e-mail is opened from another site
    )


def _proof(share: Share) -> str:
    """Return what names this share and this password, and tells neither."""
    return salted_hmac(_SALT, bytes(share.digest) + share.password.encode(), algorithm="sha256").hexdigest()
