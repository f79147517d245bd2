"""The checks of `doctor`: each returns a line with its result and, on failure, the remedy."""

import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
from django.db import DatabaseError

from sensorfusion.command_line import checks_by_use
from sensorfusion.command_line.finding import Finding
from sensorfusion.config.env import DEFAULT_HOSTS, BadEnvironment, Environment
from sensorfusion.events.postgres import conninfo
from sensorfusion.mail.server import CONSOLE, server_at
from sensorfusion.mail.smtp import NotDelivered, connected
from sensorfusion.postgres import requirements, security_fixes
from sensorfusion.server import settings_checks
from sensorfusion.server.mqtt_worker import terms
from sensorfusion.server.preparation.database import pending_migrations
from sensorfusion.server.uvicorn import protocols

# A hundred sensors that send every minute need about 1.5 GB a month (334 bytes per reading, docs/decisions/0001).
FREE_BYTES = 2_000_000_000
# Readings far in the future are rejected; an error of this size is already visible in a chart.
CLOCK_WITHIN_S = 5.0


def examine(environment: Environment, *, database: bool) -> Iterator[Finding]:
    """Run the checks one after the other; those of the database only if `database` is true."""
    yield _environment(environment)
    for useless in settings_checks.misspelt():
        yield Finding(useless.message, useless.remedy)
    yield from _web_server()
    directory = _data_directory(environment.data)
    yield directory
    if directory.is_good:
        yield _disk_space(environment.data)
    if database:
        yield from _database(environment)
    if environment.redis_url:
        yield _redis(environment)
    if environment.mqtt_url:
        yield _broker(environment)
    yield _mail(environment)


def _environment(environment: Environment) -> Finding:
    if environment.debug and environment.public_url:
        return Finding(
            "DEBUG is on while PUBLIC_URL is set", "Unset DEBUG: it shows tracebacks and settings to all visitors."
        )
    if urlsplit(environment.public_url).scheme == "http":
        return Finding(
            "PUBLIC_URL is not encrypted",
            "Put a proxy with a certificate in front (docs/deployment.md) and use https://.",
        )
    hosts = "this machine only" if environment.allowed_hosts == DEFAULT_HOSTS else ", ".join(environment.allowed_hosts)
    return Finding(f"Environment can be read; answers to {environment.public_url or hosts}")


def _web_server() -> Iterator[Finding]:
    found = protocols.all_problems()
    if not found:
        yield Finding(f"uvicorn {protocols.VERSION} has all that our protocols need")
    for module, why in found.items():
        yield Finding(
            f"uvicorn {protocols.VERSION}: {'; '.join(why)}. So {protocols.WITHOUT[module]}",
            "Install a version that this release was tested with: pip install --upgrade sensorfusion.",
        )


def _data_directory(data: Path) -> Finding:
    probe = data / ".doctor"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Finding(
            f"Data directory {data}: {error.strerror}", "Make the user who runs this its owner, or use --data."
        )
    return Finding(f"Data directory {data} can be written")


def _disk_space(data: Path) -> Finding:
    free = shutil.disk_usage(data).free
    found = f"{free / 1e9:.1f} GB free for data"
    return (
        Finding(found) if free >= FREE_BYTES else Finding(found, "Make room: PostgreSQL stops when its disk is full.")
    )


def _database(environment: Environment) -> Iterator[Finding]:
    try:
        for answer in requirements.examine(conninfo()):
            yield Finding(answer.what, answer.remedy)
        with psycopg.connect(conninfo()) as link:
            yield _security_fixes(link, is_embedded=not environment.database_url)
            yield _durability(link)
            yield _clock(link)
    except psycopg.OperationalError as error:
        yield Finding(f"Database does not answer: {' '.join(str(error).split())}", "Start it, or correct DATABASE_URL.")
        return
    migrated = _migrations()
    yield migrated
    if migrated.is_good:
        yield from checks_by_use.database(conninfo())
        yield from checks_by_use.server(environment.data)
        yield from (Finding(each.message, each.remedy) for each in settings_checks.useless_site(environment))


def _security_fixes(link: psycopg.Connection, *, is_embedded: bool) -> Finding:
    """Name what the server lacks; of the embedded one as a note, because only our account reaches it."""
    version = f"PostgreSQL {'.'.join(map(str, divmod(link.info.server_version, 10_000)))}"
    if not (lacks := security_fixes.missing(link.info.server_version)):
        return Finding(f"{version} has all security fixes known to this release")
    if is_embedded:
        return Finding(f"The embedded {version} lacks {lacks}; only the platform's account can reach it")
    return Finding(f"{version} lacks {lacks}", "Install its newest minor release; the data stays as it is.")


def _durability(link: psycopg.Connection) -> Finding:
    row = link.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')").fetchone()
    if row and row[0] == "on" and row[1] != "off":
        return Finding("A commit is on disk before it is acknowledged")
    return Finding(
        f"fsync and synchronous_commit are {row}", "Turn both on: a power cut would lose acknowledged readings."
    )


def _clock(link: psycopg.Connection) -> Finding:
    before = time.time()
    row = link.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
    middle = (before + time.time()) / 2
    apart = abs(row[0] - middle) if row else 0.0
    found = f"Clock is {apart:.3f} s from the database's, in UTC {time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime())}"
    return Finding(found) if apart <= CLOCK_WITHIN_S else Finding(found, "Synchronise both machines' clocks (NTP).")


def _migrations() -> Finding:
    try:
        pending = pending_migrations()
    except DatabaseError as error:
        return Finding(f"Migrations cannot be read: {error}", "Give DATABASE_URL's user rights in its database.")
    return (
        Finding(f"{pending} migrations are not applied", "Run: sensorfusion migrate")
        if pending
        else Finding("All migrations are applied")
    )


def _redis(environment: Environment) -> Finding:
    for refused in settings_checks.useless_redis(environment):
        return Finding(refused.message, refused.remedy)
    began = time.monotonic()
    try:
        with settings_checks.connect_redis(environment.redis_url) as link:
            link.ping()
    except redis.RedisError as error:
        return Finding(f"Redis does not answer: {error}", "Start it, or correct REDIS_URL.")
    return Finding(f"Redis answers in {(time.monotonic() - began) * 1000:.1f} ms")


def _mail(environment: Environment) -> Finding:
    if not environment.email_url:
        return Finding("E-mail is not configured (EMAIL_URL): none is sent, and pages say so")
    if environment.email_url == CONSOLE:
        return Finding("E-mail is printed, not sent (EMAIL_URL=console:)")
    server = server_at(environment.email_url)
    try:
        with connected(server, step_within_s=5.0, all_within_s=10.0) as link:
            link.noop()
    except NotDelivered as error:
        return Finding(str(error), "Correct EMAIL_URL (docs/deployment.md); queued messages are sent afterwards.")
    return Finding(f"The mail server {server} answers" + (" and accepts the account" if server.user else ""))


def _broker(environment: Environment) -> Finding:
    """Only test whether the port accepts connections: a second client of our name would disconnect the first one."""
    try:
        where = terms(environment, 1).broker
        socket.create_connection((where.host, where.port), timeout=5).close()
    except BadEnvironment as error:
        return Finding(str(error), "Write mqtt://user:password@host, or mqtts:// for TLS.")
    except OSError as error:
        return Finding(
            f"The MQTT broker does not answer: {error}", "Start it, or correct MQTT_URL (docs/doors/mqtt.md)."
        )
    return Finding(f"The MQTT broker {where} answers")
