"""A request without a good credential is answered from its head: the body is neither awaited nor read.

The rows are the operations of docs/openapi.yaml, which tests/server/description compares with the routes of the
application, and both sockets. Each head announces a body that never comes.
"""

import asyncio
import re
from base64 import b64encode
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import pytest
import websockets.asyncio.client as client
import yaml
from websockets.exceptions import ConnectionClosed

from tests.crash.conftest import Start, collected, data, directory, start
from tests.patience import PATIENCE_S

__all__ = ["collected", "data", "directory", "start"]  # fixtures
ROOT: Final = Path(__file__).parents[2]
DOCUMENT: Final = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
UUID: Final = "6f1c0b1e-7b0a-4f7e-9a53-1f0f6a0f2a11"
BODY_COMES: Final = ("post", "put", "patch", "delete")
WRONG_TOKEN: Final = "sft_" + "x" * 43
ADDRESSES: Final = count(1)  # of clients, since many wrong credentials of one network are another refusal

# Take no credential, or one that is in the body only: what they read is bounded.
OPEN: Final = {
    ("/api/v1/auth/login/", "post"),
    ("/api/v1/auth/register/", "post"),
    ("/api/v1/provision/", "post"),
    ("/query", "post"),
}


# What stands for the variables of paths; nothing for the credential.
_UUIDS: Final = (
    "uuid",
    "offer",
    "alert",
    "rule",
    "note",
    "share",
    "page",
    "span",
    "webhook",
    "delivery",
    "export",
    "destination",
    "subscription",
)
_IN_PATHS: Final = {"key": "", "token": "", **dict.fromkeys(_UUIDS, UUID)}


def wrong_token() -> str:
    """Return a token that nobody has, and that was not tried before."""
    return f"sft_z{next(ADDRESSES):07d}" + "x" * 35


def wrong_key() -> str:
    """Return a key like no other: those that are wrong are counted by their prefix."""
    return f"sf_z{next(ADDRESSES):07d}-" + "x" * 32


def operations() -> Iterator[tuple[str, str, list[dict[str, list[str]]]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method in BODY_COMES:
            if method in methods:
                yield path, method, methods[method].get("security", [{}])


def heads(path: str, method: str, security: list[dict[str, list[str]]]) -> Iterator[bytes]:
    """Yield the head of a request for each place of a credential with a wrong one there, and one without any."""
    is_door = "doors" in DOCUMENT["paths"][path][method]["tags"] and "stations" not in path
    secret = wrong_key() if is_door else wrong_token()
    filled = re.sub(r"\{(\w+)\}", lambda each: _IN_PATHS.get(each[1], "1") or secret, path)
    filled = filled.replace("/invitations/1/", f"/invitations/{UUID}/").replace("/members/1/", f"/members/{UUID}/")
    if filled != path and ("{key}" in path or "{token}" in path):
        yield head(method, filled)
        return
    for alternative in security:
        if alternative:
            [name] = alternative
            yield with_credential(method, filled, DOCUMENT["components"]["securitySchemes"][name], secret)
    if {} not in security:
        yield head(method, filled)


def with_credential(method: str, path: str, scheme: dict[str, str], secret: str) -> bytes:
    match scheme:
        case {"type": "http", "scheme": "bearer"}:
            return head(method, path, f"Authorization: Bearer {secret}")
        case {"type": "http"}:
            return head(method, path, f"Authorization: Basic {b64encode(secret.encode()).decode()}")
        case {"in": "query", "name": name}:
            return head(method, f"{path}?{urlencode({name: secret})}")
        case {"in": "cookie", "name": name}:
            return head(method, path, f"Cookie: {name}={secret}")
        case _:
            return head(method, path, f"{scheme['name']}: {secret}")


def head(method: str, path: str, *lines: str) -> bytes:
    number = next(ADDRESSES)
    more = [f"X-Forwarded-For: 203.0.{number // 250}.{number % 250 + 1}", *lines]
    said = [f"{method.upper()} {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Length: 1000", *more]
    return "\r\n".join([*said, "Content-Type: application/json", "", ""]).encode()


async def asked(url: str, said: bytes) -> int:
    """Send a head, and nothing more; return the status of the answer."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(said)
        line = await asyncio.wait_for(reader.readline(), PATIENCE_S)
        return int(line.split(b" ")[1])
    finally:
        writer.close()


async def walk(url: str) -> list[Any]:
    wrong: list[Any] = []
    for path, method, security in operations():
        for said in heads(path, method, security) if (path, method) not in OPEN else ():
            try:
                status = await asked(url, said)
            except TimeoutError:
                status = 0
            if status not in (401, 403):
                wrong.append((method, path, status, said))
    return wrong


async def closed_with(url: str, path: str, shown: str) -> int:
    """Open a socket with a credential, say nothing, and return the code with which it is closed."""
    headers = {"Authorization": f"Bearer {shown}", "X-Forwarded-For": f"198.51.100.{next(ADDRESSES) % 250 + 1}"}
    try:
        async with client.connect(url.replace("http", "ws") + path, additional_headers=headers) as socket:
            await asyncio.wait_for(socket.recv(), PATIENCE_S)
            await asyncio.wait_for(socket.recv(), PATIENCE_S)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0
    return 1


def test_every_operation_that_may_have_a_body_has_a_place_for_a_credential_or_is_in_the_table() -> None:
    without = {(path, method) for path, method, security in operations() if not list(heads(path, method, security))}

    assert without == OPEN


@pytest.mark.crash
async def test_no_body_is_awaited_from_clients_without_a_good_credential(data: Path, start: Start) -> None:
    platform = start(data)

    assert await walk(platform.url) == []
    assert await closed_with(platform.url, "/ws/ingest/", wrong_key()) == 4401
    assert await closed_with(platform.url, "/ws/ingest/", WRONG_TOKEN) == 4401
    assert await closed_with(platform.url, "/ws/live/", WRONG_TOKEN) == 4401
