"""Rate limits of sign-in and sign-up attempts, against guessing passwords.

Attempts are counted in Django's cache, which by default is local to the process: with several processes the limits are
that many times higher, still far too low to guess a password. Windows are fixed, and successful attempts count too.
"""

from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from sensorfusion.domain.texts.email_addresses import email_key

WINDOW_S = 60
PER_ADDRESS = 30  # an office behind one address, on a Monday morning
PER_EMAIL = 10


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: the client's network address and the e-mail address given."""

    address: str
    email: str = ""


def seconds_to_wait(attempt: Attempt, *, now_s: float) -> int:
    """Count an attempt; return 0 if it is allowed, else the seconds to wait.

    Attempts above the limit of a network address are not counted for the e-mail address.
    """
    window, elapsed_s = divmod(now_s, WINDOW_S)
    allowed = _count(f"address:{attempt.address}:{window:.0f}") <= PER_ADDRESS and (
        not attempt.email or _count(f"email:{email_key(attempt.email)}:{window:.0f}") <= PER_EMAIL
    )
    return 0 if allowed else max(1, round(WINDOW_S - elapsed_s))


def _count(name: str) -> int:
    key = f"attempts:{sha256(name.encode(errors='surrogatepass')).hexdigest()}"
    cache.add(key, 0, timeout=2 * WINDOW_S)
    try:
        return cache.incr(key)
    except ValueError:  # the cache was full and evicted it just now
        return 1


class AttemptThrottle(BaseThrottle):
    """Answers 429 with Retry-After when there were too many attempts."""

    def __init__(self) -> None:
        self._wait_s = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        given = request.data.get("email", "") if isinstance(request.data, dict) else ""
        # REMOTE_ADDR and not X-Forwarded-For, which any client can set; the server fills it in from a trusted proxy.
        attempt = Attempt(request.META.get("REMOTE_ADDR", ""), given if isinstance(given, str) else "")
        self._wait_s = seconds_to_wait(attempt, now_s=timezone.now().timestamp())
        return self._wait_s == 0

    def wait(self) -> float:
        return self._wait_s
