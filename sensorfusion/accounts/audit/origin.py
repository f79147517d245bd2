"""The network address that the present request comes from, for audit entries.

Services are also called by commands, and know no HTTP: the middleware hands the address over in a context variable,
which asynchronous code and its threads inherit. What runs outside a request is a command.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

COMMAND_LINE: Final = "command line"
_origin: ContextVar[str] = ContextVar("origin", default=COMMAND_LINE)


def origin() -> str:
    """Return the client's network address, "" if the server does not know it, or `COMMAND_LINE`."""
    return _origin.get()


class Origin:
    """Middleware that keeps the client's address while its request is answered.

    The server has already applied the headers of trusted proxies.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        before = _origin.set(request.META.get("REMOTE_ADDR") or "")
        try:
            return self.get_response(request)
        finally:
            _origin.reset(before)
