"""How many requests a network may make to shared links: anybody may open them, and each draws charts.

They are counted before the link is looked up, so guessing is bounded too. What a page is sent live costs no request.
"""

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sensorfusion.accounts.rate_limit import Requests
from sensorfusion.domain.networks import network_of

PER_NETWORK: Final = 240  # requests a minute, in each process: a school class that opens a page together
REQUESTS: Final = Requests()

View = Callable[..., HttpResponse]


def limited(view: View) -> View:
    """Answer 429 with Retry-After to a network that makes too many requests."""

    @wraps(view)
    def answered(request: HttpRequest, **address: str) -> HttpResponse:
        quota = REQUESTS.take(network_of(request.META.get("REMOTE_ADDR", "")), most=PER_NETWORK)
        if not quota.is_used_up:
            return view(request, **address)
        response = render(request, "sharing/too-fast.html", status=429)
        response.headers["Retry-After"] = str(quota.next_in_s)
        return response

    return answered
