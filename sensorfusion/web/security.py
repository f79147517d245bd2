"""The content security policy of every page.

Pages run our own modules only: no inline script but the import map, no inline style but one rule (both allowed by
their hash), and no string becomes markup (Trusted Types). The admin and the API's documentation are written by others
and need more.
"""

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from sensorfusion.web.importmap import import_map_hash

HEADER: Final = "Content-Security-Policy"

# Stands in the page itself: a page that is first styled before a file with this rule has come breaks off the transition
# that led to it, which Chromium reports as an error.
OPENING_STYLE: Final = "@media (prefers-reduced-motion: no-preference) { @view-transition { navigation: auto } }"
_OPENING_HASH: Final = f"'sha256-{b64encode(sha256(OPENING_STYLE.encode()).digest()).decode()}'"

_COMMON: Final = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_ADMIN: Final = f"default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; {_COMMON}"
_DOCUMENTATION: Final = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; "
    f"worker-src 'self' blob:; {_COMMON}"
)
# Where the strict policy cannot hold: the beginning of the path, what is allowed there, and why.
EXCEPTIONS: Final[tuple[tuple[str, str], ...]] = (
    ("/admin/", _ADMIN),  # Django's admin sets style attributes and builds markup from strings
    ("/api/docs/", _DOCUMENTATION),  # Swagger UI starts from an inline script and writes inline styles
    ("/api/redoc/", _DOCUMENTATION),  # Redoc does too, and searches in a worker made from a blob
)


class ContentSecurityPolicy:
    """Middleware that adds the policy to responses which do not bring their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, policy(path=request.path, host=_host(request)))
        return response


def policy(*, path: str, host: str) -> str:
    """Write the policy of the page at `path`, served under `host` (empty where it is not a known one)."""
    for beginning, allowed in EXCEPTIONS:
        if path.startswith(beginning):
            return allowed
    # Safari does not count a WebSocket of the same origin as 'self'.
    sockets = f" ws://{host} wss://{host}" if host else ""
    return (
        f"default-src 'none'; script-src 'self' {import_map_hash()}; style-src 'self' {_OPENING_HASH}; "
        f"font-src 'self'; img-src 'self' data:; connect-src 'self'{sockets}; {_COMMON}; "
        "require-trusted-types-for 'script'"
    )


def _host(request: HttpRequest) -> str:
    try:
        return request.get_host()
    except DisallowedHost:
        return ""
