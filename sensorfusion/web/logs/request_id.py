"""The id of each request: in its answer, in every line that is logged for it, and on the page of an error.

A proxy that gives its requests ids sends them as `X-Request-ID`; they are kept, so that its log and ours can be joined.
"""

import re
import secrets
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sensorfusion.domain.log_context import log_context, logged_about

HEADER: Final = "X-Request-ID"
# As nginx, HAProxy, Traefik and Heroku make them: hexadecimal digits, UUIDs, other short names.
_USUAL: Final = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
_RANDOM_BYTES: Final = 8


def request_id() -> str:
    """Return the id of the request that is being answered, "" outside of one."""
    return str(log_context().get("request_id", ""))


class RequestId:
    """Middleware that takes over the id that a request came with, or gives it one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        name = given if _USUAL.fullmatch(given) else secrets.token_hex(_RANDOM_BYTES)
        with logged_about(request_id=name):
            response = self.get_response(request)
        response.headers[HEADER] = name
        return response
