"""PUBLIC_URL, which may end in a path: `https://example.org/sf`, behind a proxy that serves other programs too.

The proxy may remove the path from requests or leave it in; `server/sub_path.py` accepts both. That is possible because
no address of ours begins with the path: the first word of a path is not one of `OUR_FIRST_WORDS`.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from sensorfusion.config import values

# The first words of our own addresses; `tests/config/test_public_url.py` compares them with all routes.
OUR_FIRST_WORDS: Final = frozenset({
    "account", "admin", "administration", "alerts", "api", "automaticreading", "channels", "clients", "data",
    "explore", "exports", "health", "healthz", "in", "invitations", "metrics", "offline", "p", "ping", "pwsupdate",
    "query", "readyz", "s", "sensors", "set-up", "sign-in", "sign-out", "sign-up", "sites", "static", "tv", "update",
    "update.json", "weatherstation", "worker.js", "write", "ws",
})  # fmt: skip
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9][A-Za-z0-9._~-]*)+")


def checked(value: str) -> str:
    """Check PUBLIC_URL.

    :raises ValueError: with a phrase that follows the name of the variable.
    """
    values.web_address(value)
    path = path_of(value)
    if path and not _PATH.fullmatch(path):
        raise ValueError(f"has the path {path!r}: write letters, digits and . _ ~ - between single slashes, as in /sf.")
    first = path.strip("/").partition("/")[0]
    if first in OUR_FIRST_WORDS:
        raise ValueError(
            f"has the path {path!r}: addresses of the platform itself begin with /{first}, so write another, such as "
            "/sf."
        )
    return value


def path_of(url: str) -> str:
    """Return the path of a URL without a slash at the end: "/sf", or "" for the root of the host."""
    return urlsplit(url).path.rstrip("/")
