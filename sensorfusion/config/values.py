"""Checks of the settings that are no URLs of services.

Each returns the value to use, or raises `ValueError` with a phrase that follows the name of the variable and says what
to write.
"""

from collections.abc import Callable
from email.utils import getaddresses
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from sensorfusion.config import hosts
from sensorfusion.config.parameters import is_readable

# Not polled unless they are allowed: private networks (RFC 1918, 6598), this machine, link-local and test networks.
_NOT_PUBLIC = [
    IPv4Network(each)
    for each in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        "224.0.0.0/3",
    )
]


def flag(text: str) -> bool:
    match text.lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off":
            return False
    raise ValueError(f"is {text!r}: write 1 or 0.")


def whole(text: str) -> int:
    if text.isascii() and text.isdecimal():
        return int(text)
    raise ValueError(f"is {text!r}: write a whole number such as 1000.")


def between(least: int, most: int) -> Callable[[int], int]:
    """Return the check of a number; outside of its range the platform would not work."""

    def check(value: int) -> int:
        if least <= value <= most:
            return value
        raise ValueError(f"is {value}: write a whole number from {least} to {most}.")

    return check


def directory(value: Path) -> Path:
    if value.exists() and not value.is_dir():
        raise ValueError(f"names {value}, which is not a directory.")
    return value


def file(value: str) -> str:
    path = Path(value).expanduser()
    if not path.is_file():
        raise ValueError(f"names {path}, which is not a file.")
    if not is_readable(path):
        raise ValueError(f"names {path}, which cannot be read: make it readable for the user who runs this.")
    return value


def line(value: str) -> str:
    """Check a secret that is used as it is."""
    if not value.isprintable():
        raise ValueError("has a line break or a control character: write one line.")
    return value


def log_format(value: str) -> str:
    """Return how log records are formatted."""
    if value not in ("line", "json"):
        raise ValueError(f"is {value!r}: give line or json.")
    return value


def signup(value: str) -> str:
    """Return who may create an account: open to everyone, by invitation, or closed."""
    if value == "invitation":
        return value
    try:
        return "open" if flag(value) else "closed"
    except ValueError:
        raise ValueError(f"is {value!r}: give 1, 0 or invitation.") from None


def front_page(value: str) -> str:
    """Return what people without an account see at `/`."""
    if value != "public":
        raise ValueError(f"is {value!r}: give public, or leave it empty.")
    return value


def sender(value: str) -> str:
    """Check EMAIL_FROM, which becomes a header of each message.

    :raises ValueError: if it is no address.
    """
    form = "write sensors@example.org, or Weather <sensors@example.org>."
    if not value.isprintable():
        raise ValueError(f"has a line break or a control character: {form}")
    addresses = [address for _, address in getaddresses([value])]
    local, at, domain = addresses[0].rpartition("@") if len(addresses) == 1 else ("", "", "")
    if not (at and local and domain) or not (local + domain).isascii() or " " in local + domain:
        raise ValueError(f"has no e-mail address: {form}")
    return value


def header(value: str) -> str:
    """Check a secret that programs send in a header: any other characters could never match."""
    if value.startswith("Bearer "):
        raise ValueError("begins with `Bearer`: write only what follows it.")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError(
            "has blanks or characters beyond ASCII, which cannot be sent: write letters, digits and signs."
        )
    return value


def identifier(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        raise ValueError(
            f"is {value!r}: write the id of a site, such as 0f8fad5b-d9cb-469f-a165-70867728950e, from its page's URL."
        ) from None


def networks(values: tuple[str, ...]) -> tuple[str, ...]:
    """Check the private networks whose devices may be polled."""
    for text in values:
        network = _network(text)
        if isinstance(network, IPv4Network) and not any(network.overlaps(each) for each in _NOT_PUBLIC):
            raise ValueError(f"has {text!r}: public addresses are polled anyway, write private networks only.")
    return values


def proxies(values: tuple[str, ...]) -> tuple[str, ...]:
    """Check the proxies that are trusted: names are not looked up, and `*` only counts alone."""
    if "*" in values and len(values) > 1:
        raise ValueError("has * beside other proxies: write * alone, or addresses and networks.")
    for text in values:
        if text != "*":
            _network(text)
    return values


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise ValueError(f"has {text!r}: {error}. {_network_instead(text)}") from None


def _network_instead(text: str) -> str:
    try:
        return f"Write {ip_network(text, strict=False)}."
    except ValueError:
        return "Write addresses or networks, such as 192.168.1.0/24."


def web_address(value: str) -> str:
    """Check the address of a server; the account, query and fragment that a URL may have are not used."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https"):
        raise ValueError("must begin with http:// or https://.")
    if parts.username is not None or parts.query or parts.fragment or value.endswith(("?", "#")):
        raise ValueError("has more than a host, a port and a path: write https://sensors.example.org.")
    if not hosts.has_port(parts) or not parts.hostname:
        raise ValueError("has an invalid host or port: write https://sensors.example.org or http://192.168.1.10:8000.")
    hosts.checked_all((hosts.of_url(value),))
    return value
