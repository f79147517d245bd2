"""The broker's address and our credentials, parsed from a URL such as mqtts://user:password@broker.example.org."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

SCHEMES = {"mqtt": 1883, "mqtts": 8883}  # the ports registered with IANA, plain and over TLS


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker's address. `str()` of it contains neither user nor password and may be logged."""

    host: str
    port: int
    is_encrypted: bool = False
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'mqtts' if self.is_encrypted else 'mqtt'}://{host}:{self.port}"


def broker(url: str) -> Broker:
    """Parse a broker's URL.

    :raises ValueError: with a message that does not repeat the URL, which may hold a password.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise ValueError("write mqtt://host, or mqtts://host for TLS; with user:password@ before the host.")
    try:
        port = parts.port
    except ValueError:
        raise ValueError("the port is a number from 1 to 65535.") from None
    return Broker(
        parts.hostname,
        port or SCHEMES[parts.scheme],
        parts.scheme == "mqtts",
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )
