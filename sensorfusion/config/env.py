"""All environment variables of the platform: read once, validated strictly, with clear errors.

`docs/settings.md` lists the same names; a test compares the two.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sensorfusion.config import default_directory
from sensorfusion.terminal.errors import CommandLineError

DEFAULT_HOSTS = ("localhost", "127.0.0.1", "[::1]")


class BadEnvironment(CommandLineError):
    """A variable has an invalid value; the message names the variable and says which values are valid."""

    status = 2


def _setting(variable: str, default: Any, explanation: str, *, is_secret: bool = False) -> Any:
    # Secrets, and URLs that may contain a password, stay out of the `repr`, which appears in tracebacks and debug
    # pages.
    return field(default=default, repr=not is_secret, metadata={"variable": variable, "explanation": explanation})


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The settings of one process, read from its environment."""

    data: Path = _setting(
        "SENSORFUSION_DATA", Path("data"), "Directory for the embedded database, the secret key and spools."
    )
    database_url: str = _setting(
        "DATABASE_URL",
        "",
        "postgresql://… of your own PostgreSQL 14 or newer; empty starts the embedded one.",
        is_secret=True,
    )
    redis_url: str = _setting(
        "REDIS_URL", "", "redis://… for the channel layer; needed for more than one process.", is_secret=True
    )
    secret_key: str = _setting(
        "SECRET_KEY", "", "Django's secret key; made and kept in the data directory when empty.", is_secret=True
    )
    allowed_hosts: tuple[str, ...] = _setting(
        "ALLOWED_HOSTS", DEFAULT_HOSTS, "Host names the server answers to, separated by commas."
    )
    public_url: str = _setting("PUBLIC_URL", "", "The address people and devices use, as https://sensors.example.org.")
    debug: bool = _setting("DEBUG", False, "1 shows tracebacks in the browser; never on a public server.")
    max_body_bytes: int = _setting(
        "MAX_BODY_BYTES", 8 * 1024 * 1024, "Largest request a door takes, before and four times that after gzip."
    )
    max_upload_bytes: int = _setting(
        "MAX_UPLOAD_BYTES", 512 * 1024 * 1024, "Largest file of readings that can be imported from a page."
    )
    queue_readings: int = _setting(
        "QUEUE_READINGS", 100_000, "Readings that may wait for the next commit before a door answers 503."
    )
    trusted_proxies: tuple[str, ...] = _setting(
        "FORWARDED_ALLOW_IPS",
        ("127.0.0.1", "::1"),
        "Reverse proxies whose X-Forwarded-For and -Proto are believed: addresses, networks, or *.",
    )
    metrics_token: str = _setting(
        "METRICS_TOKEN", "", "Bearer token that opens /metrics to others than this machine.", is_secret=True
    )
    signup: bool = _setting("SIGNUP", True, "0 closes the sign-up page; operators are then made with create_operator.")
    mqtt_url: str = _setting(
        "MQTT_URL", "", "mqtt://user:password@broker, or mqtts:// for TLS: fetches readings there.", is_secret=True
    )
    mqtt_site: str = _setting(
        "MQTT_SITE", "", "Id of the site that devices belong to whose topics name none; empty: they are not read."
    )
    mqtt_shared: bool = _setting("MQTT_SHARED", False, "1 when several workers fetch: the broker then shares messages.")
    mqtt_ca_file: str = _setting("MQTT_CA_FILE", "", "Certificate of the broker's authority, where it is your own.")
    mqtt_discovery: bool = _setting("MQTT_DISCOVERY", False, "1 shows every sensor to Home Assistant, by the broker.")
    poll_allow_networks: tuple[str, ...] = _setting(
        "POLL_ALLOW_NETWORKS", (), "Private networks whose devices may be polled, as 192.168.1.0/24, by commas."
    )
    openweathermap_key: str = _setting(
        "OPENWEATHERMAP_KEY", "", "API key that lets sensors be polled from OpenWeatherMap.", is_secret=True
    )
    send_url: str = _setting("SENSORFUSION_URL", "http://127.0.0.1:8000", "The server that `send` sends to.")
    send_key: str = _setting("SENSORFUSION_KEY", "", "The sensor key that `send` shows.", is_secret=True)


def read(environ: Mapping[str, str], **otherwise: Any) -> Environment:
    """Read `environ`; `otherwise` holds values for unset variables that take precedence over the defaults.

    :raises BadEnvironment: if a variable has an invalid value.
    """
    given = dict(otherwise)
    for each in fields(Environment):
        text = environ.get(each.metadata["variable"], "").strip()
        if text:
            given[each.name] = _parse(each.metadata["variable"], text, each.default)
    return _checked(Environment(**given))


def _parse(variable: str, text: str, default: object) -> object:
    match default:
        case bool():
            return _flag(variable, text)
        case int():
            return _positive(variable, text)
        case Path():
            return Path(text).expanduser()
        case tuple():
            return tuple(part.strip() for part in text.split(",") if part.strip())
        case _:
            return text


def _flag(variable: str, text: str) -> bool:
    match text.lower():
        case "1" | "true" | "yes" | "on":
            return True
        case "0" | "false" | "no" | "off":
            return False
    raise BadEnvironment(f"{variable} is {text!r}: write 1 or 0.")


def _positive(variable: str, text: str) -> int:
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise BadEnvironment(f"{variable} is {text!r}: write a whole number above 0.")


_SCHEMES = {
    "database_url": ("DATABASE_URL", ("postgres", "postgresql")),
    "redis_url": ("REDIS_URL", ("redis", "rediss", "unix")),
    "public_url": ("PUBLIC_URL", ("http", "https")),
    "mqtt_url": ("MQTT_URL", ("mqtt", "mqtts")),
    "send_url": ("SENSORFUSION_URL", ("http", "https")),
}


def _checked(environment: Environment) -> Environment:
    for name, (variable, schemes) in _SCHEMES.items():
        url = getattr(environment, name)
        if url and urlsplit(url).scheme not in schemes:
            raise BadEnvironment(f"{variable} must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}.")
    for network in environment.poll_allow_networks:
        _check_network(network)
    return environment


def _check_network(text: str) -> None:
    try:
        ip_network(text)
    except ValueError as error:
        raise BadEnvironment(f"POLL_ALLOW_NETWORKS has {text!r}: {error}.") from None


def current() -> Environment:
    """Read the environment of this process."""
    return read(os.environ, data=default_directory.places().default())


def for_child(**more: str) -> dict[str, str]:
    """Return the environment of this process with additions, for a child process."""
    return {**os.environ, **more}
