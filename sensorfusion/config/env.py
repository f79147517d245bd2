"""All environment variables of the platform: read once, validated strictly, with clear errors.

The table of docs/settings.md is generated from here (`make reference`).
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


def _setting(variable: str, default: Any, explanation: str, *, is_secret: bool = False, shown: str = "") -> Any:
    """Declare a setting; `explanation` and `shown`, in place of the default, stand in docs/settings.md as Markdown."""
    # Secrets, and URLs that may contain a password, stay out of the `repr`, which appears in tracebacks and debug
    # pages.
    metadata = {"variable": variable, "explanation": explanation, "default": shown}
    return field(default=default, repr=not is_secret, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The settings of one process, read from its environment."""

    data: Path = _setting(
        "SENSORFUSION_DATA",
        Path("data"),
        "Directory for the embedded database, the secret key, static files and spools. `--data DIR` before or after "
        "any command does the same.",
        shown="[see below](#the-data-directory)",
    )
    database_url: str = _setting(
        "DATABASE_URL",
        "",
        "`postgresql://user:password@host/database` of your own PostgreSQL 14 or newer; `?host=/directory` for a Unix "
        "socket. Empty starts the embedded one.",
        is_secret=True,
    )
    redis_url: str = _setting(
        "REDIS_URL",
        "",
        "`redis://host:6379/0`, `rediss://…` or `unix:///path`: carries readings between processes. Needed for "
        "`--workers` above 1.",
        is_secret=True,
    )
    secret_key: str = _setting(
        "SECRET_KEY",
        "",
        "Signs sessions and forms. If empty, one is created in the data directory. Several hosts must share it.",
        is_secret=True,
    )
    allowed_hosts: tuple[str, ...] = _setting(
        "ALLOWED_HOSTS",
        DEFAULT_HOSTS,
        "Host names that the server answers to, separated by commas. The host of `PUBLIC_URL` is always included.",
    )
    public_url: str = _setting(
        "PUBLIC_URL",
        "",
        "The address that people and devices use, such as `https://sensors.example.org`. With `https://`, cookies are "
        "sent over HTTPS only.",
    )
    debug: bool = _setting(
        "DEBUG", False, "`1` shows tracebacks in the browser. Never on a server that others can reach."
    )
    max_body_bytes: int = _setting(
        "MAX_BODY_BYTES",
        8 * 1024 * 1024,
        "Largest request or message with readings that a door accepts. Decompressed, it may be four times as large.",
    )
    max_upload_bytes: int = _setting(
        "MAX_UPLOAD_BYTES",
        512 * 1024 * 1024,
        "Largest file of readings that can be imported from a page. It is stored in `spool/` of the data directory and "
        "removed after the import.",
    )
    queue_readings: int = _setting(
        "QUEUE_READINGS",
        100_000,
        "Readings that may be queued for the next commit; more are rejected with 503, and senders try again later.",
    )
    trusted_proxies: tuple[str, ...] = _setting(
        "FORWARDED_ALLOW_IPS",
        ("127.0.0.1", "::1"),
        "Reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are trusted: addresses, networks, or `*` "
        "for a platform that only a proxy can reach.",
    )
    metrics_token: str = _setting(
        "METRICS_TOKEN", "", "Bearer token with which other machines may read `/metrics`.", is_secret=True
    )
    signup: bool = _setting(
        "SIGNUP",
        True,
        "`0` closes the sign-up page; operators are then created with `sensorfusion create_operator`.",
    )
    mqtt_url: str = _setting(
        "MQTT_URL",
        "",
        "`mqtt://user:password@broker:1883`, or `mqtts://` for TLS (port 8883): the broker from which readings are "
        "received ([MQTT](doors/mqtt.md)). Characters such as `@` in the password are written as `%40`.",
        is_secret=True,
    )
    mqtt_site: str = _setting(
        "MQTT_SITE",
        "",
        "Id of the site of devices whose topics do not name a site, such as Tasmota's. If empty, only `sf/v1/…` and "
        "`sites/…` are subscribed to.",
    )
    mqtt_shared: bool = _setting(
        "MQTT_SHARED",
        False,
        "`1` for every worker if there are several: the broker then delivers each message to one of them "
        "([several workers](doors/mqtt.md#several-workers)).",
    )
    mqtt_ca_file: str = _setting(
        "MQTT_CA_FILE",
        "",
        "Certificate of the authority that signed the broker's certificate, if the system does not trust it already.",
    )
    mqtt_discovery: bool = _setting(
        "MQTT_DISCOVERY", False, "`1` announces every sensor of the installation to Home Assistant through the broker."
    )
    poll_allow_networks: tuple[str, ...] = _setting(
        "POLL_ALLOW_NETWORKS",
        (),
        "Private networks whose devices may be [polled](doors/polling.md), such as `192.168.1.0/24,10.0.7.15/32`. If "
        "empty, only public addresses are polled.",
    )
    openweathermap_key: str = _setting(
        "OPENWEATHERMAP_KEY",
        "",
        "An API key of OpenWeatherMap, with which sensors can be [polled](doors/polling.md) from it. It is never "
        "shown, and sent only there.",
        is_secret=True,
    )
    send_url: str = _setting(
        "SENSORFUSION_URL", "http://127.0.0.1:8000", "The server that `sensorfusion send` sends to."
    )
    send_key: str = _setting("SENSORFUSION_KEY", "", "The sensor key that `sensorfusion send` uses.", is_secret=True)


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
