"""Origins as browsers write them in the Origin header: scheme, host and port, without the scheme's own port."""

from typing import Final
from urllib.parse import SplitResult, urlsplit

_PORTS: Final = {"http": 80, "https": 443}
# What is sent in place of an origin: by browsers for files and sandboxed frames, and by libraries of devices.
WITHOUT_HOST: Final = ("null", "file://")


def origin_of(url: str) -> str:
    """Return the origin of a URL; empty if it has no host."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{_host(parts)}" if parts.hostname else ""


def normal(origin: str) -> str:
    """Return an http or https origin in lower case, without the scheme's own port; empty if it is none."""
    try:
        parts = urlsplit(origin)
        is_origin = parts.scheme in _PORTS and not (parts.path or parts.query or parts.fragment)
        return origin_of(origin) if is_origin and parts.username is None else ""
    except ValueError:  # an invalid port, or brackets without an address
        return ""


def _host(parts: SplitResult) -> str:
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    is_usual = parts.port is None or parts.port == _PORTS.get(parts.scheme)
    return host if is_usual else f"{host}:{parts.port}"
