"""An HTTP request that is to be sent, and what may be wrong with its address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from sensorfusion.domain.texts.translation import gettext


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request; some receivers want a GET, which has no body, and secrets in its query."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    method: Literal["GET", "POST"] = "POST"


def mistake_in_url(address: str, schemes: tuple[str, str] = ("http", "https")) -> str:
    """Say what is wrong with the address of a server; empty if nothing is."""
    try:
        parts = urlsplit(address)
        is_one = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return gettext("This is not an address such as {scheme}://example.org/alerts.").format(scheme=schemes[1])
    if not is_one:
        said = gettext("The address must begin with {scheme}:// or {other}:// and a host.")
        return said.format(scheme=schemes[0], other=schemes[1])
    return gettext("Put no password into the address.") if "@" in parts.netloc else ""


def host_of(address: str) -> str:
    """Return the beginning of an address that names its host and port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
