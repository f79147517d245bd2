"""DATABASE_URL: read once, by libpq, into the parameters of every connection: Django's, psycopg's and pg_dump's."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from sensorfusion.config import parameters
from sensorfusion.config.database_parameters import PARAMETERS

# The listener, the writer, the background chores, the watcher of alert rules, and an import or export have a connection
# each; so has the sender of e-mail, if it is configured.
_SINGLE_CONNECTIONS = 5
LEAST_CONNECTIONS = 9
# A server that does not answer within this time is away; libpq's default is to wait for ever. A host that died without
# closing its connections is noticed after 8 s: by the acknowledgement that what we sent lacks (`tcp_user_timeout`), or
# by keepalives while we wait for it; Linux's own limits are 15 minutes and 2 hours.
_DEFAULTS = {
    "connect_timeout": "5",
    "application_name": "sensorfusion",
    "dbname": "sensorfusion",
    "keepalives_idle": "4",
    "keepalives_interval": "2",
    "keepalives_count": "2",
    "tcp_user_timeout": "8000",
}
_FORM = (
    "cannot be read: write postgresql://user:password@host:5432/database,"
    " and characters such as % @ : / in the password as %25 %40 %3A %2F."
)
_PLACE = ("dbname", "user", "password", "host", "port")
_VERIFYING = ("require", "verify-ca", "verify-full")  # `require` verifies if there is a root certificate

_port = parameters.number(1, 65535)


def checked(url: str) -> str:
    """Return the URL if every part of it has an effect.

    :raises ValueError: saying what to write instead, without repeating a password.
    """
    if not url.startswith(("postgres://", "postgresql://")):
        raise ValueError("must begin with postgres:// or postgresql://.")
    PARAMETERS.read(url.partition("?")[2])
    given = _parsed(url)
    _check_hosts(given)
    _check_encryption(given)
    if valid := PARAMETERS.allowed["dbname"](given.get("dbname", "")):
        raise ValueError(f"has too long a name for the database: write {valid}.")
    return url


def connection_parameters(url: str) -> dict[str, str]:
    """Return libpq's parameters for a valid URL, with our defaults.

    :raises ValueError: if libpq cannot read it.
    """
    given = _parsed(url)
    if "," in given.get("host", "") + given.get("hostaddr", ""):
        given.setdefault("target_session_attrs", "read-write")  # one of several servers may be a standby
    return {**_DEFAULTS, **given, **({"client_encoding": "UTF8"} if "client_encoding" in given else {})}


def conninfo(url: str) -> str:
    """Return libpq's connection string for a valid URL, with our defaults."""
    from psycopg.conninfo import make_conninfo

    return make_conninfo(**connection_parameters(url))


def shares(connections: int, *, sends_mail: bool = False) -> tuple[int, int]:
    """Divide the connections of a process: return the sizes of Django's pool and of the event loop's.

    Queries of the event loop are short (a key, a state, a page of readings); more than four would only queue inside
    PostgreSQL.
    """
    pooled = connections - _SINGLE_CONNECTIONS - sends_mail
    event_loop = min(max(pooled // 3, 2), 4)
    return pooled - event_loop, event_loop


def django_settings(url: str, *, connections: int, sends_mail: bool = False) -> dict[str, Any]:
    """Return Django's settings for the database at a valid URL; `connections` is the number for the whole process."""
    # Imported here, with psycopg: see `_parsed`.
    from sensorfusion.config.pooled import Pooled

    given = connection_parameters(url)
    place = {name: given.pop(name, "") for name in _PLACE}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": place["dbname"],
        **{name.upper(): place[name] for name in _PLACE[1:]},
        # Under ASGI, persistent connections leak, one per thread (Django ticket 33497); the pool is the documented way.
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # otherwise the first ten pages would fail after a restart of PostgreSQL
        # Without a low `reconnect_timeout`, the pool's retries back off further the longer the database is away.
        "OPTIONS": {
            **given,
            # Of the cursors that bind on the server (`events.prepared`); the ORM's bind on the client.
            "prepare_threshold": 1,
            "pool": {
                "min_size": 0,
                "max_size": shares(connections, sends_mail=sends_mail)[0],
                "timeout": 5,
                "reconnect_timeout": 3,
                "connection_class": Pooled,
            },
        },
    }


def _parsed(url: str) -> dict[str, str]:
    # Imported here: `sensorfusion send`, which runs every minute on small computers, reads the environment too.
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        return {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except ProgrammingError:  # its message may contain parts of the password
        raise ValueError(_FORM) from None


def _check_hosts(given: Mapping[str, str]) -> None:
    addresses = given["hostaddr"].split(",") if given.get("hostaddr") else []
    hosts = given["host"].split(",") if given.get("host") else [""] * max(len(addresses), 1)
    for address in addresses:
        _check_address(address)
    if addresses and len(addresses) != len(hosts):
        raise ValueError("has the parameter hostaddr with an invalid value: write one address for each host.")
    for host in hosts if given.get("host") else []:
        _check_host(host)
    ports = given.get("port", "").split(",")
    if any(port and _port(port) for port in ports):
        raise ValueError(f"has an invalid port: write {_port('')}. In a password, write : and / as %3A and %2F.")
    if len(ports) not in (1, len(hosts)):
        raise ValueError(f"has {len(ports)} ports for {len(hosts)} hosts: write one for each, as in a:5432,b:5432.")


def _check_address(text: str) -> None:
    try:
        ip_address(text)
    except ValueError:
        raise ValueError("has the parameter hostaddr with an invalid value: write IP addresses.") from None


def _check_host(host: str) -> None:
    if not host:
        raise ValueError("has an empty name among its hosts: write a:5432,b:5432.")
    if host.isdecimal():
        raise ValueError(f"has the host {host!r}: write each host with its port, as in a:5432,b:5432.")
    if not host.startswith(("/", "@")) and any(each in host for each in "/@ \\"):
        raise ValueError("has an invalid host: write a name, an address, or the path of a directory with a socket.")


def _check_encryption(given: Mapping[str, str]) -> None:
    mode = given.get("sslmode", "prefer")
    if "sslrootcert" in given and mode not in _VERIFYING:
        raise ValueError(f"has the parameter sslrootcert, which sslmode={mode} ignores: write sslmode=verify-full.")
    if given.get("sslrootcert") == "system" and mode != "verify-full":
        raise ValueError("has the parameter sslrootcert=system: write sslmode=verify-full, too.")
    if "sslkey" in given and "sslcert" not in given:
        raise ValueError("has the parameter sslkey without sslcert: write the file of its certificate, too.")
    if given.get("sslnegotiation") == "direct" and mode not in _VERIFYING:
        raise ValueError("has the parameter sslnegotiation=direct: write sslmode=require or stricter, too.")
