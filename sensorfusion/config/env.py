"""All environment variables of the platform: read once, validated strictly, with clear errors.

The table of docs/settings.md is generated from here (`make reference`).
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from sensorfusion.config import (
    database_url,
    default_directory,
    email_url,
    hosts,
    mqtt_url,
    origins,
    public_url,
    redis_url,
    spelling,
    values,
)
from sensorfusion.config.database_url import LEAST_CONNECTIONS
from sensorfusion.terminal.errors import CommandLineError

DEFAULT_HOSTS = ("localhost", "127.0.0.1", "[::1]")


class BadEnvironment(CommandLineError):
    """A variable has an invalid value; the message names the variable and says which values are valid."""

    status = 2


def _setting(
    variable: str,
    default: Any,
    explanation: str,
    *,
    check: Callable[[Any], Any] | None = None,
    is_secret: bool = False,
    shown: str = "",
) -> Any:
    """Declare a setting; `explanation` and `shown`, in place of the default, stand in docs/settings.md as Markdown.

    `check` returns the value to use, or raises `ValueError` with a phrase to follow the name of the variable. Values
    that could have no effect are refused: an accepted one is not suspected later.
    """
    # Secrets, and URLs that may contain a password, stay out of the `repr`, which appears in tracebacks and debug
    # pages.
    metadata = {"variable": variable, "explanation": explanation, "default": shown, "check": check}
    return field(default=default, repr=not is_secret, metadata=metadata)


def _quota(variable: str, default: int, counted: str) -> Any:
    return _setting(variable, default, f"{counted}; `0` for any number.", check=values.between(0, 1 << 30))


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The settings of one process, read from its environment."""

    data: Path = _setting(
        "SENSORFUSION_DATA",
        Path("data"),
        "Directory for the embedded database, the secret key, static files and spools. `--data DIR` before or after "
        "any command does the same.",
        shown="[see below](#the-data-directory)",
        check=values.directory,
    )
    database_url: str = _setting(
        "DATABASE_URL",
        "",
        "`postgresql://user:password@host/database` of your own PostgreSQL 14 or newer; `?host=/directory` for a Unix "
        "socket. Empty starts the embedded one.",
        is_secret=True,
        check=database_url.checked,
    )
    database_connections: int = _setting(
        "DATABASE_CONNECTIONS",
        18,
        "Connections to PostgreSQL that a process opens at most, besides those of commands.",
        check=values.between(LEAST_CONNECTIONS, 1_000),
    )
    redis_url: str = _setting(
        "REDIS_URL",
        "",
        "`redis://host:6379/0`, `rediss://…` or `unix:///path`: carries readings between processes. Needed for "
        "`--workers` above 1.",
        is_secret=True,
        check=redis_url.checked,
    )
    secret_key: str = _setting(
        "SECRET_KEY",
        "",
        "Signs sessions and forms. If empty, one is created in the data directory. Several hosts must share it.",
        is_secret=True,
        check=values.line,
    )
    allowed_hosts: tuple[str, ...] = _setting(
        "ALLOWED_HOSTS",
        DEFAULT_HOSTS,
        "Host names that the server answers to, separated by commas. The host of `PUBLIC_URL` is always included.",
        check=hosts.checked_all,
    )
    public_url: str = _setting(
        "PUBLIC_URL",
        "",
        "The address that people and devices use, such as `https://sensors.example.org`, or with a path behind a "
        "proxy: `https://example.org/sf` ([under a path](deployment.md#under-a-path)). With `https://`, cookies are "
        "sent over HTTPS only.",
        check=public_url.checked,
    )
    https_only: bool = _setting(
        "HTTPS_ONLY",
        False,
        "`1` redirects pages and the API to HTTPS. Doors answer over plain HTTP too: many devices support neither TLS "
        "nor redirects. Needs a `PUBLIC_URL` with `https://`.",
    )
    cors_allowed_origins: tuple[str, ...] = _setting(
        "CORS_ALLOWED_ORIGINS",
        (),
        "Origins of other sites whose scripts may use the API, the doors and the sockets with a token or key, such as "
        "`https://dash.example.org`, separated by commas; `*` for all. Cookies are never accepted from them "
        "([scripts of other sites](deployment.md#scripts-of-other-sites)).",
        check=origins.checked_all,
    )
    debug: bool = _setting(
        "DEBUG", False, "`1` shows tracebacks in the browser. Never on a server that others can reach."
    )
    max_body_bytes: int = _setting(
        "MAX_BODY_BYTES",
        8 * 1024 * 1024,
        "Largest request or message with readings that a door accepts, also decompressed.",
        check=values.between(1_000, 1 << 30),
    )
    max_upload_bytes: int = _setting(
        "MAX_UPLOAD_BYTES",
        512 * 1024 * 1024,
        "Largest file of readings that can be imported from a page. It is stored in `spool/` of the data directory and "
        "removed after the import.",
        check=values.between(1_000, 1 << 40),
    )
    import_memory_mb: int = _setting(
        "IMPORT_MEMORY_MB",
        512,
        "Memory in MB that reading one imported file may take: a small file can stand for gigabytes.",
        check=values.between(64, 1 << 20),
    )
    queue_readings: int = _setting(
        "QUEUE_READINGS",
        100_000,
        "Readings that may be queued for the next commit; more are rejected with 503, and senders try again later.",
        check=values.between(1_000, 100_000_000),
    )
    sensor_quantities: int = _setting(
        "SENSOR_QUANTITIES",
        500,
        "Quantities that one sensor may have. Values of further names are refused with `too_many_names`; those that it "
        "has already go on.",
        check=values.between(10, 100_000),
    )
    site_readings_per_day: int = _setting(
        "SITE_READINGS_PER_DAY",
        50_000_000,
        "Readings that a site may store in a day of its time zone, and as many again from files "
        "([quotas](readings.md#quotas)); `0` for any number.",
        check=values.between(0, 1 << 50),
    )
    site_stored_mb: int = _setting(
        "SITE_STORED_MB",
        1_000_000,
        "Megabytes that the stored readings of a site may take; `0` for any number.",
        check=values.between(0, 1 << 40),
    )
    site_sensors: int = _quota("SITE_SENSORS", 10_000, "Sensors that a site may have")
    operator_sites: int = _quota("OPERATOR_SITES", 1_000, "Sites that an operator may own")
    operator_tokens: int = _quota("OPERATOR_TOKENS", 10_000, "Valid API tokens that an operator may have")
    operator_requests_per_minute: int = _quota(
        "OPERATOR_REQUESTS_PER_MINUTE",
        1_200,
        "Requests of [the API](api.md#limits) that an operator may make in a minute, of each process",
    )
    operator_polls: int = _quota(
        "OPERATOR_POLLS", 1_000, "Sensors that may be [polled](doors/polling.md) at the sites of an owner"
    )
    operator_uploads: int = _quota(
        "OPERATOR_UPLOADS", 100, "Uploaded files of an operator that may wait for their import"
    )
    operator_upload_mb: int = _quota("OPERATOR_UPLOAD_MB", 10_000, "Megabytes that these files may take together")
    operator_imports: int = _quota(
        "OPERATOR_IMPORTS", 20, "Imports of an operator that may run or wait for their turn at once"
    )
    operator_imported_per_day: int = _setting(
        "OPERATOR_IMPORTED_PER_DAY",
        100_000_000,
        "Readings that an operator may store from files in a day of UTC; `0` for any number.",
        check=values.between(0, 1 << 50),
    )
    operator_exports: int = _quota(
        "OPERATOR_EXPORTS", 20, "[Exports](import-export.md#in-the-background) of an operator that wait or are kept"
    )
    exports_mb: int = _setting(
        "EXPORTS_MB", 20_000, "Megabytes that the files of all these may take.", check=values.between(1, 1 << 40)
    )
    trusted_proxies: tuple[str, ...] = _setting(
        "FORWARDED_ALLOW_IPS",
        ("127.0.0.1", "::1"),
        "Reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are trusted: addresses, networks, or `*` "
        "for a platform that only a proxy can reach.",
        check=values.proxies,
    )
    log_format: str = _setting(
        "LOG_FORMAT",
        "line",
        "`line` for people, or `json` for programs that collect logs: one object on each line. Lines about a request, "
        "a sensor or a batch of readings name it: `request_id`, which is also the header `X-Request-ID` of the answer "
        "(a proxy may give it) and on the page of an error, `sensor`, `batch`.",
        check=values.log_format,
    )
    metrics_token: str = _setting(
        "METRICS_TOKEN",
        "",
        "Bearer token with which other machines may read `/metrics`.",
        is_secret=True,
        check=values.header,
    )
    signup: str = _setting(
        "SIGNUP",
        "open",
        "Who may create an account: `1` for everyone, `invitation` for those who are [invited](administration.md"
        "#invitations) to a site or by an administrator, `0` for no one but `sensorfusion create_operator`.",
        check=values.signup,
        shown="`1`",
    )
    front_page: str = _setting(
        "SENSORFUSION_FRONT_PAGE",
        "",
        "`public` shows people without an account the [public pages](sharing.md#public-pages) of all sites at `/`, and "
        "some of their values on the page of signing in. If empty, they are asked to sign in.",
        check=values.front_page,
    )
    email_url: str = _setting(
        "EMAIL_URL",
        "",
        "`smtp://user:password@host:587` or `smtps://…`: the server by which e-mail is sent, such as notices of "
        "sign-ins and links for forgotten passwords ([e-mail](deployment.md#e-mail)); `console:` prints it. If empty, "
        "none is sent, and pages say so. Needs `PUBLIC_URL`.",
        is_secret=True,
        check=email_url.checked,
    )
    email_from: str = _setting(
        "EMAIL_FROM",
        "",
        "The sender of e-mail: `sensors@example.org`, or with a name: `Weather <sensors@example.org>`. Most mail "
        "servers accept only addresses of their account.",
        shown="`SensorFusion <sensorfusion@host>`, the host of `PUBLIC_URL`",
        check=values.sender,
    )
    mqtt_url: str = _setting(
        "MQTT_URL",
        "",
        "`mqtt://user:password@broker:1883`, or `mqtts://` for TLS (port 8883): the broker from which readings are "
        "received ([MQTT](doors/mqtt.md)). Characters such as `@` in the password are written as `%40`.",
        is_secret=True,
        check=mqtt_url.checked,
    )
    mqtt_site: str = _setting(
        "MQTT_SITE",
        "",
        "Id of the site of devices whose topics do not name a site, such as Tasmota's. If empty, only `sf/v1/…` and "
        "`sites/…` are subscribed to.",
        check=values.identifier,
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
        check=values.file,
    )
    mqtt_discovery: bool = _setting(
        "MQTT_DISCOVERY", False, "`1` announces every sensor of the installation to Home Assistant through the broker."
    )
    poll_allow_networks: tuple[str, ...] = _setting(
        "POLL_ALLOW_NETWORKS",
        (),
        "Private networks whose devices may be [polled](doors/polling.md), such as `192.168.1.0/24,10.0.7.15/32`. If "
        "empty, only public addresses are polled. Messages about [alerts](alerts.md#messages) and "
        "[webhooks](webhooks.md) follow it, too.",
        check=values.networks,
    )
    openweathermap_key: str = _setting(
        "OPENWEATHERMAP_KEY",
        "",
        "An API key of OpenWeatherMap, with which sensors can be [polled](doors/polling.md) from it. It is never "
        "shown, and sent only there.",
        is_secret=True,
        check=values.header,
    )
    send_url: str = _setting(
        "SENSORFUSION_URL",
        "http://127.0.0.1:8000",
        "The server that `sensorfusion send` sends to, and that `sensorfusion watch` and [`mcp`](mcp.md) read.",
        check=values.web_address,
    )
    send_key: str = _setting(
        "SENSORFUSION_KEY",
        "",
        "The sensor key that `sensorfusion send` uses.",
        is_secret=True,
        check=values.header,
    )
    read_token: str = _setting(
        "SENSORFUSION_TOKEN",
        "",
        "The API token with which [`sensorfusion watch`](live.md#in-a-terminal) and [`mcp`](mcp.md) read.",
        is_secret=True,
        check=values.header,
    )


def read(environ: Mapping[str, str], **otherwise: Any) -> Environment:
    """Read `environ`; `otherwise` holds values for unset variables that take precedence over the defaults.

    :raises BadEnvironment: if a variable has an invalid value.
    """
    given = dict(otherwise)
    for each in fields(Environment):
        text = environ.get(each.metadata["variable"], "").strip()
        if text:
            given[each.name] = _value(text, each)
    return _agreeing(Environment(**given))


def _value(text: str, setting: Field[Any]) -> object:
    check = setting.metadata["check"]
    try:
        value = _parse(text, setting.default)
        return check(value) if check else value
    except ValueError as error:
        raise BadEnvironment(f"{setting.metadata['variable']} {error}") from None


def _parse(text: str, default: object) -> object:
    match default:
        case bool():
            return values.flag(text)
        case int():
            return values.whole(text)
        case Path():
            return Path(text).expanduser()
        case tuple():
            return tuple(part.strip() for part in text.split(",") if part.strip())
        case _:
            return text


def _agreeing(environment: Environment) -> Environment:
    """Check settings that are useless without another one."""
    with_broker = {
        "MQTT_SITE": environment.mqtt_site,
        "MQTT_SHARED": environment.mqtt_shared,
        "MQTT_CA_FILE": environment.mqtt_ca_file,
        "MQTT_DISCOVERY": environment.mqtt_discovery,
    }
    for variable, value in with_broker.items():
        if value and not environment.mqtt_url:
            raise BadEnvironment(f"{variable} is set without MQTT_URL: set MQTT_URL to the broker's address, too.")
    if environment.mqtt_ca_file and not environment.mqtt_url.startswith("mqtts:"):
        raise BadEnvironment("MQTT_CA_FILE is set, but MQTT_URL is not encrypted: write mqtts:// in place of mqtt://.")
    _check_mail(environment)
    if environment.https_only and not environment.public_url.startswith("https://"):
        raise BadEnvironment("HTTPS_ONLY is set without an https:// address in PUBLIC_URL: set PUBLIC_URL, too.")
    return environment


def _check_mail(environment: Environment) -> None:
    if environment.email_from and not environment.email_url:
        raise BadEnvironment("EMAIL_FROM is set without EMAIL_URL: set EMAIL_URL to the mail server's address, too.")
    if not environment.email_url or environment.email_url == email_url.CONSOLE:
        return
    if not environment.public_url:
        raise BadEnvironment("EMAIL_URL is set without PUBLIC_URL: e-mail has links, set PUBLIC_URL, too.")


def current() -> Environment:
    """Read the environment of this process."""
    return read(os.environ, data=default_directory.places().default())


def misspelt(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the variables in `environ` that were probably meant as settings, with the names of those settings."""
    return spelling.misspelt(environ, settings=[each.metadata["variable"] for each in fields(Environment)])
