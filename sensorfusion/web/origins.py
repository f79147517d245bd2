"""Whether a request comes from a page of this platform: its Origin is compared with scheme, host and port.

A browser sends the Origin of the page that opens a socket or submits a form, and no page can change it. Ours is that of
PUBLIC_URL, or the one that the request itself was sent to, as far as the proxy in front passes that on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host

from sensorfusion.domain.origins import normal, origin_of
from sensorfusion.domain.texts.translation import gettext, gettext_noop

_LONGEST: Final = 200  # characters of a header that is repeated in a log line or a page
_PASS_HOST: Final = gettext_noop(
    "make the proxy pass on the Host header with its port (nginx: proxy_set_header Host $http_host;)"
)
_PASS_SCHEME: Final = gettext_noop(
    "make the proxy send X-Forwarded-Proto: https (nginx: proxy_set_header X-Forwarded-Proto $scheme;)"
)


@dataclass(frozen=True, slots=True)
class Source:
    """What a request says about the page that it comes from, and about the address it was sent to."""

    origin: str
    host: str
    is_secure: bool
    forwarded_proto: str = ""  # what a proxy says of the scheme, trusted or not
    address: str = ""  # of the client, or of a proxy that is not trusted

    @property
    def shown_origin(self) -> str:
        return self.origin[:_LONGEST]


def of_scope(scope: Mapping[str, Any]) -> Source:
    """Read the headers of a WebSocket's handshake; uvicorn has applied those of trusted proxies to the scheme."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    return Source(
        origin=headers.get(b"origin", ""),
        host=headers.get(b"host", ""),
        is_secure=scope.get("scheme") in ("wss", "https"),
        forwarded_proto=headers.get(b"x-forwarded-proto", ""),
        address=str((scope.get("client") or ("",))[0]),
    )


def of_request(request: HttpRequest) -> Source:
    """Read the headers of a page's request."""
    return Source(
        origin=request.headers.get("origin", ""),
        host=request.headers.get("host", ""),
        is_secure=request.is_secure(),
        forwarded_proto=request.headers.get("x-forwarded-proto", ""),
        address=request.META.get("REMOTE_ADDR", ""),
    )


def is_ours(source: Source) -> bool:
    """Return whether the Origin is that of our own pages."""
    origin = normal(source.origin)
    if not origin:
        return False
    if settings.PUBLIC_URL and origin == origin_of(settings.PUBLIC_URL):
        return True
    return is_known_host(source.host) and origin in (normal(f"{each}://{source.host}") for each in _schemes(source))


def is_allowed_elsewhere(origin: str) -> bool:
    """Return whether pages of another origin may use the API by token: CORS_ALLOWED_ORIGINS."""
    allowed = settings.ENVIRONMENT.cors_allowed_origins
    return "*" in allowed or (normal(origin) or origin) in allowed


def is_foreign_page(source: Source) -> bool:
    """Return whether a page of another site sends this. Libraries of devices send file:// in place of an origin."""
    is_page = source.origin == "null" or bool(normal(source.origin))
    return is_page and not is_ours(source) and not is_allowed_elsewhere(source.origin)


def is_known_host(host: str) -> bool:
    """Return whether ALLOWED_HOSTS contains the host of a Host header."""
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def advice(source: Source) -> str:
    """Say why an Origin is not ours, and which setting or header to change."""
    origin = normal(source.origin)
    if not origin:
        return _advice_without_page(source.shown_origin)
    seen, host = urlsplit(origin), source.host[:_LONGEST]
    if not is_known_host(host):
        return gettext("The server does not answer to the host {host}: add it to ALLOWED_HOSTS.").format(host=host)
    if origin in (normal(f"{each}://{host}") for each in ("http", "https")):
        return _advice_on_scheme(source, seen.scheme)
    if seen.hostname == split_domain_port(host)[0]:
        said = gettext("The Host header is {host}, without this port: {pass_host}, or {set_public_url}.")
    else:
        said = gettext(
            "The Host header is {host}. If {origin} is this platform, {pass_host}, or {set_public_url}. If it is "
            "another site whose scripts may use the API with a token, add {origin} to CORS_ALLOWED_ORIGINS."
        )
    return said.format(host=host, origin=origin, pass_host=gettext(_PASS_HOST), set_public_url=_set_public_url(origin))


def _schemes(source: Source) -> tuple[str, ...]:
    """Return the possible schemes of the page's address: a proxy that says nothing may still be encrypted."""
    if source.is_secure:
        return ("https",)
    return ("http",) if source.forwarded_proto else ("http", "https")


def _advice_without_page(origin: str) -> str:
    said = gettext(
        "That is no address of a web page: open the pages at {address}. Programs send a token or key and no Origin; if "
        "one cannot leave it out, add it to CORS_ALLOWED_ORIGINS."
    )
    if origin == "null":
        said = gettext(
            "A browser sends null for a file, a sandboxed frame, or if an extension hides the page's address: open the "
            "pages at {address}. Programs send a token or key and no Origin, or add null to CORS_ALLOWED_ORIGINS."
        )
    return said.format(address=settings.PUBLIC_URL or gettext("the address of the server"))


def _advice_on_scheme(source: Source, scheme: str) -> str:
    if scheme == "http":
        said = gettext("The page was opened over http, but the proxy says https: open {address}.")
        return said.format(address=settings.PUBLIC_URL or "https://…")
    if source.forwarded_proto.lower() == "https":
        said = gettext(
            "X-Forwarded-Proto: https comes from {address}, which is not a trusted proxy: add it to "
            "FORWARDED_ALLOW_IPS, or {set_public_url}."
        )
    elif source.forwarded_proto:
        said = gettext(
            "The page was opened over https, but the proxy says http in X-Forwarded-Proto: {pass_scheme}, or "
            "{set_public_url}."
        )
    else:
        said = gettext(
            "The page was opened over https, but the proxy does not send X-Forwarded-Proto: {pass_scheme}, or "
            "{set_public_url}."
        )
    return said.format(
        address=source.address,
        pass_scheme=gettext(_PASS_SCHEME),
        set_public_url=_set_public_url(normal(source.origin)),
    )


def _set_public_url(origin: str) -> str:
    return gettext("set {setting}").format(setting=f"PUBLIC_URL={origin}{settings.PUBLIC_PATH}")
