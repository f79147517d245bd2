"""REDIS_URL: every query parameter reaches the channel layer and `doctor`, or is refused in one line."""

import asyncio
import contextlib
import ssl
from pathlib import Path
from typing import Any

import pytest
import redis
import redis.asyncio
from channels_redis.pubsub import RedisPubSubChannelLayer

from sensorfusion.config.env import BadEnvironment, read
from sensorfusion.config.redis_url import PARAMETERS
from sensorfusion.server.settings_checks import connect_redis
from tests.certificates import certificate_for

# Values of every parameter; `…` stands for a file, and its `…/` for a directory.
VALUES = {
    "db": "3",
    "username": "alice",
    "password": "p%40ss",
    "client_name": "sensorfusion",
    "socket_connect_timeout": "3",
    "socket_keepalive": "true",
    "health_check_interval": "30",
    "ssl_cert_reqs": "required",
    "ssl_check_hostname": "false",
    "ssl_ca_certs": "…",
    "ssl_ca_path": "…/",
    "ssl_certfile": "…",
    "ssl_keyfile": "…&ssl_certfile=…",
    "ssl_password": "secret",
}
REFUSED = {
    "redis://host/zero": "the number of a database",
    "redis://host/0/1": "the number of a database",
    "redis://host/0?db=1": "two databases",
    "redis://host?db=one": "a whole number",
    "redis://host?db=": "write db=…",
    "redis://host?db=1&db=2": "twice",
    "redis://host?protocol=3": "redis-py chooses",
    "redis://host?socket_keepalive=1": "true or false",
    "redis://host?client_name=a%20b": "without blanks",
    "redis://host?ssl_ca_certs=/etc/hosts": "write rediss://",
    "redis://host?ssl_cert_reqs=none": "write rediss://",
    "rediss://host?ssl_cert_reqs=CERT_NONE": "none or optional or required",
    "rediss://host?ssl_ca_certs=/nowhere": "a file that can be read",
    "rediss://host?ssl_keyfile=/etc/hosts": "without ssl_certfile",
    "redis://host?foo=bar": "allowed are client_name, db",
    "redis://host?clientname=x": "write client_name",
    "redis://host?passwrd=s3cret": "write password",
    "redis://u:s3cret@host?password=x": "names the account twice",
    "redis://u:s3/cret@host": "%2F",
    "redis://u:s3#cret@host": "write # as %23",
    "redis://host:0": "from 1 to 65535",
    "redis://host:redis": "from 1 to 65535",
    "redis://a:6379,b:6379/0": "invalid port",
    "redis://a,b/0": "several hosts",
    "redis:host": "must begin with",
    "redis+sentinel://host": "must begin with",
    "unix://run/redis.sock": "three slashes",
    "unix:///": "three slashes",
    "unix:///run/redis.sock?socket_keepalive=true": "Unix sockets have none",
}


def refusal(url: str) -> str:
    with pytest.raises(BadEnvironment) as refused:
        read({"REDIS_URL": url})
    message = str(refused.value)
    assert message.startswith("REDIS_URL ")
    assert len(message.splitlines()) == 1
    assert "s3" not in message
    return message


def test_every_allowed_parameter_is_tried() -> None:
    assert set().union(*(each.allowed for each in PARAMETERS.values())) == VALUES.keys()


@pytest.mark.parametrize(
    ("scheme", "name"), [(scheme, name) for scheme, each in PARAMETERS.items() for name in each.allowed]
)
def test_allowed_parameter_reaches_every_connection(scheme: str, name: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    value = VALUES[name].replace("…/", f"{tmp_path}/").replace("…", str(file))
    place = "unix:///run/redis.sock" if scheme == "unix" else f"{scheme}://host"
    url = read({"REDIS_URL": f"{place}?{name}={value}"}).redis_url

    pools: list[Any] = [redis.ConnectionPool.from_url(url), redis.asyncio.ConnectionPool.from_url(url)]

    for pool in pools:
        assert name in pool.connection_kwargs
        pool.connection_class(**pool.connection_kwargs)  # raises a TypeError for what it does not know


@pytest.mark.parametrize(("url", "remedy"), REFUSED.items())
def test_part_without_effect_is_refused_with_a_remedy(url: str, remedy: str) -> None:
    assert remedy in refusal(url)


@pytest.mark.parametrize(
    ("scheme", "name"), [(scheme, name) for scheme, each in PARAMETERS.items() for name in each.refused]
)
def test_parameter_that_is_not_supported_is_refused_with_what_to_write(scheme: str, name: str) -> None:
    message = refusal(f"{scheme}:///run/redis.sock?{name}=1")

    assert f"has the parameter {name}, which is not supported: " in message
    assert message.endswith(".")


@pytest.mark.redis
@pytest.mark.parametrize("query", ["db=3", "client_name=sensorfusion", "health_check_interval=30"])
async def test_channel_layer_and_doctor_connect_with_the_parameter(redis_url: str, query: str) -> None:
    url = read({"REDIS_URL": f"{redis_url}?{query}"}).redis_url
    layer = RedisPubSubChannelLayer(hosts=[{"address": url, "socket_timeout": None}], prefix="parameters")

    channel = await layer.new_channel()
    await layer.send(channel, {"type": "x"})
    received = await layer.receive(channel)
    await layer.flush()
    with redis.Redis.from_url(url) as link:
        assert link.ping()

    assert received == {"type": "x"}


@pytest.mark.redis
@pytest.mark.sockets
@pytest.mark.parametrize(
    ("query", "is_trusted"),
    [
        ("ssl_ca_certs=…", True),
        ("ssl_ca_certs=…&ssl_cert_reqs=required&ssl_check_hostname=true", True),
        ("ssl_cert_reqs=none&ssl_check_hostname=false", True),
        ("ssl_cert_reqs=none", True),
        ("ssl_ca_certs=…&ssl_certfile=…&ssl_keyfile=…", True),
        ("", False),
    ],
)
async def test_encrypted_redis_is_believed_as_the_parameters_say(
    redis_url: str, query: str, is_trusted: bool, tmp_path: Path
) -> None:
    certificate = certificate_for("localhost", tmp_path / "tls")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass what arrives encrypted on to the tests' Redis, and its answers back."""
        far_reader, far_writer = await asyncio.open_unix_connection(redis_url.removeprefix("unix://"))
        await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))

    async with await asyncio.start_server(forward, "127.0.0.1", 0, ssl=context) as server:
        place = f"rediss://localhost:{server.sockets[0].getsockname()[1]}"
        url = read({"REDIS_URL": f"{place}?{query}".replace("…", str(certificate)).rstrip("?")}).redis_url
        answers = [await _answer(redis.asyncio.Redis.from_url(url)), await asyncio.to_thread(_ping, url)]

    assert answers == [is_trusted, is_trusted]


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while part := await reader.read(1 << 16):
            writer.write(part)
            await writer.drain()
    writer.close()


async def _answer(link: redis.asyncio.Redis) -> bool:
    try:
        async with link:
            return bool(await link.exists("none") == 0)
    except redis.ConnectionError:
        return False


def _ping(url: str) -> bool:
    try:
        with connect_redis(url) as link:
            return bool(link.ping())
    except redis.ConnectionError:
        return False
