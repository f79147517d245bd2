"""Headers of every page: the content security policy, and what browsers may keep and use.

Pages run our own modules only: no inline script but the import map, no inline style but one rule (both allowed by their
hash), and no string becomes markup (Trusted Types). The admin and the API's documentation are third-party and need
exceptions.
"""

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from sensorfusion.web.importmap import import_map_hash
from sensorfusion.web.languages.scripts import ENGLISH

HEADER: Final = "Content-Security-Policy"

# Nothing of a device but what a page asks for: the place of a new site.
_PERMISSIONS: Final = ", ".join(
    (
        "geolocation=(self)",
        "fullscreen=(self)",
        "clipboard-write=(self)",
        *(f"{name}=()" for name in ("camera", "display-capture", "microphone", "payment", "usb")),
    )
)
# Else the Back button shows what was signed in to after signing out. Responses that may be kept say so themselves.
_CACHING: Final = "no-store"

# Inline, because a page that is rendered before a file with this rule has loaded cancels the view transition, which
# Chromium reports as an error.
OPENING_STYLE: Final = "@media (prefers-reduced-motion: no-preference) { @view-transition { navigation: auto } }"
_OPENING_HASH: Final = f"'sha256-{b64encode(sha256(OPENING_STYLE.encode()).digest()).decode()}'"

_COMMON: Final = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_ADMIN: Final = f"default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; {_COMMON}"
# With our frame around it, whose import map is added; "{scripts}" is replaced.
_DOCUMENTATION: Final = f"{_ADMIN}; script-src 'self' {{scripts}}; worker-src 'self' blob:"
# Paths for which the strict policy is impossible: the prefix, the policy, and why.
EXCEPTIONS: Final[tuple[tuple[str, str], ...]] = (
    ("/admin/", _ADMIN),  # Django's admin sets style attributes and builds markup from strings
    ("/api/docs/", _DOCUMENTATION),  # Swagger UI writes inline styles and builds markup from strings
    ("/api/redoc/", _DOCUMENTATION),  # Redoc does too, and searches in a worker made from a blob
)


class SecurityHeaders:
    """Middleware that adds the headers to responses without them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        language = response.headers.get("Content-Language", ENGLISH)
        response.headers.setdefault(HEADER, policy(path=request.path_info, host=_host(request), language=language))
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cache-Control", _CACHING)
        return response


def policy(*, path: str, host: str, language: str = ENGLISH) -> str:
    """Return the policy of the page at `path`, served under `host` (empty if it is not a known host)."""
    scripts = import_map_hash(language)
    for beginning, allowed in EXCEPTIONS:
        if path.startswith(beginning):
            return allowed.replace("{scripts}", scripts)
    # Safari does not count a WebSocket of the same origin as 'self'.
    sockets = f" ws://{host} wss://{host}" if host else ""
    return (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' {_OPENING_HASH}; "
        f"font-src 'self'; manifest-src 'self'; img-src 'self' data:; connect-src 'self'{sockets}; "
        f"worker-src 'self'; {_COMMON}; "
        "require-trusted-types-for 'script'"
    )


def _host(request: HttpRequest) -> str:
    try:
        return request.get_host()
    except DisallowedHost:
        return ""
