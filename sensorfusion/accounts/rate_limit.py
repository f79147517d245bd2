"""How many requests of the API an operator may make, and the headers that say so.

`RateLimit-Policy` and `RateLimit` are those of draft-ietf-httpapi-ratelimit-headers-10. Every operator has a token
bucket in each process, whatever tokens and sessions they use; memory is bounded: the least recently active buckets are
evicted first. Doors have limits of their own, for each sensor (`ingest.senders.rate_limit`).
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from sensorfusion.accounts.models import Operator

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which imports this module, by the setting DEFAULT_THROTTLE_CLASSES

WINDOW_S: Final = 60
MOST_BUCKETS: Final = 10_000
_NOTED: Final = "rate_limit_of_operator"


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left to an operator after a request; `left` is negative if the request is refused."""

    most: int
    left: float

    @property
    def is_used_up(self) -> bool:
        return self.left < 0

    @property
    def full_in_s(self) -> int:
        """Return after how many seconds all of it is there again."""
        return math.ceil((self.most - max(0.0, self.left)) * WINDOW_S / self.most)

    @property
    def next_in_s(self) -> int:
        """Return after how many seconds a refused request may be made."""
        return math.ceil(-self.left * WINDOW_S / self.most)

    def headers(self) -> dict[str, str]:
        left = math.floor(max(0.0, self.left))
        return {
            "RateLimit-Policy": f'"operator";q={self.most};w={WINDOW_S}',
            "RateLimit": f'"operator";r={left};t={self.full_in_s}',
        }


class Requests:
    """Token buckets of this process, by operator or whatever else is limited; used from any thread."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()  # of each: (requests left, at)

    def take(self, of: Hashable, *, most: int) -> Quota:
        """Count a request; one that is refused is not counted."""
        with self._lock:
            now = self._clock()
            left, at = self._buckets.pop(of, (float(most), now))
            left = min(float(most), left + (now - at) * most / WINDOW_S) - 1
            self._buckets[of] = (left if left >= 0 else left + 1, now)
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        return Quota(most, left)

    def forget(self) -> None:
        """Begin again."""
        with self._lock:
            self._buckets.clear()


REQUESTS = Requests()


class OperatorThrottle(BaseThrottle):
    """Answers 429 with Retry-After when an operator makes too many requests; strangers are counted elsewhere."""

    def __init__(self) -> None:
        self._wait_s = 0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        most = settings.ENVIRONMENT.operator_requests_per_minute
        if not most or not isinstance(request.user, Operator):
            return True
        quota = REQUESTS.take(request.user.pk, most=most)
        getattr(request._request, _NOTED, {}).update(quota.headers())
        self._wait_s = quota.next_in_s if quota.is_used_up else 0
        return not quota.is_used_up

    def wait(self) -> float:
        return self._wait_s


class RateLimitHeaders:
    """Middleware that adds to an answer what is left to its operator."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        noted: dict[str, Any] = {}
        setattr(request, _NOTED, noted)  # one dictionary also for copies of the request, such as those of conditions
        response = self._get_response(request)
        for name, value in noted.items():
            response.headers[name] = value
        return response
