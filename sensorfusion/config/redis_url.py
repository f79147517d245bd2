"""REDIS_URL, checked against what the channel layer and redis-py do with each part of it."""

from urllib.parse import SplitResult, unquote_plus, urlsplit

from sensorfusion.config import hosts
from sensorfusion.config.parameters import Check, Parameters, anything, directory, file, number, one_of

SCHEMES = ("redis", "rediss", "unix")
_DATABASE = number(0, 1_000_000)  # how many there are is a setting of the server
_FLAG = one_of("true", "false")

_ALLOWED: dict[str, Check] = {
    "db": _DATABASE,
    "username": anything,
    "password": anything,
    "client_name": lambda value: "" if value.isascii() and " " not in value else "letters and digits without blanks",
    "socket_connect_timeout": number(1, 3600),
    "socket_keepalive": _FLAG,
    "health_check_interval": number(0, 86_400),
}
_ENCRYPTED: dict[str, Check] = {
    "ssl_cert_reqs": one_of("none", "optional", "required"),
    "ssl_check_hostname": _FLAG,
    "ssl_ca_certs": file,
    "ssl_ca_path": directory,
    "ssl_certfile": file,
    "ssl_keyfile": file,
    "ssl_password": anything,
}
_SHARED = "leave it out; the connections of the channel layer are not limited."
_REFUSED = {
    "socket_timeout": "it would end every idle subscription; leave it out.",
    "timeout": "it would end every idle subscription; leave it out.",
    "max_connections": _SHARED,
    "ssl": "write rediss:// in place of redis://.",
    "tls": "write rediss:// in place of redis://.",
    "user": "write username.",
    "database": "write db.",
    "protocol": "leave it out; redis-py chooses the protocol.",
    "decode_responses": "the channel layer sends bytes; leave it out.",
    "encoding": "the channel layer sends bytes; leave it out.",
}
_PLAIN = {**_REFUSED, **dict.fromkeys(_ENCRYPTED, "write rediss://, without which nothing is encrypted.")}

PARAMETERS = {
    "redis": Parameters(allowed=_ALLOWED, refused=_PLAIN, decode=unquote_plus),
    "rediss": Parameters(allowed=_ALLOWED | _ENCRYPTED, refused=_REFUSED, decode=unquote_plus),
    "unix": Parameters(
        allowed={name: check for name, check in _ALLOWED.items() if name != "socket_keepalive"},
        refused={**_PLAIN, "socket_keepalive": "Unix sockets have none; leave it out."},
        decode=unquote_plus,
    ),
}


def checked(url: str) -> str:
    """Return the URL if every part of it has an effect.

    :raises ValueError: saying what to write instead, without repeating a password.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not url.startswith(f"{parts.scheme}://"):
        raise ValueError(f"must begin with {' or '.join(f'{scheme}://' for scheme in SCHEMES)}.")
    if parts.fragment or url.endswith("#"):
        raise ValueError("has a #, which ends the address: write # as %23.")
    given = PARAMETERS[parts.scheme].read(parts.query)
    if parts.scheme == "unix":
        _check_socket(parts)
    else:
        _check_place(parts, given)
    if (parts.username or parts.password) and ("username" in given or "password" in given):
        raise ValueError("names the account twice: before the host and in its parameters. Write it once.")
    if "ssl_keyfile" in given and "ssl_certfile" not in given:
        raise ValueError("has the parameter ssl_keyfile without ssl_certfile: write the file of its certificate, too.")
    return url


def _check_socket(parts: SplitResult) -> None:
    if parts.hostname or parts.path in ("", "/"):
        raise ValueError("must name the path of the socket after three slashes: unix:///run/redis/redis.sock?db=0.")


def _check_place(parts: SplitResult, given: dict[str, str]) -> None:
    if not hosts.has_port(parts):
        raise ValueError("has an invalid port: write a number from 1 to 65535, and : / @ in a password as %3A %2F %40.")
    database = parts.path.removeprefix("/")
    if database and _DATABASE(database):
        raise ValueError("has a path that is not the number of a database: write redis://host:6379/0.")
    if database and given.get("db", database) != database:
        raise ValueError("names two databases, in its path and as db: write one of them.")
    if "," in parts.netloc.rpartition("@")[2]:
        raise ValueError("names several hosts, which is not supported: write one.")
