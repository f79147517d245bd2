"""The mail server of EMAIL_URL: its address, how the connection is encrypted, and our account there."""

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

CONSOLE: Final = "console:"
# Submission over TLS, submission with an account, and a relay that knows us by our address (RFC 8314, 6409, 5321).
_TLS_PORT, _SUBMISSION_PORT, _RELAY_PORT = 465, 587, 25


class Encryption(StrEnum):
    TLS = "TLS"
    STARTTLS = "STARTTLS"  # or the password is not sent
    IF_OFFERED = "STARTTLS if offered"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `str()` of it contains neither user nor password and may be logged."""

    host: str
    port: int
    encryption: Encryption
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def server_at(url: str) -> Server:
    """Return the server of a valid EMAIL_URL that is not the console."""
    parts = urlsplit(url)
    host, user = parts.hostname or "", unquote(parts.username or "")
    is_plain = "tls=off" in parts.query or _is_this_machine(host)
    if parts.scheme == "smtps":
        encryption, port = Encryption.TLS, _TLS_PORT
    else:
        encrypted = Encryption.STARTTLS if user else Encryption.IF_OFFERED
        encryption, port = Encryption.NONE if is_plain else encrypted, _SUBMISSION_PORT if user else _RELAY_PORT
    return Server(host, parts.port or port, encryption, user, unquote(parts.password or ""))


def _is_this_machine(host: str) -> bool:
    """Return whether the host is this machine, whose mail server often has a certificate that it signed itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
