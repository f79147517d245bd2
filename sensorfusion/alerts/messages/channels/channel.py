"""What a channel is, and what it is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Told:
    """A message as channels render it; `alerts` are facts for programs, the rest is for people."""

    key: str  # the idempotency key
    title: str
    text: str
    severity: str
    link: str
    alerts: tuple[Mapping[str, Any], ...] = ()
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP POST."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Channel:
    """One kind of channel. `request` gets the message, the address, the secret, and the time in epoch seconds."""

    kind: str
    label: str
    address_help: str
    secret_help: str
    makes_secret: bool
    mistake: Callable[[str], str]
    request: Callable[[Told, str, str, int], Request]


def mistake_in_url(address: str) -> str:
    """Say what is wrong with the address of a web server; empty if nothing is."""
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return "This is not an address such as https://example.org/alerts."
    if not is_web:
        return "The address must begin with http:// or https:// and a host."
    return "Put no password into the address." if "@" in parts.netloc else ""
